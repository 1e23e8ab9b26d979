/**
 * Equality of two values of an attribute. There are two kinds. Canonical equality ignores differences that the
 * attribute ignores (case, Unicode form, the spelling of an instant): filters and uniqueness use it, and it decides
 * whether two sides disagree. Equality as written does not ignore them: "mcdonald" changed to "McDonald" is an edit.
 * Both ignore the order of a list, parts that the server computes, and `primary: false`, which is the same as none.
 * @see RFC 7643 §2.2 (caseExact), §2.3.5 (dateTime), §2.4 (primary), §2.5 (null and [] are unassigned)
 */
import { canonicalJson, isArray, isObject, type JsonObject, type JsonValue } from '../json/value.js'
import type { Attribute } from '../schema/attribute.js'
import { isComputed, refersToResource } from '../schema/computed.js'
import { keyOf } from '../schema/value-key.js'

/** One text for all values that are canonically the same; undefined has one too. An unknown attribute is compared as JSON. */
export function canonicalText(attribute: Attribute | undefined, value: JsonValue | undefined): string {
  return textOf(attribute, value, canonicalLeaf)
}

/** One text for all values that are the same as written. */
export function spelledText(attribute: Attribute | undefined, value: JsonValue | undefined): string {
  return textOf(attribute, value, spelledLeaf)
}

/**
 * The identity of an element of a multi-valued attribute: the id for a reference to a resource, else all of its
 * sub-attributes, compared by their `caseExact`. Two elements with one key are the same element.
 * @see RFC 7643 §2.2 (`caseExact`), §2.4
 */
export function elementKey(attribute: Attribute, element: JsonValue): string {
  const id = refersToResource(attribute) ? attribute.subAttributes.get('value') : undefined
  if (!isObject(element)) return canonicalText(attribute, element)
  // Ids of resources are compared exactly, as member rows are; a group may have a hundred thousand of them.
  if (id !== undefined) return id.caseExact ? String(element.value) : canonicalText(id, element.value)
  const known = keys.get(element)
  if (known?.attribute === attribute) return known.key
  const key = canonicalText(attribute, element)
  keys.set(element, { attribute, key })
  return key
}

// An element does not change once it is built, and a PATCH reads each of them once for every operation.
const keys = new WeakMap<JsonObject, { readonly attribute: Attribute; readonly key: string }>()

/** True if the values are canonically the same. */
export function isSame(
  attribute: Attribute | undefined,
  left: JsonValue | undefined,
  right: JsonValue | undefined,
): boolean {
  return left === right || canonicalText(attribute, left) === canonicalText(attribute, right)
}

/** True if the values are the same as written. */
export function isSpelledSame(
  attribute: Attribute | undefined,
  left: JsonValue | undefined,
  right: JsonValue | undefined,
): boolean {
  return left === right || spelledText(attribute, left) === spelledText(attribute, right)
}

/** True for the flag of which at most one element of a list has true. @see RFC 7643 §2.4 */
export function isPrimaryFlag(attribute: Attribute, name: string): boolean {
  return attribute.multiValued && name === 'primary' && attribute.subAttributes.get(name)?.type === 'boolean'
}

type TextOfLeaf = (attribute: Attribute, value: JsonValue) => string

function canonicalLeaf(attribute: Attribute, value: JsonValue): string {
  return canonicalJson(keyOf(attribute, value) ?? value)
}

function spelledLeaf(attribute: Attribute, value: JsonValue): string {
  return attribute.type === 'dateTime' ? canonicalLeaf(attribute, value) : canonicalJson(value)
}

function textOf(attribute: Attribute | undefined, value: JsonValue | undefined, leaf: TextOfLeaf): string {
  if (value === undefined) return ''
  if (attribute === undefined) return canonicalJson(value)
  if (!isArray(value)) return textOfOne(attribute, value, leaf)
  return `[${value
    .map((element) => textOfOne(attribute, element, leaf))
    .sort()
    .join()}]`
}

function textOfOne(attribute: Attribute, value: JsonValue, leaf: TextOfLeaf): string {
  return isObject(value) ? textOfParts(attribute, value, leaf) : leaf(attribute, value)
}

function textOfParts(attribute: Attribute, parts: JsonObject, leaf: TextOfLeaf): string {
  const texts: string[] = []
  for (const name of Object.keys(parts).sort()) {
    const sub = attribute.subAttributes.get(name.toLowerCase())
    const value = parts[name] as JsonValue
    if (sub !== undefined && isComputed(attribute, sub)) continue
    if (isPrimaryFlag(attribute, name) && value === false) continue
    texts.push(`${JSON.stringify(name)}:${textOf(sub, value, leaf)}`)
  }
  return `{${texts.join()}}`
}
