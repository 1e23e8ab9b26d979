/** Which caller may use a cursor, with which list, key and for how long. RFC 9865 §5.2; SEC-21. */
import { describe, expect, test } from '@jest/globals'
import { memoryProvider } from '@scimkit/memory-provider'
import { tenantId } from '../../src/index.js'
import type { JsonObject } from '../../src/json/value.js'
import type { ResourceProvider } from '../../src/provider/provider.js'
import type { ScimOptions } from '../../src/settings/options.js'
import { type Server, serve, tenantsByToken, user } from '../support/server.js'
import { crowd, cursorOf, invalidCursor, names } from './support/cursors.js'

describe('a cursor is valid for its caller and its question only (RFC 9865 §5.2)', () => {
  const accesses = { one: { principal: 'a' }, two: { principal: 'a' } }
  const place = (async () => {
    const authenticate = tenantsByToken(accesses)
    const server = serve({ authenticate: (request, native) => authenticate(request, native) })
    for (const authorization of ['Bearer one', 'Bearer two']) {
      for (let i = 0; i < 6; i++) await server.post('/Users', user(`u${i}`, { title: 't' }), { authorization })
    }
    return server
  })()
  const one = { authorization: 'Bearer one' }
  const first = async (query = 'count=2'): Promise<string> =>
    cursorOf(await (await place).get(`/Users?cursor=&${query}`, one))

  test('another tenant', async () => {
    const path = `/Users?count=2&cursor=${await first()}`
    expect(await (await place).get(path, { authorization: 'Bearer two' })).toMatchObject(invalidCursor)
    expect((await (await place).get(path, one)).status).toBe(200)
  })

  test.each([
    ['another filter', 'count=2', 'count=2&filter=title%20pr'],
    ['another value in it', 'count=2&filter=title%20eq%20%22t%22', 'count=2&filter=title%20eq%20%22T2%22'],
    ['another sort', 'count=2&sortBy=userName', 'count=2&sortBy=title'],
    ['another order', 'count=2&sortBy=userName', 'count=2&sortBy=userName&sortOrder=descending'],
    ['no sort', 'count=2&sortBy=userName', 'count=2'],
  ])('%s', async (_, made, used) => {
    const cursor = await first(made)
    expect(await (await place).get(`/Users?${used}&cursor=${cursor}`, one)).toMatchObject(invalidCursor)
    expect((await (await place).get(`/Users?${made}&cursor=${cursor}`, one)).status).toBe(200)
  })

  test('another endpoint', async () => {
    const server = await place
    const cursor = await first()
    for (const path of ['/Groups', '/']) {
      expect(await server.get(`${path}?count=2&cursor=${cursor}`, one)).toMatchObject(invalidCursor)
    }
  })

  test('the same question, spelled otherwise, is the same: as the example of §2 has it', async () => {
    const cursor = await first('filter=userName%20sw%20%22U%22&sortBy=username&count=2')
    const again = `/Users?filter=(username%20SW%20%22U%22)&sortBy=userName&sortOrder=ascending&count=2&cursor=${cursor}`
    expect(names(await (await place).get(again, one))).toEqual(['u2', 'u3'])
  })

  test.each(['x', 'VZUTiyhEQJ94IR', 'A'.repeat(9_000), 'A'.repeat(200), '%00', '1', 'null', '%F0%9F%A6%8A'])(
    'one that was never issued: %s',
    async (cursor) => {
      expect(await (await place).get(`/Users?count=2&cursor=${cursor}`, one)).toMatchObject(invalidCursor)
    },
  )

  test('one with any changed character', async () => {
    const cursor = await first()
    for (const at of [0, 20, 30, cursor.length - 3]) {
      const changed = `${cursor.slice(0, at)}${cursor[at] === 'A' ? 'B' : 'A'}${cursor.slice(at + 1)}`
      expect(await (await place).get(`/Users?count=2&cursor=${changed}`, one)).toMatchObject(invalidCursor)
    }
  })
})

test('another caller of the same tenant cannot use a cursor', async () => {
  let principal: string | undefined = 'a'
  const authenticate = () => ({ tenant: tenantId('t'), ...(principal !== undefined && { principal }) })
  const server = await crowd(4, { authenticate })
  const cursor = cursorOf(await server.get('/Users?cursor=&count=2'))
  for (const other of ['b', undefined]) {
    principal = other
    expect(await server.get(`/Users?cursor=${cursor}&count=2`)).toMatchObject(invalidCursor)
  }
  principal = 'a'
  expect((await server.get(`/Users?cursor=${cursor}&count=2`)).status).toBe(200)
})

