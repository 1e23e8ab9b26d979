/**
 * Strays: references in a list without an id, `{"display":"Bo"}` or `{"$ref":"../Users/7"}` alone. A server may return
 * them without harm. When a caller writes one, it is a mistake that the server must see: otherwise the write would seem
 * to be done.
 */
import { canonicalJson, emptyObject, isArray, isObject, type JsonObject, type JsonValue } from '../json.js'
import { isEmptyValue } from '../resource/document.js'
import type { Attribute } from '../schema/attribute.js'
import { refersToResource } from '../schema/computed.js'

/** By a text that is the same for equal content. */
export type Strays = ReadonlyMap<string, JsonObject>

const none: Strays = new Map()

/** The strays of an attribute's value that are not among those known. */
export function straysIn(attribute: Attribute | undefined, value: JsonValue | undefined, known: Strays = none): Strays {
  if (attribute === undefined || !attribute.multiValued || !refersToResource(attribute)) return none
  let found: Map<string, JsonObject> | undefined
  for (const element of listOf(value)) {
    const stray = strayOf(attribute, element)
    if (stray === undefined) continue
    const text = canonicalJson(stray)
    if (known.has(text)) continue
    found ??= new Map()
    found.set(text, stray)
  }
  return found ?? none
}

/** The value as given, without these strays. */
export function withoutStrays(
  attribute: Attribute | undefined,
  value: JsonValue | undefined,
  strays: Strays,
): JsonValue | undefined {
  if (attribute === undefined || strays.size === 0) return value
  return listOf(value).filter((element) => {
    const stray = strayOf(attribute, element)
    return stray === undefined || !strays.has(canonicalJson(stray))
  })
}

/** The value with these strays at its end, except those that it has already. */
export function withStrays(value: JsonValue | undefined, strays: Strays = none): JsonValue | undefined {
  if (strays.size === 0) return value
  const elements = listOf(value)
  const there = new Set(elements.map(canonicalJson))
  return [...elements, ...[...strays].filter(([text]) => !there.has(text)).map(([, stray]) => stray)]
}

function listOf(value: JsonValue | undefined): readonly JsonValue[] {
  if (value === undefined) return []
  return isArray(value) ? value : [value]
}

// With names in the schema's spelling, and without unassigned parts; undefined for a reference with an id.
function strayOf(attribute: Attribute, element: JsonValue): JsonObject | undefined {
  if (!isObject(element) || isId(element.value)) return undefined
  const stray = emptyObject()
  for (const name of Object.keys(element)) {
    const part = element[name]
    if (part === undefined || isEmptyValue(part)) continue
    stray[attribute.subAttributes.get(name.toLowerCase())?.name ?? name] = part
  }
  return isId(stray.value) ? undefined : stray
}

function isId(value: JsonValue | undefined): boolean {
  return !isEmptyValue(value) && value !== ''
}
