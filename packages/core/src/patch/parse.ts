/**
 * From a PatchOp body to operations. Everything that can be refused without the resource is refused here.
 * @see RFC 7644 §3.5.2
 */
import { scimError } from '../errors.js'
import type { InteropSwitches } from '../interop.js'
import { emptyObject, isArray, isObject, type JsonObject, type JsonValue } from '../json.js'
import type { Limits } from '../limits.js'
import { isEmptyValue } from '../resource/document.js'
import { isOwnSchema } from '../resource/read-key.js'
import type { ResourceType } from '../schema/attribute.js'
import { resolvePath } from '../schema/path.js'
import { coalesceMembers } from './coalesce.js'
import type { AddOrReplace, PatchOperation, PatchPath } from './operation.js'
import { type PathReading, parsePath } from './parse-path.js'

/** The URN of a PATCH body. @see RFC 7644 §3.5.2 */
export const patchOpSchema = 'urn:ietf:params:scim:api:messages:2.0:PatchOp'

/**
 * The operations of a PatchOp body, in order, those that only add or remove members made few. Throws 400 invalidSyntax, invalidPath, invalidValue, noTarget or mutability.
 */
export function parsePatch(
  body: JsonValue,
  type: ResourceType,
  interop: InteropSwitches,
  limits: Limits,
): readonly PatchOperation[] {
  if (!isObject(body)) throw scimError.invalidSyntax('The body must be a JSON object.')
  checkSchemas(messageValue(body, 'schemas'), interop)
  const operations = messageValue(body, 'operations')
  if (!isArray(operations)) throw scimError.invalidSyntax('Operations is required and takes a list.')
  if (operations.length === 0 && !interop.emptyOperations) throw scimError.invalidValue('Operations is empty.')
  if (operations.length > limits.patchOperations) {
    throw scimError.invalidValue(`One PATCH takes at most ${limits.patchOperations} operations.`)
  }
  const parsed = operations.flatMap((operation) => parseOperation(operation, type, interop, limits))
  return coalesceMembers(type, parsed)
}

// Entra and others send `operations`, `Op`, `Path`: attribute names of messages ignore case too (RFC 7643 §2.1).
function messageValue(message: JsonObject, lowerName: string): JsonValue | undefined {
  let found: JsonValue | undefined
  let count = 0
  for (const name of Object.keys(message)) {
    if (name.toLowerCase() !== lowerName) continue
    found = message[name]
    count++
  }
  if (count > 1) throw scimError.invalidSyntax(`${lowerName} is given twice.`)
  return found
}

function checkSchemas(schemas: JsonValue | undefined, interop: InteropSwitches): void {
  if (schemas === undefined || schemas === null || (isArray(schemas) && schemas.length === 0)) {
    if (interop.missingSchemas) return
    throw scimError.invalidSyntax(`schemas is required and must name ${patchOpSchema}.`)
  }
  const urns = isArray(schemas) ? schemas : [schemas]
  const named = urns.some((urn) => typeof urn === 'string' && urn.toLowerCase() === patchOpSchema.toLowerCase())
  if (!named && !interop.acceptForeignSchemas) throw scimError.invalidSyntax(`schemas must name ${patchOpSchema}.`)
}

function parseOperation(
  operation: JsonValue,
  type: ResourceType,
  interop: InteropSwitches,
  limits: Limits,
): readonly PatchOperation[] {
  if (!isObject(operation)) throw scimError.invalidSyntax('Each operation must be a JSON object.')
  const op = operationName(messageValue(operation, 'op'))
  const pathText = messageValue(operation, 'path')
  const value = messageValue(operation, 'value')
  const reading: PathReading = { op, type, interop, limits }
  const path = isNoPath(type, pathText) ? undefined : parsePath(pathText, reading)
  if (op === 'remove') return [parseRemove(path, value, reading)]
  if (value === undefined) throw scimError.invalidValue(`${op} needs a value.`)
  if (path !== undefined) return [{ op, path, value: withoutOwnName(path, value, reading) }]
  if (!isObject(value)) throw scimError.invalidValue(`${op} without path needs an object of attributes as its value.`)
  return splitValuePaths(op, value, reading)
}

function parseRemove(path: PatchPath | undefined, sent: JsonValue | undefined, reading: PathReading): PatchOperation {
  if (path === undefined) throw scimError.noTarget('remove needs a path.')
  if (!path.known || sent === undefined) return { op: 'remove', path, value: undefined }
  const { attribute, sub } = path.path
  const isList = attribute?.multiValued === true || sub?.multiValued === true
  // null is unassigned (RFC 7643 §2.5), so beside a single value it is no value.
  if (sent === null && !isList) return { op: 'remove', path, value: undefined }
  if (!reading.interop.removeWithValue) {
    throw scimError.invalidValue('remove takes no value; name the values in the path, like members[value eq "…"].')
  }
  const value = withoutOwnName(path, sent, reading)
  // RFC 7644 §3.5.2.2: the filter decides what is removed; an empty value beside it selects nothing else.
  if (path.filter !== undefined && saysNothing(value)) return { op: 'remove', path, value: undefined }
  if (isEmptyValue(value) || value === '') {
    if (!isList) return { op: 'remove', path, value: undefined }
    // `[]` names none of the values, and none is removed.
    if (isArray(value)) return { op: 'remove', path, value }
    // "Remove none" or "remove all"? A client that means all leaves the value out.
    throw scimError.invalidValue(
      `remove at ${path.path.text} with an empty value: leave the value out to remove all values.`,
    )
  }
  return { op: 'remove', path, value }
}

// What serializers that write every field send in the place of an absent value.
function saysNothing(value: JsonValue): boolean {
  if (value === null || value === '') return true
  if (isArray(value)) return value.every(saysNothing)
  return isObject(value) && Object.keys(value).every((name) => saysNothing(value[name] as JsonValue))
}

// Salesforce: `remove members {"members": [{"value": …}]}`.
function withoutOwnName(path: PatchPath, value: JsonValue, { type, interop }: PathReading): JsonValue {
  if (!interop.valueUnderOwnName || !path.known || path.filter !== undefined || !isObject(value)) return value
  const [name, another] = Object.keys(value)
  if (name === undefined || another !== undefined) return value
  const isPart = (path.path.sub ?? path.path.attribute)?.subAttributes.has(name.toLowerCase())
  const isOwnName = !isPart && resolvePath(type, name, interop)?.text === path.path.text
  return isOwnName ? (value[name] as JsonValue) : value
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

// No path, or the URN of the type's own schema: the resource itself.
function isNoPath(type: ResourceType, path: JsonValue | undefined): path is null | undefined {
  return path === undefined || path === null || (typeof path === 'string' && isOwnSchema(type, path))
}

function operationName(op: JsonValue | undefined): 'add' | 'replace' | 'remove' {
  const name = typeof op === 'string' && op.length <= 7 ? op.toLowerCase() : ''
  if (name === 'add' || name === 'replace' || name === 'remove') return name
  throw scimError.invalidSyntax('op must be add, replace or remove.')
}
