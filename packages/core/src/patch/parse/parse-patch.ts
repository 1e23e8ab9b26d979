/**
 * Converts a PatchOp body to operations. Every error that can be detected without the resource is reported here.
 * @see RFC 7644 §3.5.2
 */
import { scimError } from '../../errors.js'
import type { InteropSwitches } from '../../interop.js'
import { emptyObject, isArray, isObject, type JsonObject, type JsonValue } from '../../json/value.js'
import type { Limits } from '../../limits.js'
import { isEmptyValue } from '../../resource/document.js'
import { isOwnSchema } from '../../resource/read-key.js'
import { messageUrn, messageValues, namesMessage, readMessage } from '../../resource/request-message.js'
import type { ResourceType, Schema } from '../../schema/attribute.js'
import type { AddOrReplace, PatchOperation, PatchPath } from '../operation.js'
import { coalesceMembers } from './coalesce.js'
import { isNoPath } from './no-path.js'
import { withoutOwnName } from './own-name.js'
import { type PathReading, parsePath, pathReading } from './parse-path.js'
import { parseRemove } from './parse-remove.js'
import { type Unwrap, unwrapper } from './wrapped-value.js'

/** The URN of a PATCH body. @see RFC 7644 §3.5.2 */
export const patchOpSchema: string = messageUrn('PatchOp')

/**
 * The operations of a PatchOp body, in order, with member additions and removals combined. Throws 400 invalidSyntax,
 * invalidPath, invalidValue, noTarget or mutability.
 */
export function parsePatch(
  body: JsonValue,
  type: ResourceType,
  interop: InteropSwitches,
  limits: Limits,
): readonly PatchOperation[] {
  const { values, urns } = readMessage(body, 'PatchOp', ['Operations'], interop)
  const operations = operationsIn(body, values.Operations, urns, interop)
  if (operations.length > limits.patchOperations) {
    throw scimError.invalidValue(`One PATCH takes at most ${limits.patchOperations} operations.`)
  }
  const [paths, unwrap] = [pathReading(type, interop, limits), unwrapper(interop, limits)]
  const parsed = operations.flatMap((operation) => parseOperation(operation, paths, unwrap))
  return coalesceMembers(type, parsed)
}

// Apache Syncope sends a PatchOp without operations if nothing changed. A body with anything else in it, such as a
// partial resource or one operation without its list, is refused: a success would confirm a change that was not made.
function operationsIn(
  body: JsonValue,
  operations: JsonValue | undefined,
  urns: readonly string[],
  interop: InteropSwitches,
): readonly JsonValue[] {
  const isNamed = urns.some((urn) => namesMessage(urn, 'PatchOp', interop))
  if (operations === undefined && interop.emptyOperations && isNamed && hasNothingElse(body)) return []
  if (!isArray(operations)) throw scimError.invalidSyntax('Operations is required and must be a list.')
  if (operations.length === 0 && !interop.emptyOperations) throw scimError.invalidValue('Operations is empty.')
  if (operations.length === 0 && !hasNothingElse(body)) {
    throw scimError.invalidSyntax('Operations is empty, and the body contains something else.')
  }
  return operations
}

function hasNothingElse(body: JsonValue): boolean {
  const names = isObject(body) ? Object.keys(body).map((name) => name.toLowerCase()) : []
  return names.every((name) => name === 'schemas' || name === 'operations')
}

function parseOperation(
  operation: JsonValue,
  paths: Omit<PathReading, 'op'>,
  unwrap: Unwrap,
): readonly PatchOperation[] {
  if (!isObject(operation)) throw scimError.invalidSyntax('Each operation must be a JSON object.')
  const { op: opText, path: pathText, value } = messageValues(operation, ['op', 'path', 'value'], ['value'])
  const op = operationName(opText)
  const reading: PathReading = { ...paths, op }
  const path = isNoPath(paths.type, pathText) ? undefined : parsePath(pathText, reading)
  if (op === 'remove') return [parseRemove(path, value, reading)]
  if (value === undefined) throw scimError.invalidValue(`${op} needs a value.`)
  if (path !== undefined) return splitValuePaths(op, path, withoutOwnName(path, value, reading), reading)
  const attributes = unwrap(value)
  if (attributes === undefined) {
    throw scimError.invalidValue(`${op} without path needs an object of attributes as its value.`)
  }
  return splitValuePaths(op, undefined, attributes, reading)
}

// Entra: `{"emails[type eq \"work\"].value": "…"}` in an object of attributes. Such a key is an operation of its own.
function splitValuePaths(
  op: AddOrReplace['op'],
  path: PatchPath | undefined,
  value: JsonValue,
  reading: PathReading,
): readonly PatchOperation[] {
  const whole = { op, path, value }
  const extension = path?.known && path.path.attribute === undefined ? path.path.extension : undefined
  const isObjectOfAttributes = isObject(value) && (path === undefined || extension !== undefined)
  if (!isObjectOfAttributes || !reading.interop.dottedKeys) return [whole]
  const atPaths: PatchOperation[] = []
  const rest = withoutValuePaths(value, extension, reading, (text, one) => {
    atPaths.push({ op, path: parsePath(text, reading), value: one })
  })
  if (atPaths.length === 0) return [whole]
  return isEmptyValue(rest) ? atPaths : [{ op, path, value: rest }, ...atPaths]
}

// The object without such keys, also those in the object of the type's own schema or of an extension.
function withoutValuePaths(
  value: JsonObject,
  extension: Schema | undefined,
  reading: PathReading,
  take: (path: string, value: JsonValue) => void,
): JsonObject {
  const rest = emptyObject()
  for (const key of Object.keys(value)) {
    const one = value[key] as JsonValue
    const isQualified = key.toLowerCase().startsWith('urn:')
    if (key.includes('[')) {
      take(extension === undefined || isQualified ? key : `${extension.id}:${key}`, one)
      continue
    }
    const inner =
      isQualified && extension === undefined ? reading.type.extensionsByUrn.get(key.toLowerCase()) : undefined
    const isContainer = isObject(one) && (inner !== undefined || isOwnSchema(reading.type, key))
    const kept = isContainer ? withoutValuePaths(one, inner, reading, take) : one
    // A container with such keys alone has no other change.
    if (kept === one || !isEmptyValue(kept) || isEmptyValue(one)) rest[key] = kept
  }
  return rest
}

function operationName(op: JsonValue | undefined): 'add' | 'replace' | 'remove' {
  const name = typeof op === 'string' && op.length <= 7 ? op.toLowerCase() : ''
  if (name === 'add' || name === 'replace' || name === 'remove') return name
  throw scimError.invalidSyntax('op must be add, replace or remove.')
}
