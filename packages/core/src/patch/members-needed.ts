/**
 * Which members a PATCH must see to be exact: adding or removing a few of a hundred thousand reads those few alone.
 * @see RFC 7644 §3.5.2
 */
import type { InteropSwitches } from '../interop.js'
import { isArray, isObject, type JsonValue } from '../json/value.js'
import type { MembersNeed } from '../resource/member.js'
import { isOwnSchema, pathOfKey } from '../resource/read-key.js'
import type { Attribute, ResourceType } from '../schema/attribute.js'
import type { AddOrReplace, PatchOperation, Remove } from './operation.js'
import { idRemoved } from './parse/coalesce.js'

/** The members that these operations can read or change, together. */
export function membersNeeded(
  type: ResourceType,
  operations: readonly PatchOperation[],
  interop: InteropSwitches,
): MembersNeed {
  if (type.members === undefined) return 'none'
  const ids = new Set<string>()
  for (const operation of operations) {
    const named = operation.op === 'remove' ? idsRemoved(type.members, operation) : idsGiven(type, operation, interop)
    if (named === 'all') return 'all'
    for (const id of named) ids.add(id)
  }
  return ids.size === 0 ? 'none' : { only: [...ids] }
}

type Ids = readonly string[] | 'all'

function idsGiven(type: ResourceType, operation: AddOrReplace, interop: InteropSwitches): Ids {
  const { path, value, op } = operation
  if (path === undefined) {
    if (!isObject(value)) return []
    // The core URN as a container is rare; then all members are read.
    if (Object.keys(value).some((key) => isOwnSchema(type, key))) return 'all'
    const paths = Object.keys(value).map((key) => ({ key, path: pathOfKey(type, key, interop) }))
    const [first, ...others] = paths.filter(({ path }) => path?.attribute === type.members)
    if (first === undefined) return []
    const isPlainAdd = op === 'add' && others.length === 0 && first.path?.sub === undefined
    return isPlainAdd ? idsOf(value[first.key]) : 'all'
  }
  if (!path.known || path.path.attribute !== type.members) return []
  return op === 'add' && path.filter === undefined && path.path.sub === undefined ? idsOf(value) : 'all'
}

function idsRemoved(members: Attribute, { path, value }: Remove): Ids {
  if (!path.known || path.path.attribute !== members || path.path.sub !== undefined) {
    return path.known && path.path.attribute === members ? 'all' : []
  }
  if (path.filter !== undefined) {
    const id = idRemoved({ op: 'remove', path, value })
    return id === undefined ? 'all' : [id]
  }
  return value === undefined ? 'all' : idsOf(value)
}

// Only ids in the usual form; for any other form all members are read, and an error is reported there.
function idsOf(value: JsonValue | undefined): Ids {
  const ids: string[] = []
  for (const element of isArray(value) ? value : [value]) {
    const id = isObject(element) ? memberId(element) : element
    if (typeof id === 'string') ids.push(id)
    else if (id !== null && id !== undefined) return 'all'
  }
  return ids
}

function memberId(element: { readonly [name: string]: JsonValue }): JsonValue | undefined {
  const key = Object.keys(element).find((name) => name.toLowerCase() === 'value')
  return key === undefined ? undefined : element[key]
}
