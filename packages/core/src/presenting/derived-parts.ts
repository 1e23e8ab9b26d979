/**
 * The parts of a response that are not in the stored document: `meta`, members, groups, the name of a manager.
 * @see RFC 7643 §3.1 (`meta`), §4.1.2 (`groups`)
 */
import type { Call } from '../engine/call.js'
import { emptyObject, type JsonObject, type MutableJsonObject, shallowCopy } from '../json/value.js'
import type { GroupMembership, Stored } from '../provider/provider.js'
import { withKey } from '../resource/document.js'
import { managerOf } from '../resource/manager.js'
import type { Member } from '../resource/member.js'
import type { ResourceRef } from '../resource/ref.js'
import type { ResourceType } from '../schema/attribute.js'

/** The absolute URL of a resource. */
export function locationOf(call: Call, ref: ResourceRef): string {
  const endpoint = call.engine.types.get(ref.type)?.endpoint ?? `/${ref.type}`
  return `${call.context.baseUrl}${endpoint}/${encodeURIComponent(ref.id)}`
}

/** `meta` of a resource; `tag` is its version. @see RFC 7643 §3.1 */
export function metaOf(call: Call, stored: Stored, tag: string): JsonObject {
  const meta = emptyObject()
  meta.resourceType = stored.ref.type
  meta.created = stored.created
  meta.lastModified = stored.lastModified
  meta.location = locationOf(call, stored.ref)
  meta.version = tag
  return meta
}

/** Adds the members of a group and the groups of a user to a document. */
export function addRows(call: Call, type: ResourceType, document: MutableJsonObject, stored: Stored): void {
  const { members = [], derived } = stored
  if (type.members !== undefined && members.length > 0) {
    document[type.members.name] = members.map((member) => memberValue(call, member))
  }
  if (derived?.groups !== undefined && derived.groups.length > 0) {
    document.groups = derived.groups.map((group) => groupValue(call, group))
  }
}

/** A member as a client sees it. */
export function memberValue(call: Call, member: Member): JsonObject {
  const value = emptyObject()
  value.value = member.value
  if (member.type !== undefined) {
    value.type = member.type
    if (call.engine.types.has(member.type)) value.$ref = locationOf(call, { type: member.type, id: member.value })
  }
  if (member.display !== undefined) value.display = member.display
  return value
}

function groupValue(call: Call, group: GroupMembership): JsonObject {
  const value = emptyObject()
  value.value = group.value
  value.$ref = locationOf(call, { type: 'Group', id: group.value })
  if (group.display !== undefined) value.display = group.display
  value.type = group.type
  return value
}

/** The document with the `$ref` and the name of its manager; the same document if it has none. */
export function withManager(call: Call, type: ResourceType, document: JsonObject, stored: Stored): JsonObject {
  const found = managerOf(type, document)
  if (found === undefined) return document
  const { urn, extension, manager, id } = found
  const shown = shallowCopy(manager)
  shown.$ref = locationOf(call, { type: 'User', id })
  const displayName = stored.derived?.managerDisplayName
  if (displayName !== undefined) shown.displayName = displayName
  return withKey(document, urn, withKey(extension, 'manager', shown))
}
