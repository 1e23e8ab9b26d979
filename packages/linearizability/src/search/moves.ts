/** The moves that the rules allow next. */

import { after, type RegisterState } from '../registers/register.js'
import { isOpen, type Step } from '../registers/step.js'
import type { Frontier } from './pending.js'
import type { Move, OpenStep, Position } from './position.js'
import { tagsNeeded } from './tag-index.js'

/** The state after a step if it is linearized next; undefined if that is not allowed. */
export function stateAfter(position: Position, step: Step): RegisterState | undefined {
  const { state, removed } = position
  const next = after(state, step.claim, removed)
  if (next === undefined || next === state) return next
  return mayLeave(position, step) && mayEnter(position, step, next) ? next : undefined
}

/**
 * A closed step that may be next and does not change the state. It can be linearized without alternatives: any valid order
 * that has it later is also valid with it now, because it commutes with all other steps in between.
 */
export function findObservation(position: Position, { indexes }: Frontier): Move | undefined {
  const { closed, state, removed } = position
  for (const index of indexes) {
    const step = closed[index]
    if (step !== undefined && after(state, step.claim, removed) === state) return { kind: 'closed', index, step, state }
  }
  return undefined
}

/** The closed steps that may be next, the most constrained ones first, then by the time of their response. */
export function closedMoves(position: Position, { indexes }: Frontier): readonly Move[] {
  const moves: Move[] = []
  for (const index of indexes) {
    const step = position.closed[index]
    const state = step && stateAfter(position, step)
    if (step !== undefined && state !== undefined) moves.push({ kind: 'closed', index, step, state })
  }
  return moves.sort((one, other) => fit(other) - fit(one) || one.step.returned - other.step.returned)
}

// A PATCH that shows its result, or a write with an expected version, is possible in few positions only.
function fit({ step: { claim } }: Move): number {
  if (claim.kind !== 'writes') return 0
  return claim.expected !== undefined || (claim.change.kind !== 'put' && claim.value !== undefined) ? 1 : 0
}

/** The open steps that may take effect now, each with every tag that it may have created. */
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
  for (const { name } of position.tagIndex.tagsFor(state.value)) {
    const tagged: RegisterState = { ...state, tag: name }
    if (mayEnter(position, step, tagged)) effects.push({ kind: 'open', open, step, state: tagged })
  }
  const others = available.flatMap((other) => (other === open ? [] : other.step))
  const isWorthwhile =
    step.claim.kind === 'creates' ||
    position.predecessors.isUseful(state.value, next) ||
    [...next, ...others].some((other) => isUnlike(other, position.state))
  if (isWorthwhile) effects.push({ kind: 'open', open, step, state })
  return effects
}

/**
 * With a tag that no response showed, an open step may have taken effect at any time. This only needs to be tried if the
 * next closed step that is not an observation is impossible without it: because that step shows the result of the open
 * step, or because it is impossible with the current tag. In all other cases the open step can be treated as having no
 * effect.
 */
function isUnlike({ claim }: Step, state: RegisterState): boolean {
  if (claim.kind !== 'differs' && claim.kind !== 'writes' && claim.kind !== 'removes') return false
  return claim.unlike !== undefined && state.kind === 'present' && claim.unlike === state.tag
}

/** True if no other step needs the current tag. */
export function mayLeave({ state, tagIndex }: Position, step: Step): boolean {
  if (state.kind !== 'present' || state.tag === undefined) return true
  const own = !isOpen(step) && tagsNeeded(step).includes(state.tag) ? 1 : 0
  return (tagIndex.tag(state.tag)?.waiting ?? 0) === own
}

/** True if a step may create this state now: see the rules of tags. */
export function mayEnter(position: Position, step: Step, next: RegisterState): boolean {
  if (next.kind !== 'present' || next.tag === undefined) return true
  const tag = position.tagIndex.tag(next.tag)
  if (tag === undefined) return true
  if (tag.value !== undefined && tag.value.key !== next.value.key) return false
  if (tag.writers.some((other) => other !== step && after(next, other.claim, position.removed) !== next)) return false
  return position.pending.findReturned(tag.lastInvoked, (other) => isInTheWay(other, tag.name)) === undefined
}

/** True if a step cannot be linearized while this tag is current. */
export function isInTheWay(step: Step, tag: string): boolean {
  const { kind } = step.claim
  return kind !== 'differs' && kind !== 'present' && !tagsNeeded(step).includes(tag)
}
