import { describe, expect, test } from '@jest/globals'
import { noAuthentication } from '@scimkit/core'
import { bind, type Exchange, raceContract, races } from '@scimkit/testkit'
import { effort } from '../support/effort.js'
import { serve } from '../support/serve.js'

describe('over HTTP through Express on memory', () => {
  const server = serve({ authenticate: noAuthentication() })
  bind({ test }, raceContract(races, server.exchange, effort))
})

describe('each race', () => {
  // A server that compares and writes in two steps: it reads, awaits its store, and writes.
  const careless = (): Exchange => {
    const users = new Map<string, { body: string; generation: number }>()
    const pause = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 1))
    const answer = (status: number, body = '', generation = 0) => ({
      status,
      headers: { etag: `W/"${generation}"` },
      body,
    })
    return async ({ method, path, headers = {}, body = '' }) => {
      if (method === 'POST') {
        const id = String(users.size)
        const text = JSON.stringify({ ...JSON.parse(String(body)), id })
        await pause()
        users.set(`${path}/${id}`, { body: text, generation: 1 })
        return answer(201, text, 1)
      }
      const user = users.get(path)
      if (user === undefined) return answer(404)
      if (headers['If-Match'] !== undefined && headers['If-Match'] !== `W/"${user.generation}"`) return answer(412)
      if (method === 'GET') return answer(200, user.body, user.generation)
      await pause()
      if (method === 'DELETE') users.delete(path)
      else users.set(path, { body: changed(user.body, String(body)), generation: user.generation + 1 })
      return answer(method === 'DELETE' ? 204 : 200, '', user.generation + 1)
    }
  }
  const changed = (before: string, body: string): string => {
    const document = JSON.parse(before)
    const sent = JSON.parse(body)
    for (const { path, value } of sent.Operations ?? []) {
      document[path] = Array.isArray(value) ? [...(document[path] ?? []), ...value] : value
    }
    return JSON.stringify(sent.Operations === undefined ? { ...sent, id: document.id } : document)
  }

  test.each(races)('$id detects a server that reads and then writes', async (race) => {
    await expect(race.run(careless(), 64)).rejects.toThrow()
  })
})
