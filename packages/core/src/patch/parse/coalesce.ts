/**
 * Clients add or remove members one operation each (authentik), a thousand in a request. Consecutive operations of one
 * kind are combined, which has the same result at the cost of one.
 */
import { isArray, type JsonValue } from '../../json/value.js'
import type { ResourceType } from '../../schema/attribute.js'
import type { PatchOperation, Remove } from '../operation.js'

/**
 * The operations, with consecutive member additions and consecutive member removals by id combined. Once per request:
 * the result depends on the operations alone, and a write may be retried many times.
 */
export function coalesceMembers(type: ResourceType, operations: readonly PatchOperation[]): readonly PatchOperation[] {
  const result: PatchOperation[] = []
  let run: Run | undefined
  for (const operation of operations) {
    const plain = plainMemberChange(type, operation)
    if (plain !== undefined && plain.op === run?.first.op) {
      for (const value of listOf(plain.value)) run.values.push(value)
      run.length += 1
    } else {
      if (run !== undefined) result.push(joined(run))
      run = plain && { first: plain, values: [...listOf(plain.value)], length: 1 }
      if (plain === undefined) result.push(operation)
    }
  }
  if (run !== undefined) result.push(joined(run))
  return result
}

interface Run {
  readonly first: PatchOperation
  readonly values: JsonValue[]
  length: number
}

function joined({ first, values, length }: Run): PatchOperation {
  return length === 1 ? first : ({ ...first, value: values } as PatchOperation)
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

// A filter compares text in any Unicode form, a list of ids compares it exactly; in ASCII there is only one form.
function isPlainId(text: string): boolean {
  for (let i = 0; i < text.length; i++) if (text.charCodeAt(i) > 0x7e) return false
  return text !== ''
}

function listOf(value: JsonValue | undefined): readonly JsonValue[] {
  if (value === undefined || value === null) return []
  return isArray(value) ? value : [value]
}
