/** Writes the difference between two states of a resource. @see RFC 7644 §3.5.1, §3.5.2 */
import { type JsonObject, jsonEqual } from '@scimkit/core/json'
import { diff } from '@scimkit/core/merge'
import { failureOf } from '../failure.js'
import { type Write, type WriteResult, writeOne } from '../resource/one-resource.js'
import { patchBody } from '../resource/patch-body.js'
import { configOrEmpty } from '../schema/discovery.js'
import type { UpdateSource } from './update-source.js'

/** The request that changes one state into another. */
export type ChangeRequest = Pick<Write, 'method' | 'body'>

/** Builds and sends writes; for `auto`, remembers which method the server supports. */
export interface ChangeWriter {
  /** Undefined if the states are equal. */
  request(base: JsonObject, next: JsonObject): Promise<ChangeRequest | undefined>
  send(request: ChangeRequest, next: JsonObject, ifMatch: string | undefined): Promise<WriteResult>
}

// Each removed member is one operation, and servers limit operations per request, for example `limits.patchOperations`.
const mostOperations = 1_000

/** Creates the writer of one resource for one method. */
export function changeWriter(
  { wire, path, discovery, type }: UpdateSource,
  method: 'auto' | 'patch' | 'put',
  signal: AbortSignal | undefined,
): ChangeWriter {
  const options = signal === undefined ? {} : { signal }
  let patches = method === 'auto' ? undefined : method === 'patch'
  return {
    async request(base, next) {
      patches ??= (await configOrEmpty(discovery, options)).patch?.supported !== false
      if (!patches) return jsonEqual(base, next) ? undefined : put(next)
      const operations = diff(base, next, { type: await type() })
      if (method === 'auto' && operations.length > mostOperations) return put(next)
      return operations.length === 0 ? undefined : { method: 'PATCH', body: patchBody(operations) }
    },
    async send(request, next, ifMatch) {
      try {
        return await writeOne(wire, path, { ...request, ifMatch, options })
      } catch (error) {
        if (method !== 'auto' || request.method !== 'PATCH' || !isUnknownMethod(error)) throw error
        patches = false
        return writeOne(wire, path, { ...put(next), ifMatch, options })
      }
    },
  }
}

const put = (next: JsonObject): ChangeRequest => ({ method: 'PUT', body: next })

function isUnknownMethod(error: unknown): boolean {
  const failure = failureOf(error)
  return failure?.kind === 'refused' && (failure.status === 501 || failure.status === 405)
}
