/**
 * Converts a word in a filter to the attribute that it names: outside brackets any attribute of the type, inside them a
 * part of the attribute before them.
 * @see RFC 7644 §3.4.2.2 (`attrPath`, `valuePath`), §3.10
 */
import type { InteropSwitches } from '../interop.js'
import type { Attribute, AttributePath, ResourceType } from '../schema/attribute.js'
import { isAttributeName, isNameWithSub } from '../schema/attribute-name.js'
import { resolvePath } from '../schema/path.js'
import type { FilterPath, KnownPath } from './ast.js'
import { refuseSensitive } from './sensitive.js'
import { unexpected } from './tokens.js'

/** Finds the attribute that a word names. Throws 400 invalidFilter if it names none, 403 if it is a secret. */
export type FindPath = (word: string, at: number) => FilterPath

/** Finds paths in a resource type. */
export function pathsOfType(type: ResourceType, interop: InteropSwitches): FindPath {
  return (word, at) => {
    const path = resolvePath(type, word, interop)
    if (path !== undefined) return knownPath(path)
    if (!looksLikePath(word)) throw unexpected(at, 'an attribute path')
    return unknownPath(word, at, interop)
  }
}

/**
 * Finds the parts of the elements of one attribute. The elements of a simple attribute have one part, `value`,
 * which is the element itself: `schemas[value eq "urn:…"]`.
 * @see RFC 7643 §2.4
 */
export function partsOf(whole: FilterPath, interop: InteropSwitches): FindPath {
  return (word, at) => {
    const lower = word.toLowerCase()
    const part = whole.known ? whole.attribute?.subAttributes.get(lower) : undefined
    if (whole.known && part !== undefined) return knownPath({ ...whole, text: part.name, sub: part })
    if (whole.known && whole.compared !== undefined && lower === 'value') return { ...whole, text: 'value' }
    if (!isAttributeName(word)) throw unexpected(at, 'the name of a sub-attribute')
    return unknownPath(word, at, interop)
  }
}

/** The path with its leaf resolved. Throws 403 `sensitive` if it leads to a secret. */
export function knownPath(path: AttributePath): KnownPath {
  refuseSensitive(path)
  return withLeaf(path)
}

/** The same for a question of the server itself, which no client sees. */
export function withLeaf(path: AttributePath): KnownPath {
  return {
    known: true,
    text: path.text,
    extension: path.extension,
    attribute: path.attribute,
    sub: path.sub,
    compared: simple(path.sub ?? path.attribute),
  }
}

/** `emails` as `emails.value`, if it has that part; a path to a comparable value stays as it is. */
export function withValuePart(path: KnownPath): KnownPath {
  if (path.compared !== undefined) return path
  const value = path.attribute?.subAttributes.get('value')
  return value === undefined ? path : knownPath({ ...path, text: value.path, sub: value })
}

function simple(attribute: Attribute | undefined): Attribute | undefined {
  return attribute?.type === 'complex' ? undefined : attribute
}

function unknownPath(text: string, at: number, interop: InteropSwitches): FilterPath {
  if (!interop.unknownFilterAttributes) throw unexpected(at, 'an attribute of this resource type')
  return { known: false, text }
}

// attrPath = [URI ":"] ATTRNAME *1subAttr. The inner form of an unknown URN is not checked.
function looksLikePath(word: string): boolean {
  if (word.toLowerCase().startsWith('urn:')) return word.length > 4 && !word.endsWith(':') && !word.endsWith('.')
  return isNameWithSub(word)
}
