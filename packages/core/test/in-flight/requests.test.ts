/** Requests in flight over a whole server, unauthenticated callers, requests that the platform has cancelled. */
import { describe, expect, test } from '@jest/globals'
import { memoryProvider } from '@scimkit/memory-provider'
import { type Authenticator, type ScimOptions, type SecretsHook, scimError, tenantId } from '../../src/index.js'
import type { ResourceProvider } from '../../src/provider/provider.js'
import { type Answered, errorUrn, mount, type Server, serve, tenantsByToken, user } from '../support/server.js'
import { forEver, latch, soon, statuses } from './support/waiting.js'

const tenants = tenantsByToken({ a: {}, b: {} })
const as = (tenant: string) => ({ authorization: `Bearer ${tenant}` })

/** A store whose reads wait, and the number of reads that were begun. */
function slowStore(): { readonly provider: ResourceProvider; readonly begun: string[]; open(): void } {
  const { opened, open } = latch()
  const begun: string[] = []
  const memory = memoryProvider()
  const read: ResourceProvider['read'] = async (ref, needs, context) => {
    begun.push(`${context.tenant}${ref.id}`)
    await opened
    return memory.read(ref, needs, context)
  }
  return { provider: { ...memory, read }, begun, open }
}

describe('requests in flight', () => {
  test('beyond the queue it is 429 for a tenant at its limit, 503 for another, both with Retry-After', async () => {
    const { provider, begun, open } = slowStore()
    const limits = { inFlight: 3, tenantInFlight: 2, waitingRequests: 2 }
    const server = serve({ provider, limits, authenticate: tenants, ports: forEver })
    const inFlight = ['1', '2', '3', '4'].map((id) => server.get(`/Users/${id}`, as('a')))
    await soon()
    expect(begun).toEqual(['a1', 'a2'])
    const refused = await server.get('/Users/5', as('a'))
    expect(refused).toMatchObject({
      status: 429,
      headers: { 'Retry-After': '3', 'Content-Type': 'application/scim+json' },
      json: { schemas: [errorUrn], status: '429' },
    })
    inFlight.push(server.get('/Users/6', as('b')))
    await soon()
    expect(begun).toEqual(['a1', 'a2', 'b6'])
    // The queue is full of a's requests; one of them makes room for b, whose next one is the process's limit.
    inFlight.push(server.get('/Users/7', as('b')))
    const busy = await server.get('/Users/8', as('b'))
    expect(busy).toMatchObject({ status: 503, headers: { 'Retry-After': '3' }, json: { status: '503' } })
    open()
    expect(statuses(await Promise.all(inFlight))).toEqual([404, 404, 404, 429, 404, 404])
    expect(begun.sort()).toEqual(['a1', 'a2', 'a3', 'b6', 'b7'])
    expect(
      server.events.filter((event) => event.kind === 'request').map(({ tenant, status }) => `${tenant} ${status}`),
    ).toEqual(expect.arrayContaining(['a 429', 'b 503']))
    expect(server.errors).toEqual([])
    expect((await server.get('/Users/9', as('a'))).status).toBe(404)
  })

  test('a tenant alone may use all of it, and the requests of one tenant do not block those of another', async () => {
    const { provider, begun, open } = slowStore()
    const server = serve({ provider, limits: { inFlight: 4 }, authenticate: tenants, ports: forEver })
    const all = Array.from({ length: 40 }, (_, id) => server.get(`/Users/${id}`, as('a')))
    await soon()
    expect(begun).toHaveLength(4)
    all.push(server.get('/Users/x', as('b')))
    open()
    expect(new Set(statuses(await Promise.all(all)))).toEqual(new Set([404]))
    expect(begun.indexOf('bx')).toBeLessThan(8)
  })

  test('a request whose client disconnects is not carried out', async () => {
    const { provider, begun, open } = slowStore()
    const server = serve({ provider, limits: { inFlight: 1 }, ports: forEver })
    const first = server.get('/Users/1')
    const client = new AbortController()
    const second = server.ask({ target: `${mount}/Users/2`, signal: client.signal })
    await soon()
    client.abort()
    expect((await second).status).toBe(503)
    open()
    await first
    expect(begun).toHaveLength(1)
    expect((await server.get('/Users/3')).status).toBe(404)
  })

  test('a wait has an end', async () => {
    const { provider, open } = slowStore()
    const waits: number[] = []
    const startTimer = (milliseconds: number, run: () => void) => {
      waits.push(milliseconds)
      const timer = setTimeout(run, 1)
      return () => clearTimeout(timer)
    }
    const server = serve({ provider, limits: { inFlight: 1, waitingMilliseconds: 800 }, ports: { startTimer } })
    const first = server.get('/Users/1')
    expect(await server.get('/Users/2')).toMatchObject({ status: 429, headers: { 'Retry-After': '3' } })
    expect(new Set(waits)).toEqual(new Set([800]))
    open()
    await first
  })

  test('a place is returned however a request ends', async () => {
    const provider: ResourceProvider = { ...memoryProvider(), read: () => Promise.reject(new Error('the store fails')) }
    const server = serve({ provider, limits: { inFlight: 1, waitingRequests: 1 } })
    for (let i = 0; i < 5; i++) expect((await server.get('/Users/1')).status).toBe(500)
    for (let i = 0; i < 5; i++) expect((await server.get('/Nothing')).status).toBe(404)
    for (let i = 0; i < 5; i++) expect((await server.post('/Users', {})).status).toBe(400)
    expect((await server.post('/Users', user('b'))).status).toBe(201)
  })

  test('unauthenticated callers are bounded too', async () => {
    const { opened, open } = latch()
    let asked = 0
    const server = serve({
      limits: { inFlight: 2, waitingRequests: 3 },
      ports: forEver,
      authenticate: async () => {
        asked++
        await opened
        throw scimError.unauthorized('No.')
      },
    })
    const all = Array.from({ length: 8 }, () => server.get('/Users'))
    await soon()
    expect(asked).toBe(2)
    open()
    expect(statuses(await Promise.all(all))).toEqual([401, 401, 401, 401, 401, 503, 503, 503])
    expect(server.errors).toEqual([])
  })

  test('perform is not counted', async () => {
    const { provider, begun, open } = slowStore()
    const { scim } = serve({ provider, limits: { inFlight: 1, waitingRequests: 1 } })
    const context = scim.context({ tenant: tenantId('a') })
    const all = ['1', '2', '3', '4'].map((id) => scim.perform({ kind: 'get', ref: { type: 'User', id } }, context))
    await soon()
    expect(begun).toHaveLength(4)
    open()
    expect((await Promise.all(all)).map(({ kind }) => kind)).toEqual(Array(4).fill('notFound'))
  })

  test('two servers of one process do not share a limit', async () => {
    const { provider, begun, open } = slowStore()
    const all = [1, 2].map(() => serve({ provider, limits: { inFlight: 1 }, ports: forEver }).get('/Users/1'))
    await soon()
    expect(begun).toHaveLength(2)
    open()
    await Promise.all(all)
  })
})

