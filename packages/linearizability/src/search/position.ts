/** A configuration of the search: the register state, the linearized steps, and how to apply and undo moves. */

import { absent, type RegisterState } from '../registers/register.js'
import { isOpen, type Step } from '../registers/step.js'
import { type Pending, pendingSteps } from './pending.js'
import { type PredecessorIndex, predecessorIndex } from './predecessor-index.js'
import { type Tag, type TagIndex, tagIndexOf } from './tag-index.js'

/** A step with an unknown outcome: it may have had no effect. */
export interface OpenStep {
  readonly step: Step
  /** Its bit in {@link Position.usedUp}. */
  readonly bit: bigint
}

/** One move of the search: the linearized step and the resulting state. */
export type Move =
  | { readonly kind: 'closed'; readonly index: number; readonly step: Step; readonly state: RegisterState }
  | { readonly kind: 'open'; readonly open: OpenStep; readonly step: Step; readonly state: RegisterState }

/** A configuration: one possible prefix of a linearization. */
export interface Position {
  /** The state after a removal. */
  readonly removed: RegisterState
  /** Steps with a known outcome, sorted by invocation. */
  readonly closed: readonly Step[]
  readonly open: readonly OpenStep[]
  readonly pending: Pending
  readonly tagIndex: TagIndex
  readonly predecessors: PredecessorIndex
  /** The moves that led here, each with the state before it. */
  readonly played: { readonly move: Move; readonly before: RegisterState }[]
  state: RegisterState
  /** The bits of everything that can occur only once: open steps, and tags that only open steps mention. */
  usedUp: bigint
  readonly bitOfTag: ReadonlyMap<Tag, bigint>
}

/** The initial configuration. */
export function startingPosition(steps: readonly Step[], removed: RegisterState): Position {
  const sorted = [...steps].sort((one, other) => one.invoked - other.invoked)
  const closed = sorted.filter((step) => !isOpen(step))
  const tagIndex = tagIndexOf(sorted)
  const open = sorted.filter(isOpen).map((step, i) => ({ step, bit: 1n << BigInt(i) }))
  // For all other tags, the linearized closed steps that need them show whether they have appeared.
  const unneeded = tagIndex.all.filter(({ needed }) => needed.length === 0)
  const bitOfTag = new Map(unneeded.map((tag, i) => [tag, 1n << BigInt(open.length + i)]))
  return {
    removed,
    closed,
    open,
    pending: pendingSteps(closed),
    tagIndex,
    predecessors: predecessorIndex(sorted, tagIndex.all),
    played: [],
    state: absent,
    usedUp: 0n,
    bitOfTag,
  }
}

/** Applies a move. */
export function play(position: Position, move: Move): void {
  const { state, tagIndex, pending, predecessors } = position
  position.played.push({ move, before: state })
  if (move.kind === 'closed') {
    pending.take(move.index)
    tagIndex.count(move.step, 1)
    predecessors.finish(move.step, true)
  } else {
    position.usedUp |= move.open.bit
    predecessors.use(move.step, true)
  }
  if (move.state !== state) note(position, move.state, true)
  position.state = move.state
}

/** Undoes moves until `length` moves are left. */
export function takeBack(position: Position, length: number): void {
  const { played, tagIndex, pending, predecessors } = position
  while (played.length > length) {
    const last = played.pop()
    if (last === undefined) return
    const { move, before } = last
    if (move.state !== before) note(position, move.state, false)
    if (move.kind === 'closed') {
      pending.putBack(move.index)
      tagIndex.count(move.step, -1)
      predecessors.finish(move.step, false)
    } else {
      position.usedUp &= ~move.open.bit
      predecessors.use(move.step, false)
    }
    position.state = before
  }
}

function note(position: Position, state: RegisterState, isPresent: boolean): void {
  if (state.kind !== 'present' || state.tag === undefined) return
  const tag = position.tagIndex.tag(state.tag)
  if (tag === undefined) return
  tag.appeared = isPresent
  position.predecessors.enter(tag, isPresent)
  const bit = position.bitOfTag.get(tag) ?? 0n
  position.usedUp = isPresent ? position.usedUp | bit : position.usedUp & ~bit
}
