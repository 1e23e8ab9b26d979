import { once } from 'node:events'
import { request as httpRequest, type IncomingMessage, type RequestListener } from 'node:http'
import { gzipSync } from 'node:zlib'
import { describe, expect, jest, test } from '@jest/globals'
import { noAuthentication, type ScimEvent, type ScimOptions, tenantId } from '@scimkit/core'
import type { ResourceProvider } from '@scimkit/core/provider'
import { memoryProvider } from '@scimkit/memory-provider'
import type { ExchangeResponse } from '@scimkit/testkit'
import { sendRaw } from './raw-socket.js'
import { type MakeListener, start } from './start.js'

/**
 * The mount path of SCIM, and an app with that mount. Some frameworks hide the letter case of the mount (`anyCase`), or
 * whether a path is the mount itself (`root`).
 */
export type Mount = readonly [root: string, listener: MakeListener, hides?: 'anyCase' | 'root']

/** The setups of a framework, as its users write them. */
export interface AdapterRig {
  /** By name: mount paths of SCIM, with an app for each. */
  readonly mounts: Readonly<Record<string, Mount>>
  /** By name: apps with SCIM at `/scim`, behind a body parser. */
  readonly readers: Readonly<Record<string, MakeListener>>
  /** By name: the body parsers that decode a Content-Encoding and keep the header. */
  readonly decoders: readonly string[]
  /** An app with SCIM at `/scim` and another handler after it, which responds with 418 and records its calls. */
  readonly inFront: (options: ScimOptions, asked: () => void) => RequestListener
  /** A header of the native request that `authenticate` and `provider` functions receive. */
  readonly headerOf: (native: unknown, name: string) => string | undefined
  /** The statuses with which the platform itself may refuse `/scim/Users/%2e%2e`. */
  readonly dotSegments: readonly number[]
}

const scimJson = 'application/scim+json'
const userUrn = 'urn:ietf:params:scim:schemas:core:2.0:User'
const headers = { 'Content-Type': scimJson }
const user = (userName: string, more: object = {}): string => JSON.stringify({ schemas: [userUrn], userName, ...more })
const options = (provider: ResourceProvider = memoryProvider()): ScimOptions => ({
  provider,
  authenticate: noAuthentication(),
})

// The form of a response of the core, unchanged by the framework.
function expectOurs(answer: ExchangeResponse, status: number): ExchangeResponse {
  expect([answer.status, answer.body]).toEqual([status, answer.body])
  expect(answer.headers).not.toHaveProperty('x-powered-by')
  expect(answer.headers['x-request-id']).toMatch(/^[!-~]{1,128}$/)
  if (answer.body !== '') expect(answer.headers['content-type']).toBe(scimJson)
  if (status >= 400 && answer.body !== '') {
    expect(JSON.parse(answer.body).schemas[0]).toBe('urn:ietf:params:scim:api:messages:2.0:Error')
  }
  return answer
}

// Dot segments, and percent-encoded letters of the mount. URL parsers treat all of them as the same path.
function otherSpellings(root: string): readonly string[] {
  const last = root.slice(root.lastIndexOf('/') + 1)
  const dots = ['/.', '/x/..', '/%2e', '/x/%2e%2e', '/x/.%2E']
  const below = [...dots, ...(last === '' ? [] : [`/../${last}`, `/%2e%2e/${last}`])]
  const segments = root.split('/').slice(1)
  const encoded = segments.map((segment, i) =>
    segments
      .map((other, j) => `/${i === j ? `%${segment.charCodeAt(0).toString(16)}${segment.slice(1)}` : other}`)
      .join(''),
  )
  return [
    ...below.map((path) => `${root}${path}/Users?count=0`),
    ...dots.map((path) => `${path}${root}/Users?count=0`),
    ...encoded.map((path) => `${path}/Users?count=0`),
  ]
}

// Only segments that are not parameter values; the latter are chosen by clients.
function otherCases(root: string): readonly string[] {
  return root === '' || root.includes('%')
    ? []
    : [`${root.toUpperCase()}/Users`, `/${root.slice(1, 2).toUpperCase()}${root.slice(2)}/Users`]
}

