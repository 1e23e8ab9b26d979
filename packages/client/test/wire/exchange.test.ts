/** Requests that fail: each kind of failure, by what the server or the network did. */
import { once } from 'node:events'
import { type AddressInfo, createServer } from 'node:net'
import { describe, expect, test } from '@jest/globals'
import { createClient, filter, rawFilter, type ScimClient } from '@scimkit/client'
import { failureIn } from '../support/failure-in.js'
import { answer, base, bodyLost, dropAfter, dropBefore, dropUnseen, faulty, server } from '../support/server.js'

const client = (): ScimClient => createClient(base, { fetch: server() })

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
    expect(await failureIn(users.get('1'))).toEqual({ kind: 'noResponse' })
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
  ])('a response body that is %s is an invalidResponse', async (_name, text) => {
    const { users } = createClient(base, { fetch: async () => new Response(text) })
    expect(await failureIn(users.get('1'))).toEqual({ kind: 'invalidResponse', status: 200 })
    expect(await failureIn(users.query())).toEqual({ kind: 'invalidResponse', status: 200 })
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
