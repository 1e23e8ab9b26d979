/** Where a resource is, below the base URL, and which version of it somebody has in hand. */
import { isObject, type JsonValue } from '@scimkit/core'

/** A resource by its id, or the resource itself: what was read counts as the version that a write is made on. */
export type ResourceReference =
  | string
  | { readonly id: string; readonly meta?: { readonly version?: string | undefined } | undefined }

/** The path of one resource: `/Users/42`. Throws a TypeError for an id that would lead elsewhere. */
export function placeOf(endpoint: string, ref: ResourceReference): string {
  const id = typeof ref === 'string' ? ref : ref.id
  // A URL parser takes dots for directories, encoded or not.
  if (typeof id !== 'string' || id === '' || id === '.' || id === '..')
    throw new TypeError('the id of a resource is missing')
  return `${endpoint}/${encodeURIComponent(id)}`
}

/**
 * The tag in `meta.version`, undefined if there is none. Some servers leave out its quotes, which no header may do.
 * @see RFC 7643 §3.1
 */
export function versionIn(document: unknown): string | undefined {
  const value = document as JsonValue | undefined
  if (!isObject(value) || !isObject(value.meta)) return undefined
  const { version } = value.meta
  if (typeof version !== 'string' || version === '') return undefined
  return version.includes('"') ? version : `W/"${version}"`
}

/** True for one entity tag as a whole, weak or strong. @see RFC 9110 §8.8.3 */
export function isEntityTag(text: unknown): text is string {
  if (typeof text !== 'string') return false
  const opaque = text.startsWith('W/') ? text.slice(2) : text
  if (opaque.length < 2 || !opaque.startsWith('"') || !opaque.endsWith('"')) return false
  return [...opaque.slice(1, -1)].every((character) => character > ' ' && character !== '"' && character !== '\u007f')
}

/**
 * The id at the end of a location; undefined if there is none. Only that part is taken: a token goes to no other server
 * because an answer says so.
 */
export function idIn(location: string | undefined): string | undefined {
  const last = location?.split('?')[0]?.split('/').at(-1)
  return last === undefined || last === '' ? undefined : decoded(last)
}

/** A part of a URL as text; one that is not encoded as it should be stays as it is. */
export function decoded(part: string): string {
  try {
    return decodeURIComponent(part)
  } catch {
    return part
  }
}
