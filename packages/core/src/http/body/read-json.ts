/**
 * Converts a request body to JSON that the rest of the core may trust: bounded, inheriting nothing, without duplicate
 * keys, in well-formed Unicode. The same body has the same result with every parser, except for duplicate keys, which
 * another parser has dropped before.
 * @see RFC 8259
 */
import { scimError } from '../../errors.js'
import {
  checkKey,
  checkNumber,
  checkText,
  tooDeep,
  tooManyElements,
  tooManyKeys,
  tooManyValues,
} from '../../json/rules.js'
import { parseJson, parseJsonInSteps } from '../../json/text.js'
import { emptyObject, type JsonObject, type JsonValue } from '../../json/value.js'
import type { Limits } from '../../limits.js'
import { atOnce, elementsInStep, type Steps } from '../../pacing/portions.js'

// A byte order mark is dropped: some clients on Windows write one, and RFC 8259 §8.1 allows that.
const utf8 = new TextDecoder('utf-8', { fatal: true })

/**
 * The JSON value in these bytes. Its texts may be slices that keep the whole body in memory: store text, not this. Ends
 * the request with 400 invalidSyntax, or invalidValue for an invalid text or number.
 */
export function readJson(bytes: Uint8Array, limits: Limits): JsonValue {
  return parseJson(decode(bytes), limits)
}

// Some tenths of a millisecond of decoding.
const bytesInStep = 262_144

/** {@link readJson} of a long body, in steps. */
export function* readJsonInSteps(bytes: Uint8Array, limits: Limits): Steps<JsonValue> {
  return yield* parseJsonInSteps(yield* decodeInSteps(bytes), limits)
}

function* decodeInSteps(bytes: Uint8Array): Steps<string> {
  const decoder = new TextDecoder('utf-8', { fatal: true })
  let text = ''
  for (let at = 0; at < bytes.length; at += bytesInStep) {
    text += decodeWith(decoder, bytes.subarray(at, at + bytesInStep), true)
    yield
  }
  return text + decodeWith(decoder, new Uint8Array(), false)
}

function decode(bytes: Uint8Array): string {
  return decodeWith(utf8, bytes, false)
}

function decodeWith(decoder: TextDecoder, bytes: Uint8Array, stream: boolean): string {
  try {
    return decoder.decode(bytes, { stream })
  } catch {
    throw scimError.invalidSyntax('The body is not valid UTF-8.')
  }
}

/**
 * A copy of the value that a body parser mounted before the adapter has created, checked against the same limits, in
 * steps. Ends the request as {@link readJson} does; values that JSON cannot express (undefined, functions, dates,
 * buffers) are invalidSyntax.
 */
export function* checkParsedInSteps(value: unknown, limits: Limits): Steps<JsonValue> {
  return yield* copyValue({ limits, values: 0 }, value, 0)
}

/** {@link checkParsedInSteps} in one piece. */
export function checkParsed(value: unknown, limits: Limits): JsonValue {
  return atOnce(checkParsedInSteps(value, limits))
}

interface Tally {
  readonly limits: Limits
  /** Values begun so far. */
  values: number
}

function* copyValue(tally: Tally, value: unknown, depth: number): Steps<JsonValue> {
  if (typeof value !== 'object' || value === null) return copyLeaf(tally, value)
  count(tally)
  if (!Array.isArray(value) && !isPlainObject(value)) throw notJson()
  if (depth >= tally.limits.jsonDepth) throw tooDeep(tally.limits.jsonDepth)
  return Array.isArray(value) ? yield* copyArray(tally, value, depth + 1) : yield* copyObject(tally, value, depth + 1)
}

function copyLeaf(tally: Tally, value: unknown): JsonValue {
  count(tally)
  if (value === null || typeof value === 'boolean') return value
  if (typeof value === 'number') return checkNumber(value)
  if (typeof value !== 'string') throw notJson()
  checkText(value, tally.limits.stringLength)
  return value
}

function count(tally: Tally): void {
  if (++tally.values > tally.limits.jsonValues) throw tooManyValues(tally.limits.jsonValues)
}

function* copyArray(tally: Tally, array: readonly unknown[], depth: number): Steps<readonly JsonValue[]> {
  if (array.length > tally.limits.arrayLength) throw tooManyElements(tally.limits.arrayLength)
  const copy: JsonValue[] = []
  for (let at = 0; at < array.length; at++) {
    copy.push(yield* copyValue(tally, array[at], depth))
    if (copy.length % elementsInStep === 0) yield
  }
  return copy
}

function* copyObject(tally: Tally, object: Readonly<Record<string, unknown>>, depth: number): Steps<JsonObject> {
  const names = Object.keys(object)
  if (names.length > tally.limits.objectKeys) throw tooManyKeys(tally.limits.objectKeys)
  const copy = emptyObject()
  for (const name of names) {
    checkKey(name)
    checkText(name, tally.limits.stringLength)
    const value = object[name]
    // Most values are leaves: they need no steps of their own.
    copy[name] = isLeaf(value) ? copyLeaf(tally, value) : yield* copyValue(tally, value, depth)
  }
  return copy
}

function isLeaf(value: unknown): boolean {
  return typeof value !== 'object' || value === null
}

function isPlainObject(value: unknown): value is Readonly<Record<string, unknown>> {
  if (typeof value !== 'object' || value === null) return false
  const prototype: unknown = Object.getPrototypeOf(value)
  // A parser in another realm has an Object.prototype of its own; its prototype chain ends there too.
  return prototype === null || Object.getPrototypeOf(prototype) === null
}

const notJson = () => scimError.invalidSyntax('Another parser read the body, and its result is not JSON.')
