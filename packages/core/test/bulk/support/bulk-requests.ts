/** Builds and sends bulk requests. */
import { memoryProvider } from '@scimkit/memory-provider'
import type { ResourceProvider } from '../../../src/entry-points/provider.js'
import type { JsonObject, JsonValue } from '../../../src/json/value.js'
import { type Answered, patchOp, type Server } from '../../support/server.js'

export const bulkRequest = 'urn:ietf:params:scim:api:messages:2.0:BulkRequest'
export const bulkResponse = 'urn:ietf:params:scim:api:messages:2.0:BulkResponse'

type Version = { readonly version?: string }

/** A POST. */
export function create(bulkId: string, data: JsonObject): JsonObject {
  return { method: 'POST', path: 'userName' in data ? '/Users' : '/Groups', bulkId, data }
}

/** A PUT. */
export function replace(path: string, data: JsonValue, more: Version = {}): JsonObject {
  return { method: 'PUT', path, data, ...more }
}

/** A PATCH. */
export function patch(path: string, operations: readonly JsonValue[], more: Version = {}): JsonObject {
  return { method: 'PATCH', path, data: { schemas: [patchOp], Operations: operations }, ...more }
}

/** A PATCH that sets the title. */
export function titled(path: string, title: string, more: Version = {}): JsonObject {
  return patch(path, [{ op: 'replace', path: 'title', value: title }], more)
}

/** A DELETE. */
export function remove(path: string, more: Version = {}): JsonObject {
  return { method: 'DELETE', path, ...more }
}

/** The response. */
export interface BulkAnswered extends Answered {
  readonly results: readonly JsonObject[]
  /** The status of each operation. */
  readonly statuses: readonly JsonValue[]
}

/** Sends these operations. */
export async function bulk(
  server: Server,
  operations: readonly JsonValue[],
  more: JsonObject = {},
  headers: Readonly<Record<string, string>> = {},
): Promise<BulkAnswered> {
  const answer = await server.post('/Bulk', { schemas: [bulkRequest], Operations: operations, ...more }, headers)
  const results = (answer.json.Operations ?? []) as readonly JsonObject[]
  return { ...answer, results, statuses: results.map(({ status }) => status ?? null) }
}

/** The path of a result's location, below the mount. */
export function pathOf(result: JsonObject | undefined): string {
  return String(result?.location).replace('https://scim.example/scim/v2', '')
}

/** Memory that counts its calls. */
export function counting(memory: ResourceProvider = memoryProvider()): {
  readonly provider: ResourceProvider
  readonly calls: Record<'read' | 'query' | 'insert' | 'replace' | 'remove', number>
} {
  const calls = { read: 0, query: 0, insert: 0, replace: 0, remove: 0 }
  return {
    calls,
    provider: {
      ...memory,
      read: (...asked) => {
        calls.read++
        return memory.read(...asked)
      },
      query: (...asked) => {
        calls.query++
        return memory.query(...asked)
      },
      insert: (...asked) => {
        calls.insert++
        return memory.insert(...asked)
      },
      replace: (...asked) => {
        calls.replace++
        return memory.replace(...asked)
      },
      remove: (...asked) => {
        calls.remove++
        return memory.remove(...asked)
      },
    },
  }
}