/** Behaviour that must be equal for every mount: locations have the mount path of the request, and no other path works. */
export function bindMounts(name: string, mounts: Readonly<Record<string, Mount>>): void {
  for (const [where, [root, listener, hides]] of Object.entries(mounts)) {
    const { exchange, port } = start(listener(options()), '')
    test(`${name}, ${where}: create, read, conditional read and update, filter, remove`, async () => {
      const created = expectOurs(
        await exchange({ method: 'POST', path: `${root}/Users`, headers, body: user('ada') }),
        201,
      )
      const { id, meta } = JSON.parse(created.body)
      const path = `${root}/Users/${id}`
      const tag = String(created.headers.etag)
      expect(created.headers.location).toBe(`http://127.0.0.1:${await port}${path}`)
      expect(tag).toBe(meta.version)

      expect(expectOurs(await exchange({ method: 'GET', path }), 200).headers.etag).toBe(tag)
      const head = expectOurs(await exchange({ method: 'HEAD', path }), 200)
      expect([head.headers.etag, head.body]).toEqual([tag, ''])
      const unchanged = await exchange({ method: 'GET', path, headers: { 'If-None-Match': tag } })
      expect([expectOurs(unchanged, 304).headers.etag, unchanged.body]).toEqual([tag, ''])

      const put = (match: string | readonly string[], body = user('lovelace')): Promise<ExchangeResponse> =>
        exchange({ method: 'PUT', path, headers: { ...headers, 'If-Match': match }, body })
      expectOurs(await put('W/"0-stale"'), 412)
      expectOurs(await put(['W/"0-a"', 'W/"0-b"']), 412)
      expectOurs(await put(['W/"0-a"', tag]), 200)
      expectOurs(await put(tag), 412)

      const encoded = Array.from(id, (letter) => `%${String(letter).charCodeAt(0).toString(16)}`).join('')
      expectOurs(await exchange({ method: 'GET', path: `${root}/Users/${encoded}` }), 200)
      expectOurs(await exchange({ method: 'GET', path: `${path}/?` }), 200)
      const found = await exchange({ method: 'GET', path: `${root}/Users?filter=userName+eq+%22LOVELACE%22&` })
      expect(JSON.parse(expectOurs(found, 200).body).totalResults).toBe(1)
      expectOurs(await exchange({ method: 'DELETE', path }), 204)
      expectOurs(await exchange({ method: 'GET', path }), 404)
      expectOurs(await exchange({ method: 'GET', path: `${root}/Nothing` }), 404)
      for (const end of root === '' ? ['/'] : ['', '/']) {
        expectOurs(await exchange({ method: 'GET', path: `${root}${end}` }), hides === 'root' ? 404 : 200)
      }
    })

    test(`${name}, ${where}: an empty path segment directly below the mount is ignored, no other is`, async () => {
      const made = await exchange({ method: 'POST', path: `${root}//Users`, headers, body: user('folded') })
      const { id } = JSON.parse(expectOurs(made, 201).body)
      expect(made.headers.location).toBe(`http://127.0.0.1:${await port}${root}/Users/${id}`)
      const raw = (path: string): Promise<string> =>
        port.then((number) => sendRaw(number, `GET ${path} HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n`))
      expect(await raw(`${root}//Users/${id}`)).toContain('"userName":"folded"')
      expect(await raw(`${root}//Users?FILTER=userName+eq+%22folded%22`)).toContain('"totalResults":1')
      for (const path of [`${root}///Users`, `${root}/Users//${id}`, `${root}//Users//${id}`]) {
        expect(await raw(path)).toMatch(/^HTTP\/1\.1 404 /)
      }
      expectOurs(await exchange({ method: 'DELETE', path: `${root}//Users/${id}` }), 204)
    })
  }

  for (const [where, [root, listener, hides]] of Object.entries(mounts)) {
    const { port } = start(listener(options()), '')
    const spellings = [...otherSpellings(root), ...(hides === 'anyCase' ? [] : otherCases(root))]
    test(`${name}, ${where}: ${spellings.length} other spellings of its paths are not found`, async () => {
      const statuses: Record<string, string> = {}
      for (const path of spellings) {
        const answer = await sendRaw(await port, `GET ${path} HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n`)
        statuses[path] = answer.slice(9, 12)
      }
      expect(statuses).toEqual(Object.fromEntries(spellings.map((path) => [path, '404'])))
    })
  }
}

