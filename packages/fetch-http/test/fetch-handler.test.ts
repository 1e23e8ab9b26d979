import { describe, expect, jest, test } from '@jest/globals'
import { noAuthentication, tenantId } from '@scimkit/core'
import type { ResourceProvider } from '@scimkit/core/provider'
import { fetchHandler } from '@scimkit/fetch-http'
import { memoryProvider } from '@scimkit/memory-provider'

const headers = { 'Content-Type': 'application/scim+json' }
const user = (userName: string): string =>
  JSON.stringify({ schemas: ['urn:ietf:params:scim:schemas:core:2.0:User'], userName })
const post = (url: string, body: string | ReadableStream<Uint8Array>, more: RequestInit = {}): Request =>
  new Request(url, { method: 'POST', headers, body, ...more })
const options = { authenticate: noAuthentication() }

test('without options it runs in memory and accepts every client, with one warning for each per process', async () => {
  const warn = jest.spyOn(console, 'warn').mockImplementation(() => undefined)
  for (const handler of [fetchHandler(), fetchHandler()]) {
    expect((await handler(new Request('http://scim.example/Users'))).status).toBe(200)
  }
  expect(warn.mock.calls.map(([message]) => String(message))).toEqual([
    expect.stringContaining('memory'),
    expect.stringContaining('every client'),
  ])
  warn.mockRestore()
})

test.each([
  ['', 'https://scim.example'],
  ['/scim/v2', 'https://scim.example/scim/v2'],
  ['/a%20b', 'https://scim.example:8443/a%20b'],
])('below %j: create, read, conditional read and update', async (basePath, base) => {
  const handler = fetchHandler({ ...options, provider: memoryProvider(), basePath })
  const created = await handler(post(`${base}/Users`, user('ada')))
  const { id, meta } = (await created.json()) as { readonly id: string; readonly meta: { readonly version: string } }
  const url = `${base}/Users/${id}`
  expect([created.status, created.headers.get('location')]).toEqual([201, url])
  const tag = created.headers.get('etag') ?? ''
  expect(tag).toBe(meta.version)
  const status = async (init: RequestInit): Promise<number> => (await handler(new Request(url, init))).status
  expect(await status({})).toBe(200)
  const head = await handler(new Request(url, { method: 'HEAD' }))
  expect([head.status, head.headers.get('etag'), await head.text()]).toEqual([200, tag, ''])
  expect(await status({ headers: { 'If-None-Match': tag } })).toBe(304)
  const put = (match: string): Promise<number> =>
    status({ method: 'PUT', headers: { ...headers, 'If-Match': match }, body: user('lovelace') })
  expect([await put('W/"0-stale"'), await put(`W/"0-a", ${tag}`), await put(tag)]).toEqual([412, 200, 412])
  expect(await status({ method: 'DELETE' })).toBe(204)
  expect(await status({})).toBe(404)
})

test('outside its base path every path is 404', async () => {
  const handler = fetchHandler({ ...options, provider: memoryProvider(), basePath: '/scim' })
  for (const path of ['/', '/Users', '/scimx/Users', '/other/scim/Users']) {
    const answer = await handler(new Request(`http://scim.example${path}`))
    expect([answer.status, answer.headers.get('content-type')]).toEqual([404, 'application/scim+json'])
  }
})

describe('a body', () => {
  const handler = fetchHandler({ ...options, provider: memoryProvider() })
  const streamed = (chunks: number, size: number): ReadableStream<Uint8Array> => {
    let sent = 0
    return new ReadableStream({
      pull(controller) {
        if (sent++ < chunks) controller.enqueue(new Uint8Array(size).fill(0x20))
        else controller.close()
      },
    })
  }
  const stream = (chunks: number, size: number): Request =>
    post('http://scim.example/Users', streamed(chunks, size), { duplex: 'half' } as RequestInit)

  test('that is streamed is read to its end', async () => {
    const bytes = new TextEncoder().encode(user('streamed'))
    const body = new ReadableStream<Uint8Array>({
      start(controller) {
        for (const byte of bytes) controller.enqueue(new Uint8Array([byte]))
        controller.close()
      },
    })
    const answer = await handler(post('http://scim.example/Users', body, { duplex: 'half' } as RequestInit))
    expect(answer.status).toBe(201)
  })

  test('that never ends is 413 as soon as it exceeds the limit', async () => {
    const answer = await handler(stream(Number.POSITIVE_INFINITY, 65_536))
    expect(answer.status).toBe(413)
  })

  test('whose Content-Length is too large is 413 before it is read', async () => {
    const request = stream(1, 1)
    request.headers.set('Content-Length', '1048577')
    expect((await handler(request)).status).toBe(413)
    expect(request.bodyUsed).toBe(false)
  })

  test('of one byte above the limit is 413, of the limit 400: it is not JSON', async () => {
    expect((await handler(stream(1_024, 1_024))).status).toBe(400)
    expect((await handler(stream(1_025, 1_024))).status).toBe(413)
  })

  test('that another reader has consumed is 400 invalidSyntax', async () => {
    const request = post('http://scim.example/Users', user('read'))
    await request.text()
    const answer = await handler(request)
    expect([answer.status, await answer.json()]).toMatchObject([400, { scimType: 'invalidSyntax' }])
  })

  test('that ends early is 400', async () => {
    const body = new ReadableStream<Uint8Array>({
      start(controller) {
        controller.enqueue(new Uint8Array([0x7b]))
        controller.error(new Error('gone'))
      },
    })
    const answer = await handler(post('http://scim.example/Users', body, { duplex: 'half' } as RequestInit))
    expect(answer.status).toBe(400)
  })
})

