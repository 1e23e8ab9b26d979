/**
 * Applies operations to a document: a pure function, all or nothing because it throws before anything is stored.
 * A later operation sees what an earlier one did.
 * @see RFC 7644 §3.5.2.1 (add), §3.5.2.2 (remove), §3.5.2.3 (replace)
 */
import { scimError } from '../errors.js'
import { isObject, type JsonObject, type JsonValue, own } from '../json/value.js'
import { atOnce, type Steps } from '../pacing/portions.js'
import { isOwnSchema, pathOfExtensionKey, pathOfKey } from '../resource/read-key.js'
import { isServerMade } from '../resource/read-resource.js'
import { ignoreUnknown, noteGiven } from '../resource/read-value.js'
import type { AttributePath, ResourceType } from '../schema/attribute.js'
import { namesSchemaOf, startsWithUrn } from '../schema/path.js'
import type { AddOrReplace, PatchOperation, PatchPath } from './operation.js'
import type { Patching } from './patching.js'
import { isReadOnlyPath } from './read-only.js'
import { rejectDuplicates } from './reject-duplicates.js'
import { applyRemove } from './remove.js'
import { removeAt } from './remove-at.js'
import { setInEvery, setList, setMatching } from './set-elements.js'
import { setValue } from './set-value.js'

type KnownPath = Extract<PatchPath, { readonly known: true }>

/** The document after all operations. Throws 400 invalidValue, mutability, noTarget or tooMany. */
export function applyOperations(
  document: JsonObject,
  operations: readonly PatchOperation[],
  patching: Patching,
): JsonObject {
  return atOnce(applyOperationsInSteps(document, operations, patching))
}

/** {@link applyOperations} in steps. */
export function* applyOperationsInSteps(
  document: JsonObject,
  operations: readonly PatchOperation[],
  patching: Patching,
): Steps<JsonObject> {
  let patched = document
  for (const [number, operation] of operations.entries()) {
    if (number > 0) yield
    patched = yield* applyOne(patched, operation, patching)
  }
  return patched
}

function* applyOne(document: JsonObject, operation: PatchOperation, patching: Patching): Steps<JsonObject> {
  const { path } = operation
  if (path === undefined) {
    return operation.op === 'remove' ? document : yield* applyWithoutPath(document, operation, patching, new Set())
  }
  if (!path.known) {
    if (operation.op === 'remove') checkNotStored(patching.type, document, path.text)
    patching.ignored.add(path.text)
    return document
  }
  if (isReadOnlyPath(path.path)) {
    if (path.path.attribute?.name !== 'schemas') patching.ignored.add(path.path.text)
    return document
  }
  if (path.path.attribute !== undefined) noteGiven(path.path.sub ?? path.path.attribute, patching)
  return operation.op === 'remove'
    ? yield* applyRemove(document, operation, path, patching)
    : yield* applyAt(document, operation, path, patching, new Set())
}

// A server with other schemas may have stored an extension that this one does not know (docs/adr/0020): it would remain.
function checkNotStored(type: ResourceType, document: JsonObject, text: string): void {
  const unknown = Object.keys(document).filter((name) => name.includes(':') && !namesSchemaOf(type, name))
  if (unknown.some((urn) => startsWithUrn(text.toLowerCase(), urn)))
    throw scimError.invalidPath('path names an extension that this server does not support.')
}

// ── without path ─────────────────────────────────────────────────────────────────────────────────────────────────

// `seen` contains the attributes that this operation has set so far, in any spelling and container.
function* applyWithoutPath(
  document: JsonObject,
  operation: AddOrReplace,
  patching: Patching,
  seen: Set<string>,
): Steps<JsonObject> {
  const attributes = operation.value
  if (attributes === null) return document
  if (!isObject(attributes)) throw scimError.invalidValue(`${patching.type.schema.id} must be an object of attributes.`)
  let patched = document
  for (const key of Object.keys(attributes)) {
    const value = attributes[key] as JsonValue
    if (isOwnSchema(patching.type, key)) {
      patched = yield* applyWithoutPath(patched, { op: operation.op, path: undefined, value }, patching, seen)
      continue
    }
    const path = pathOfKey(patching.type, key, patching.interop)
    if (path === undefined) {
      ignoreUnknown(key, value, patching)
      continue
    }
    rejectDuplicates(seen, path, value)
    if (isServerMade(path)) checkEcho(document, path, value)
    else patched = yield* applyGiven(patched, operation.op, path, value, patching, seen)
  }
  return patched
}

// One attribute of an object of attributes.
function* applyGiven(
  document: JsonObject,
  op: AddOrReplace['op'],
  path: AttributePath,
  value: JsonValue,
  patching: Patching,
  seen: Set<string>,
): Steps<JsonObject> {
  if (!isReadOnlyPath(path)) {
    return yield* applyAt(
      document,
      { op, value, path: undefined },
      { known: true, path, filter: undefined },
      patching,
      seen,
    )
  }
  patching.ignored.add(path.text)
  return document
}

// Okta echoes the id in a rename, authentik `schemas` and `id`: the same id is no change, a different one is refused.
function checkEcho(document: JsonObject, path: AttributePath, value: JsonValue): void {
  if (path.attribute?.name === 'id' && path.sub === undefined && value !== null && value !== own(document, 'id')) {
    throw scimError.mutability('id is set by the server and cannot change.')
  }
}

// ── add and replace at a path ────────────────────────────────────────────────────────────────────────────────────

function* applyAt(
  document: JsonObject,
  operation: AddOrReplace,
  target: KnownPath,
  patching: Patching,
  seen: Set<string>,
): Steps<JsonObject> {
  const { path, filter } = target
  if (path.attribute === undefined) return yield* applyToExtension(document, operation, path, patching, seen)
  if (filter !== undefined) return setMatching(document, operation, path, path.attribute, filter, patching)
  if (path.sub !== undefined && path.attribute.multiValued) {
    return setInEvery(document, operation, path, path.attribute, path.sub, patching)
  }
  if (path.attribute.multiValued) return yield* setList(document, operation, path, path.attribute, patching)
  return setValue(document, operation, path, path.sub ?? path.attribute, patching)
}

// An extension object is merged into the stored one; it never replaces the extension as a whole (IDP-6).
function* applyToExtension(
  document: JsonObject,
  operation: AddOrReplace,
  path: AttributePath,
  patching: Patching,
  seen: Set<string>,
): Steps<JsonObject> {
  const { extension } = path
  if (extension === undefined) return document
  if (operation.value === null) return removeAt(patching.type, document, path)
  if (!isObject(operation.value)) throw scimError.invalidValue(`${extension.id} must be an object of attributes.`)
  let patched = document
  for (const name of Object.keys(operation.value)) {
    const value = operation.value[name] as JsonValue
    const inside = pathOfExtensionKey(patching.type, extension, name, patching.interop)
    if (inside === undefined) {
      ignoreUnknown(`${extension.id}:${name}`, value, patching)
      continue
    }
    rejectDuplicates(seen, inside, value)
    patched = yield* applyGiven(patched, operation.op, inside, value, patching, seen)
  }
  return patched
}