/** Behaviour of all adapters in addition to the wire contract: mounts, body parsers, other handlers, disconnects; FP-H6, FP-H12. */
export function bindBehaviour(name: string, rig: AdapterRig): void {
  bindMounts(name, rig.mounts)

  for (const [where, maxHeadersCount, status] of [
    ['with the default limit on header fields', undefined, 431],
    ['with a limit above the number of fields', 5_000, 412],
    ['without a limit on header fields', 0, 412],
  ] as const) {
    const [[root, listener] = ['', () => () => undefined]] = Object.values(rig.mounts)
    const { exchange, port } = start(listener(options()), '', maxHeadersCount)
    test(`${name}, ${where}: a stale If-Match after 2,100 small header fields is never dropped`, async () => {
      const created = await exchange({ method: 'POST', path: `${root}/Users`, headers, body: user('many') })
      const path = `${root}/Users/${JSON.parse(created.body).id}`
      const body = user('overwritten')
      const lines = [
        `PUT ${path} HTTP/1.1`,
        'Host: 127.0.0.1',
        `Content-Type: ${scimJson}`,
        `Content-Length: ${body.length}`,
        ...Array.from({ length: 2_100 }, () => 'A: 1'),
        'If-Match: W/"0-stale"',
      ]
      // Among the first fields, so that the parser keeps it.
      lines.splice(2, 0, 'X-Request-Id: among-many')
      const answer = await sendRaw(await port, `${lines.join('\r\n')}\r\n\r\n${body}`)
      expect(answer.slice(0, 12)).toBe(`HTTP/1.1 ${status}`)
      expect(answer).toContain('urn:ietf:params:scim:api:messages:2.0:Error')
      expect(answer.toLowerCase()).toContain('\r\nx-request-id: among-many\r\n')
      expect((await exchange({ method: 'GET', path })).headers.etag).toBe(created.headers.etag)
    })
  }

  describe(`${name}, behind`, () => {
    for (const [reader, listener] of Object.entries(rig.readers)) {
      const { exchange } = start(listener(options()), '')
      test(reader, async () => {
        const post = (body: string | Uint8Array, type = scimJson): Promise<ExchangeResponse> =>
          exchange({ method: 'POST', path: '/scim/Users', headers: { 'Content-Type': type }, body })
        for (const [i, type] of [scimJson, 'application/json', `${scimJson}; charset=utf-8`].entries()) {
          const { body } = expectOurs(await post(user(`zoë${i}`, { title: '👩‍🚀' }), type), 201)
          expect(JSON.parse(body)).toMatchObject({ userName: `zoë${i}`, title: '👩‍🚀' })
        }
        const refused = expectOurs(await post('{"userName":"a","constructor":{"x":1}}'), 400)
        expect(JSON.parse(refused.body).scimType).toBe('invalidSyntax')
        expectOurs(await post(user('a', { active: 'maybe' })), 400)
        if (reader.includes('text')) {
          const cutOff = expectOurs(await post('{"userName":'), 400)
          expect(JSON.parse(cutOff.body).scimType).toBe('invalidSyntax')
          expectOurs(await post('{"userName":"b","userName":"c"}'), 400)
        }
        expectOurs(await post(user('ZOË1')), 409)
      })

      const decodes = rig.decoders.includes(reader)
      test(`${reader}, ${decodes ? 'which decodes gzip: accepted' : 'which does not decode gzip: 415'}`, async () => {
        const post = (body: string | Uint8Array, more: Readonly<Record<string, string>> = {}) =>
          exchange({
            method: 'POST',
            path: '/scim/Users',
            headers: { 'Content-Type': 'application/json', ...more },
            body,
          })
        const body = decodes ? gzipSync(user('zipped')) : user('zipped')
        expectOurs(await post(body, { 'Content-Encoding': 'gzip' }), decodes ? 201 : 415)
        // Only accepted requests created a resource.
        expectOurs(await post(user('zipped')), decodes ? 409 : 201)
      })
    }
  })

  describe(name, () => {
    const asked = jest.fn()
    const provider = memoryProvider()
    const { exchange, port } = start(rig.inFront(options(provider), asked), '')

    test('never returns an error page of the framework, and never calls the next handler', async () => {
      const nowhere = ['/Nothing', '/Users/%zz', '/Users/a%2Fb', '/Users//a', '/Users/a;b', '/%ff', '/Users/%00']
      for (const path of nowhere) expectOurs(await exchange({ method: 'GET', path: `/scim${path}` }), 404)
      const dots = await exchange({ method: 'GET', path: '/scim/Users/%2e%2e/Users/x' })
      expect(rig.dotSegments).toContain(dots.status)
      expectOurs(await exchange({ method: 'GET', path: '/scim/Users?count=%zz' }), 400)
      expectOurs(await exchange({ method: 'POST', path: '/scim/Users', headers, body: '{"userName":' }), 400)
      for (const method of ['DELETE', 'OPTIONS', 'PROPFIND', 'TRACE']) {
        expectOurs(await exchange({ method, path: '/scim/Users' }), 405)
      }
      expect(asked).not.toHaveBeenCalled()
    })

    test('uses the host of a target in absolute form, and not the Host header', async () => {
      for (const host of ['other.example', 'not a host']) {
        const answer = await sendRaw(
          await port,
          `GET http://scim.example:8080/scim/ResourceTypes/User HTTP/1.1\r\nHost: ${host}\r\nConnection: close\r\n\r\n`,
        )
        expect(answer).toMatch(/^HTTP\/1\.1 200 /)
        expect(answer).toContain('"location":"http://scim.example:8080/scim/ResourceTypes/User"')
      }
      const nowhere = await sendRaw(
        await port,
        'GET http://../scim/ResourceTypes/User HTTP/1.1\r\nHost: scim.example\r\nConnection: close\r\n\r\n',
      )
      expect(nowhere).toMatch(/^HTTP\/1\.1 400 /)
    })

    test('leaves all other paths to other handlers', async () => {
      for (const path of ['/', '/scimx', '/other/scim/Users', '/SCIM2']) {
        expect((await exchange({ method: 'GET', path })).status).toBe(418)
      }
      expect(asked).toHaveBeenCalledTimes(4)
    })

    test.each([
      ['without a length', {}],
      ['with a length', { 'Content-Length': String(8 * 1_048_576) }],
    ])('responds with 413 to a client that is still sending, %s', async (_, length) => {
      const outgoing = httpRequest({
        port: await port,
        host: '127.0.0.1',
        method: 'POST',
        path: '/scim/Users',
        agent: false,
        headers: { ...headers, ...length },
      })
      const answered = once(outgoing, 'response')
      outgoing.on('error', () => undefined)
      for (let i = 0; i < 8; i++) outgoing.write(Buffer.alloc(1_048_576, ' '))
      const [response] = (await answered) as [IncomingMessage]
      let text = ''
      for await (const part of response) text += part
      outgoing.destroy()
      expect([response.statusCode, JSON.parse(text).status]).toEqual([413, '413'])
      // The server still accepts requests.
      expectOurs(await exchange({ method: 'GET', path: '/scim/Users?count=0' }), 200)
    })

    test('a client that disconnects in the middle of its body leaves nothing behind', async () => {
      const body = user('half')
      const outgoing = httpRequest({
        port: await port,
        host: '127.0.0.1',
        method: 'POST',
        path: '/scim/Users',
        agent: false,
        headers: { ...headers, 'Content-Length': body.length },
      })
      outgoing.on('error', () => undefined).write(body.slice(0, -1))
      await new Promise((resolve) => setTimeout(resolve, 50))
      outgoing.destroy()
      await new Promise((resolve) => setTimeout(resolve, 50))
      const found = await exchange({ method: 'GET', path: '/scim/Users?filter=userName%20eq%20%22half%22' })
      expect(JSON.parse(found.body).totalResults).toBe(0)
    })
  })

  describe(name, () => {
    const providers = new Map<string, ResourceProvider>()
    const nameIn = (native: unknown): string => rig.headerOf(native, 'x-tenant') ?? ''
    const { exchange } = start(
      rig.inFront(
        {
          authenticate: (_request, native) => ({ tenant: tenantId(nameIn(native)) }),
          provider: (native: unknown) => {
            const provider = providers.get(nameIn(native)) ?? memoryProvider()
            providers.set(nameIn(native), provider)
            return provider
          },
        },
        () => undefined,
      ),
      '',
    )

    test('passes the native request to authenticate and to a provider function', async () => {
      const as = (tenant: string) => ({ ...headers, 'X-Tenant': tenant })
      expectOurs(await exchange({ method: 'POST', path: '/scim/Users', headers: as('one'), body: user('ada') }), 201)
      for (const [tenant, totalResults] of [
        ['one', 1],
        ['two', 0],
      ] as const) {
        const { body } = await exchange({ method: 'GET', path: '/scim/Users', headers: as(tenant) })
        expect(JSON.parse(body).totalResults).toBe(totalResults)
      }
    })
  })

  describe(name, () => {
    const reported: unknown[] = []
    const failing: ResourceProvider = {
      ...memoryProvider(),
      read: () => {
        throw new Error('disk failure')
      },
    }
    const onError: ScimOptions['onError'] = (_error, about) => reported.push(about)
    const { exchange } = start(
      rig.inFront({ ...options(failing), onError }, () => undefined),
      '',
    )

    test('a failure of the provider has the request id in the response and in onError', async () => {
      const request = { method: 'GET', path: '/scim/Users/1', headers: { 'X-Request-Id': 'my-request' } }
      expect(expectOurs(await exchange(request), 500).headers['x-request-id']).toBe('my-request')
      expect(reported).toEqual([{ requestId: 'my-request' }])
    })
  })

  describe(name, () => {
    const handed: Promise<unknown>[] = []
    const failures: unknown[] = []
    const ended: string[] = []
    const onEvent = async ({ kind }: ScimEvent): Promise<void> => {
      await new Promise((next) => setTimeout(next, 5))
      ended.push(kind)
      if (kind === 'request') throw new Error('the sink is full')
    }
    const { exchange } = start(
      rig.inFront(
        {
          ...options(memoryProvider()),
          onEvent,
          onError: (error) => failures.push(error),
          waitUntil: (promise) => handed.push(promise),
        },
        () => undefined,
      ),
      '',
    )

    test('waitUntil of the options is handed the request and the promises of an asynchronous onEvent', async () => {
      expectOurs(await exchange({ method: 'POST', path: '/scim/Users', headers, body: user('ada') }), 201)
      expect(handed).toHaveLength(3)
      await Promise.all(handed)
      expect(ended).toEqual(['write', 'request'])
      expect(failures).toMatchObject([{ message: 'the sink is full' }])
    })
  })

  describe(name, () => {
    let begun: () => void = () => undefined
    const beginning = new Promise<void>((resolve) => {
      begun = resolve
    })
    let seen: (aborted: boolean) => void = () => undefined
    const end = new Promise<boolean>((resolve) => {
      seen = resolve
    })
    const provider: ResourceProvider = {
      ...memoryProvider(),
      async read(_ref, _needs, { signal }) {
        begun()
        for (let i = 0; i < 200 && signal?.aborted !== true; i++) await new Promise((next) => setTimeout(next, 5))
        seen(signal?.aborted === true)
        return undefined
      },
    }
    const { port } = start(
      rig.inFront(options(provider), () => undefined),
      '',
    )

    test('signals the provider when the client disconnects', async () => {
      const outgoing = httpRequest({ port: await port, host: '127.0.0.1', path: '/scim/Users/1', agent: false })
      outgoing.on('error', () => undefined).end()
      await beginning
      outgoing.destroy()
      expect(await end).toBe(true)
    })
  })
}
