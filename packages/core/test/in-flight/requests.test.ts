/** Work in flight over a whole server: requests, unauthenticated callers, large bodies, passwords. */
import { describe, expect, test } from '@jest/globals'
import { memoryProvider } from '@scimkit/memory-provider'
import type { RequestBody } from '../../src/http/adapter-interface.js'
import { type Authenticator, type ScimOptions, type SecretsHook, scimError, tenantId } from '../../src/index.js'
import type { ResourceProvider } from '../../src/provider/provider.js'
import {
  type Answered,
  errorUrn,
  mount,
  requestOf,
  type Server,
  serve,
  tenantsByToken,
  user,
} from '../support/server.js'

/** A promise that is resolved from outside. */
function latch(): { readonly opened: Promise<void>; open(): void } {
  let open: () => void = () => undefined
  const opened = new Promise<void>((resolve) => {
    open = resolve
  })
  return { opened, open }
}

const soon = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 5))
const tenants = tenantsByToken({ a: {}, b: {} })
const as = (tenant: string) => ({ authorization: `Bearer ${tenant}` })
const forEver = { startTimer: () => () => undefined }

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

const statuses = (answers: readonly Answered[]): readonly number[] => answers.map(({ status }) => status)

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

describe('large bodies', () => {
  const size = 100_000
  const bytes = new TextEncoder().encode(
    JSON.stringify(user('b', { title: 'x'.repeat(60_000), nickName: 'y'.repeat(size - 60_200) })),
  )
  const limits = { bodyBytesInFlight: 2 * bytes.length, waitingBodies: 1 }

  /** A body that arrives when the test says so, whose length is announced or not. */
  function upload(
    server: Server,
    announced: boolean,
    arrives: Promise<void>,
    begun: () => void,
    body: Uint8Array = bytes,
  ) {
    const request = requestOf({ method: 'POST', target: `${mount}/Users` })
    return server.scim.handle({
      ...request,
      header: (name) =>
        name === 'content-type'
          ? 'application/scim+json'
          : name === 'content-length' && announced
            ? String(body.length)
            : undefined,
      body: async (_limit: number, grown?: (bytes: number) => Promise<void> | undefined): Promise<RequestBody> => {
        await grown?.(10)
        await grown?.(body.length)
        begun()
        await arrives
        return { kind: 'bytes', bytes: body }
      },
    })
  }

  test.each([true, false])(
    'are read as far as there is room (length announced: %s); small ones pass',
    async (announced) => {
      const { opened, open } = latch()
      let begun = 0
      const room = announced ? limits : { ...limits, bodyBytes: bytes.length }
      const server = serve({ limits: room, ports: forEver })
      const all = Array.from({ length: 4 }, () => upload(server, announced, opened, () => begun++))
      await soon()
      expect(begun).toBe(2)
      expect((await server.post('/Users', user('small'))).status).toBe(201)
      open()
      const answers = await Promise.all(all)
      expect(answers.map(({ status }) => status).sort()).toEqual([201, 409, 409, 503])
      expect(answers.find(({ status }) => status === 503)?.headers['Retry-After']).toBe('3')
      expect(begun).toBe(3)
      const again = await Promise.all([1, 2, 3].map(() => upload(server, announced, opened, () => begun++)))
      expect(again.map(({ status }) => status)).toEqual([409, 409, 409])
      expect(server.errors).toEqual([])
    },
  )

  test('of unknown length count as the limit while they arrive, then with their size', async () => {
    const server = serve({ limits: { bodyBytesInFlight: 1_200_000, bodyBytes: 1_000_000 }, ports: forEver })
    const { opened, open } = latch()
    let begun = 0
    const first = upload(server, false, opened, () => begun++)
    const second = upload(server, false, opened, () => begun++)
    await soon()
    expect(begun).toBe(1)
    open()
    expect((await Promise.all([first, second])).map(({ status }) => status)).toEqual([201, 409])
  })

  test('larger than all the room are read alone', async () => {
    const server = serve({ limits: { bodyBytesInFlight: 1 }, ports: forEver })
    const answers = await Promise.all([1, 2].map(() => upload(server, true, Promise.resolve(), () => undefined)))
    expect(answers.map(({ status }) => status)).toEqual([201, 409])
  })

  test('whose reader stops while it waits for room keep none of it', async () => {
    const server = serve({
      limits: { ...limits, bodyBytesInFlight: bytes.length, bodyBytes: bytes.length },
      ports: forEver,
    })
    const { opened, open } = latch()
    const first = upload(server, false, opened, () => undefined)
    await soon()
    const request = requestOf({
      method: 'POST',
      target: `${mount}/Users`,
      headers: { 'content-type': 'application/scim+json' },
    })
    const left = await server.scim.handle({
      ...request,
      body: async (_limit: number, grown?: (bytes: number) => Promise<void> | undefined) => {
        void grown?.(bytes.length)
        throw new Error('The client went away.')
      },
    })
    expect(left.status).toBe(400)
    open()
    await first
    expect((await upload(server, false, opened, () => undefined)).status).toBe(409)
  })
})

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
