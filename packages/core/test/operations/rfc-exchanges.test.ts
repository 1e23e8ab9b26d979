/**
 * Every request that RFC 7644 prints with its response, except for the lists of §3.4.2.1 and §3.4.3, the filters, the
 * bodies of PATCH and the bulk requests, which have tests of their own. Errata are applied; a note says where the
 * printed example is not normative.
 *
 * In the samples `{tag}` is the tag that the server chose, one for all places until a response brings another, and
 * `{text}` a text for people.
 */
import { readFileSync } from 'node:fs'
import { describe, expect, test } from '@jest/globals'
import { memoryProvider } from '@scimkit/memory-provider'
import type { ResourceProvider } from '../../src/entry-points/provider.js'
import { bearerCredentials, groupType, rawVersion, tenantId, userType } from '../../src/index.js'
import type { JsonObject, JsonValue } from '../../src/json/value.js'
import { type Answered, type Server, serve } from '../support/server.js'

interface Example {
  readonly title: string
  /** The time, and the id that the next resource gets. */
  readonly at?: string
  readonly newId?: string
  /** The number of users. */
  readonly users?: number
  readonly extensionsRequired?: boolean
  readonly before?: readonly {
    readonly type: 'User' | 'Group'
    readonly version: string
    readonly at: string
    readonly resource: JsonObject & { readonly id: string }
  }[]
  readonly steps: readonly Step[]
}

interface Step {
  readonly request: {
    readonly method: string
    readonly path: string
    readonly headers: Readonly<Record<string, string>>
    readonly body?: JsonObject
  }
  readonly response: {
    readonly status: number
    readonly headers?: Readonly<Record<string, string>>
    /** The whole body; null for none. */
    readonly body?: JsonObject | null
    /** Some of the body. */
    readonly includes?: JsonObject
    /** How many resources are on the page. */
    readonly resources?: number
  }
}

const sections = [
  '2',
  '3.3',
  '3.4.1',
  '3.4.2',
  '3.4.2.4',
  '3.5.1',
  '3.5.2.1-exchange',
  '3.6',
  '3.8',
  '3.9',
  '3.12',
  '3.14',
  '4',
  '7.5.2',
]

describe.each(sections)('RFC 7644 §%s', (section) => {
  const url = new URL(`../samples/rfc7644-${section}.json`, import.meta.url)
  test.each(JSON.parse(readFileSync(url, 'utf8')) as readonly Example[])('$title', async (example) => {
    const provider = memoryProvider()
    const server = serverFor(example, provider)
    await fill(server, provider, example)
    let tag = ''
    for (const { request, response } of example.steps) {
      const { path, method, body } = request
      const headers = Object.entries(request.headers).map(([name, value]) => [name, value.replace('{tag}', tag)])
      const asked = {
        method,
        target: `/v2${path}`,
        mount: '/v2',
        host: 'example.com',
        headers: Object.fromEntries(headers),
      }
      const answer = await server.ask(body === undefined ? asked : { ...asked, body })
      if (response.headers?.ETag === '{tag}') tag = answer.headers.ETag ?? ''
      expectAnswer(answer, response, tag)
    }
  })
})

function serverFor({ at, newId, extensionsRequired = false }: Example, provider: ResourceProvider): Server {
  const extensions = (userType.extensions ?? []).map(({ schema }) => ({ schema, required: extensionsRequired }))
  return serve({
    provider,
    resourceTypes: [{ ...userType, extensions }, groupType],
    authenticate: ({ header }) =>
      bearerCredentials(header('authorization')) === 'h480djs93hd8' ? { tenant: tenantId('default') } : undefined,
    ports: { ...(at && { now: () => Date.parse(at) }), ...(newId && { newId: () => newId }) },
  })
}

async function fill({ scim }: Server, provider: ResourceProvider, { before = [], users = 0 }: Example): Promise<void> {
  const context = scim.context({ tenant: tenantId('default') })
  for (const { type, version, at, resource } of before) {
    const next = { resource, version: rawVersion(version), at, unique: [], members: undefined }
    await provider.insert({ type, id: resource.id }, next, context)
  }
  for (let i = 0; i < users; i++) {
    await scim.perform({ kind: 'create', type: 'User', body: { userName: `user-${i}` } }, context)
  }
}

function expectAnswer(
  answer: Answered,
  { status, headers = {}, body, includes, resources }: Step['response'],
  tag: string,
): void {
  expect(answer.status).toBe(status)
  expect(answer.headers).toMatchObject(filled(headers, tag))
  if (body === null) expect(answer.text).toBeNull()
  if (body) expect(answer.json).toEqual(filled(body, tag))
  if (includes) expect(answer.json).toMatchObject(filled(includes, tag))
  if (resources !== undefined) expect(answer.json.Resources).toHaveLength(resources)
}

function filled<Value extends JsonValue>(value: Value, tag: string): Value {
  return JSON.parse(JSON.stringify(value), (_, part) => {
    if (part === '{tag}') return tag
    return part === '{text}' ? expect.any(String) : part
  })
}
