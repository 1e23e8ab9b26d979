/**
 * The request target, taken apart: path segments below the mount, decoded once, and the query. Whatever plays tricks
 * with paths is simply not there: 404.
 * @see RFC 3986 §3.3, §3.4; security: no dot segments, encoded slashes, parameters or double slashes
 */
import { scimError } from '../errors.js'

/** A target below the mount. */
export interface Target {
  /** Decoded; none for the mount itself. */
  readonly segments: readonly string[]
  /** The parameters of RFC 7644, values decoded; a name without `=` has an empty value. */
  readonly query: ReadonlyMap<string, string>
}

/** Takes a target apart. Throws 404 for an address outside the mount or with tricks in it, 400 for a broken query, 414 for a long one. */
export function parseTarget(received: string, mount: string): Target {
  const target = originForm(received)
  const mark = target.indexOf('?')
  const path = mark === -1 ? target : target.slice(0, mark)
  return { segments: segmentsBelow(path, mount), query: parseQuery(mark === -1 ? '' : target.slice(mark + 1)) }
}

// RFC 9112 §3.2.2: a server takes the absolute form too (`GET http://host/path`), as clients send it to proxies.
function originForm(target: string): string {
  const lower = target.slice(0, 8).toLowerCase()
  const scheme = ['http://', 'https://'].find((prefix) => lower.startsWith(prefix))
  if (scheme === undefined) return target
  const query = target.indexOf('?')
  const slash = target.indexOf('/', scheme.length)
  if (slash !== -1 && (query === -1 || slash < query)) return target.slice(slash)
  return query === -1 ? '/' : `/${target.slice(query)}`
}

function segmentsBelow(path: string, mount: string): readonly string[] {
  if (path === '' || !path.startsWith(mount)) throw scimError.notFound()
  const below = path.slice(mount.length)
  if (below === '' || below === '/') return []
  if (!below.startsWith('/')) throw scimError.notFound()
  // One slash at the end is forgiven: PingFederate sends it.
  const trimmed = below.endsWith('/') ? below.slice(1, -1) : below.slice(1)
  return trimmed.split('/').map(decodeSegment)
}

function decodeSegment(segment: string): string {
  if (segment === '' || segment.includes(';')) throw scimError.notFound()
  let decoded: string
  try {
    decoded = decodeURIComponent(segment)
  } catch {
    throw scimError.notFound()
  }
  const isTricky =
    decoded === '.' || decoded === '..' || decoded.includes('/') || decoded.includes('\\') || hasControl(decoded)
  if (isTricky) throw scimError.notFound()
  return decoded
}

function hasControl(text: string): boolean {
  for (let i = 0; i < text.length; i++) {
    const unit = text.charCodeAt(i)
    if (unit < 0x20 || unit === 0x7f) return true
  }
  return false
}

const knownParameters: ReadonlySet<string> = new Set([
  'filter',
  'sortBy',
  'sortOrder',
  'startIndex',
  'cursor',
  'count',
  'attributes',
  'excludedAttributes',
])

function parseQuery(text: string): ReadonlyMap<string, string> {
  const query = new Map<string, string>()
  for (const pair of text.split('&')) {
    // A dangling `&` or `?` says nothing: OneLogin sends both.
    if (pair === '') continue
    const equals = pair.indexOf('=')
    const name = equals === -1 ? pair : pair.slice(0, equals)
    // Unknown parameters are ignored, however they are written (Entra sends flags of its own).
    if (!knownParameters.has(name)) continue
    if (query.has(name)) throw scimError.badRequest('A query parameter is given twice.')
    query.set(name, equals === -1 ? '' : decodePart(pair.slice(equals + 1)))
  }
  return query
}

// Entra and OneLogin write spaces as `+` (application/x-www-form-urlencoded).
function decodePart(text: string): string {
  try {
    return decodeURIComponent(text.includes('+') ? text.replaceAll('+', ' ') : text)
  } catch {
    throw scimError.badRequest('The query has a broken percent-encoding.')
  }
}

/** A mount path as the core wants it: `` or `/scim/v2`; a slash at the end is dropped. Throws a TypeError without one in front. */
export function checkedMount(path: string): string {
  const mount = path.endsWith('/') ? path.slice(0, -1) : path
  if (mount !== '' && !mount.startsWith('/'))
    throw new TypeError(`basePath: expected "" or a path like "/scim/v2", got "${path}"`)
  return mount
}
