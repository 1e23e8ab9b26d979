/**
 * Converts the body of a bulk request to its operations. An error in one of them ends that operation only; an error in
 * the body as a whole ends the request before anything is done.
 * @see RFC 7644 §3.7
 */
import { checkOperationCount } from '../bulk/plan.js'
import type { Call } from '../engine/call.js'
import type { Engine } from '../engine/engine.js'
import { findType, findTypeAt } from '../engine/find-type.js'
import { ScimError, scimError } from '../errors.js'
import type { InteropSwitches } from '../interop.js'
import { emptyObject, isArray, isObject, type JsonValue } from '../json/value.js'
import type { BulkEntry, BulkMethod, BulkRequest, BulkWrite } from '../operation-types/operation.js'
import { patchOpSchema } from '../patch/parse/parse-patch.js'
import { withPlainValues } from '../patch/parse/wrapped-value.js'
import { collectionMethods, resourceMethods } from '../permissions/offered.js'
import type { ResourceRef } from '../resource/ref.js'
import { messageValues, readMessage } from '../resource/request-message.js'
import type { ResourceType } from '../schema/attribute.js'
import { type Precondition, preconditionOfVersion, unconditional } from '../versioning/precondition.js'
import { asWritten, parseTarget } from './url/target.js'

/** The operations in a body. Throws 400 invalidSyntax or invalidValue, and 413 for too many of them. */
export function bulkRequestFrom(call: Call, body: JsonValue): BulkRequest {
  const { values } = readMessage(body, 'BulkRequest', ['failOnErrors', 'Operations'], call.context.interop)
  const failOnErrors = failOnErrorsIn(values.failOnErrors)
  const operations = values.Operations
  if (!isArray(operations)) throw scimError.invalidSyntax('Operations is required and must be a list.')
  checkOperationCount(operations.length, call.engine.limits)
  const entries = operations.map((operation) => entryFrom(operation, call.engine, call.context.interop))
  return failOnErrors === undefined ? { entries } : { entries, failOnErrors }
}

// 0 could mean "stop before the first" or "never stop"; it is rejected because it is ambiguous.
function failOnErrorsIn(value: JsonValue | undefined): number | undefined {
  if (value === undefined) return undefined
  if (typeof value === 'number' && Number.isSafeInteger(value) && value > 0) return value
  throw scimError.invalidValue('failOnErrors must be a whole number above 0.')
}

// The parts of an invalid operation that were read before its error.
interface Known {
  method: BulkMethod | undefined
  bulkId?: string
  ref?: ResourceRef
}

function entryFrom(operation: JsonValue, engine: Engine, interop: InteropSwitches): BulkEntry {
  const known: Known = { method: undefined }
  try {
    return writeFrom(operation, engine, interop, known)
  } catch (error) {
    if (!(error instanceof ScimError)) throw error
    return { ...known, refusal: error }
  }
}

function writeFrom(operation: JsonValue, engine: Engine, interop: InteropSwitches, known: Known): BulkWrite {
  if (!isObject(operation)) throw scimError.invalidSyntax('Each operation must be a JSON object.')
  const values = messageValues(operation, operationAttributes)
  const bulkId = bulkIdIn(values.bulkId)
  const named = bulkId === undefined ? {} : { bulkId }
  Object.assign(known, named)
  const method = methodIn(values.method)
  known.method = method
  const { type: found, id } = placeIn(values.path, engine)
  const type = found.name
  if (method === 'POST') {
    if (id !== undefined) throw scimError.methodNotAllowed(resourceMethods(findType(engine, type)))
    const precondition = preconditionIn(values.version, engine)
    return { ...named, operation: { kind: 'create', type, body: dataIn(values.data), precondition } }
  }
  if (id === undefined) throw scimError.methodNotAllowed(collectionMethods(findType(engine, type)))
  const ref = { type, id }
  known.ref = ref
  const precondition = preconditionIn(values.version, engine)
  if (method === 'DELETE') return { ...named, operation: { kind: 'remove', ref, precondition } }
  const data = dataIn(values.data)
  if (method === 'PUT') return { ...named, operation: { kind: 'replace', ref, body: data, precondition } }
  const body = withPlainValues(patchOpIn(data, interop), found, interop, engine.limits)
  return { ...named, operation: { kind: 'patch', ref, body, precondition } }
}

const operationAttributes = ['method', 'bulkId', 'version', 'path', 'data'] as const

function bulkIdIn(value: JsonValue | undefined): string | undefined {
  if (value === undefined || (typeof value === 'string' && value !== '')) return value
  throw scimError.invalidValue('bulkId must be a non-empty string.')
}

const methods: readonly BulkMethod[] = ['POST', 'PUT', 'PATCH', 'DELETE']

// `method` is not caseExact.
function methodIn(value: JsonValue | undefined): BulkMethod {
  const name = typeof value === 'string' && value.length <= 6 ? value.toUpperCase() : ''
  const method = methods.find((known) => known === name)
  if (method === undefined) throw scimError.invalidSyntax('method must be POST, PUT, PATCH or DELETE.')
  return method
}

// `/Users`, `/Users/42`, `/Users/bulkId:qwerty`: relative to the SCIM root.
function placeIn(path: JsonValue | undefined, engine: Engine): { readonly type: ResourceType; readonly id?: string } {
  if (typeof path !== 'string') throw scimError.invalidSyntax('path is required and must be a string.')
  if (path.length > engine.limits.targetLength) throw scimError.uriTooLong(engine.limits.targetLength)
  const { segments } = parseTarget(path.startsWith('/') ? path : `/${path}`, '', asWritten)
  const [endpoint = '', id, more] = segments
  const type = more === undefined ? findTypeAt(engine, endpoint) : undefined
  if (type === undefined) throw scimError.notFound()
  return id === undefined ? { type } : { type, id }
}

// An entity tag, as RFC 7644 shows it, or a version as stores and agents know it. An invalid value never counts as
// "absent".
function preconditionIn(version: JsonValue | undefined, { limits, etag }: Engine): Precondition {
  if (version === undefined) return unconditional
  if (typeof version !== 'string') throw notAVersion()
  try {
    return preconditionOfVersion(version, limits, etag)
  } catch {
    throw notAVersion()
  }
}

const notAVersion = (): ScimError => scimError.invalidValue('version must be an entity tag, W/"…".')

function dataIn(data: JsonValue | undefined): JsonValue {
  if (data === undefined) throw scimError.invalidSyntax('data is required.')
  return data
}

// Some clients send the operations of a PATCH without the message around them.
function patchOpIn(data: JsonValue, { bareBulkOperations }: InteropSwitches): JsonValue {
  if (!isArray(data) || !bareBulkOperations) return data
  return Object.assign(emptyObject(), { schemas: [patchOpSchema], Operations: data })
}
