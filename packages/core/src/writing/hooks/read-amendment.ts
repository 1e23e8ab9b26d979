/** The document that a hook of the host returned, checked like the body of a client. */
import { ScimError } from '../../errors.js'
import { interopFrom } from '../../interop.js'
import { isJson } from '../../json/is-json.js'
import { emptyObject, isObject, type JsonObject, type JsonValue, own } from '../../json/value.js'
import { changedNames } from '../../resource/changed-attributes.js'
import { withKey } from '../../resource/document.js'
import { ignoredNames } from '../../resource/ignored-names.js'
import { readResource } from '../../resource/read-resource.js'
import type { ResourceRef } from '../../resource/ref.js'
import { validateDocument } from '../../resource/validate-document.js'
import type { ResourceType } from '../../schema/attribute.js'

const strict = interopFrom('strict')

/**
 * The document to write in place of `next`. Only the attributes that the hook has changed are read again. Throws a
 * TypeError that names the hook and the reason if the result is no document of the type.
 */
export function readAmendment(
  type: ResourceType,
  ref: ResourceRef,
  next: JsonObject,
  amended: unknown,
  before: JsonObject | undefined,
): JsonObject {
  const refuse = (reason: string, cause?: unknown): TypeError =>
    new TypeError(`hooks.${type.name}.before: ${reason}; nothing was written`, { cause })
  if (!isJson(amended) || !isObject(amended)) throw refuse('expected undefined or a document, a plain JSON object')
  if (own(amended, 'id') !== next.id) throw refuse('the document must keep its id')
  const ignored = ignoredNames()
  try {
    const read = readResource(type, bodyOf(type, next, amended), { interop: strict, ignored })
    // Of the document that was read: a name may be in any letter case, and within the URN of its schema.
    if (own(read, 'password') !== undefined) throw refuse('a document has no password')
    if (type.members !== undefined && own(read, type.members.name) !== undefined) {
      throw refuse(`${type.members.name} cannot be changed by a hook`)
    }
    if (ignored.names.length > 0) throw refuse(`attributes that cannot be written: ${ignored.names.join(', ')}`)
    return validateDocument(type, ref.id, merged(next, amended, read), before)
  } catch (error) {
    if (error instanceof ScimError) throw refuse(error.message, error)
    throw error
  }
}

// What differs from `next`; an attribute of an extension within its URN.
function bodyOf(type: ResourceType, next: JsonObject, amended: JsonObject): JsonObject {
  const body = emptyObject()
  body.schemas = [type.schema.id]
  for (const name of changedKeys(next, amended)) {
    const value = own(amended, name)
    if (value !== undefined) body[name] = value
  }
  return body
}

function changedKeys(next: JsonObject, amended: JsonObject): ReadonlySet<string> {
  const names = Object.keys({ ...next, ...amended })
  const changed = changedNames(next, amended)
  return new Set(names.filter((name) => changed.some((one) => one === name || one.startsWith(`${name}:`))))
}

function merged(next: JsonObject, amended: JsonObject, read: JsonObject): JsonObject {
  let document = next
  for (const name of changedKeys(next, amended)) document = withKey(document, name, undefined)
  for (const name of Object.keys(read)) document = withKey(document, name, own(read, name) as JsonValue)
  return document
}
