/** A `basePath` option: the path of SCIM, below the part that the framework has consumed. */
import { consistsOf, isDigit } from '../../ascii.js'
import { decodedSegment, isPlainPath } from './path-segment.js'

/** The values of the mount's parameters, by name, decoded. */
export type MountParameters = Readonly<Record<string, string>>

type Segment = { readonly kind: 'text'; readonly text: string } | { readonly kind: 'parameter'; readonly name: string }

/** A `basePath` option, compiled. */
export interface BasePath {
  /** As the host has written it, without a slash at the end: ``, `/scim/v2` or `/scim/:customer/v2`. */
  readonly text: string
  readonly segments: readonly Segment[]
}

/** The part of a path that a base path has matched. */
export interface Match {
  readonly length: number
  readonly parameters: MountParameters
}

/**
 * Compiles a `basePath` option: `` (everything), `/scim/v2`, or `/scim/:customer/v2`, where a parameter is one whole
 * segment, never empty. One slash at the end is dropped. Throws a TypeError for anything else.
 */
export function basePathOf(option: string): BasePath {
  const text = option.endsWith('/') ? option.slice(0, -1) : option
  if (text === '') return { text, segments: [] }
  if (!text.startsWith('/')) throw noBasePath(option)
  const segments = text
    .slice(1)
    .split('/')
    .map((segment) => segmentOf(segment, option))
  const names = segments.flatMap((segment) => (segment.kind === 'parameter' ? [segment.name] : []))
  if (new Set(names).size !== names.length) {
    throw new TypeError(`basePath: two parameters have the same name in "${option}"`)
  }
  return { text, segments }
}

function segmentOf(segment: string, option: string): Segment {
  if (segment.startsWith(':')) {
    const name = segment.slice(1)
    if (name === '' || isDigit(name.charCodeAt(0)) || !consistsOf(name, '_')) throw noBasePath(option)
    return { kind: 'parameter', name }
  }
  // No character with a special meaning in the patterns of a framework.
  if (!consistsOf(segment, "-._~%!$&'+,=@") || !isPlainPath(`/${segment}`)) throw noBasePath(option)
  return { kind: 'text', text: segment }
}

function noBasePath(option: string): TypeError {
  return new TypeError(
    `basePath: expected "" or a path like "/scim/v2" or "/scim/:customer/v2", percent-encoded, got "${option}"`,
  )
}

/** How much of a path the base path covers; undefined if the path is not below it. Compared exactly. */
export function matchStart({ segments }: BasePath, path: string): Match | undefined {
  const parameters: [string, string][] = []
  let length = 0
  for (const segment of segments) {
    if (path[length] !== '/') return undefined
    const slash = path.indexOf('/', length + 1)
    const end = slash === -1 ? path.length : slash
    const text = path.slice(length + 1, end)
    if (segment.kind === 'parameter') {
      const value = decodedSegment(text)
      if (value === undefined) return undefined
      parameters.push([segment.name, value])
    } else if (text !== segment.text) return undefined
    length = end
  }
  return { length, parameters: Object.fromEntries(parameters) }
}

/** The end of a path, if the base path covers exactly that. */
export function matchEnd(basePath: BasePath, path: string): Match | undefined {
  const tail = path.split('/').slice(-basePath.segments.length)
  return tail.length === basePath.segments.length ? matchStart(basePath, `/${tail.join('/')}`) : undefined
}
