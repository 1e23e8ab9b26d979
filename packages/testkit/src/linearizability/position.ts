/** Where the search is: what the register holds, who has had a turn, and how to go on and back. */
import { type Lineage, lineageOf } from './lineage.js'
import { type Pending, pendingSteps } from './pending.js'
import { absent, type RegisterState } from './register.js'
import { isOpen, type Step } from './step.js'
import { type Tag, type TagBook, tagBook } from './tag-book.js'

/** A step that may have had no effect. */
export interface OpenStep {
  readonly step: Step
  /** Its bit in {@link Position.usedUp}. */
  readonly bit: bigint
}

/** One turn: whose, and what it leads to. */
export type Move =
  | { readonly kind: 'closed'; readonly index: number; readonly step: Step; readonly state: RegisterState }
  | { readonly kind: 'open'; readonly open: OpenStep; readonly step: Step; readonly state: RegisterState }

/** A way that a register may have gone so far. */
export interface Position {
  /** What a removal leads to. */
  readonly removed: RegisterState
  /** Steps whose end is known, by invocation. */
  readonly closed: readonly Step[]
  readonly open: readonly OpenStep[]
  readonly pending: Pending
  readonly book: TagBook
  readonly lineage: Lineage
  /** The moves that led here, each with the state before it. */
  readonly played: { readonly move: Move; readonly before: RegisterState }[]
  state: RegisterState
  /** The bits of all that can be had once: open steps, and tags of which only open steps tell. */
  usedUp: bigint
  readonly bitOfTag: ReadonlyMap<Tag, bigint>
}

/** Before the first turn. */
export function startingPosition(steps: readonly Step[], removed: RegisterState): Position {
  const sorted = [...steps].sort((one, other) => one.invoked - other.invoked)
  const closed = sorted.filter((step) => !isOpen(step))
  const book = tagBook(sorted)
  const open = sorted.filter(isOpen).map((step, i) => ({ step, bit: 1n << BigInt(i) }))
  // Of any other tag the closed steps that needed it tell whether it has stood.
  const untold = book.all.filter(({ needed }) => needed.length === 0)
  const bitOfTag = new Map(untold.map((tag, i) => [tag, 1n << BigInt(open.length + i)]))
  return {
    removed,
    closed,
    open,
    pending: pendingSteps(closed),
    book,
    lineage: lineageOf(sorted, book.all),
    played: [],
    state: absent,
    usedUp: 0n,
    bitOfTag,
  }
}

/** Makes a move. */
export function play(position: Position, move: Move): void {
  const { state, book, pending, lineage } = position
  position.played.push({ move, before: state })
  if (move.kind === 'closed') {
    pending.take(move.index)
    book.count(move.step, 1)
    lineage.finish(move.step, true)
  } else {
    position.usedUp |= move.open.bit
    lineage.use(move.step, true)
  }
  if (move.state !== state) note(position, move.state, true)
  position.state = move.state
}

/** Takes moves back until only so many are left. */
export function takeBack(position: Position, length: number): void {
  const { played, book, pending, lineage } = position
  while (played.length > length) {
    const last = played.pop()
    if (last === undefined) return
    const { move, before } = last
    if (move.state !== before) note(position, move.state, false)
    if (move.kind === 'closed') {
      pending.putBack(move.index)
      book.count(move.step, -1)
      lineage.finish(move.step, false)
    } else {
      position.usedUp &= ~move.open.bit
      lineage.use(move.step, false)
    }
    position.state = before
  }
}

function note(position: Position, state: RegisterState, stands: boolean): void {
  if (state.kind !== 'present' || state.tag === undefined) return
  const tag = position.book.tag(state.tag)
  if (tag === undefined) return
  tag.stood = stands
  position.lineage.enter(tag, stands)
  const bit = position.bitOfTag.get(tag) ?? 0n
  position.usedUp = stands ? position.usedUp | bit : position.usedUp & ~bit
}