test('authenticate and a provider function receive env; without it, the request', async () => {
  const natives: unknown[] = []
  const provider = memoryProvider()
  const handler = fetchHandler({
    authenticate: (_request, native) => {
      natives.push(native)
      return { tenant: tenantId('one') }
    },
    provider: (native: unknown) => {
      natives.push(native)
      return provider
    },
  })
  const request = new Request('http://scim.example/Users')
  const env = { DB: 'a database' }
  expect((await handler(request, env)).status).toBe(200)
  expect((await handler(request)).status).toBe(200)
  expect(natives).toEqual([env, env, request, request])
})

test('reads the signal of a request only when the provider uses it, and on Deno never', async () => {
  const seen: (boolean | undefined)[] = []
  let listens = false
  const provider: ResourceProvider = {
    ...memoryProvider(),
    async read(_ref, _needs, context) {
      if (!listens) return undefined
      seen.push(context.signal?.aborted)
      lost(new Error('connection closed'))
      await new Promise((resolve) => setTimeout(resolve, 0))
      seen.push(context.signal?.aborted)
      return undefined
    },
  }
  const handler = fetchHandler({ ...options, provider })
  const reads = jest.fn(() => new AbortController().signal)
  const request = (): Request =>
    Object.defineProperty(new Request('http://scim.example/Users/1'), 'signal', { get: reads })
  let lost: (reason: Error) => void = () => undefined
  const info = { completed: new Promise<void>((_, reject) => (lost = reject)) }
  await handler(request())
  await handler(request(), info)
  expect(reads).not.toHaveBeenCalled()
  listens = true
  await handler(request(), info)
  expect(seen).toEqual([false, true])
  expect(reads).not.toHaveBeenCalled()
})

test('aborts the signal of the provider when the client disconnects', async () => {
  const gone = new AbortController()
  const seen: (boolean | undefined)[] = []
  const provider: ResourceProvider = {
    ...memoryProvider(),
    async read(_ref, _needs, { signal }) {
      seen.push(signal?.aborted)
      gone.abort()
      seen.push(signal?.aborted)
      return undefined
    },
  }
  const handler = fetchHandler({ ...options, provider })
  await handler(new Request('http://scim.example/Users/1', { signal: gone.signal }))
  expect(seen).toEqual([false, true])
})

describe('the context of Workers', () => {
  /** Like that of Workers: its method throws if it is called without its object. */
  const contextOfWorkers = () => {
    const context = {
      handed: [] as Promise<unknown>[],
      waitUntil(promise: Promise<unknown>): void {
        if (this !== context) throw new TypeError('Illegal invocation')
        context.handed.push(promise)
      },
    }
    return context
  }
  const asked = (): Request => new Request('http://scim.example/Users')

  test('receives the work of a request and the promises of an asynchronous onEvent', async () => {
    let ended = 0
    const onEvent = async (): Promise<void> => {
      await new Promise((resolve) => setTimeout(resolve, 5))
      ended++
    }
    const context = contextOfWorkers()
    const handler = fetchHandler({ ...options, provider: memoryProvider(), onEvent })
    expect((await handler(post('http://scim.example/Users', user('ada')), {}, context)).status).toBe(201)
    expect([context.handed.length, ended]).toEqual([3, 0])
    await Promise.all(context.handed)
    expect(ended).toBe(2)
  })

  test.each([undefined, null, {}, { waitUntil: true }, 'a text'])('may be missing, or be %j', async (context) => {
    const handler = fetchHandler({ ...options, provider: memoryProvider() })
    expect((await handler(asked(), {}, context)).status).toBe(200)
  })

  test('is not used if the host has set the option waitUntil', async () => {
    const [context, handed] = [contextOfWorkers(), [] as Promise<unknown>[]]
    const waitUntil = (promise: Promise<unknown>): void => void handed.push(promise)
    const handler = fetchHandler({ ...options, provider: memoryProvider(), waitUntil })
    expect((await handler(asked(), {}, context)).status).toBe(200)
    expect([context.handed.length, handed.length]).toEqual([0, 1])
  })
})
