/**
 * From a PatchOp body to operations. Everything that can be refused without the resource is refused here.
 * @see RFC 7644 §3.5.2
 */
import { scimError } from '../errors.js'
import type { InteropSwitches } from '../interop.js'
import { emptyObject, isArray, isObject, type JsonObject, type JsonValue } from '../json.js'
import type { Limits } from '../limits.js'
import { messageUrn, messageValues, namesMessage, readMessage } from '../resource/message.js'
import type { ResourceType } from '../schema/attribute.js'
import { coalesceMembers } from './coalesce.js'
import { isNoPath } from './no-path.js'
import type { AddOrReplace, PatchOperation } from './operation.js'
import { withoutOwnName } from './own-name.js'
import { type PathReading, parsePath } from './parse-path.js'
import { parseRemove } from './parse-remove.js'
import { type Unwrap, unwrapper } from './wrapped-value.js'

/** The URN of a PATCH body. @see RFC 7644 §3.5.2 */
export const patchOpSchema: string = messageUrn('PatchOp')

/**
 * The operations of a PatchOp body, in order, those that only add or remove members made few. Throws 400 invalidSyntax, invalidPath, invalidValue, noTarget or mutability.
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
  const unwrap = unwrapper(interop, limits)
  const parsed = operations.flatMap((operation) => parseOperation(operation, type, interop, limits, unwrap))
  return coalesceMembers(type, parsed)
}

// Apache Syncope sends a PatchOp without Operations if nothing changed. A body that may be another kind of request, such
// as a partial resource, is refused: a success would confirm a change that was not made.
function operationsIn(
  body: JsonValue,
  operations: JsonValue | undefined,
  urns: readonly string[],
  interop: InteropSwitches,
): readonly JsonValue[] {
  if (operations === undefined && interop.emptyOperations && isBarePatchOp(body, urns, interop)) return []
  if (!isArray(operations)) throw scimError.invalidSyntax('Operations is required and takes a list.')
  if (operations.length === 0 && !interop.emptyOperations) throw scimError.invalidValue('Operations is empty.')
  return operations
}

function isBarePatchOp(body: JsonValue, urns: readonly string[], interop: InteropSwitches): boolean {
  const isBare =
    isObject(body) && Object.keys(body).every((name) => body[name] === null || name.toLowerCase() === 'schemas')
  return isBare && urns.some((urn) => namesMessage(urn, 'PatchOp', interop))
}

function parseOperation(
  operation: JsonValue,
  type: ResourceType,
  interop: InteropSwitches,
  limits: Limits,
  unwrap: Unwrap,
): readonly PatchOperation[] {
  if (!isObject(operation)) throw scimError.invalidSyntax('Each operation must be a JSON object.')
  const { op: opText, path: pathText, value } = messageValues(operation, ['op', 'path', 'value'], ['value'])
  const op = operationName(opText)
  const reading: PathReading = { op, type, interop, limits }
  const path = isNoPath(type, pathText) ? undefined : parsePath(pathText, reading)
  if (op === 'remove') return [parseRemove(path, value, reading)]
  if (value === undefined) throw scimError.invalidValue(`${op} needs a value.`)
  if (path !== undefined) return [{ op, path, value: withoutOwnName(path, value, reading) }]
  const attributes = unwrap(value)
  if (attributes === undefined) {
    throw scimError.invalidValue(`${op} without path needs an object of attributes as its value.`)
  }
  return splitValuePaths(op, attributes, reading)
}

// Entra: `{"emails[type eq \"work\"].value": "…"}` in a value without path. Such a key is an operation of its own.
function splitValuePaths(op: AddOrReplace['op'], value: JsonObject, reading: PathReading): readonly PatchOperation[] {
  const keys = Object.keys(value).filter((key) => key.includes('['))
  if (keys.length === 0 || !reading.interop.dottedKeys) return [{ op, path: undefined, value }]
  const rest = emptyObject()
  for (const key of Object.keys(value)) if (!keys.includes(key)) rest[key] = value[key] as JsonValue
  const atPaths = keys.map((key) => ({ op, path: parsePath(key, reading), value: value[key] as JsonValue }))
  return Object.keys(rest).length === 0 ? atPaths : [{ op, path: undefined, value: rest }, ...atPaths]
}

function operationName(op: JsonValue | undefined): 'add' | 'replace' | 'remove' {
  const name = typeof op === 'string' && op.length <= 7 ? op.toLowerCase() : ''
  if (name === 'add' || name === 'replace' || name === 'remove') return name
  throw scimError.invalidSyntax('op must be add, replace or remove.')
}
