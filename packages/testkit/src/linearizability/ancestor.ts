/**
 * What an outcome says of the version that it was made from. A PATCH that shows what it led to has told what was there
 * before it, nearly: without the element it added, or with any other scalar than the one it set. Writes whose outcome nobody
 * has seen may have come in between, and blur the picture by what they would have left.
 */
import type { Step } from './step.js'
import type { Value } from './value.js'

/** What the version before must have been like. */
export interface Ancestor {
  /** Undefined: any. */
  readonly scalar: string | undefined
  readonly elements: ReadonlySet<string>
  /** Those of the elements that may have been missing. */
  readonly optional: readonly string[]
}

/** What writes whose outcome nobody has seen would have left, and since when each may have. */
export interface Blur {
  readonly scalars: ReadonlyMap<string, number>
  readonly elements: ReadonlyMap<string, number>
  readonly values: readonly { readonly step: Step; readonly value: Value; readonly since: number }[]
}

/** What such writes would leave. */
export function blurOf(unseen: readonly Step[]): Blur {
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

/** Whether a version may have been there, with nothing but unseen writes between it and the outcome. */
export function isAncestor(value: Value, { scalar, elements, optional }: Ancestor): boolean {
  if (scalar !== undefined && value.scalar !== scalar) return false
  if (!value.elements.every((element) => elements.has(element))) return false
  const missing = elements.size - value.elements.length
  return missing === 0 || [...elements].every((it) => value.elements.includes(it) || optional.includes(it))
}

/**
 * What was there before a PATCH that took effect by `latest` and led to this value. Undefined if it cannot be told: the
 * step is none, or had the whole value replaced.
 */
export function ancestorOfPatch({ claim }: Step, outcome: Value, latest: number, blur: Blur): Ancestor | undefined {
  if (claim.kind !== 'writes' || claim.change.kind === 'put') return undefined
  const { change } = claim
  const before = ancestorOfUnseen(outcome, latest, blur)
  if (change.kind === 'set') return { ...before, scalar: undefined }
  const { optional } = before
  return optional.includes(change.element) ? before : { ...before, optional: [...optional, change.element] }
}

/** What was there before unseen writes that had led to this value by `latest`. */
export function ancestorOfUnseen(outcome: Value, latest: number, { scalars, elements }: Blur): Ancestor {
  const isLeft = (map: ReadonlyMap<string, number>, text: string): boolean =>
    (map.get(text) ?? Number.POSITIVE_INFINITY) <= latest
  return {
    scalar: isLeft(scalars, outcome.scalar) ? undefined : outcome.scalar,
    elements: new Set(outcome.elements),
    optional: outcome.elements.filter((element) => isLeft(elements, element)),
  }
}

/** Whether unseen writes may have led to this value by `latest`. */
export function isBlurred(outcome: Value, latest: number, { scalars, elements, values }: Blur): boolean {
  const isLeft = (since: number | undefined): boolean => since !== undefined && since <= latest
  return (
    isLeft(scalars.get(outcome.scalar)) ||
    outcome.elements.some((element) => isLeft(elements.get(element))) ||
    values.some(({ value, since }) => since <= latest && value.key === outcome.key)
  )
}
