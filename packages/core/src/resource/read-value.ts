/**
 * Converts the JSON that a client sent for one attribute to the stored value: types checked, names in the schema's
 * spelling, other forms of identity providers accepted with their meaning.
 * @see RFC 7643 §2.3 (types), §2.4 (multi-valued), §2.5 (null and [] are unassigned)
 */
import { scimError } from '../errors.js'
import type { InteropSwitches } from '../interop.js'
import { emptyObject, isArray, isObject, type JsonObject, type JsonValue } from '../json/value.js'
import { atOnce, elementsInStep, type Steps } from '../pacing/portions.js'
import type { Attribute } from '../schema/attribute.js'
import { isComputed, refersToResource } from '../schema/computed.js'
import { elementKey } from './equality.js'
import type { IgnoredNames } from './ignored-names.js'
import { readSimple, wrongType } from './read-simple.js'

/** The settings for reading a request. */
export interface Reading {
  readonly interop: InteropSwitches
  readonly ignored: IgnoredNames
  /**
   * Collects the attributes with `returned: request` that a client sends: the response to its write shows them (RFC
   * 7643 §2.2).
   */
  readonly given?: Set<Attribute>
  /**
   * True for the value of a PATCH operation: one that assigns nothing ends the request, because the client requested a
   * change. In the body of a POST or PUT such a value is unassigned. Default false.
   */
  readonly isChange?: boolean
}

/** Notes that a client sets this attribute. */
export function noteGiven(attribute: Attribute, { given }: Reading): void {
  for (const one of [attribute, attribute.parent]) if (one?.returned === 'request') given?.add(one)
}

/** The stored form of a value; undefined means unassigned. Throws 400 invalidValue that names the attribute. */
export function readValue(attribute: Attribute, value: JsonValue, reading: Reading): JsonValue | undefined {
  if (value === null || value === undefined) return undefined
  noteGiven(attribute, reading)
  if (!attribute.multiValued) return readSingle(attribute, unlisted(attribute, value, reading), reading)
  if (!isArray(value) && !reading.interop.singleForList) {
    throw scimError.invalidValue(`${attribute.path} takes a list.`)
  }
  const elements = readElements(attribute, value, reading)
  return elements.length === 0 ? undefined : elements
}

/** {@link readValue} in steps. */
export function* readValueInSteps(
  attribute: Attribute,
  value: JsonValue,
  reading: Reading,
): Steps<JsonValue | undefined> {
  if (!attribute.multiValued || !isArray(value)) return readValue(attribute, value, reading)
  const elements = yield* readElementsInSteps(attribute, value, reading)
  return elements.length === 0 ? undefined : elements
}

/**
 * The elements of a multi-valued attribute from a list or from one element; nulls are left out, duplicates are
 * combined.
 */
export function readElements(attribute: Attribute, value: JsonValue, reading: Reading): readonly JsonValue[] {
  return atOnce(readElementsInSteps(attribute, value, reading))
}

/** {@link readElements} in steps. */
export function* readElementsInSteps(
  attribute: Attribute,
  value: JsonValue,
  reading: Reading,
): Steps<readonly JsonValue[]> {
  noteGiven(attribute, reading)
  if (value === '' && reading.isChange) throw notCleared(attribute)
  const elements: JsonValue[] = []
  const seen = new Set<string>()
  let looked = 0
  for (const element of isArray(value) ? value : [value]) {
    if (++looked % elementsInStep === 0) yield
    if (element === null) continue
    const read = readSingle(attribute, element, reading)
    if (read === undefined) continue
    const key = elementKey(attribute, read)
    if (seen.has(key)) continue
    seen.add(key)
    elements.push(read)
  }
  return elements
}

// RFC 7643 §2.5: null and [] unassign; an empty string for a list is neither.
function notCleared(attribute: Attribute): Error {
  return scimError.invalidValue(`${attribute.path} is a list: an empty string is not a value; [] or null clears it.`)
}

// A list of one where one value is meant: `manager: [{…}]` (IDP-8).
function unlisted(attribute: Attribute, value: JsonValue, reading: Reading): JsonValue {
  if (!isArray(value)) return value
  const [only] = value
  // No client is known to use two leniencies at once, a list for a single value and a number for a string.
  const isDigits = attribute.type === 'string' && typeof only === 'number'
  if (value.length === 1 && only !== undefined && reading.interop.wrapScalars && !isDigits) return only
  if (value.length === 0) return null
  throw scimError.invalidValue(`${attribute.path} takes one value, not a list.`)
}

function readSingle(attribute: Attribute, value: JsonValue, reading: Reading): JsonValue | undefined {
  if (value === null) return undefined
  return attribute.type === 'complex'
    ? readComplex(attribute, value, reading)
    : readSimple(attribute, attribute.type, value, reading.interop)
}

