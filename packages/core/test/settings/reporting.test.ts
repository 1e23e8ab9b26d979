/** The events of requests and writes, and the listeners of the host. */
import { describe, expect, jest, test } from '@jest/globals'
import { memoryProvider } from '@scimkit/memory-provider'
import { made, mount, serve, tenantsByToken, user } from '../support/server.js'

describe('events', () => {
  test('one per request and one per write; names and ids, never values', async () => {
    const server = serve({ authenticate: tenantsByToken({ t: { principal: 'token-7' } }) })
    const headers = { authorization: 'Bearer t' }
    const created = await server.post(
      '/Users',
      user('SecretName', { title: 'SecretTitle', nothing: 'SecretThing' }),
      headers,
    )
    const id = String(created.json.id)
    expect(server.events).toEqual([
      {
        kind: 'write',
        requestId: 'id-1',
        at: '2026-01-01T00:00:00.000Z',
        operation: 'create',
        type: 'User',
        id,
        tenant: 't',
        principal: 'token-7',
        before: undefined,
        after: created.headers.ETag,
        attempts: 1,
        ignored: ['nothing'],
        skippedMembers: 0,
      },
      {
        kind: 'request',
        requestId: 'id-1',
        at: '2026-01-01T00:00:00.000Z',
        method: 'POST',
        type: 'User',
        id: undefined,
        tenant: 't',
        principal: 'token-7',
        status: 201,
        scimType: undefined,
        tag: created.headers.ETag,
        duration: 0,
      },
    ])
    const patched = await server.patch(`/Users/${id}`, [{ op: 'add', path: 'title', value: 'SecretOther' }], headers)
    await server.del(`/Users/${id}`, headers)
    expect(server.writes().slice(1)).toMatchObject([
      { operation: 'patch', id, before: created.headers.ETag, after: patched.headers.ETag },
      { operation: 'remove', id, before: patched.headers.ETag, after: undefined },
    ])
    expect(JSON.stringify(server.events)).not.toContain('Secret')
    const ofOne = server.events.filter(({ requestId }) => requestId === server.events[0]?.requestId)
    expect(ofOne.map(({ kind }) => kind)).toEqual(['write', 'request'])
  })

  test('refused requests have events too, without a write', async () => {
    const server = serve({ authenticate: tenantsByToken({ t: {} }) })
    const headers = { authorization: 'Bearer t' }
    await server.get('/Users')
    await server.get('/nowhere', headers)
    await server.get('/Users/x', headers)
    await server.get('/Users?filter=junk', headers)
    await server.get('/Schemas', headers)
    expect(server.events).toMatchObject([
      { kind: 'request', status: 401, tenant: undefined, type: 'User', id: undefined },
      { kind: 'request', status: 404, tenant: 't', type: undefined },
      // An id that no resource is known to have is only text from a URL.
      { kind: 'request', status: 404, type: 'User', id: undefined },
      { kind: 'request', status: 400, type: 'User', scimType: 'invalidFilter' },
      { kind: 'request', status: 200, type: 'Schemas', tag: expect.stringMatching(/^W\//) },
    ])
  })

  test('how long it took, by the clock given', async () => {
    const memory = memoryProvider()
    const server = serve({
      provider: {
        ...memory,
        read: (...args) => {
          server.pass(123)
          return memory.read(...args)
        },
      },
    })
    await server.get('/Users/x')
    expect(server.events.at(-1)).toMatchObject({ duration: 123, at: '2026-01-01T00:00:00.123Z' })
  })

  test('the event has the id of an existing resource only; long methods are cut', async () => {
    const server = serve()
    const { id, path, tag } = await made(server, user('b'))
    await server.get(path)
    await server.get(path, { 'if-none-match': tag })
    await server.get(path, { 'if-match': 'W/"x"' })
    await server.del(path)
    const asked = server.events.filter(({ kind }) => kind === 'request').slice(1)
    expect(asked.map((event) => event.id)).toEqual([id, id, id, id])
    await server.ask({ method: 'M'.repeat(100), target: `${mount}/Users` })
    expect(server.events.at(-1)).toMatchObject({ method: 'M'.repeat(16) })
  })

  test('a listener may be asynchronous; its rejection is reported to onError', async () => {
    const server = serve({ onEvent: (() => Promise.reject(new Error('later'))) as () => void })
    expect((await server.get('/Users')).status).toBe(200)
    await new Promise((resolve) => setImmediate(resolve))
    expect(server.errors).toMatchObject([{ message: 'later' }])
  })

  test('an onError that throws changes no response', async () => {
    const warn = jest.spyOn(console, 'warn').mockImplementation(() => undefined)
    try {
      const onError = () => {
        throw new Error('onError')
      }
      const provider = () => {
        throw new Error('store')
      }
      expect((await serve({ provider, onError }).get('/Users')).status).toBe(500)
      expect(warn).toHaveBeenCalled()
    } finally {
      warn.mockRestore()
    }
  })

  test('an onError may be asynchronous; its rejection is reported on the console and ends nothing', async () => {
    const warn = jest.spyOn(console, 'warn').mockImplementation(() => undefined)
    const unhandled = jest.fn()
    process.on('unhandledRejection', unhandled)
    try {
      const onError = (() => Promise.reject(new Error('log is full'))) as () => void
      const provider = () => {
        throw new Error('store')
      }
      expect((await serve({ provider, onError }).get('/Users')).status).toBe(500)
      await new Promise((resolve) => setTimeout(resolve, 10))
      expect(unhandled).not.toHaveBeenCalled()
      expect(warn.mock.calls.map(([message]) => String(message))).toEqual([expect.stringContaining('log is full')])
    } finally {
      process.off('unhandledRejection', unhandled)
      warn.mockRestore()
    }
  })

  test('a listener that throws changes no response, and is reported to onError', async () => {
    const server = serve({
      onEvent: () => {
        throw new Error('listener')
      },
    })
    expect((await server.post('/Users', user('b'))).status).toBe(201)
    expect(server.errors).toMatchObject([{ message: 'listener' }, { message: 'listener' }])
    expect((await server.get('/Users')).json.totalResults).toBe(1)
  })
})
