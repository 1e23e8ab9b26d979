/** Why a step that might be next cannot be. */
import { describeStep, describeValue } from './describe.js'
import { isInTheWay, mayLeave } from './moves.js'
import type { Position } from './position.js'
import { after, type Claim, type RegisterState } from './register.js'
import type { Step } from './step.js'
import { changed } from './value.js'

/** The reason, in one line or with the other operations that are in the way. Times are milliseconds since `origin`. */
export function whyNot(position: Position, step: Step, origin: number): string {
  const { state, removed } = position
  const next = after(state, step.claim, removed)
  if (next === undefined) return whyUntrue(position, step.claim)
  if (!mayLeave(position, step)) {
    const other = stillNeeding(position, step)
    return `it would end this version, which is still to be met by\n    ${other && describeStep(other, origin)}`
  }
  return next.kind === 'present' ? whyNotEntered(position, step, next, origin) : 'it cannot be'
}

// `next` is a state that its step leads to, if only its tag and value were lawful.
function whyNotEntered(
  { book, pending, removed }: Position,
  step: Step,
  next: Extract<RegisterState, { readonly kind: 'present' }>,
  origin: number,
): string {
  const tag = next.tag === undefined ? undefined : book.tag(next.tag)
  if (tag === undefined) return 'it cannot be'
  if (tag.value !== undefined && tag.value.key !== next.value.key) {
    return `it makes ${describeValue(next.value)} of this, and ${tag.name} was seen with ${describeValue(tag.value)}`
  }
  const other = tag.writers.find((writer) => writer !== step && after(next, writer.claim, removed) !== next)
  if (other !== undefined) return `it is not the only one that brings ${tag.name}:\n    ${describeStep(other, origin)}`
  const last = tag.needed.find(({ invoked }) => invoked === tag.lastInvoked)
  const before = pending.findReturned(tag.lastInvoked, (one) => isInTheWay(one, tag.name))
  if (last === undefined || before === undefined) return 'it cannot be'
  return [
    `it brings ${tag.name}, which was still met by`,
    `    ${describeStep(last, origin)}`,
    '    although this had ended before:',
    `    ${describeStep(before, origin)}`,
  ].join('\n')
}

function stillNeeding({ state, book, played }: Position, step: Step): Step | undefined {
  if (state.kind !== 'present' || state.tag === undefined) return undefined
  const past = new Set(played.map(({ move }) => move.step))
  return book.tag(state.tag)?.needed.find((other) => other !== step && !past.has(other))
}

function whyUntrue(position: Position, claim: Claim): string {
  const { state, book } = position
  if (claim.kind === 'impossible') return claim.why
  if (claim.kind === 'absent') return 'something is there'
  if (claim.kind === 'creates') return state.kind === 'gone' ? 'it was there before' : 'it is there already'
  if (state.kind !== 'present') return 'nothing is there'
  if (claim.kind === 'differs') return `${claim.unlike} is there`
  const needed = claim.kind === 'shows' ? claim.tag : claim.kind === 'present' ? undefined : claim.expected
  if (needed !== undefined && needed !== state.tag) {
    if (book.tag(needed)?.stood) return `${needed} was there before, and is not any more`
    return `${needed} is not there yet, and nothing that may be next brings it`
  }
  if (claim.kind === 'writes' && claim.unlike !== state.tag) {
    const value = changed(state.value, claim.change)
    if (claim.value !== undefined && claim.value.key !== value.key) {
      return `it makes ${describeValue(value)} of this, but it shows ${describeValue(claim.value)}`
    }
    return `it makes ${describeValue(value)} of this, but the tag stays`
  }
  if (claim.kind === 'shows' && claim.unlike !== claim.tag) return 'the tag is the right one, the value is not'
  return 'its condition says the contrary'
}
