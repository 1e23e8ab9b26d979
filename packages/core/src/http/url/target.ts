/**
 * The request target, parsed: path segments below the mount, decoded once, and the query. A path with an unusual
 * spelling has no endpoint: 404.
 * @see RFC 3986 §3.3, §3.4; security: no dot segments, encoded slashes, parameters or double slashes
 */
import { scimError } from '../../errors.js'
import type { InteropSwitches } from '../../interop.js'
import { originForm } from './absolute-form.js'
import { decodedSegment, isPlainPath } from './path-segment.js'

/** A target below the mount. */
export interface Target {
  /** Decoded; none for the mount itself. */
  readonly segments: readonly string[]
  /** The parameters of RFC 7644 by their name there, values decoded; a name without `=` has an empty value. */
  readonly query: ReadonlyMap<string, string>
}

/** The leniencies that concern a target. */
export type TargetSwitches = Pick<InteropSwitches, 'emptyFirstSegment' | 'repeatedAttributes'>

/** No leniency: for unauthenticated callers, and for paths without a mount or a proxy in front. */
export const asWritten: TargetSwitches = { emptyFirstSegment: false, repeatedAttributes: false }

/** Parses a target. Throws 404 for an address outside the mount or with an unusual spelling, 400 for a broken query. */
export function parseTarget(received: string, mount: string, interop: TargetSwitches): Target {
  const target = originForm(received)
  const mark = target.indexOf('?')
  const path = mark === -1 ? target : target.slice(0, mark)
  return {
    segments: segmentsBelow(path, mount, interop),
    query: parseQuery(mark === -1 ? '' : target.slice(mark + 1), interop),
  }
}

function segmentsBelow(path: string, mount: string, { emptyFirstSegment }: TargetSwitches): readonly string[] {
  if (path === '' || !path.startsWith(mount) || !isPlainPath(mount)) throw scimError.notFound()
  const rest = path.slice(mount.length)
  // A base URL with a slash at the end and a path with one in front make `//Users`.
  const below = emptyFirstSegment && rest.length > 2 && rest.startsWith('//') ? rest.slice(1) : rest
  if (below === '' || below === '/') return []
  if (!below.startsWith('/')) throw scimError.notFound()
  // One slash at the end is accepted: PingFederate sends it.
  const trimmed = below.endsWith('/') ? below.slice(1, -1) : below.slice(1)
  return trimmed.split('/').map(decodeSegment)
}

function decodeSegment(segment: string): string {
  const decoded = decodedSegment(segment)
  if (decoded === undefined) throw scimError.notFound()
  return decoded
}

const parameters: ReadonlyMap<string, string> = new Map(
  ['filter', 'sortBy', 'sortOrder', 'startIndex', 'cursor', 'count', 'attributes', 'excludedAttributes'].map((name) => [
    name.toLowerCase(),
    name,
  ]),
)

// Names ignore case: if a `Filter` were ignored, the response would contain all resources.
function parseQuery(text: string, interop: TargetSwitches): ReadonlyMap<string, string> {
  const query = new Map<string, string>()
  const spellings = new Map<string, string>()
  for (const pair of text.split('&')) {
    // A dangling `&` or `?` has no meaning: OneLogin sends both.
    if (pair === '') continue
    const equals = pair.indexOf('=')
    const spelling = decodedName(equals === -1 ? pair : pair.slice(0, equals))
    const name = parameters.get(spelling.toLowerCase())
    // Unknown parameters are ignored, however they are written (Entra sends flags of its own).
    if (name === undefined) continue
    const value = equals === -1 ? '' : decodePart(pair.slice(equals + 1))
    const before = query.get(name)
    const joins = interop.repeatedAttributes && isList(name) && spellings.get(name) === spelling
    if (before !== undefined && !joins) throw scimError.badRequest(`Duplicate query parameter ${name}.`)
    query.set(name, before === undefined ? value : `${before},${value}`)
    spellings.set(name, spelling)
  }
  return query
}

function isList(name: string): boolean {
  return name === 'attributes' || name === 'excludedAttributes'
}

// `%66ilter` is `filter` (RFC 3986 §6.2.2.2). No parameter has a name with a broken encoding.
function decodedName(name: string): string {
  if (!name.includes('%') && !name.includes('+')) return name
  try {
    return decodeURIComponent(name.replaceAll('+', ' ')).trim()
  } catch {
    return name
  }
}

// Entra and OneLogin write spaces as `+` (application/x-www-form-urlencoded).
function decodePart(text: string): string {
  try {
    return decodeURIComponent(text.includes('+') ? text.replaceAll('+', ' ') : text)
  } catch {
    throw scimError.badRequest('The query has a broken percent-encoding.')
  }
}
