/** Entity tags: in a document, in a response, and for the revalidation of a read. @see RFC 7643 §3.1; RFC 9110 §8.8.3 */
import { isObject, type JsonObject, type JsonValue } from '@scimkit/core/json'

/**
 * The tag in `meta.version`, undefined if absent. Some servers omit the quotes there, which the header requires.
 * @see RFC 7643 §3.1
 */
export function versionIn(document: unknown): string | undefined {
  const value = document as JsonValue | undefined
  if (!isObject(value) || !isObject(value.meta)) return undefined
  const { version } = value.meta
  if (typeof version !== 'string' || version === '') return undefined
  return version.includes('"') ? version : `W/"${version}"`
}

/** True for exactly one entity tag, weak or strong. @see RFC 9110 §8.8.3 */
export function isEntityTag(text: unknown): text is string {
  if (typeof text !== 'string') return false
  const opaque = text.startsWith('W/') ? text.slice(2) : text
  if (opaque.length < 2 || !opaque.startsWith('"') || !opaque.endsWith('"')) return false
  return [...opaque.slice(1, -1)].every((character) => character > ' ' && character !== '"' && character !== '\u007f')
}

/**
 * The tag of the resource in a response: `meta.version` if it is an entity tag, else the `ETag` header. RFC 7643 §3.1 makes
 * them equal, but proxies change the header and not the body: Apache turns `W/"x"` into `W/"x-gzip"`, nginx `"x"` into
 * `W/"x"`. Exception: a strong header is preferred to the same value as a weak version. Proxies never make a tag strong,
 * and where `If-Match` is compared strongly, a weak tag never matches (RFC 9110 §13.1.1).
 */
export function tagOf({
  tag,
  body,
}: {
  readonly tag: string | undefined
  readonly body: JsonObject | undefined
}): string | undefined {
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
export function validatorOf(header: string, tag: string): string {
  // Suffixes of proxies begin with a character that never follows a version of this kit.
  const start = tag.slice(0, -1)
  const isChanged = header.startsWith(start) && (header[start.length] === '-' || header[start.length] === ';')
  return header === `W/${tag}` || isChanged ? tag : header
}
