/**
 * From a request body to JSON that the rest of the core may trust: bounded, inheriting nothing, without duplicate
 * keys, in well-formed Unicode. Whoever parsed it, the same body gets the same answer, save for duplicate keys, which
 * another parser has dropped before we look.
 * @see RFC 8259
 */
import { scimError } from '../errors.js'
import { emptyObject, type JsonObject, type JsonValue } from '../json.js'
import {
  checkKey,
  checkNumber,
  checkText,
  tooDeep,
  tooManyElements,
  tooManyKeys,
  tooManyValues,
} from '../json-rules.js'
import { parseJson } from '../json-text.js'
import type { Limits } from '../limits.js'

// A byte order mark is dropped: some clients on Windows write one, and RFC 8259 §8.1 lets us.
const utf8 = new TextDecoder('utf-8', { fatal: true })

/**
 * The JSON value in these bytes. Its texts may be slices that keep the whole body in memory: store text, not this.
 * Ends the request with 400 invalidSyntax, or invalidValue for a text or number that cannot be taken.
 */
export function readJson(bytes: Uint8Array, limits: Limits): JsonValue {
  return parseJson(decode(bytes), limits)
}

function decode(bytes: Uint8Array): string {
  try {
    return utf8.decode(bytes)
  } catch {
    throw scimError.invalidSyntax('The body is not UTF-8.')
  }
}

/**
 * A copy of what a body parser mounted before us has made, held to the same limits. Ends the request as
 * {@link readJson} does; whatever JSON has no word for (undefined, functions, dates, buffers) is invalidSyntax.
 */
export function checkParsed(value: unknown, limits: Limits): JsonValue {
  return copyValue({ limits, values: 0 }, value, 0)
}

interface Tally {
  readonly limits: Limits
  /** Values begun so far. */
  values: number
}

function copyValue(tally: Tally, value: unknown, depth: number): JsonValue {
  if (++tally.values > tally.limits.jsonValues) throw tooManyValues(tally.limits.jsonValues)
  if (value === null || typeof value === 'boolean') return value
  if (typeof value === 'number') return checkNumber(value)
  if (typeof value === 'string') {
    checkText(value, tally.limits.stringLength)
    return value
  }
  if (!Array.isArray(value) && !isPlainObject(value)) throw notJson()
  if (depth >= tally.limits.jsonDepth) throw tooDeep(tally.limits.jsonDepth)
  return Array.isArray(value) ? copyArray(tally, value, depth + 1) : copyObject(tally, value, depth + 1)
}

function copyArray(tally: Tally, array: readonly unknown[], depth: number): readonly JsonValue[] {
  if (array.length > tally.limits.arrayLength) throw tooManyElements(tally.limits.arrayLength)
  return Array.from(array, (element) => copyValue(tally, element, depth))
}

function copyObject(tally: Tally, object: Readonly<Record<string, unknown>>, depth: number): JsonObject {
  const names = Object.keys(object)
  if (names.length > tally.limits.objectKeys) throw tooManyKeys(tally.limits.objectKeys)
  const copy = emptyObject()
  for (const name of names) {
    checkKey(name)
    checkText(name, tally.limits.stringLength)
    copy[name] = copyValue(tally, object[name], depth)
  }
  return copy
}

function isPlainObject(value: unknown): value is Readonly<Record<string, unknown>> {
  if (typeof value !== 'object' || value === null) return false
  const prototype: unknown = Object.getPrototypeOf(value)
  // A parser in another realm has an Object.prototype of its own; it too is where its chain ends.
  return prototype === null || Object.getPrototypeOf(prototype) === null
}

const notJson = () => scimError.invalidSyntax('The body was read by another parser, and what it left is not JSON.')
