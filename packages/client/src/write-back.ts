/** One state of a resource, written in place of another. @see RFC 7644 §3.5.1, §3.5.2 */
import { diff, type JsonObject, jsonEqual } from '@scimkit/core'
import { configOrNothing } from './discovery.js'
import { failureOf } from './failure.js'
import { type Write, type Wrote, writeOne } from './one-resource.js'
import type { UpdateSource } from './update-job.js'

/** The way from one state to another, ready to be sent; undefined if there is none to go. */
export type WayBack = Pick<Write, 'method' | 'body'>

/** Makes and sends writes; remembers of `auto` what the server turned out to take. */
export interface WriteBack {
  way(base: JsonObject, next: JsonObject): Promise<WayBack | undefined>
  send(way: WayBack, next: JsonObject, ifMatch: string | undefined): Promise<Wrote>
}

// Each member that goes is an operation, and servers take so many at once: ScimKit's `limits.patchOperations`, for one.
const mostOperations = 1_000

/** Writes of one resource by one method. */
export function writeBack(
  { wire, place, discovery, type }: UpdateSource,
  method: 'auto' | 'patch' | 'put',
  signal: AbortSignal | undefined,
): WriteBack {
  const options = signal === undefined ? {} : { signal }
  let patches = method === 'auto' ? undefined : method === 'patch'
  return {
    async way(base, next) {
      patches ??= (await configOrNothing(discovery, options)).patch?.supported !== false
      if (!patches) return jsonEqual(base, next) ? undefined : put(next)
      const operations = diff(base, next, { type: await type() })
      if (method === 'auto' && operations.length > mostOperations) return put(next)
      return operations.length === 0 ? undefined : { method: 'PATCH', body: patchBody(operations) }
    },
    async send(way, next, ifMatch) {
      try {
        return await writeOne(wire, place, { ...way, ifMatch, options })
      } catch (error) {
        if (method !== 'auto' || way.method !== 'PATCH' || !isUnknownMethod(error)) throw error
        patches = false
        return writeOne(wire, place, { ...put(next), ifMatch, options })
      }
    },
  }
}

/** The body of a PATCH. @see RFC 7644 §3.5.2 */
export function patchBody(operations: readonly JsonObject[]): JsonObject {
  return { schemas: ['urn:ietf:params:scim:api:messages:2.0:PatchOp'], Operations: operations }
}

const put = (next: JsonObject): WayBack => ({ method: 'PUT', body: next })

function isUnknownMethod(error: unknown): boolean {
  const failure = failureOf(error)
  return failure?.kind === 'refused' && (failure.status === 501 || failure.status === 405)
}
