/** The path of a resource relative to the base URL, and the id in a path. */

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
