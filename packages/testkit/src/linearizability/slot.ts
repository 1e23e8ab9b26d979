/** A place that many clients want: one hot resource after the other, and what all clients together know of it. */
import type { HotType } from './hot-type.js'
import type { HistoryOperation } from './operation.js'
import type { Value } from './value.js'

const mostTags = 6
const mostFormer = 3

/** What is known of the resource that stands here now, and of those before it. */
export interface Slot {
  readonly type: HotType
  /** The name of whoever stands here; undefined for groups, which may share theirs. */
  readonly name: string | undefined
  /** Undefined while nobody is known to stand here. */
  id: string | undefined
  /** The last tags that anybody saw of it, the newest at the end. */
  tags: readonly string[]
  value: Value | undefined
  /** The last ids that were deleted here. */
  former: readonly string[]
}

/** A slot with nobody in it. */
export function emptySlot(type: HotType, name: string | undefined): Slot {
  return { type, name, id: undefined, tags: [], value: undefined, former: [] }
}

/** Notes what an operation has told about its slot. */
export function learn(slot: Slot, { request, answer }: HistoryOperation): void {
  if (answer.kind === 'unknown') return
  const { status, tag, value, id, found } = answer
  if (request.kind === 'POST') {
    if (id !== undefined) settle(slot, id, tag, value)
  } else if (request.kind === 'SEARCH') {
    const [hit] = found ?? []
    if (hit !== undefined) settle(slot, hit.id, hit.tag, hit.value)
  } else if (request.id === slot.id) {
    const isGone = status === 404 || (request.kind === 'DELETE' && status < 300)
    if (isGone) leave(slot)
    else settle(slot, request.id, tag, value)
  }
}

function settle(slot: Slot, id: string, tag: string | undefined, value: Value | undefined): void {
  // A late answer about one that was deleted since.
  if (slot.former.includes(id)) return
  if (slot.id !== id) leave(slot)
  slot.id = id
  if (tag !== undefined && !slot.tags.includes(tag)) slot.tags = [...slot.tags, tag].slice(-mostTags)
  if (value !== undefined) slot.value = value
}

function leave(slot: Slot): void {
  if (slot.id !== undefined) slot.former = [...slot.former, slot.id].slice(-mostFormer)
  slot.id = undefined
  slot.tags = []
  slot.value = undefined
}
