/**
 * The mount of SCIM in a request, computed from the target that the client sent and the rest that the framework has
 * left of it. An adapter passes both; this file decides, so that all adapters find the same mount.
 */
import { originForm, pathOf } from './absolute-form.js'
import { type BasePath, type MountParameters, matchEnd, matchStart } from './base-path.js'
import { decodedOnce, hasDotSegment } from './path-segment.js'

/** The part of a ScimRequest that locates the mount of SCIM. */
export interface MountLocation {
  /** False for a path outside `basePath`: the path of another handler, or 404 where there is none. */
  readonly inside: boolean
  readonly target: string
  readonly mount: string
  readonly mountParameters?: MountParameters | undefined
  readonly mountHidden?: boolean | undefined
}

/**
 * Locates the mount. `received` is its target as the client sent it; `left` is the rest that the framework has
 * left after removing prefixes and rewriting, with the query or without. The mount is the part of `received` before
 * that rest, so that locations use the address that the client used. `basePath` is matched at the start of `left`, or
 * else at the end of the removed part, where the framework has been given the same path. `parameters` are those of its
 * own mount.
 */
export function locateMount(
  received: string,
  left: string,
  basePath: BasePath,
  parameters: MountParameters = {},
): MountLocation {
  const path = pathOf(left)
  const start = matchStart(basePath, path)
  if (start === undefined) return locationAfter(received, path, basePath, parameters)
  const mountParameters = { ...parameters, ...start.parameters }
  const mount = before(path.slice(start.length), pathOf(received))
  if (mount !== undefined) return { inside: true, target: received, mount, mountParameters }
  const rewritten = originForm(left)
  return { inside: true, target: rewritten, mount: path.slice(0, start.length), mountParameters, mountHidden: true }
}

function locationAfter(received: string, path: string, basePath: BasePath, parameters: MountParameters): MountLocation {
  const mount = before(path, pathOf(received))
  const end = mount === undefined ? undefined : matchEnd(basePath, mount)
  if (mount === undefined || end === undefined) return { inside: false, target: received, mount: basePath.text }
  return { inside: true, target: received, mount, mountParameters: { ...parameters, ...end.parameters } }
}

// The part of a path before `rest`; undefined if the path does not end with it.
function before(rest: string, path: string): string | undefined {
  // A framework leaves `/` for a mount that was requested without a slash at the end.
  if (rest === '' || rest === '/') return withoutSlash(path)
  // Express 4 counts the first slash of `//Users` to the mount.
  if (path.endsWith(rest)) return withoutSlash(path.slice(0, path.length - rest.length))
  // A parser of URLs has changed such a path, not the host: the request has no endpoint (404), whatever the result of
  // the parser.
  if (hasDotSegment(path)) return ''
  return beforeDecoded(rest.split('/').slice(1), path.split('/'))
}

function withoutSlash(path: string): string {
  return path.endsWith('/') ? path.slice(0, -1) : path
}

// Frameworks decode and encode the paths that they rewrite: `/a%20b` becomes `/a b`.
function beforeDecoded(rest: readonly string[], path: readonly string[]): string | undefined {
  const depth = path.length - rest.length
  if (depth < 1) return undefined
  const isSame = rest.every((segment, i) => equalDecoded(segment, path[depth + i] ?? ''))
  return isSame ? path.slice(0, depth).join('/') : undefined
}

function equalDecoded(one: string, other: string): boolean {
  return one === other || (decodedOnce(one) ?? one) === (decodedOnce(other) ?? other)
}
