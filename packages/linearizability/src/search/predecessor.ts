/**
 * Derives constraints on the predecessor version from the result of a write. A PATCH that shows its result nearly
 * determines the version before it: without the element that it added, or with any scalar in place of the one it set.
 * Unobserved writes in between weaken the constraints by the values that they may have left.
 */

import type { Value } from '../history/value.js'
import type { Step } from '../registers/step.js'

/** The constraints on the predecessor version. */
export interface Predecessor {
  /** Undefined: any scalar. */
  readonly scalar: string | undefined
  readonly elements: ReadonlySet<string>
  /** The elements that may have been missing. */
  readonly optional: readonly string[]
}

/** The possible effects of unobserved writes, with the earliest time of each. */
export interface Unobserved {
  readonly scalars: ReadonlyMap<string, number>
  readonly elements: ReadonlyMap<string, number>
  readonly values: readonly { readonly step: Step; readonly value: Value; readonly since: number }[]
}

/** Collects the possible effects of unobserved writes. */
export function unobservedEffects(unseen: readonly Step[]): Unobserved {
  const scalars = new Map<string, number>()
  const elements = new Map<string, number>()
  const values: { step: Step; value: Value; since: number }[] = []
  const note = (map: Map<string, number>, text: string, since: number): void => {
    map.set(text, Math.min(since, map.get(text) ?? since))
  }
  for (const step of unseen) {
    const { claim, invoked } = step
    if (claim.kind === 'creates') values.push({ step, value: claim.value, since: invoked })
    if (claim.kind !== 'writes') continue
    const { change } = claim
    if (change.kind === 'put') values.push({ step, value: change.value, since: invoked })
    if (change.kind === 'set') note(scalars, change.scalar, invoked)
    if (change.kind === 'add') note(elements, change.element, invoked)
  }
  return { scalars, elements, values }
}

/** True if a version may be the predecessor, with only unobserved writes in between. */
export function isPredecessor(value: Value, { scalar, elements, optional }: Predecessor): boolean {
  if (scalar !== undefined && value.scalar !== scalar) return false
  if (!value.elements.every((element) => elements.has(element))) return false
  const missing = elements.size - value.elements.length
  return missing === 0 || [...elements].every((it) => value.elements.includes(it) || optional.includes(it))
}

/**
 * The predecessor of a PATCH that took effect no later than `latest` and resulted in this value. Undefined if it is not
 * constrained: the step is not a PATCH, or it replaced the whole value.
 */
export function predecessorOfPatch(
  { claim }: Step,
  outcome: Value,
  latest: number,
  unobserved: Unobserved,
): Predecessor | undefined {
  if (claim.kind !== 'writes' || claim.change.kind === 'put') return undefined
  const { change } = claim
  const before = predecessorOfUnobserved(outcome, latest, unobserved)
  if (change.kind === 'set') return { ...before, scalar: undefined }
  const { optional } = before
  return optional.includes(change.element) ? before : { ...before, optional: [...optional, change.element] }
}

/** The predecessor of unobserved writes that resulted in this value no later than `latest`. */
export function predecessorOfUnobserved(
  outcome: Value,
  latest: number,
  { scalars, elements }: Unobserved,
): Predecessor {
  const isLeft = (map: ReadonlyMap<string, number>, text: string): boolean =>
    (map.get(text) ?? Number.POSITIVE_INFINITY) <= latest
  return {
    scalar: isLeft(scalars, outcome.scalar) ? undefined : outcome.scalar,
    elements: new Set(outcome.elements),
    optional: outcome.elements.filter((element) => isLeft(elements, element)),
  }
}

/** True if unobserved writes may have resulted in this value no later than `latest`. */
export function mayBeUnobserved(outcome: Value, latest: number, { scalars, elements, values }: Unobserved): boolean {
  const isLeft = (since: number | undefined): boolean => since !== undefined && since <= latest
  return (
    isLeft(scalars.get(outcome.scalar)) ||
    outcome.elements.some((element) => isLeft(elements.get(element))) ||
    values.some(({ value, since }) => since <= latest && value.key === outcome.key)
  )
}
