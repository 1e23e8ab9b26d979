/**
 * Values of operations without path that some clients wrap: a list of one object, or (SCIM-SDK) the JSON text of one.
 * @see RFC 7644 §3.5.2.1: without path the value is a set of attributes
 */
import { ScimError } from '../../errors.js'
import type { InteropSwitches } from '../../interop.js'
import { parseJson } from '../../json/text.js'
import { isArray, isObject, type JsonObject, type JsonValue, shallowCopy } from '../../json/value.js'
import type { Limits } from '../../limits.js'
import type { ResourceType } from '../../schema/attribute.js'
import { isNoPath } from './no-path.js'

/** Returns the object of attributes that a value without path contains; undefined if it contains none. */
export type Unwrap = (value: JsonValue) => JsonObject | undefined

// The body, `Operations` and the operation: a value in text may be nested as deep as any other value.
const depthOfValue = 3

/** An {@link Unwrap} for the operations of one body: the values in all their texts count together. */
export function unwrapper({ wrappedPatchValues }: InteropSwitches, limits: Limits): Unwrap {
  const place = { depth: depthOfValue, values: 0 }
  return (value) => {
    if (isObject(value)) return value
    if (!wrappedPatchValues) return undefined
    const meant = typeof value === 'string' ? tryParse(value, limits, place) : onlyElement(value)
    return isObject(meant) ? meant : undefined
  }
}

function onlyElement(value: JsonValue): JsonValue | undefined {
  return isArray(value) && value.length === 1 ? value[0] : undefined
}

function tryParse(text: string, limits: Limits, place: Parameters<typeof parseJson>[2]): JsonValue | undefined {
  try {
    return parseJson(text, limits, place)
  } catch (error) {
    if (error instanceof ScimError) return undefined
    throw error
  }
}

/**
 * The body of a PATCH with objects in place of such texts, so that their content can be inspected: in a bulk request
 * they may refer to other resources of it. Errors in a body stay, and `parsePatch` reports them.
 */
export function withPlainValues(
  body: JsonValue,
  type: ResourceType,
  interop: InteropSwitches,
  limits: Limits,
): JsonValue {
  if (!isObject(body) || !interop.wrappedPatchValues) return body
  const unwrap = unwrapper(interop, limits)
  const plain = shallowCopy(body)
  for (const name of Object.keys(body)) {
    const operations = body[name]
    if (name.toLowerCase() !== 'operations' || !isArray(operations)) continue
    plain[name] = operations.map((operation) => withPlainValue(operation, type, unwrap))
  }
  return plain
}

function withPlainValue(operation: JsonValue, type: ResourceType, unwrap: Unwrap): JsonValue {
  if (!isObject(operation)) return operation
  const names = Object.keys(operation)
  const [path] = names.filter((name) => name.toLowerCase() === 'path')
  if (!isNoPath(type, path === undefined ? undefined : operation[path])) return operation
  const plain = shallowCopy(operation)
  for (const name of names) {
    const value = operation[name]
    if (name.toLowerCase() === 'value' && typeof value === 'string') plain[name] = unwrap(value) ?? value
  }
  return plain
}
