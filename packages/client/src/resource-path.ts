/** The path of a resource relative to the base URL, and the version of a resource document. */
import { isObject, type JsonValue } from '@scimkit/core'

/** A resource by its id, or the resource itself: then its version is the one that a write expects. */
export type ResourceReference =
  | string
  | { readonly id: string; readonly meta?: { readonly version?: string | undefined } | undefined }

/** The path of one resource: `/Users/42`. Throws a TypeError for an id that would change the path. */
export function resourcePath(endpoint: string, ref: ResourceReference): string {
  const id = typeof ref === 'string' ? ref : ref.id
  // URL parsers resolve `.` and `..` as directories, percent-encoded or not.
  if (typeof id !== 'string' || id === '' || id === '.' || id === '..')
    throw new TypeError('Resource id is missing or is not a valid path segment.')
  return `${endpoint}/${encodeURIComponent(id)}`
}

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
 * The id at the end of a location; undefined if absent. The host of the location is ignored, so that a response
 * cannot make the client send its token to another server.
 */
export function idIn(location: string | undefined): string | undefined {
  const last = location?.split('?')[0]?.split('/').at(-1)
  return last === undefined || last === '' ? undefined : decoded(last)
}

/** Decodes a part of a URL; invalid percent-encoding is returned unchanged. */
export function decoded(part: string): string {
  try {
    return decodeURIComponent(part)
  } catch {
    return part
  }
}
