/** Tools at another server: what it does not support is not offered, and each failure has its result. */
import { describe, expect, test } from '@jest/globals'
import { createClient, type Fetch } from '@scimkit/client'
import { type JsonObject, noAuthentication } from '@scimkit/core'
import { fetchHandler } from '@scimkit/fetch-http'
import { memoryProvider } from '@scimkit/memory-provider'
import { remoteDirectory } from '../../src/directory/remote-directory.js'
import { defaultBounds } from '../../src/documents/bounds.js'
import { errorResult } from '../../src/results/error-result.js'
import type { ToolResult } from '../../src/results/result.js'
import { catalogueOf } from '../../src/tools/catalogue.js'

type Answer = (request: Request, next: (request: Request) => Promise<Response>) => Promise<Response>

/** A directory at a server whose answers are changed on their way. */
function remote(change: Answer) {
  const handler = fetchHandler({ basePath: '/scim/v2', provider: memoryProvider(), authenticate: noAuthentication() })
  const fetch: Fetch = (url, init) => change(new Request(url, init), (request) => handler(request))
  const client = createClient('https://app.example/scim/v2', { fetch, ports: { sleep: async () => undefined } })
  const directory = remoteDirectory(client, false)
  const toolNamed = async (name: string) =>
    catalogueOf(await directory.types(), {
      bounds: defaultBounds,
      readOnly: false,
      supportsIdempotencyKeys: false,
    }).tool(name)
  const call = async (name: string, given: JsonObject): Promise<ToolResult> => {
    try {
      return (await (await toolNamed(name))?.run(given, directory)) ?? errorResult(new Error(`no tool ${name}`))
    } catch (error) {
      return errorResult(error)
    }
  }
  return { directory, call }
}

const withConfig =
  (config: JsonObject): Answer =>
  async (request, next) => {
    const answer = await next(request)
    if (!request.url.endsWith('/ServiceProviderConfig')) return answer
    return new Response(JSON.stringify({ ...((await answer.json()) as JsonObject), ...config }), answer)
  }

const operationsAt = async (change: Answer): Promise<readonly string[]> => {
  const [user] = await remote(change).directory.types()
  return [...(user?.operations.keys() ?? [])].sort()
}

describe('what a server announces', () => {
  const all = ['create', 'get', 'patch', 'query', 'remove', 'replace']
  test.each<readonly [string, JsonObject, readonly string[]]>([
    ['everything', {}, all],
    ['no entity tags: no write that could overwrite', { etag: { supported: false } }, ['create', 'get', 'query']],
    ['nothing about entity tags', { etag: null }, ['create', 'get', 'query']],
    ['no PATCH', { patch: { supported: false } }, all.filter((kind) => kind !== 'patch')],
  ])('%s', async (_, config, operations) => {
    expect(await operationsAt(withConfig(config))).toEqual(operations)
  })

  test('a server that describes nothing is an error, and the next request asks again', async () => {
    let isDown = true
    const { directory } = remote(async (request, next) =>
      isDown && request.url.includes('/ResourceTypes') ? new Response('{}', { status: 503 }) : next(request),
    )
    await expect(directory.types()).rejects.toMatchObject({ status: 503 })
    isDown = false
    expect((await directory.types()).map(({ name }) => name)).toEqual(['User', 'Group'])
  })
})

describe('failures are results', () => {
  const onWrites =
    (answer: () => Promise<Response>): Answer =>
    (request, next) =>
      request.method === 'PATCH' ? answer() : next(request)
  const body = (status: number, more: JsonObject = {}) =>
    new Response(
      JSON.stringify({ schemas: ['urn:ietf:params:scim:api:messages:2.0:Error'], status: String(status), ...more }),
      {
        status,
        headers: { 'Retry-After': '3' },
      },
    )
  const patchAt = async (change: Answer): Promise<ToolResult> => {
    const { call } = remote(change)
    const made = await call('create_user', { resource: { userName: 'ada' } })
    const operations = [{ op: 'replace', path: 'title', value: 'x' }]
    return call('patch_user', { id: String(made.id), expectedVersion: String(made.version), operations })
  }

  test.each<readonly [string, () => Promise<Response>, JsonObject]>([
    ['403', async () => body(403, { detail: 'Not you.' }), { status: 403, detail: 'Not you.' }],
    ['429', async () => body(429), { status: 429, retryAfterSeconds: 3 }],
    ['400 with a keyword', async () => body(400, { scimType: 'mutability' }), { status: 400, scimType: 'mutability' }],
    ['409 uniqueness', async () => body(409, { scimType: 'uniqueness' }), { status: 409, scimType: 'uniqueness' }],
    ['404', async () => body(404), { status: 404, argument: 'id' }],
    ['a lost answer', () => Promise.reject(new TypeError('terminated')), { status: 504 }],
    ['500: the write may have been carried out', async () => body(500), { status: 504 }],
  ])('%s', async (name, answer, expected) => {
    const result = await patchAt(onWrites(answer))
    expect(result).toMatchObject({ outcome: 'error', ...expected })
    if (result.status === 504)
      expect([name, result.detail]).toEqual([name, expect.stringContaining('may have been carried out')])
  })

  test('a resource without a version is an error: a change of it cannot be protected', async () => {
    const withoutVersion: Answer = async (request, next) => {
      const answer = await next(request)
      if (request.method !== 'POST') return answer
      const { meta: _, ...rest } = (await answer.json()) as JsonObject
      return new Response(JSON.stringify(rest), { status: 201, headers: { 'Content-Type': 'application/scim+json' } })
    }
    const made = await remote(withoutVersion).call('create_user', { resource: { userName: 'ada' } })
    expect(made).toMatchObject({ outcome: 'error', status: 502 })
    expect(made.detail).toContain('meta.version')
  })

  test('a version that no header can have is an error that names it, and nothing is sent', async () => {
    const sent: string[] = []
    const { call } = remote((request, next) => {
      sent.push(request.method)
      return next(request)
    })
    const made = await call('create_user', { resource: { userName: 'ada' } })
    const result = await call('delete_user', { id: String(made.id), expectedVersion: 'a b"' })
    expect(result).toMatchObject({ outcome: 'error', status: 400 })
    expect(sent).not.toContain('DELETE')
  })
})
