/**
 * The rights to write, enforced on states: what is in a new document, and what differs between two. Whatever the form of
 * the request is, an attribute that the caller may not change does not change.
 * @see docs/adr/0065-rights-on-attributes.md
 */
import { isObject, type JsonObject, type JsonValue, jsonEqual, own } from '../../json/value.js'
import type { Attribute, ResourceType } from '../../schema/attribute.js'
import { mayNotChange } from './refusal.js'

/** Throws 403 for a value of an attribute that the caller may not write. `document` is that of a create, as it was read. */
export function checkCreated(type: ResourceType, document: JsonObject): void {
  checkChanged(type, undefined, document)
  if (type.members?.unwritable !== undefined && own(document, type.members.name) !== undefined) {
    throw mayNotChange(type.members)
  }
}

/** The changes that are not in the document. */
export interface ChangesBeside {
  readonly members: boolean
  readonly password: boolean
}

/**
 * Throws 403 for an attribute that differs between the stored document and the proposed one, and that the caller may not
 * change. Neither has members.
 */
export function checkChanged(
  type: ResourceType,
  before: JsonObject | undefined,
  after: JsonObject,
  beside: ChangesBeside = { members: false, password: false },
): void {
  if (type.unwritable === undefined) return
  const { members } = type
  if (beside.members && members?.unwritable !== undefined) throw mayNotChange(members)
  const password = type.attributes.get('password')
  if (beside.password && password?.unwritable !== undefined) throw mayNotChange(password)
  checkAttributes(type.attributes.values(), before, after, members)
  for (const { schema } of type.extensions) {
    const [was, is] = [before && own(before, schema.id), own(after, schema.id)]
    checkAttributes(schema.attributes.values(), objectIn(was), objectIn(is), undefined)
  }
}

function checkAttributes(
  attributes: Iterable<Attribute>,
  before: JsonObject | undefined,
  after: JsonObject | undefined,
  except: Attribute | undefined,
): void {
  for (const attribute of attributes) {
    if (attribute.unwritable === undefined || attribute === except) continue
    const [was, is] = [before && own(before, attribute.name), after && own(after, attribute.name)]
    if (was === is || jsonEqual(was, is)) continue
    if (attribute.unwritable === 'whole') throw mayNotChange(attribute)
    checkAttributes(attribute.subAttributes.values(), objectIn(was), objectIn(is), undefined)
  }
}

function objectIn(value: JsonValue | undefined): JsonObject | undefined {
  return isObject(value) ? value : undefined
}
