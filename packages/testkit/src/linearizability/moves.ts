/** Which turns the rules allow next. */
import type { Frontier } from './pending.js'
import type { Move, OpenStep, Position } from './position.js'
import { after, type RegisterState } from './register.js'
import { isOpen, type Step } from './step.js'
import { tagsNeeded } from './tag-book.js'

/** The state that a step leads to if it is next; undefined if it cannot be. */
export function stateAfter(position: Position, step: Step): RegisterState | undefined {
  const { state, removed } = position
  const next = after(state, step.claim, removed)
  if (next === undefined || next === state) return next
  return mayLeave(position, step) && mayEnter(position, step, next) ? next : undefined
}

/**
 * A closed step that may be next and changes nothing. It can be taken without trying anything else: whoever has it
 * later in a lawful order may as well have it now, because it minds nobody and nobody minds it.
 */
export function findObservation(position: Position, { indexes }: Frontier): Move | undefined {
  const { closed, state, removed } = position
  for (const index of indexes) {
    const step = closed[index]
    if (step !== undefined && after(state, step.claim, removed) === state) return { kind: 'closed', index, step, state }
  }
  return undefined
}

/** The closed steps that may be next, the likeliest first: those that fit hardly anywhere else, those that ended first. */
export function closedMoves(position: Position, { indexes }: Frontier): readonly Move[] {
  const moves: Move[] = []
  for (const index of indexes) {
    const step = position.closed[index]
    const state = step && stateAfter(position, step)
    if (step !== undefined && state !== undefined) moves.push({ kind: 'closed', index, step, state })
  }
  return moves.sort((one, other) => fit(other) - fit(one) || one.step.returned - other.step.returned)
}

// A PATCH that shows what it led to, or a write of a certain version, fits hardly anywhere else.
function fit({ step: { claim } }: Move): number {
  if (claim.kind !== 'writes') return 0
  return claim.expected !== undefined || (claim.change.kind !== 'put' && claim.value !== undefined) ? 1 : 0
}

/** The open steps that may have taken effect now, each under every tag that may be the one it brought. */
export function openMoves(position: Position, frontier: Frontier): readonly Move[] {
  const next = frontier.indexes.flatMap((index) => position.closed[index] ?? [])
  const available = position.open.filter(
    ({ step, bit }) => (position.usedUp & bit) === 0n && step.invoked <= frontier.deadline,
  )
  return available.flatMap((open) => effectsOf(position, open, next, available))
}

function effectsOf(
  position: Position,
  open: OpenStep,
  next: readonly Step[],
  available: readonly OpenStep[],
): readonly Move[] {
  const { step } = open
  const state = after(position.state, step.claim, position.removed)
  if (state === undefined || !mayLeave(position, step)) return []
  if (state.kind !== 'present') return [{ kind: 'open', open, step, state }]
  const effects: Move[] = []
  for (const { name } of position.book.tagsFor(state.value)) {
    const tagged: RegisterState = { ...state, tag: name }
    if (mayEnter(position, step, tagged)) effects.push({ kind: 'open', open, step, state: tagged })
  }
  const others = available.flatMap((other) => (other === open ? [] : other.step))
  const isWorthwhile =
    step.claim.kind === 'creates' ||
    position.lineage.isOfUse(state.value, next) ||
    [...next, ...others].some((other) => isUnlike(other, position.state))
  if (isWorthwhile) effects.push({ kind: 'open', open, step, state })
  return effects
}

/**
 * Under a tag that nobody has seen an open step may have taken effect at any time. It need not be thought of unless
 * the next closed step but observations could not be without it: because it shows what the open step has left, or
 * because it could not be with the tag that stands now. Everything else can be as well without the open step, which
 * then takes no effect at all.
 */
function isUnlike({ claim }: Step, state: RegisterState): boolean {
  if (claim.kind !== 'differs' && claim.kind !== 'writes' && claim.kind !== 'removes') return false
  return claim.unlike !== undefined && state.kind === 'present' && claim.unlike === state.tag
}

/** Whether nobody else needs the tag that stands now. */
export function mayLeave({ state, book }: Position, step: Step): boolean {
  if (state.kind !== 'present' || state.tag === undefined) return true
  const own = !isOpen(step) && tagsNeeded(step).includes(state.tag) ? 1 : 0
  return (book.tag(state.tag)?.waiting ?? 0) === own
}

/** Whether a step may bring a state now: see the rules of tags. */
export function mayEnter(position: Position, step: Step, next: RegisterState): boolean {
  if (next.kind !== 'present' || next.tag === undefined) return true
  const tag = position.book.tag(next.tag)
  if (tag === undefined) return true
  if (tag.value !== undefined && tag.value.key !== next.value.key) return false
  if (tag.writers.some((other) => other !== step && after(next, other.claim, position.removed) !== next)) return false
  return position.pending.findReturned(tag.lastInvoked, (other) => isInTheWay(other, tag.name)) === undefined
}

/** Whether a step cannot have its turn while this tag stands. */
export function isInTheWay(step: Step, tag: string): boolean {
  const { kind } = step.claim
  return kind !== 'differs' && kind !== 'present' && !tagsNeeded(step).includes(tag)
}
