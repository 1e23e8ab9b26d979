/** The client against a real server in this process. */
import { once } from 'node:events'
import { type AddressInfo, createServer } from 'node:net'
import { describe, expect, test } from '@jest/globals'
import { createClient, type Failure, failureOf, filter, rawFilter, type ScimClient } from '@scimkit/client'
import { defineSchema, tenantId, userType } from '@scimkit/core'
import { answer, base, bodyLost, dropAfter, dropBefore, dropUnseen, faulty, server } from './support/server.js'

const failureIn = async (promise: Promise<unknown>): Promise<Failure | undefined> => {
  try {
    await promise
    return undefined
  } catch (error) {
    const failure = failureOf(error)
    if (failure === undefined) throw error
    return failure
  }
}
const client = (): ScimClient => createClient(base, { fetch: server() })

describe('resources', () => {
  test('are created, read, found, replaced, patched and deleted', async () => {
    const { users } = client()
    const ada = await users.create({ userName: 'ada@example.com', name: { givenName: 'Ada' } })
    expect(ada).toMatchObject({ schemas: ['urn:ietf:params:scim:schemas:core:2.0:User'], userName: 'ada@example.com' })
    expect(await users.get(ada.id)).toEqual(ada)
    expect(await users.find(filter`userName eq ${'ADA@example.com'}`)).toEqual(ada)
    expect(await users.find(filter`userName eq ${'unknown'}`)).toBeUndefined()
    const titled = await users.replace(ada, { ...ada, title: 'Countess' })
    expect(titled).toMatchObject({ title: 'Countess' })
    const patched = await users.patch(ada.id, [{ op: 'replace', path: 'title', value: 'Lady' }])
    expect(patched).toMatchObject({ title: 'Lady', name: { givenName: 'Ada' } })
    await users.delete(ada.id)
    expect(await failureIn(users.get(ada.id))).toMatchObject({ kind: 'notFound', status: 404 })
    expect(await failureIn(users.delete(ada.id))).toMatchObject({ kind: 'notFound' })
  })

  test('the URN of an extension in a draft is added to schemas', async () => {
    const urn = 'urn:ietf:params:scim:schemas:extension:enterprise:2.0:User'
    const { schemas, [urn]: enterprise } = await client().users.create({ userName: 'a', [urn]: { department: 'R&D' } })
    expect(schemas).toEqual(['urn:ietf:params:scim:schemas:core:2.0:User', urn])
    expect(enterprise).toEqual({ department: 'R&D' })
  })

  test('can be read with some attributes only', async () => {
    const { users } = client()
    const { id } = await users.create({ userName: 'a', title: 'x' })
    expect(await users.get(id, { attributes: ['title'] })).toEqual({ schemas: expect.anything(), id, title: 'x' })
    const found = await users.find(filter`title eq ${'x'}`, { excludedAttributes: ['title', 'meta'] })
    expect(found).toEqual({ schemas: expect.anything(), id, userName: 'a' })
    expect(await users.create({ userName: 'b' }, { attributes: ['userName'] })).not.toHaveProperty('meta')
  })

  test('find fails if more than one resource matches', async () => {
    const { users } = client()
    await users.create({ userName: 'a', title: 'x' })
    await users.create({ userName: 'b', title: 'x' })
    expect(await failureIn(users.find(filter`title eq ${'x'}`))).toEqual({ kind: 'multipleMatches' })
    expect(
      (await users.query({ filter: filter`title eq ${'x'}`, sortBy: 'userName', count: 1 })).resources,
    ).toMatchObject([{ userName: 'a' }])
    const { totalResults } = await users.search({ filter: rawFilter('title eq "x"'), count: 0 })
    expect(totalResults).toBe(2)
  })

  test('of a custom type, by definition and by name', async () => {
    const schema = defineSchema({
      id: 'urn:example:schemas:1.0:Device',
      name: 'Device',
      attributes: { serial: { required: true }, slots: { type: 'integer' }, tags: { multiValued: true } },
    })
    const device = { name: 'Device', endpoint: '/Devices', schema } as const
    const scim = createClient(base, { fetch: server({ resourceTypes: [userType, device] }) })
    const devices = scim.resources(device)
    const { id, serial } = await devices.create({ serial: '1', slots: 1 })
    const more = await devices.update(id, (old) => ({ ...old, slots: (old.slots ?? 0) + 1, tags: ['new'] }))
    expect([serial, more]).toMatchObject(['1', { kind: 'success', resource: { slots: 2, tags: ['new'] } }])
    // By name alone, the type comes from the discovery documents of the server.
    const unknown = scim.resources('Devices')
    const other = await unknown.create({ serial: '2' })
    expect(other.schemas).toEqual([schema.id])
    expect(await unknown.update(other.id, (old) => ({ ...old, tags: ['a'] }))).toMatchObject({
      kind: 'success',
      resource: { tags: ['a'] },
    })
    expect(() => scim.resources('Users/42')).toThrow(TypeError)
    expect((await scim.search({ filter: filter`serial eq ${'1'}` })).resources).toMatchObject([{ id }])
  })

  test('an id is encoded as one path segment', async () => {
    const { fetch, requests } = faulty(server())
    const { users } = createClient(base, { fetch })
    expect(await failureIn(users.get('../Groups?x=1#'))).toMatchObject({ kind: 'notFound' })
    expect(requests.map(({ url }) => url)).toEqual([`${base}/Users/..%2FGroups%3Fx%3D1%23`])
    for (const id of ['', '.', '..']) await expect(users.delete(id)).rejects.toThrow(TypeError)
    expect(requests).toHaveLength(1)
  })
})

