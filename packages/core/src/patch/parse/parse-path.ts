/**
 * Converts the text of a PATCH path to its target, and checks which targets a path may have.
 * @see RFC 7644 §3.5.2, figure 7
 */
import { scimError } from '../../errors.js'
import type { Filter } from '../../filter/ast.js'
import { parseBracketFilter } from '../../filter/parse.js'
import type { InteropSwitches } from '../../interop.js'
import type { JsonValue } from '../../json/value.js'
import type { Limits } from '../../limits.js'
import { isServerMade } from '../../resource/read-resource.js'
import type { Attribute, AttributePath, ResourceType } from '../../schema/attribute.js'
import { isAttributePathText } from '../../schema/attribute-name.js'
import { endOfBracket } from '../../schema/brackets.js'
import { namesSchemaOf, resolvePath } from '../../schema/path.js'
import type { PatchOperation, PatchPath } from '../operation.js'
import { isReadOnlyPath } from '../read-only.js'
import { shownName } from './shown-name.js'

/** The purpose of a path, and the rules for reading it. */
export interface PathReading {
  readonly op: PatchOperation['op']
  readonly type: ResourceType
  readonly interop: InteropSwitches
  /** The rules between brackets: see {@link pathReading}. */
  readonly inBrackets: InteropSwitches
  readonly limits: Limits
}

/** The settings that all paths of one PATCH share. */
export function pathReading(type: ResourceType, interop: InteropSwitches, limits: Limits): Omit<PathReading, 'op'> {
  // A filter on a part that no schema defines selects nothing, or with `not` everything: the client meant neither.
  return { type, interop, inBrackets: { ...interop, unknownFilterAttributes: false }, limits }
}

/** The path that a text names. Throws 400 invalidPath, invalidFilter or mutability. */
export function parsePath(text: JsonValue, reading: PathReading): PatchPath {
  const { type, interop, limits } = reading
  if (typeof text !== 'string') throw scimError.invalidPath('path must be a string.')
  if (text.length > limits.patchPathLength) {
    throw scimError.invalidPath(`path is longer than ${limits.patchPathLength} characters.`)
  }
  const open = text.indexOf('[')
  const before = open === -1 ? text : text.slice(0, open)
  const path = resolvePath(type, before, interop)
  if (path === undefined && !isAttributePathText(before)) {
    throw scimError.invalidPath('path is not an attribute path of RFC 7644, figure 7.')
  }
  if (open === -1) return path === undefined ? unknownPath(text, reading) : checkedPath(path, undefined, interop)
  const close = endOfBracket(text, open)
  if (close === undefined) throw scimError.invalidPath('path has a "[" without its "]".')
  const subName = subAttributeAfter(text, close)
  if (path === undefined) return unknownPath(before, reading)
  const hasElements = path.attribute?.type === 'complex' || path.attribute?.multiValued === true
  if (!hasElements || path.sub !== undefined) {
    throw scimError.invalidPath(`${path.text} has no sub-attributes to filter on.`)
  }
  const filter = parseBracketFilter(text.slice(open + 1, close), path, reading.inBrackets, limits)
  if (subName === undefined) return checkedPath(path, filter, interop)
  const sub = path.attribute.subAttributes.get(subName.toLowerCase())
  return sub === undefined
    ? unknownPath(`${path.text}.${subName}`, reading)
    : checkedPath(partOf(path, sub), filter, interop)
}

function partOf(path: AttributePath, sub: Attribute): AttributePath {
  return { ...path, text: sub.path, sub }
}

function subAttributeAfter(text: string, close: number): string | undefined {
  if (close === text.length - 1) return undefined
  const name = text.slice(close + 2)
  if (text[close + 1] !== '.' || !isAttributePathText(name) || name.includes('.') || name.includes(':')) {
    throw scimError.invalidPath('path may have only one sub-attribute after "]".')
  }
  return name
}

// RFC 7644 §3.5.2: a readOnly attribute SHALL NOT be changed, and an attempt is an error. `id` and `meta` are refused
// in every spelling and mode. `schemas` is the server's too, but clients echo it with its current value.
function checkedPath(path: AttributePath, filter: Filter | undefined, interop: InteropSwitches): PatchPath {
  const isSchemas = isServerMade(path) && path.attribute?.name === 'schemas'
  if (isServerMade(path) && !isSchemas) throw scimError.mutability(`${path.text} is set by the server.`)
  const isRefused = isReadOnlyPath(path) && !isSchemas && !isUnusedPassword(path) && !interop.readOnlyPatchPaths
  if (isRefused) throw scimError.mutability(`${path.text} is readOnly.`)
  return { known: true, path, filter }
}

// The password of a host that takes none is ignored in every mode: Okta sends one whatever the schema says.
function isUnusedPassword({ attribute }: AttributePath): boolean {
  return attribute?.returned === 'never' && attribute.unreadable === undefined && attribute.mutability === 'readOnly'
}

function unknownPath(text: string, { op, type, interop }: PathReading): PatchPath {
  // Success for a misspelled `remove` would keep a value that the client believes to be removed.
  const isRefused = op === 'remove' && !isUnregisteredExtension(type, text)
  if (isRefused || !interop.unknownPatchPaths) {
    throw scimError.invalidPath(`path: ${shownName(text)} is not defined by any schema of this resource type.`)
  }
  return { known: false, text }
}

// This server stores nothing below the URN of an extension that it does not have, so nothing remains there. A URN of
// the core schemas is not an extension's: it is misspelled, or another type's.
function isUnregisteredExtension(type: ResourceType, text: string): boolean {
  const lower = text.toLowerCase()
  return lower.startsWith('urn:') && !namesSchemaOf(type, text) && !corePrefixes.some((urn) => lower.startsWith(urn))
}

const corePrefixes = ['urn:ietf:params:scim:schemas:core:', 'urn:scim:schemas:core:']
