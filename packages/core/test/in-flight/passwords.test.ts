/** Passwords in flight over a whole server. */
import { describe, expect, test } from '@jest/globals'
import { serve, user } from '../support/server.js'
import { forEver, latch, soon, statuses } from './support/waiting.js'

describe('passwords', () => {
  function withHook(limits = {}, ports = forEver) {
    const { opened, open } = latch()
    const hashed: (string | undefined)[] = []
    let atOnce = 0
    let most = 0
    const server = serve({
      limits,
      ports,
      secrets: {
        write: async (_ref, secret) => {
          most = Math.max(most, ++atOnce)
          await opened
          atOnce--
          hashed.push(secret)
        },
      },
    })
    return { server, open, hashed, most: () => most }
  }

  test('are passed on two at once; the others wait before their write, and beyond the queue nothing is written', async () => {
    const { server, open, hashed, most } = withHook({ waitingPasswords: 3 })
    const all = Array.from({ length: 7 }, (_, i) => server.post('/Users', user(`u${i}`, { password: `secret-${i}` })))
    await soon()
    expect((await server.get('/Users')).json.totalResults).toBe(2)
    expect((await server.post('/Users', user('plain'))).status).toBe(201)
    open()
    const answers = await Promise.all(all)
    expect(statuses(answers)).toEqual([201, 201, 201, 201, 201, 503, 503])
    expect(answers[5]).toMatchObject({ headers: { 'Retry-After': '3' }, json: { status: '503' } })
    expect(most()).toBe(2)
    // Each write that was acknowledged has its password, and no other write was made.
    expect(hashed).toEqual(['secret-0', 'secret-1', 'secret-2', 'secret-3', 'secret-4'])
    expect((await server.get('/Users')).json.totalResults).toBe(6)
    expect(server.errors).toEqual([])
  })

  test('a change that waits is applied to the state at its turn, and one that fails returns its turn', async () => {
    const { server, open, hashed } = withHook({ passwordsInFlight: 1 })
    const plain = await server.post('/Users', user('x', { title: 'old' }))
    const path = `/Users/${String(plain.json.id)}`
    const first = server.post('/Users', user('first', { password: 'first' }))
    await soon()
    const changed = server.patch(path, [{ op: 'replace', path: 'password', value: 'second' }], {
      'if-match': plain.headers.ETag ?? '',
    })
    await soon()
    expect((await server.patch(path, [{ op: 'replace', path: 'title', value: 'new' }])).status).toBe(200)
    open()
    expect((await first).status).toBe(201)
    expect((await changed).status).toBe(412)
    for (let i = 0; i < 3; i++) {
      expect((await server.post('/Users', user('first', { password: 'third' }))).status).toBe(409)
      expect((await server.put(path, user('first', { password: 'third' }))).status).toBe(409)
    }
    expect((await server.put(path, user('x', { password: 'fourth' }))).status).toBe(200)
    expect(hashed).toEqual(['first', 'fourth'])
  })

  test('that are removed, or of a removed user, do not wait', async () => {
    const { server, open, hashed } = withHook({ passwordsInFlight: 1, waitingPasswords: 1 })
    const plain = await server.post('/Users', user('x'))
    const path = `/Users/${String(plain.json.id)}`
    const first = server.post('/Users', user('first', { password: 'first' }))
    await soon()
    const cleared = server.patch(path, [{ op: 'remove', path: 'password' }])
    await soon()
    open()
    expect(statuses(await Promise.all([first, cleared]))).toEqual([201, 200])
    expect((await server.del(path)).status).toBe(204)
    expect(hashed).toEqual(['first', undefined, undefined])
  })

  test('count in the budget of a bulk request: those beyond it are 400 tooMany and not written', async () => {
    const { server, open, hashed } = withHook()
    open()
    const Operations = Array.from({ length: 130 }, (_, i) => ({
      method: 'POST',
      path: '/Users',
      bulkId: `b${i}`,
      data: user(`u${i}`, i < 120 ? { password: `secret-${i}` } : {}),
    }))
    const answer = await server.post('/Bulk', {
      schemas: ['urn:ietf:params:scim:api:messages:2.0:BulkRequest'],
      Operations,
    })
    const results = answer.json.Operations as readonly {
      readonly status: string
      readonly response?: { readonly scimType?: string }
    }[]
    const created = results.filter(({ status }) => status === '201').length
    expect(created).toBe(100)
    expect(hashed).toHaveLength(100)
    expect(results[100]).toMatchObject({ status: '400', response: { scimType: 'tooMany' } })
    expect((await server.get('/Users')).json.totalResults).toBe(created)
  })
})