function readComplex(attribute: Attribute, value: JsonValue, reading: Reading): JsonObject | undefined {
  if (!isObject(value)) return wrapScalar(attribute, value, reading)
  const element = emptyObject()
  const names = new Set<string>()
  for (const name of Object.keys(value)) {
    const sub = attribute.subAttributes.get(name.toLowerCase())
    const given = value[name] as JsonValue
    if (sub === undefined) {
      ignoreUnknown(`${attribute.path}.${name}`, given, reading)
      continue
    }
    if (names.has(sub.name)) throw scimError.invalidValue(`Duplicate attribute ${sub.path}.`)
    names.add(sub.name)
    if (isComputed(attribute, sub)) continue
    const read = readValue(sub, given, reading)
    if (read !== undefined) element[sub.name] = read
  }
  if (reading.isChange && assignsNothing(attribute, element)) {
    // The other parts of an existing reference: only the writer knows whether it exists.
    if (!attribute.multiValued && Object.keys(element).length > 0 && element.value === undefined) return element
    checkChange(attribute, value, reading)
  }
  return finishElement(attribute, element)
}

// A null for a known sub-attribute is a change of its own, but `{}` for a single value changes nothing.
function checkChange(attribute: Attribute, value: JsonObject, reading: Reading): void {
  const isReference = refersToResource(attribute)
  const names = Object.keys(value)
  if (names.length === 0 && !isReference && !attribute.multiValued) return
  const known = names.filter((name) => attribute.subAttributes.has(name.toLowerCase()))
  if (known.length > 0 && (!isReference || known.some((name) => isCleared(name, value[name])))) return
  const readOnly = known.filter((name) => attribute.subAttributes.get(name.toLowerCase())?.mutability === 'readOnly')
  if (known.length > 0 && readOnly.length === known.length) {
    // As readOnly attributes in a value are (RFC 7644 §3.5.1): ignored, and named in the event.
    for (const name of readOnly) reading.ignored.add(`${attribute.path}.${name}`)
    return
  }
  throw scimError.invalidValue(
    isReference
      ? `${attribute.path}.value is required.`
      : `${attribute.path}: the value has no sub-attribute that the schema defines.`,
  )
}

function isCleared(name: string, value: JsonValue | undefined): boolean {
  return name.toLowerCase() === 'value' && (value === null || value === '')
}

// `manager: "id"` and `members: ["id"]` (IDP-8, IDP-17); empty text clears (IDP-9).
function wrapScalar(attribute: Attribute, value: JsonValue, reading: Reading): JsonObject | undefined {
  const sub = attribute.subAttributes.get('value')
  if (!reading.interop.wrapScalars || sub === undefined || isArray(value)) throw wrongType(attribute, 'an object')
  if (value === '' && reading.isChange && attribute.multiValued) {
    throw scimError.invalidValue(`${attribute.path}: an empty string is not a value.`)
  }
  if (value === '') return undefined
  // An integer is read as digits where a string is expected, but not where an object is.
  if (sub.type === 'string' && typeof value !== 'string') throw wrongType(attribute, 'an object')
  if (isJsonText(value)) throw wrongType(attribute, 'an object, not JSON in a string')
  const read = readValue(sub, value, reading)
  if (read === undefined) return undefined
  const element = emptyObject()
  element[sub.name] = read
  return finishElement(attribute, element)
}

// An object that a client serialized twice would be stored as a meaningless id or address.
function isJsonText(value: JsonValue): boolean {
  if (typeof value !== 'string') return false
  const text = value.trimStart()
  return text.startsWith('{') || text.startsWith('[')
}

function finishElement(attribute: Attribute, element: JsonObject): JsonObject | undefined {
  if (!assignsNothing(attribute, element)) return element
  // A reference is its id: `{"value":""}` clears a manager (IDP-9), and is not a member of a list.
  if (refersToResource(attribute) && attribute.multiValued) {
    throw scimError.invalidValue(`${attribute.path}.value is required.`)
  }
  return undefined
}

function assignsNothing(attribute: Attribute, element: JsonObject): boolean {
  if (refersToResource(attribute)) return element.value === undefined || element.value === ''
  return Object.keys(element).length === 0
}

/**
 * Leaves out an attribute that no schema knows and reports it in the event; 400 invalidValue where that is switched
 * off.
 */
export function ignoreUnknown(name: string, value: JsonValue, reading: Reading): void {
  // null means unassigned, and the attribute is unassigned (RFC 7643 §2.5): nothing was lost, so nothing is reported.
  if (value === null) return
  if (!reading.interop.unknownAttributes) {
    throw scimError.invalidValue('The body has an attribute that no schema of this resource type knows.')
  }
  reading.ignored.add(name)
}
