/**
 * From a PatchOp body to operations. Everything that can be refused without the resource is refused here.
 * @see RFC 7644 §3.5.2
 */
import { scimError } from '../errors.js'
import { endOfBracket } from '../filter/brackets.js'
import { parseBracketFilter } from '../filter/parse.js'
import type { InteropSwitches } from '../interop.js'
import { isArray, isObject, type JsonObject, type JsonValue } from '../json.js'
import type { Limits } from '../limits.js'
import { isOwnSchema } from '../resource/read-key.js'
import { isServerMade } from '../resource/read-resource.js'
import type { Attribute, AttributePath, ResourceType } from '../schema/attribute.js'
import { isAttributePathText } from '../schema/attribute-name.js'
import { resolvePath } from '../schema/path.js'
import { coalesceMembers } from './coalesce.js'
import type { PatchOperation, PatchPath } from './operation.js'

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
  const parsed = operations.map((operation) => parseOperation(operation, type, interop, limits))
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
): PatchOperation {
  if (!isObject(operation)) throw scimError.invalidSyntax('Each operation must be a JSON object.')
  const op = operationName(messageValue(operation, 'op'))
  const pathText = messageValue(operation, 'path')
  const value = messageValue(operation, 'value')
  const path = isNoPath(type, pathText) ? undefined : parsePath(pathText, type, interop, limits)
  if (op === 'remove') {
    if (path === undefined) throw scimError.noTarget('remove needs a path.')
    if (value === null && path.known && path.path.attribute?.multiValued) {
      // "Remove nobody" or "remove all"? Whoever means all leaves the value out.
      throw scimError.invalidValue(
        `remove at ${path.path.text} with a value of null: leave the value out to remove all.`,
      )
    }
    const named = value === null ? undefined : value
    if (named !== undefined && !interop.removeWithValue) {
      throw scimError.invalidValue('remove takes no value; name the values in the path, like members[value eq "…"].')
    }
    return { op, path, value: named }
  }
  if (value === undefined) throw scimError.invalidValue(`${op} needs a value.`)
  if (path === undefined && !isObject(value)) {
    throw scimError.invalidValue(`${op} without path needs an object of attributes as its value.`)
  }
  return { op, path, value }
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

function parsePath(text: JsonValue, type: ResourceType, interop: InteropSwitches, limits: Limits): PatchPath {
  if (typeof text !== 'string') throw scimError.invalidPath('path must be text.')
  if (text.length > limits.patchPathLength) {
    throw scimError.invalidPath(`path is longer than ${limits.patchPathLength} characters.`)
  }
  const open = text.indexOf('[')
  const before = open === -1 ? text : text.slice(0, open)
  const path = resolvePath(type, before, interop)
  if (path === undefined && !isAttributePathText(before)) {
    throw scimError.invalidPath('path is not an attribute path of RFC 7644, figure 7.')
  }
  if (open === -1) return path === undefined ? unknownPath(text, interop) : checkedPath(path, undefined, interop)
  const close = endOfBracket(text, open)
  if (close === undefined) throw scimError.invalidPath('path has a "[" that nothing closes.')
  const subName = subAttributeAfter(text, close)
  if (path === undefined) return unknownPath(before, interop)
  const hasElements = path.attribute?.type === 'complex' || path.attribute?.multiValued === true
  if (!hasElements || path.sub !== undefined) {
    throw scimError.invalidPath(`${path.text} has no parts to filter on.`)
  }
  const filter = parseBracketFilter(text.slice(open + 1, close), path, interop, limits)
  if (subName === undefined) return checkedPath(path, filter, interop)
  const sub = path.attribute.subAttributes.get(subName.toLowerCase())
  return sub === undefined
    ? unknownPath(`${path.text}.${subName}`, interop)
    : checkedPath(partOf(path, sub), filter, interop)
}

function partOf(path: AttributePath, sub: Attribute): AttributePath {
  return { ...path, text: sub.path, sub }
}

function subAttributeAfter(text: string, close: number): string | undefined {
  if (close === text.length - 1) return undefined
  const name = text.slice(close + 2)
  if (text[close + 1] !== '.' || !isAttributePathText(name) || name.includes('.') || name.includes(':')) {
    throw scimError.invalidPath('path may have only one sub-attribute after "]".')
  }
  return name
}

// security requirement 1: a path that names id or meta is refused in every spelling; `schemas` is the server's too,
// but clients echo it, and what they mean is what it says already.
function checkedPath(path: AttributePath, filter: PatchPathFilter, interop: InteropSwitches): PatchPath {
  if (isServerMade(path) && path.attribute?.name !== 'schemas') {
    throw scimError.mutability(`${path.text} is made by the server.`)
  }
  // A password that nobody takes is ignored in every mode; see scim.ts.
  const isUnusedPassword = path.attribute?.returned === 'never'
  const readOnly =
    (path.attribute?.mutability === 'readOnly' && !isUnusedPassword) || path.sub?.mutability === 'readOnly'
  if (readOnly && !interop.readOnlyPatchPaths) throw scimError.mutability(`${path.text} is readOnly.`)
  return { known: true, path, filter }
}

type PatchPathFilter = Extract<PatchPath, { readonly known: true }>['filter']

function unknownPath(text: string, interop: InteropSwitches): PatchPath {
  if (!interop.unknownPatchPaths)
    throw scimError.invalidPath('path names an attribute that no schema of this type knows.')
  return { known: false, text }
}
