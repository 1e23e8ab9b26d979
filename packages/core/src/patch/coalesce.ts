/**
 * Clients add or remove members one operation each (authentik), a thousand in a request. Neighbours of one kind are
 * made one, which comes to the same and costs once.
 */
import { isArray, type JsonValue } from '../json.js'
import type { ResourceType } from '../schema/attribute.js'
import type { PatchOperation, Remove } from './operation.js'

/** The operations with runs of member additions, and runs of member removals by id, made one each. */
export function coalesceMembers(type: ResourceType, operations: readonly PatchOperation[]): readonly PatchOperation[] {
  const result: PatchOperation[] = []
  for (const operation of operations) {
    const plain = plainMemberChange(type, operation)
    const last = result.at(-1)
    const before = plain && last && plainMemberChange(type, last)
    if (plain !== undefined && before !== undefined && plain.op === before.op) {
      result[result.length - 1] = {
        ...plain,
        value: [...listOf(before.value), ...listOf(plain.value)],
      } as PatchOperation
    } else {
      result.push(plain ?? operation)
    }
  }
  return result
}

// `add members […]`, `remove members […]` and `remove members[value eq "id"]`, with their values as a list.
function plainMemberChange(type: ResourceType, operation: PatchOperation): PatchOperation | undefined {
  const { path } = operation
  if (type.members === undefined || !path?.known || path.path.attribute !== type.members) return undefined
  if (path.path.sub !== undefined) return undefined
  if (path.filter === undefined)
    return operation.op === 'replace' || operation.value === undefined ? undefined : operation
  const id = operation.op === 'remove' ? idRemoved(operation) : undefined
  if (id === undefined || operation.op !== 'remove') return undefined
  return { ...operation, path: { ...path, filter: undefined }, value: [{ value: id }] }
}

/** The id in `members[value eq "id"]`; undefined for any other filter, or for a removal that gives values as well. */
export function idRemoved({ path, value }: Remove): string | undefined {
  const filter = path.known ? path.filter : undefined
  if (value !== undefined || filter?.kind !== 'compare' || filter.operator !== 'eq') return undefined
  const isId = filter.path.known && filter.path.compared?.name === 'value' && filter.path.compared.caseExact
  return isId && typeof filter.value === 'string' && isPlainId(filter.value) ? filter.value : undefined
}

// A filter compares text in any Unicode form, a list of ids as it stands; in ASCII there is but one form.
function isPlainId(text: string): boolean {
  for (let i = 0; i < text.length; i++) if (text.charCodeAt(i) > 0x7e) return false
  return text !== ''
}

function listOf(value: JsonValue | undefined): readonly JsonValue[] {
  if (value === undefined || value === null) return []
  return isArray(value) ? value : [value]
}
