/** Explains why a candidate for the next step is impossible. */
import { describeValue } from '../history/describe.js'
import { changed } from '../history/value.js'
import { after, type Claim, type RegisterState } from '../registers/register.js'
import { describeStep, type Step } from '../registers/step.js'
import { isInTheWay, mayLeave } from '../search/moves.js'
import type { Position } from '../search/position.js'

/** The reason, in one line or with the conflicting operations. Times are milliseconds since `origin`. */
export function whyNot(position: Position, step: Step, origin: number): string {
  const { state, removed } = position
  const next = after(state, step.claim, removed)
  if (next === undefined) return whyUntrue(position, step.claim)
  if (!mayLeave(position, step)) {
    const other = stillNeeding(position, step)
    return `it would replace this version, which is still needed by\n    ${other && describeStep(other, origin)}`
  }
  return next.kind === 'present' ? whyNotEntered(position, step, next, origin) : 'it is impossible'
}

// `next` is the state after the step, not yet checked against the rules of tags.
function whyNotEntered(
  { tagIndex, pending, removed }: Position,
  step: Step,
  next: Extract<RegisterState, { readonly kind: 'present' }>,
  origin: number,
): string {
  const tag = next.tag === undefined ? undefined : tagIndex.tag(next.tag)
  if (tag === undefined) return 'it is impossible'
  if (tag.value !== undefined && tag.value.key !== next.value.key) {
    return `its result is ${describeValue(next.value)}, but ${tag.name} was shown with ${describeValue(tag.value)}`
  }
  const other = tag.writers.find((writer) => writer !== step && after(next, writer.claim, removed) !== next)
  if (other !== undefined)
    return `it is not the only write that creates ${tag.name}:\n    ${describeStep(other, origin)}`
  const last = tag.needed.find(({ invoked }) => invoked === tag.lastInvoked)
  const before = pending.findReturned(tag.lastInvoked, (one) => isInTheWay(one, tag.name))
  if (last === undefined || before === undefined) return 'it is impossible'
  return [
    `it creates ${tag.name}, which was still current for`,
    `    ${describeStep(last, origin)}`,
    '    although this operation ended before:',
    `    ${describeStep(before, origin)}`,
  ].join('\n')
}

function stillNeeding({ state, tagIndex, played }: Position, step: Step): Step | undefined {
  if (state.kind !== 'present' || state.tag === undefined) return undefined
  const past = new Set(played.map(({ move }) => move.step))
  return tagIndex.tag(state.tag)?.needed.find((other) => other !== step && !past.has(other))
}

function whyUntrue(position: Position, claim: Claim): string {
  const { state, tagIndex } = position
  if (claim.kind === 'impossible') return claim.why
  if (claim.kind === 'absent') return 'the resource exists'
  if (claim.kind === 'creates') return state.kind === 'gone' ? 'it existed before' : 'it already exists'
  if (state.kind !== 'present') return 'the resource does not exist'
  if (claim.kind === 'differs') return `${claim.unlike} is current`
  const needed = claim.kind === 'shows' ? claim.tag : claim.kind === 'present' ? undefined : claim.expected
  if (needed !== undefined && needed !== state.tag) {
    if (tagIndex.tag(needed)?.appeared) return `${needed} was current before, and is not any more`
    return `${needed} is not current yet, and no candidate for the next step creates it`
  }
  if (claim.kind === 'writes' && claim.unlike !== state.tag) {
    const value = changed(state.value, claim.change)
    if (claim.value !== undefined && claim.value.key !== value.key) {
      return `its result is ${describeValue(value)}, but the response shows ${describeValue(claim.value)}`
    }
    return `its result is ${describeValue(value)}, but the tag did not change`
  }
  if (claim.kind === 'shows' && claim.unlike !== claim.tag) return 'the tag is current, but the value differs'
  return 'its precondition is not satisfied'
}
