/** One resource under its path, as it is read and written. @see RFC 7644 §3.4.1, §3.5, §3.6, §3.14 */
import { isObject, type JsonObject } from '@scimkit/core'
import type { ReadOptions, WriteOptions } from './client-options.js'
import { type Answer, exchange, jsonObject, type Wire } from './exchange.js'
import { failureOf, ScimClientError } from './failure.js'
import { projectionQuery } from './parameters.js'
import { isEntityTag, versionIn } from './place.js'

/** A resource as it was read, and its tag: see {@link tagOf}. */
export interface Seen {
  readonly resource: JsonObject
  readonly tag: string | undefined
}

/** Reads; from memory, if the server says that nothing has changed. */
export async function readOne(wire: Wire, place: string, options: ReadOptions): Promise<Seen> {
  const target = `${place}${projectionQuery(options)}`
  const kept = wire.known.representation(place, target)
  const answer = await forgetting(wire, place, () =>
    exchange(wire, { method: 'GET', target, ifNoneMatch: kept?.validator, signal: options.signal }),
  )
  const unchanged = answer.status === 304 ? kept : undefined
  // Parsed anew each time: what a caller does to it stays with that caller.
  const resource = unchanged === undefined ? answer.body : jsonObject(unchanged.text)
  if (resource === undefined) {
    const { status } = answer
    throw new ScimClientError(`GET ${wire.base}${target}: no resource in the answer`, { kind: 'badAnswer', status })
  }
  const header = answer.tag ?? unchanged?.validator
  const tag = tagOf({ tag: header, body: resource })
  if (unchanged !== undefined || tag === undefined) wire.known.see(place, tag)
  else wire.known.keep(place, tag, target, { validator: validatorOf(header ?? tag, tag), text: answer.text })
  return { resource, tag }
}

/** A write of one resource. */
export interface Write {
  readonly method: 'PUT' | 'PATCH' | 'DELETE'
  readonly body?: unknown
  /** The tag to hold it to; undefined for none. */
  readonly ifMatch: string | undefined
  readonly options: WriteOptions
}

/** What a write has led to; no resource in an answer without body. */
export interface Wrote {
  readonly resource: JsonObject | undefined
  readonly tag: string | undefined
}

/** Writes once. */
export async function writeOne(wire: Wire, place: string, { method, body, ifMatch, options }: Write): Promise<Wrote> {
  const target = method === 'DELETE' ? place : `${place}${projectionQuery(options)}`
  const answer = await forgetting(wire, place, () =>
    exchange(wire, { method, target, body, ifMatch, signal: options.signal }),
  )
  const tag = method === 'DELETE' ? undefined : tagOf(answer)
  // Of a write without a tag nobody knows what it led to.
  wire.known.see(place, tag)
  return { resource: answer.body, tag }
}

/**
 * The tag of what an answer holds: `meta.version` where it is an entity tag, else that of the header. RFC 7643 §3.1 has
 * them equal, but proxies change the header and not the body: Apache makes `W/"x-gzip"` of `W/"x"`, nginx `W/"x"` of `"x"`.
 * One header is preferred: a strong one beside the same value, weak. No proxy makes a tag strong, and where `If-Match` is
 * compared strongly a weak one never matches (RFC 9110 §13.1.1).
 */
export function tagOf({ tag, body }: Pick<Answer, 'tag' | 'body'>): string | undefined {
  const version = versionIn(body)
  if (tag === undefined) return version
  const meta = body?.meta
  const isTag = isObject(meta) && isEntityTag(meta.version)
  return isTag && version !== `W/${tag}` ? version : tag
}

/**
 * What a read is asked again with: the tag of the header, which frameworks compare themselves and some make of the bytes.
 * Where it is the other tag as a proxy changed it, the other one: few proxies take out what they have put in.
 */
function validatorOf(header: string, tag: string): string {
  // Suffixes begin with a mark that no version of ours has at its end.
  const start = tag.slice(0, -1)
  const isChanged = header.startsWith(start) && (header[start.length] === '-' || header[start.length] === ';')
  return header === `W/${tag}` || isChanged ? tag : header
}

/**
 * The tag that a write is held to: the one asked for, else that of the version in hand, else the one seen last. Throws a
 * TypeError for a text that is no tag.
 */
export function expectedTag(
  wire: Wire,
  place: string,
  asked: string | false | undefined,
  inHand: readonly unknown[],
): string | undefined {
  const wish = asked ?? wire.ifMatch
  if (wish === false) return undefined
  if (wish === 'known') {
    return inHand.map(versionIn).find((tag) => tag !== undefined) ?? wire.known.tagOf(place)
  }
  if (wish !== '*' && !wish.includes('"')) throw new TypeError('ifMatch: expected a tag with its quotes, W/"…"')
  return wish
}

// What is gone must not be remembered. A mismatch is: until somebody has read, the old tag keeps refusing.
async function forgetting(wire: Wire, place: string, send: () => Promise<Answer>): Promise<Answer> {
  try {
    return await send()
  } catch (error) {
    if (failureOf(error)?.kind === 'notFound') wire.known.see(place, undefined)
    throw error
  }
}
