/** Stores that fail: an error of the server, never a result. */
import { describe, expect, test } from '@jest/globals'
import { memoryProvider } from '@scimkit/memory-provider'
import type { ResourceProvider } from '../../src/entry-points/provider.js'
import { scimError } from '../../src/index.js'
import { made, mount, serve, user } from '../support/server.js'

describe('a store that fails (ADR 13: 500 or 503, never 404, never "success")', () => {
  const calls = ['read', 'query', 'insert', 'replace', 'remove'] as const
  const ask = async (server: ReturnType<typeof serve>, call: (typeof calls)[number], path: string) => {
    switch (call) {
      case 'read':
        return server.get(path)
      case 'query':
        return server.get('/Users')
      case 'insert':
        return server.post('/Users', user('new'))
      case 'replace':
        return server.put(path, user('b', { title: 'T' }))
      case 'remove':
        return server.del(path)
    }
  }

  test.each(calls)('%s that throws is 500; scimError.unavailable() is 503 with Retry-After', async (call) => {
    for (const asynchronous of [true, false]) {
      const memory = memoryProvider()
      let error: unknown
      const fail = () => {
        if (asynchronous) return Promise.reject(error)
        throw error
      }
      const failing = { ...memory, [call]: fail } as ResourceProvider
      let provider: ResourceProvider = memory
      const server = serve({ provider: () => provider })
      const { path } = await made(server, user('b'))
      provider = failing
      for (const thrown of [
        new Error('disk /var/db is full'),
        'text',
        undefined,
        null,
        new TypeError('x is undefined'),
      ]) {
        error = thrown
        const answer = await ask(server, call, path)
        expect(answer).toMatchObject({ status: 500, json: { status: '500' } })
        expect(answer.text).not.toMatch(/disk|undefined|at /)
        expect(answer.headers).not.toHaveProperty('ETag')
      }
      expect(server.errors).toHaveLength(5)
      expect(server.errors[0]).toMatchObject({ message: 'disk /var/db is full' })
      error = scimError.unavailable('The store is away.', 7, new Error('connection lost'))
      expect(await ask(server, call, path)).toMatchObject({ status: 503, headers: { 'Retry-After': '7' } })
      expect(server.errors.at(-1)).toMatchObject({ message: 'connection lost' })
      expect(server.writes()).toHaveLength(1)
      expect(server.events.at(-1)).toMatchObject({ kind: 'request', status: 503 })
    }
  })

  test('a provider function that throws is 500', async () => {
    const provider = () => {
      throw new Error('no binding')
    }
    expect((await serve({ provider }).get('/Users')).status).toBe(500)
  })

  test('an index page without a total is 500: clients page by it', async () => {
    const provider: ResourceProvider = {
      ...memoryProvider(),
      query: () => ({ resources: [], totalResults: undefined }),
    }
    const server = serve({ provider })
    expect((await server.get('/Users')).status).toBe(500)
    const shape = '{ resources: array, totalResults: undefined }'
    expect(server.errors).toEqual([
      new TypeError(`provider.query returned ${shape}: expected totalResults: a whole number`),
    ])
  })

  test('an insert with a result that is valid for other writes only is 500', async () => {
    const provider: ResourceProvider = { ...memoryProvider(), insert: () => ({ kind: 'notFound' }) }
    expect((await serve({ provider }).post('/Users', user('b'))).status).toBe(500)
  })

  test('a body that breaks off is 400, and no write', async () => {
    const server = serve()
    const { path, tag } = await made(server, user('b'))
    const answer = await server.scim.handle({
      method: 'PUT',
      target: `${mount}${path}`,
      mount,
      scheme: 'https',
      host: 'scim.example',
      header: () => undefined,
      body: () => Promise.reject(new Error('aborted')),
    })
    expect(answer.status).toBe(400)
    expect(server.errors).toEqual([])
    expect((await server.get(path)).headers.ETag).toBe(tag)
  })
})
