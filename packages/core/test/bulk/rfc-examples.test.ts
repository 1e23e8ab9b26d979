/**
 * Every bulk request that RFC 7644 §3.7 prints. As printed, except for the PATCH of §3.7.3, whose data is not JSON
 * (erratum 5050: it is a PatchOp). §3.7.3's POST names a message for its schema: as printed it is the one that fails.
 */
import { readFileSync } from 'node:fs'
import { describe, expect, test } from '@jest/globals'
import { memoryProvider } from '@scimkit/memory-provider'
import { rawVersion, tenantId } from '../../src/index.js'
import type { JsonObject } from '../../src/json/value.js'
import { base, core, serve } from '../support/server.js'
import { bulkResponse, pathOf } from './support/bulk-requests.js'

interface Example {
  readonly title: string
  readonly before: readonly { readonly id: string; readonly version: string; readonly userName: string }[]
  readonly request: JsonObject
  readonly response: readonly JsonObject[]
  /** The resources afterwards, by bulkId. */
  readonly after: Readonly<Record<string, JsonObject>>
}

const read = (section: string): unknown =>
  JSON.parse(readFileSync(new URL(`../samples/rfc7644-${section}.json`, import.meta.url), 'utf8'))

describe.each(['3.7.1', '3.7.2', '3.7.3'])('RFC 7644 §%s', (section) => {
  test.each(read(section) as readonly Example[])('$title', async ({ before, request, response, after }) => {
    const provider = memoryProvider()
    const server = serve({ provider })
    const context = server.scim.context({ tenant: tenantId('default') })
    for (const { id, version, ...attributes } of before) {
      const resource = { schemas: [core], id, ...attributes }
      const at = '2026-01-01T00:00:00.000Z'
      const next = { resource, version: rawVersion(version), at, unique: [], members: undefined }
      await provider.insert({ type: 'User', id }, next, context)
    }
    const answer = await server.post('/Bulk', request)
    const results = answer.json.Operations as readonly JsonObject[]
    expect(answer).toMatchObject({ status: 200, json: { schemas: [bulkResponse] } })
    expect(results).toMatchObject(
      response.map(({ location, ...rest }) =>
        location === undefined ? rest : { ...rest, location: `${base}${location}` },
      ),
    )
    const paths = new Map(results.map((result) => [result.bulkId, pathOf(result)]))
    const idOf = (bulkId: string): string => paths.get(bulkId)?.split('/').at(-1) ?? ''
    for (const [bulkId, expected] of Object.entries(after)) {
      const resolved = JSON.stringify(expected).replaceAll(/bulkId:(\w+)/g, (_, wanted: string) => idOf(wanted))
      expect((await server.get(paths.get(bulkId) ?? '')).json).toMatchObject(JSON.parse(resolved) as JsonObject)
    }
    for (const result of results.filter(({ status }) => String(status).startsWith('20'))) {
      if (result.status === '204') expect((await server.get(pathOf(result))).status).toBe(404)
      else expect((await server.get(pathOf(result))).headers.ETag).toBe(result.version)
    }
  })
})

describe('RFC 7644 §3.7.4', () => {
  const examples = read('3.7.4') as readonly {
    readonly title: string
    readonly headers: Readonly<Record<string, string>>
    readonly status: number
    readonly body: JsonObject
  }[]
  test.each(examples)('$title', async ({ headers, status, body }) => {
    const answer = await serve().post('/Bulk', {}, headers)
    expect([answer.status, answer.json]).toEqual([status, body])
  })
})