describe('time', () => {
  test('a cursor is valid for cursorSeconds from its page on; then 400 expiredCursor', async () => {
    const server = await crowd(6, { cursorSeconds: 10 })
    const first = cursorOf(await server.get('/Users?cursor=&count=2'))
    server.pass(9_999)
    const second = cursorOf(await server.get(`/Users?cursor=${first}&count=2`))
    server.pass(1)
    const expired = { status: 400, json: { scimType: 'expiredCursor' } }
    expect(await server.get(`/Users?cursor=${first}&count=2`)).toMatchObject(expired)
    server.pass(9_998)
    expect((await server.get(`/Users?cursor=${second}&count=2`)).status).toBe(200)
    server.pass(1)
    expect(await server.get(`/Users?cursor=${second}&count=2`)).toMatchObject(expired)
    // For any other caller it is an invalid cursor, expired or not.
    expect(await server.get(`/Users?cursor=${second}&count=2&filter=id%20pr`)).toMatchObject(invalidCursor)
  })

  test.each<[number | undefined, number | undefined]>([
    [undefined, 3_600],
    [60, 60],
    [0, undefined],
  ])('cursorSeconds %p is advertised as cursorTimeout %p', async (cursorSeconds, cursorTimeout) => {
    const server = serve(cursorSeconds === undefined ? {} : { cursorSeconds })
    const { json } = await server.get('/ServiceProviderConfig')
    expect((json.pagination as JsonObject).cursorTimeout).toBe(cursorTimeout)
  })

  test('0 never expires', async () => {
    const server = await crowd(4, { cursorSeconds: 0 })
    const cursor = cursorOf(await server.get('/Users?cursor=&count=2'))
    server.pass(1e12)
    expect((await server.get(`/Users?cursor=${cursor}&count=2`)).status).toBe(200)
  })
})

describe('keys', () => {
  const key = 'k'.repeat(32)
  const next = async (server: Server, cursor: string): Promise<number> =>
    (await server.get(`/Users?cursor=${cursor}&count=2`)).status

  test('servers with one key accept each other’s cursors; by default each has a key of its own', async () => {
    const provider = memoryProvider()
    const first = await crowd(4, { provider, cursorKey: key })
    const cursor = cursorOf(await first.get('/Users?cursor=&count=2'))
    expect(await next(serve({ provider, cursorKey: key }), cursor)).toBe(200)
    expect(await next(serve({ provider, cursorKey: ['n'.repeat(32), key] }), cursor)).toBe(200)
    expect(await next(serve({ provider, cursorKey: 'n'.repeat(32) }), cursor)).toBe(400)
    expect(await next(serve({ provider }), cursor)).toBe(400)
  })

  test('the provider’s key, where the host sets none', async () => {
    let asked = 0
    const provider: ResourceProvider = {
      ...memoryProvider(),
      cursorKey: () => {
        asked += 1
        return Promise.resolve('p'.repeat(32))
      },
    }
    const cursor = cursorOf(await (await crowd(4, { provider })).get('/Users?cursor=&count=2'))
    expect(asked).toBe(1)
    expect(await next(serve({ provider }), cursor)).toBe(200)
    expect(await next(serve({ provider: () => provider }), cursor)).toBe(200)
    expect(await next(serve({ provider, cursorKey: 'p'.repeat(32) }), cursor)).toBe(200)
    expect(await next(serve({ provider, cursorKey: key }), cursor)).toBe(400)
  })

  test('a provider with a weak one fails, and reports nothing of it to the client', async () => {
    const server = await crowd(4, { provider: { ...memoryProvider(), cursorKey: () => 'short' } })
    const answer = await server.get('/Users?cursor=&count=2')
    expect(answer).toMatchObject({ status: 500 })
    expect(answer.text).not.toContain('short')
    expect(server.errors).toHaveLength(1)
  })

  test.each<[Partial<ScimOptions>, string]>([
    [{ cursorKey: 'short' }, 'options.cursorKey'],
    [{ cursorKey: [] }, 'options.cursorKey'],
    [{ cursorSeconds: -1 }, 'options.cursorSeconds'],
    [{ cursorSeconds: 1.5 }, 'options.cursorSeconds'],
    [{ cursorSeconds: Number.NaN }, 'options.cursorSeconds'],
  ])('%j is refused at start', (options, name) => {
    expect(() => serve(options)).toThrow(TypeError)
    expect(() => serve(options)).toThrow(name)
  })
})

test('the content of a cursor cannot be read (SEC-21)', async () => {
  const server = await crowd(3)
  const cursor = cursorOf(await server.get('/Users?cursor=&count=2&sortBy=userName'))
  for (const encoding of ['base64url', 'utf8', 'latin1'] as const) {
    expect(Buffer.from(cursor, encoding).toString('latin1')).not.toContain('user')
  }
})