describe('versions', () => {
  test('a write sends the version of the resource passed in, not the newest one that this client received', async () => {
    const { users } = client()
    const old = await users.create({ userName: 'a' })
    await users.replace(old, { ...old, title: 'x' })
    await users.get(old.id)
    const stale = await failureIn(users.replace(old, { ...old, nickName: 'y' }))
    expect(stale).toMatchObject({ kind: 'versionMismatch', expected: old.meta?.version })
    expect(stale).toHaveProperty('current', (await users.get(old.id)).meta?.version)
    const draft = await failureIn(users.replace(old.id, { ...old, nickName: 'y' }))
    expect(draft).toMatchObject({ kind: 'versionMismatch', expected: old.meta?.version })
    expect(await users.get(old.id)).toMatchObject({ title: 'x' })
  })

  test('a write by id alone sends the last version received, also from a list; a mismatch persists until a read', async () => {
    const fetch = server()
    const [mine, other] = [createClient(base, { fetch }), createClient(base, { fetch })]
    const { id } = await other.users.create({ userName: 'a' })
    await mine.users.find(filter`userName eq ${'a'}`)
    const title = [{ op: 'replace', path: 'title', value: 'x' }] as const
    await other.users.patch(id, title)
    for (const _ of [1, 2]) {
      expect(await failureIn(mine.users.delete(id))).toMatchObject({ kind: 'versionMismatch' })
    }
    await mine.users.get(id)
    await mine.users.delete(id)
  })

  test('without a known version no precondition is sent, nor with `false`; a tag is sent as given', async () => {
    const { fetch, requests } = faulty(server())
    const { users } = createClient(base, { fetch })
    const { id } = await users.create({ userName: 'a' })
    const sent = async (ifMatch?: string | false): Promise<string | null | undefined> => {
      await failureIn(
        users.patch(id, [{ op: 'replace', path: 'title', value: 'x' }], ifMatch === undefined ? {} : { ifMatch }),
      )
      return requests.at(-1)?.headers.get('if-match')
    }
    expect(await sent()).toMatch(/^W\/"1-/)
    expect([await sent(false), await sent('*'), await sent('W/"0-x"')]).toEqual([null, '*', 'W/"0-x"'])
    await expect(sent('0-x')).rejects.toThrow(TypeError)
    const unseen = createClient(base, { fetch })
    await unseen.users.patch(id, [{ op: 'replace', path: 'title', value: 'z' }])
    expect(requests.at(-1)?.headers.get('if-match')).toBeNull()
  })

  test('a read revalidates the cached representation, and callers do not share the result', async () => {
    const statuses: number[] = []
    const inner = server()
    const fetch = async (url: string, init: RequestInit): Promise<Response> => {
      const response = await inner(url, init)
      statuses.push(response.status)
      return response
    }
    const { users } = createClient(base, { fetch })
    const { id } = await users.create({ userName: 'a', title: 'x' })
    const first = await users.get(id)
    Object.assign(first, { title: 'changed here' })
    expect(await users.get(id)).toMatchObject({ title: 'x' })
    expect(await users.get(id, { attributes: ['title'] })).not.toHaveProperty('userName')
    await users.patch(id, [{ op: 'replace', path: 'title', value: 'y' }])
    expect(await users.get(id)).toMatchObject({ title: 'y' })
    expect(statuses).toEqual([201, 200, 304, 200, 200, 200])
    const forgetful = createClient(base, { fetch, cache: { resources: 10, characters: 100 } })
    await forgetful.users.get(id)
    await forgetful.users.get(id)
    const none = createClient(base, { fetch, cache: false })
    await none.users.get(id)
    await none.users.get(id)
    expect(statuses.slice(6)).toEqual([200, 200, 200, 200])
  })

  test('tags are cached even without representations', async () => {
    const { fetch, requests } = faulty(server())
    const { users } = createClient(base, { fetch, cache: false })
    const { id, meta } = await users.create({ userName: 'a' })
    await users.get(id)
    await users.get(id)
    await users.patch(id, [{ op: 'replace', path: 'title', value: 'b' }])
    const headers = requests.map((request) => [request.headers.get('if-none-match'), request.headers.get('if-match')])
    expect(headers).toEqual([
      [null, null],
      [null, null],
      [null, null],
      [null, meta?.version],
    ])
  })

  test('the cache keeps at most the configured number of resources', async () => {
    const { fetch, requests } = faulty(server())
    const { users } = createClient(base, { fetch, cache: { resources: 2 } })
    const [a, b, c] = await Promise.all(['a', 'b', 'c'].map((userName) => users.create({ userName })))
    for (const user of [a, b, c, b]) if (user !== undefined) await users.get(user.id)
    for (const user of [a, b, c]) if (user !== undefined) await users.delete(user.id)
    expect(requests.filter(({ method }) => method === 'DELETE').map(({ headers }) => headers.has('if-match'))).toEqual([
      false,
      true,
      true,
    ])
  })
})

describe('failures', () => {
  test('a failure contains the error fields of the server', async () => {
    const { users } = client()
    await users.create({ userName: 'a' })
    expect(await failureIn(users.create({ userName: 'A' }))).toMatchObject({
      kind: 'refused',
      status: 409,
      scimType: 'uniqueness',
      detail: expect.stringContaining('userName'),
    })
    expect(await failureIn(users.query({ filter: rawFilter('nonsense') }))).toMatchObject({ scimType: 'invalidFilter' })
  })

  test.each([
    ['seconds', '7', 7_000],
    ['a date', new Date(Date.UTC(2030, 0, 1, 0, 1)).toUTCString(), 60_000],
    ['a date that has passed', new Date(0).toUTCString(), 0],
    ['nonsense', 'soon', undefined],
    ['a fraction', '1.5', undefined],
    ['a negative number', '-1', undefined],
  ])('Retry-After: %s', async (_name, header, retryAfter) => {
    const { fetch, faults } = faulty(server())
    const { users } = createClient(base, { fetch, ports: { now: () => Date.UTC(2030, 0, 1) } })
    faults.push(answer(429, { 'Retry-After': header }))
    expect(await failureIn(users.create({ userName: 'a' }))).toMatchObject({ kind: 'refused', status: 429, retryAfter })
  })

  test('an unsent write is distinguished from a write with an unknown outcome', async () => {
    const { fetch, faults } = faulty(server())
    const { users } = createClient(base, { fetch })
    faults.push(
      dropBefore,
      dropUnseen,
      dropAfter,
      answer(502),
      answer(501),
      answer(301, { Location: 'https://evil.example' }),
    )
    const kinds: unknown[] = []
    for (const name of 'abcdef') kinds.push((await failureIn(users.create({ userName: name })))?.kind)
    expect(kinds).toEqual(['notSent', 'unknownOutcome', 'unknownOutcome', 'unknownOutcome', 'refused', 'refused'])
    expect(await users.find(filter`userName eq ${'c'}`)).toMatchObject({ userName: 'c' })
  })

  test('a closed port is reported as notSent', async () => {
    const listener = createServer().listen(0)
    await once(listener, 'listening')
    const { port } = listener.address() as AddressInfo
    listener.close()
    await once(listener, 'close')
    const { users } = createClient(`http://localhost:${port}/scim`)
    expect(await failureIn(users.create({ userName: 'a' }))).toEqual({ kind: 'notSent' })
  })

  test('a read without a response, with a timeout, and aborted', async () => {
    const never = (_url: string, { signal }: RequestInit): Promise<Response> =>
      new Promise((_resolve, reject) => {
        signal?.addEventListener('abort', () => reject(signal.reason))
      })
    const { users } = createClient(base, { fetch: never, timeout: 20 })
    expect(await failureIn(users.get('1'))).toEqual({ kind: 'noAnswer' })
    expect(await failureIn(users.delete('1'))).toEqual({ kind: 'unknownOutcome', response: undefined })
    const controller = new AbortController()
    const reading = failureIn(users.get('1', { signal: controller.signal }))
    const writing = failureIn(users.delete('1', { signal: controller.signal }))
    // Both requests have been sent at this point.
    await new Promise((resolve) => setTimeout(resolve, 0))
    controller.abort()
    expect([await reading, await writing]).toMatchObject([{ kind: 'aborted' }, { kind: 'unknownOutcome' }])
    expect(await failureIn(users.delete('1', { signal: controller.signal }))).toEqual({ kind: 'aborted' })
  })

  test.each([
    ['not JSON', '<html>'],
    ['not an object', '[]'],
    ['empty', ''],
  ])('a response body that is %s is a badAnswer', async (_name, text) => {
    const { users } = createClient(base, { fetch: async () => new Response(text) })
    expect(await failureIn(users.get('1'))).toEqual({ kind: 'badAnswer', status: 200 })
    expect(await failureIn(users.query())).toEqual({ kind: 'badAnswer', status: 200 })
  })

  test('a created user whose read fails is reported as unknownOutcome', async () => {
    for (const after of [dropBefore, answer(503), answer(404)]) {
      let isMade = false
      const { fetch, faults } = faulty(server(), () => true)
      faults.push(async (request, send) => {
        isMade = true
        return bodyLost(request, send)
      }, after)
      const failure = await failureIn(createClient(base, { fetch }).users.create({ userName: 'a' }))
      expect([isMade, failure]).toMatchObject([true, { kind: 'unknownOutcome', response: { status: 201 } }])
    }
  })

  test('a response to create that is not a resource is reported as unknownOutcome', async () => {
    const list = { schemas: ['urn:ietf:params:scim:api:messages:2.0:ListResponse'], totalResults: 0 }
    const { users } = createClient(base, { fetch: async () => new Response(JSON.stringify(list)) })
    expect(await failureIn(users.create({ userName: 'a' }))).toMatchObject({ kind: 'unknownOutcome' })
  })

  test('a write with an unreadable response is reported as unknownOutcome', async () => {
    const { users } = createClient(base, { fetch: async () => new Response('<html>') })
    for (const call of [users.patch('1', []), users.replace('1', { userName: 'a' }), users.delete('1')]) {
      expect(await failureIn(call)).toMatchObject({ kind: 'unknownOutcome', response: { status: 200 } })
    }
  })

  test('only writes of /Me follow redirects', async () => {
    const redirects: unknown[] = []
    const fetch = async (_url: string, { redirect }: RequestInit): Promise<Response> => {
      redirects.push(redirect)
      return new Response('{"id":"1"}')
    }
    const scim = createClient(base, { fetch })
    await scim.me.patch([])
    await scim.resources('Meetings').patch('1', [])
    expect(redirects).toEqual(['follow', 'manual'])
  })

  test('nothing is sent until the token function resolves', async () => {
    const { fetch, requests } = faulty(server())
    const token = (): Promise<string> => new Promise(() => {})
    expect(await failureIn(createClient(base, { fetch, token, timeout: 20 }).users.delete('1'))).toEqual({
      kind: 'notSent',
    })
    const controller = new AbortController()
    const deleting = failureIn(createClient(base, { fetch, token }).users.delete('1', controller))
    controller.abort()
    expect(await deleting).toEqual({ kind: 'aborted' })
    expect(requests).toEqual([])
  })

  test.each([
    ['ECONNREFUSED', 'connect', true],
    ['EHOSTUNREACH', 'connect', true],
    ['ENOTFOUND', 'getaddrinfo', true],
    ['EHOSTUNREACH', 'read', false],
    ['ECONNREFUSED', 'write', false],
    // The form of Bun, which names no system call.
    ['ECONNREFUSED', undefined, true],
    ['ENETUNREACH', undefined, false],
  ])('%s of %s proves that nothing was sent: %s', async (code, syscall, isCertain) => {
    const cause = Object.assign(new Error(code), { code, ...(syscall !== undefined && { syscall }) })
    const fetch = async (): Promise<Response> => {
      throw new TypeError('fetch failed', { cause })
    }
    const failure = await failureIn(createClient(base, { fetch }).users.delete('1'))
    expect(failure?.kind).toBe(isCertain ? 'notSent' : 'unknownOutcome')
  })

  test('with `Prefer: return=minimal`, a created user is read', async () => {
    const { fetch, requests } = faulty(server())
    const minimal = { Prefer: 'return=minimal' }
    const { users } = createClient(base, { fetch, headers: minimal })
    expect(await users.create({ userName: 'a' })).toMatchObject({ userName: 'a' })
    expect(requests.map(({ method }) => method)).toEqual(['POST', 'GET'])
  })
})

test('a base URL must be http or https, without credentials, query or fragment', () => {
  for (const url of ['/scim', 'ftp://x', 'https://me:secret@x', 'https://x?y', 'https://x#y']) {
    expect(() => createClient(url)).toThrow(TypeError)
  }
})

test('the token function is called for each request; headers are sent with each', async () => {
  const { fetch, requests } = faulty(server())
  let count = 0
  const { users } = createClient(`${base}/`, { fetch, token: async () => `t${++count}`, headers: { 'X-Trace': 'x' } })
  await users.query()
  await users.query()
  expect(requests.map(({ headers }) => headers.get('authorization'))).toEqual(['Bearer t1', 'Bearer t2'])
  expect(requests.map(({ headers }) => headers.get('x-trace'))).toEqual(['x', 'x'])
})

test('/Me', async () => {
  const fetch = server({
    authenticate: () => ({ tenant: tenantId('one'), principal: 'ada' }),
    me: () => (id === undefined ? undefined : { type: 'User', id }),
  })
  const { me, users } = createClient(base, { fetch })
  let id: string | undefined
  expect(await failureIn(me.get())).toMatchObject({ kind: 'notFound' })
  id = (await users.create({ userName: 'ada' })).id
  expect(await me.get({ attributes: ['userName'] })).toMatchObject({ id, userName: 'ada' })
  expect(await me.patch([{ op: 'add', path: 'title', value: 'x' }])).toMatchObject({ title: 'x' })
  const seen = await me.get()
  await users.patch(id, [{ op: 'add', path: 'nickName', value: 'y' }], { ifMatch: false })
  expect(await failureIn(me.replace({ ...seen, title: 'z' }))).toMatchObject({ kind: 'versionMismatch' })
  expect(await me.update((ada) => ({ ...ada, title: 'z' }))).toMatchObject({ resource: { title: 'z', nickName: 'y' } })
  await me.delete()
  expect(await failureIn(users.get(id))).toMatchObject({ kind: 'notFound' })
})