describe('requests that the platform has cancelled', () => {
  const never = new Promise<never>(() => undefined)
  const few = {
    inFlight: 2,
    waitingRequests: 1,
    bodyBytesInFlight: 100_000,
    waitingBodies: 1,
    passwordsInFlight: 1,
    waitingPasswords: 1,
    inFlightMilliseconds: 60_000,
  }
  const startTimer = (_: number, run: () => void) => {
    const timer = setTimeout(run, 5)
    return () => clearTimeout(timer)
  }
  const length = { 'content-length': '90000' }
  const large = user('large', { nickName: 'y'.repeat(60_000), title: 'x'.repeat(30_000) })
  const endedIn: readonly (readonly [string, Partial<ScimOptions>, (server: Server) => Promise<Answered>])[] = [
    ['a store', { provider: stuckOnce('read'), limits: { ...few, inFlight: 1 } }, (server) => server.get('/Users/1')],
    [
      'authenticate',
      { authenticate: stuckAuthenticator(), limits: { ...few, inFlight: 1 } },
      (server) => server.get('/Users/1'),
    ],
    ['a large body', { provider: stuckOnce('insert') }, (server) => server.post('/Users', large, length)],
    ['secrets', { secrets: stuckSecrets() }, (server) => server.post('/Users', user('x', { password: 'y' }))],
  ]

  function stuckOnce(name: 'read' | 'insert'): ResourceProvider {
    const memory = memoryProvider()
    const call = memory[name] as (...asked: unknown[]) => Promise<never>
    let asked = 0
    return { ...memory, [name]: (...parameters: unknown[]) => (++asked === 1 ? never : call(...parameters)) }
  }
  function stuckAuthenticator(): Authenticator {
    let asked = 0
    return () => (++asked === 1 ? never : { tenant: tenantId('a') })
  }
  function stuckSecrets(): SecretsHook {
    let asked = 0
    return { write: () => (++asked === 1 ? never : undefined) }
  }

  test.each(endedIn)(
    'in %s: their place is given to others after inFlightMilliseconds, not before',
    async (_, more, ask) => {
      const server = serve({ limits: few, ports: { startTimer }, ...more })
      void ask(server)
      await soon()
      server.pass(59_999)
      expect([429, 503]).toContain((await ask(server)).status)
      server.pass(1)
      expect([201, 404, 409]).toContain((await ask(server)).status)
      expect([201, 404, 409]).toContain((await ask(server)).status)
    },
  )
})
