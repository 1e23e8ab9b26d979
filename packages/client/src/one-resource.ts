/** Reads and writes one resource by its path. @see RFC 7644 §3.4.1, §3.5, §3.6, §3.14 */
import { isObject, type JsonObject } from '@scimkit/core'
import type { ReadOptions, WriteOptions } from './client-options.js'
import { type Answer, exchange, jsonObject, type Wire } from './exchange.js'
import { failureOf, ScimClientError } from './failure.js'
import { projectionQuery } from './parameters.js'
import { isEntityTag, versionIn } from './resource-path.js'

/** A resource that was read, and its tag: see {@link tagOf}. */
export interface Seen {
  readonly resource: JsonObject
  readonly tag: string | undefined
}

/** Reads; returns the cached representation if the server responds with 304. */
export async function readOne(wire: Wire, path: string, options: ReadOptions): Promise<Seen> {
  const target = `${path}${projectionQuery(options)}`
  const kept = wire.known.representation(path, target)
  const answer = await forgetting(wire, path, () =>
    exchange(wire, { method: 'GET', target, ifNoneMatch: kept?.validator, signal: options.signal }),
  )
  const unchanged = answer.status === 304 ? kept : undefined
  // Parsed for each call, so that callers do not share objects.
  const resource = unchanged === undefined ? answer.body : jsonObject(unchanged.text)
  if (resource === undefined) {
    const { status } = answer
    throw new ScimClientError(`GET ${wire.base}${target}: the response contains no resource`, {
      kind: 'badAnswer',
      status,
    })
  }
  const header = answer.tag ?? unchanged?.validator
  const tag = tagOf({ tag: header, body: resource })
  if (unchanged !== undefined || tag === undefined) wire.known.see(path, tag)
  else wire.known.keep(path, tag, target, { validator: validatorOf(header ?? tag, tag), text: answer.text })
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
export interface Wrote {
  readonly resource: JsonObject | undefined
  readonly tag: string | undefined
}

/** Writes once. */
export async function writeOne(wire: Wire, path: string, { method, body, ifMatch, options }: Write): Promise<Wrote> {
  const target = method === 'DELETE' ? path : `${path}${projectionQuery(options)}`
  const answer = await forgetting(wire, path, () =>
    exchange(wire, { method, target, body, ifMatch, signal: options.signal }),
  )
  const tag = method === 'DELETE' ? undefined : tagOf(answer)
  // A write without a tag leaves the current version unknown.
  wire.known.see(path, tag)
  return { resource: answer.body, tag }
}

/**
 * The tag of the resource in a response: `meta.version` if it is an entity tag, else the `ETag` header. RFC 7643 §3.1 makes
 * them equal, but proxies change the header and not the body: Apache turns `W/"x"` into `W/"x-gzip"`, nginx `"x"` into
 * `W/"x"`. Exception: a strong header is preferred to the same value as a weak version. Proxies never make a tag strong,
 * and where `If-Match` is compared strongly, a weak tag never matches (RFC 9110 §13.1.1).
 */
export function tagOf({ tag, body }: Pick<Answer, 'tag' | 'body'>): string | undefined {
  const version = versionIn(body)
  if (tag === undefined) return version
  const meta = body?.meta
  const isTag = isObject(meta) && isEntityTag(meta.version)
  return isTag && version !== `W/${tag}` ? version : tag
}

/**
 * The tag to revalidate a read with: that of the header, because frameworks compare it themselves and some compute it from
 * the bytes. If a proxy changed the header, the version of the body: few proxies undo their change in requests.
 */
function validatorOf(header: string, tag: string): string {
  // Suffixes of proxies begin with a character that never follows a version of this kit.
  const start = tag.slice(0, -1)
  const isChanged = header.startsWith(start) && (header[start.length] === '-' || header[start.length] === ';')
  return header === `W/${tag}` || isChanged ? tag : header
}

/**
 * The tag that a write sends as `If-Match`: the requested one, else the version of the resource passed in, else the last
 * tag received. Throws a TypeError for a text that is not a tag.
 */
export function expectedTag(
  wire: Wire,
  path: string,
  asked: string | false | undefined,
  inHand: readonly unknown[],
): string | undefined {
  const wish = asked ?? wire.ifMatch
  if (wish === false) return undefined
  if (wish === 'known') {
    return inHand.map(versionIn).find((tag) => tag !== undefined) ?? wire.known.tagOf(path)
  }
  if (wish !== '*' && !wish.includes('"')) throw new TypeError('ifMatch: expected a tag with its quotes, W/"…"')
  return wish
}

// Deleted resources leave the cache. After a mismatch the old tag stays, so that writes fail until the resource is read again.
async function forgetting(wire: Wire, path: string, send: () => Promise<Answer>): Promise<Answer> {
  try {
    return await send()
  } catch (error) {
    if (failureOf(error)?.kind === 'notFound') wire.known.see(path, undefined)
    throw error
  }
}
