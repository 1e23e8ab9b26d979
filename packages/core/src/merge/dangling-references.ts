/**
 * References in a list without an id, `{"display":"Bo"}` or `{"$ref":"../Users/7"}` alone. A server may return
 * them without harm. When a caller writes one, it is a mistake that the server must see: otherwise the write would seem
 * to be done.
 */
import { canonicalJson, emptyObject, isArray, isObject, type JsonObject, type JsonValue } from '../json/value.js'
import { isEmptyValue } from '../resource/document.js'
import type { Attribute } from '../schema/attribute.js'
import { refersToResource } from '../schema/computed.js'

/** By a text that is the same for equal content. */
export type DanglingReferences = ReadonlyMap<string, JsonObject>

const none: DanglingReferences = new Map()

/** The dangling references of an attribute's value that are not among those known. */
export function danglingReferencesIn(
  attribute: Attribute | undefined,
  value: JsonValue | undefined,
  known: DanglingReferences = none,
): DanglingReferences {
  if (attribute === undefined || !attribute.multiValued || !refersToResource(attribute)) return none
  let found: Map<string, JsonObject> | undefined
  for (const element of listOf(value)) {
    const reference = danglingOf(attribute, element)
    if (reference === undefined) continue
    const text = canonicalJson(reference)
    if (known.has(text)) continue
    found ??= new Map()
    found.set(text, reference)
  }
  return found ?? none
}

/** The value as given, without these references. */
export function withoutDangling(
  attribute: Attribute | undefined,
  value: JsonValue | undefined,
  dangling: DanglingReferences,
): JsonValue | undefined {
  if (attribute === undefined || dangling.size === 0) return value
  return listOf(value).filter((element) => {
    const reference = danglingOf(attribute, element)
    return reference === undefined || !dangling.has(canonicalJson(reference))
  })
}

/** The value with these references at its end, except those that it has already. */
export function withDangling(value: JsonValue | undefined, dangling: DanglingReferences = none): JsonValue | undefined {
  if (dangling.size === 0) return value
  const elements = listOf(value)
  const there = new Set(elements.map(canonicalJson))
  return [...elements, ...[...dangling].filter(([text]) => !there.has(text)).map(([, reference]) => reference)]
}

function listOf(value: JsonValue | undefined): readonly JsonValue[] {
  if (value === undefined) return []
  return isArray(value) ? value : [value]
}

// With names in the schema's spelling, and without unassigned parts; undefined for a reference with an id.
function danglingOf(attribute: Attribute, element: JsonValue): JsonObject | undefined {
  if (!isObject(element) || isId(element.value)) return undefined
  const reference = emptyObject()
  for (const name of Object.keys(element)) {
    const part = element[name]
    if (part === undefined || isEmptyValue(part)) continue
    reference[attribute.subAttributes.get(name.toLowerCase())?.name ?? name] = part
  }
  return isId(reference.value) ? undefined : reference
}

function isId(value: JsonValue | undefined): boolean {
  return !isEmptyValue(value) && value !== ''
}
