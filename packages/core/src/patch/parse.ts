/**
 * From a PatchOp body to operations. Everything that can be refused without the resource is refused here.
 * @see RFC 7644 §3.5.2
 */
import { scimError } from '../errors.js'
import { endOfBracket } from '../filter/brackets.js'
import { parseBracketFilter } from '../filter/parse.js'
import type { InteropSwitches } from '../interop.js'
import { isArray, isObject, type JsonValue } from '../json.js'
import type { Limits } from '../limits.js'
import { messageUrn, messageValues, namesMessage, readMessage } from '../resource/message.js'
import { isServerMade } from '../resource/read-resource.js'
import type { Attribute, AttributePath, ResourceType } from '../schema/attribute.js'
import { isAttributePathText } from '../schema/attribute-name.js'
import { resolvePath } from '../schema/path.js'
import { coalesceMembers } from './coalesce.js'
import { isNoPath } from './no-path.js'
import type { PatchOperation, PatchPath } from './operation.js'
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
  const parsed = operations.map((operation) => parseOperation(operation, type, interop, limits, unwrap))
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
): PatchOperation {
  if (!isObject(operation)) throw scimError.invalidSyntax('Each operation must be a JSON object.')
  const { op: opText, path: pathText, value } = messageValues(operation, ['op', 'path', 'value'], ['value'])
  const op = operationName(opText)
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
  if (path !== undefined) return { op, path, value }
  const attributes = unwrap(value)
  if (attributes !== undefined) return { op, path, value: attributes }
  throw scimError.invalidValue(`${op} without path needs an object of attributes as its value.`)
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
