/** A slot for one hot resource at a time, and the knowledge that all clients share about it. */
import type { HistoryOperation, Value } from '@scimkit/linearizability'
import type { HotType } from './hot-type.js'

const mostTags = 6
const mostDeleted = 3

/** The knowledge about the current resource of the slot and its deleted predecessors. */
export interface Slot {
  readonly type: HotType
  /** The name of the resources in this slot; undefined for groups, whose names need not be unique. */
  readonly name: string | undefined
  /** The id of the current resource; undefined while none is known. */
  id: string | undefined
  /** The last tags that any client received, the newest at the end. */
  tags: readonly string[]
  value: Value | undefined
  /** The ids of the resources deleted last in this slot. */
  deletedIds: readonly string[]
}

/** A slot without a resource. */
export function emptySlot(type: HotType, name: string | undefined): Slot {
  return { type, name, id: undefined, tags: [], value: undefined, deletedIds: [] }
}

/** Updates a slot from the response of an operation. */
export function learn(slot: Slot, { request, answer }: HistoryOperation): void {
  if (answer.kind === 'unknown') return
  const { status, tag, value, id, found } = answer
  if (request.kind === 'POST') {
    if (id !== undefined) occupy(slot, id, tag, value)
  } else if (request.kind === 'SEARCH') {
    const [hit] = found ?? []
    if (hit !== undefined) occupy(slot, hit.id, hit.tag, hit.value)
  } else if (request.id === slot.id) {
    const isGone = status === 404 || (request.kind === 'DELETE' && status < 300)
    if (isGone) vacate(slot)
    else occupy(slot, request.id, tag, value)
  }
}

function occupy(slot: Slot, id: string, tag: string | undefined, value: Value | undefined): void {
  // A late response about a resource that was deleted since.
  if (slot.deletedIds.includes(id)) return
  if (slot.id !== id) vacate(slot)
  slot.id = id
  if (tag !== undefined && !slot.tags.includes(tag)) slot.tags = [...slot.tags, tag].slice(-mostTags)
  if (value !== undefined) slot.value = value
}

function vacate(slot: Slot): void {
  if (slot.id !== undefined) slot.deletedIds = [...slot.deletedIds, slot.id].slice(-mostDeleted)
  slot.id = undefined
  slot.tags = []
  slot.value = undefined
}
