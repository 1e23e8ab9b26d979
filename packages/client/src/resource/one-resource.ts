/** Reads and writes one resource by its path. @see RFC 7644 §3.4.1, §3.5, §3.6, §3.14 */
import type { JsonObject } from '@scimkit/core/json'
import type { ReadOptions, WriteOptions } from '../client-options.js'
import { failureOf, ScimClientError } from '../failure.js'
import { projectionQuery } from '../listing/query-parameters.js'
import { tagOf, validatorOf } from '../wire/entity-tag.js'
import { exchange } from '../wire/exchange.js'
import { jsonObject, type ResponseMessage } from '../wire/response.js'
import type { Wire } from '../wire/wire.js'

/** A resource that was read, and its tag: see {@link tagOf}. */
export interface ReadResult {
  readonly resource: JsonObject
  readonly tag: string | undefined
}

/** Reads; returns the cached representation if the server responds with 304. */
export async function readOne(wire: Wire, path: string, options: ReadOptions): Promise<ReadResult> {
  const target = `${path}${projectionQuery(options)}`
  const kept = wire.cache.representation(path, target)
  const answer = await forgetIfNotFound(wire, path, () =>
    exchange(wire, { method: 'GET', target, ifNoneMatch: kept?.validator, signal: options.signal }),
  )
  const unchanged = answer.status === 304 ? kept : undefined
  // Parsed for each call, so that callers do not share objects.
  const resource = unchanged === undefined ? answer.body : jsonObject(unchanged.text)
  if (resource === undefined) {
    const { status } = answer
    throw new ScimClientError(`GET ${wire.base}${target}: the response contains no resource`, {
      kind: 'invalidResponse',
      status,
    })
  }
  const header = answer.tag ?? unchanged?.validator
  const tag = tagOf({ tag: header, body: resource })
  if (unchanged !== undefined || tag === undefined) wire.cache.setTag(path, tag)
  else wire.cache.store(path, tag, target, { validator: validatorOf(header ?? tag, tag), text: answer.text })
  return { resource, tag }
}

/** A write of one resource. */
export interface Write {
  readonly method: 'PUT' | 'PATCH' | 'DELETE'
  readonly body?: unknown
  /** The tag to send as `If-Match`; undefined for none. */
  readonly ifMatch: string | undefined
  readonly options: WriteOptions
}

/** The result of a write; `resource` is undefined for a response without a body. */
export interface WriteResult {
  readonly resource: JsonObject | undefined
  readonly tag: string | undefined
}

/** Writes once. */
export async function writeOne(
  wire: Wire,
  path: string,
  { method, body, ifMatch, options }: Write,
): Promise<WriteResult> {
  const target = method === 'DELETE' ? path : `${path}${projectionQuery(options)}`
  const answer = await forgetIfNotFound(wire, path, () =>
    exchange(wire, { method, target, body, ifMatch, signal: options.signal }),
  )
  const tag = method === 'DELETE' ? undefined : tagOf(answer)
  // A write without a tag leaves the current version unknown.
  wire.cache.setTag(path, tag)
  return { resource: answer.body, tag }
}

// Deleted resources leave the cache. After a mismatch the old tag stays, so that writes fail until the resource is read again.
async function forgetIfNotFound(
  wire: Wire,
  path: string,
  send: () => Promise<ResponseMessage>,
): Promise<ResponseMessage> {
  try {
    return await send()
  } catch (error) {
    if (failureOf(error)?.kind === 'notFound') wire.cache.setTag(path, undefined)
    throw error
  }
}
