/** Tests that need a network: 304 and 412 as the platform's `fetch` receives them from every framework. */
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { describe, expect, test } from '@jest/globals'
import { createClient, type Fetch, failureOf } from '@scimkit/client'
import { noAuthentication } from '@scimkit/core'
import { memoryProvider } from '@scimkit/memory-provider'
import express from 'express'
import { frameworks } from '../../../testkit/test/support/frameworks.js'
import { start } from '../../../testkit/test/support/start.js'

const listeners = {
  Express: await frameworks['Express 5'](),
  Koa: await frameworks['Koa 3'](),
  Hono: await frameworks.Hono(),
}

/** The platform's `fetch`, which records the statuses. */
function watched(): { readonly fetch: Fetch; readonly statuses: number[] } {
  const statuses: number[] = []
  const watching: Fetch = async (url, init) => {
    const response = await fetch(url, init)
    statuses.push(response.status)
    return response
  }
  return { fetch: watching, statuses }
}

describe.each(Object.entries(listeners))('%s', (_name, listener) => {
  for (const etag of ['weak', 'strict'] as const) {
    const { port } = start(listener({ provider: memoryProvider(), authenticate: noAuthentication(), etag }))

    test(`reads are revalidated, stale writes refused, updates kept (${etag} tags)`, async () => {
      const { fetch: watching, statuses } = watched()
      const base = `http://127.0.0.1:${await port}/scim/v2`
      const [mine, other] = [createClient(base, { fetch: watching }), createClient(base)]
      const { id } = await mine.users.create({ userName: 'ada' })
      const seen = await mine.users.get(id)
      expect(await mine.users.get(id)).toEqual(seen)
      await other.users.patch(id, [{ op: 'add', path: 'title', value: 'theirs' }], { ifMatch: false })
      const error = await mine.users.replace(seen, { ...seen, nickName: 'mine' }).catch((caught: unknown) => caught)
      expect(failureOf(error)).toMatchObject({ kind: 'versionMismatch', current: expect.stringMatching(/^(W\/)?"2-/) })
      expect(statuses).toEqual([201, 200, 304, 412])
      const result = await mine.users.update(id, (user) => ({ ...user, nickName: 'mine' }))
      expect(result).toMatchObject({ kind: 'success', resource: { title: 'theirs', nickName: 'mine' } })
      await mine.users.delete(id)
    })
  }
})

test('a framework that compares tags itself also responds with 304', async () => {
  // Express does not if the request has `Cache-Control: no-cache`, which fetch adds unless there is one already.
  const app = express().get('/Users/1', (_request, response) => {
    response.set('ETag', 'W/"1-x"').json({ id: '1', userName: 'ada' })
  })
  const host = createServer(app).listen(0)
  const { fetch: watching, statuses } = watched()
  const { users } = createClient(`http://127.0.0.1:${(host.address() as AddressInfo).port}`, { fetch: watching })
  expect(await users.get('1')).toEqual(await users.get('1'))
  expect(statuses).toEqual([200, 304])
  host.close()
  host.closeAllConnections()
})
