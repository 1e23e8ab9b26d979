/**
 * Tracks the writes whose required predecessor version has not appeared yet. A PATCH that shows its result needs a
 * preceding version from which that result follows. Once all suitable versions are past, and the current one is not
 * suitable, no linearization exists. Detecting this immediately, and not when the PATCH is tried, prunes all orders of the
 * steps in between.
 *
 * The pruning is conservative: a version counts as suitable if unobserved writes could lead from it to the predecessor,
 * whether they got no response or their response showed no value.
 */

import { changed, type Value } from '../history/value.js'
import type { RegisterState } from '../registers/register.js'
import { isOpen, type Step } from '../registers/step.js'
import {
  isPredecessor,
  mayBeUnobserved,
  type Predecessor,
  predecessorOfPatch,
  predecessorOfUnobserved,
  unobservedEffects,
} from './predecessor.js'
import type { Tag } from './tag-index.js'
import { classesFor, classesWith } from './value-classes.js'

/** A write, or a version, that needs a certain predecessor. */
export interface Dependent {
  /** The PATCH; undefined for a version without a known writer. */
  readonly step: Step | undefined
  /** The resulting version. */
  readonly tag: Tag
  readonly predecessor: Predecessor
}

interface WaitingDependent extends Dependent {
  /** True if the resulting version is counted as a candidate although it is not one. */
  readonly countsItself: boolean
  readonly classes: readonly ValueClass[]
  /** The number of unused unobserved writes that may replace any version by a suitable value. */
  unused: number
  isDone: boolean
}

/** An equivalence class of versions with respect to the dependents. */
interface ValueClass {
  /** How many versions have not appeared yet. */
  toCome: number
  readonly dependents: WaitingDependent[]
}

/** The dependents of one history, with the progress of the search. */
export interface PredecessorIndex {
  /** Records that a version appeared, or (false) that this is undone. */
  readonly enter: (tag: Tag, isPresent: boolean) => void
  /** Records that a closed step was linearized, or (false) that this is undone. */
  readonly finish: (step: Step, hadTurn: boolean) => void
  /** Records that an open step took effect, or (false) that this is undone. */
  readonly use: (step: Step, isUsed: boolean) => void
  /** A dependent that has no possible predecessor any more, given the current state; undefined if absent. */
  readonly unsatisfiable: (state: RegisterState) => Dependent | undefined
  /** True if this value may be the predecessor of one of the steps, or of a version that an unobserved write created. */
  readonly isUseful: (value: Value, steps: readonly Step[]) => boolean
}

/** Creates the index before the first move. The steps must be the whole history, sorted by invocation. */
export function predecessorIndex(steps: readonly Step[], tags: readonly Tag[]): PredecessorIndex {
  const unseen = new Set(tags.filter(({ value }) => value === undefined).flatMap(({ writers }) => writers))
  const unobserved = unobservedEffects(steps.filter((step) => isOpen(step) || unseen.has(step)))
  const classes = new Map<string, ValueClass>()
  const byStep = new Map<Step, WaitingDependent>()
  // Versions that an unobserved write may have created: each known writer may have found the value unchanged.
  const unattributed = tags.filter((tag) => tag.writers.every((step) => isIdle(step, tag)))
  const predecessors = new Map<Step | Tag, Predecessor>()
  const unclassified: WaitingDependent[] = []
  const dependentsOf = new Map<Step, WaitingDependent[]>()
  const unsatisfiable = new Set<WaitingDependent>()

  const classOf = (key: string): ValueClass => {
    const found = classes.get(key)
    if (found !== undefined) return found
    const valueClass: ValueClass = { toCome: 0, dependents: [] }
    classes.set(key, valueClass)
    return valueClass
  }
  const addDependent = (
    step: Step | undefined,
    tag: Tag,
    predecessor: Predecessor,
    latest: number,
    countsItself: boolean,
  ): void => {
    predecessors.set(step ?? tag, predecessor)
    const keys = classesFor(predecessor)
    const replacements = unobserved.values.filter(
      ({ value, since }) => since <= latest && isPredecessor(value, predecessor),
    )
    // A dependent with too many possible predecessors is never pruned.
    const unused = keys === undefined ? Number.POSITIVE_INFINITY : replacements.length
    const own = (keys ?? []).map(classOf)
    const dependent: WaitingDependent = { step, tag, predecessor, countsItself, classes: own, isDone: false, unused }
    if (step !== undefined) byStep.set(step, dependent)
    if (keys === undefined) unclassified.push(dependent)
    for (const replacement of replacements) {
      const dependents = dependentsOf.get(replacement.step)
      if (dependents !== undefined) dependents.push(dependent)
      else dependentsOf.set(replacement.step, [dependent])
    }
    for (const valueClass of own) valueClass.dependents.push(dependent)
  }

  for (const tag of tags) {
    const { value, writers } = tag
    if (value === undefined) continue
    for (const step of writers) {
      const predecessor = predecessorOfPatch(step, value, step.returned, unobserved)
      const isSole = writers.length === 1 && !mayBeUnobserved(value, step.returned, unobserved)
      if (predecessor !== undefined) addDependent(step, tag, predecessor, step.returned, isSole)
    }
  }
  for (const tag of unattributed) {
    const { value, needed, writers } = tag
    if (value === undefined) continue
    const latest = Math.min(...needed.map(({ returned }) => returned))
    const predecessor = predecessorOfUnobserved(value, latest, unobserved)
    if (writers.length === 0) addDependent(undefined, tag, predecessor, latest, true)
    else predecessors.set(tag, predecessor)
  }
  const classesOf = new Map<Tag, readonly ValueClass[]>()
  for (const tag of tags) {
    if (tag.value === undefined) continue
    const own = classesWith(tag.value).flatMap((key) => classes.get(key) ?? [])
    for (const valueClass of own) valueClass.toCome += 1
    classesOf.set(tag, own)
  }

  const review = (dependent: WaitingDependent): void => {
    const candidates = dependent.classes.reduce((sum, { toCome }) => sum + toCome, 0)
    const hasNone = candidates === (dependent.countsItself && !dependent.tag.appeared ? 1 : 0)
    if (hasNone && dependent.unused === 0 && !isDone(dependent)) unsatisfiable.add(dependent)
    else unsatisfiable.delete(dependent)
  }
  for (const dependent of new Set([...classes.values()].flatMap(({ dependents }) => dependents))) review(dependent)

  const isUsefulTo = (step: Step, value: Value): boolean => {
    if (isOpen(step) || step.claim.kind !== 'writes' || step.claim.change.kind === 'put') return false
    const predecessor = predecessors.get(step)
    if (predecessor !== undefined) return isPredecessor(value, predecessor)
    // For an unobserved result, the dependents of that result decide.
    return hasDependent(changed(value, step.claim.change))
  }
  const hasDependent = (value: Value): boolean =>
    unclassified.some((dependent) => !isDone(dependent)) ||
    classesWith(value).some((key) => classes.get(key)?.dependents.some((dependent) => !isDone(dependent)))

  return {
    enter: (tag, isPresent) => {
      for (const valueClass of classesOf.get(tag) ?? []) {
        valueClass.toCome += isPresent ? -1 : 1
        // A dependent's own version counts at most once: with two or more remaining, no dependent is unsatisfiable.
        if (valueClass.toCome <= 2) for (const dependent of valueClass.dependents) review(dependent)
      }
    },
    finish: (step, hadTurn) => {
      const dependent = byStep.get(step)
      if (dependent === undefined) return
      dependent.isDone = hadTurn
      review(dependent)
    },
    use: (step, isUsed) => {
      for (const dependent of dependentsOf.get(step) ?? []) {
        dependent.unused += isUsed ? -1 : 1
        review(dependent)
      }
    },
    unsatisfiable: (state) => {
      for (const dependent of unsatisfiable) {
        if (state.kind !== 'present' || !isPredecessor(state.value, dependent.predecessor)) return dependent
      }
      return undefined
    },
    isUseful: (value, next) =>
      next.some((step) => isUsefulTo(step, value)) ||
      unattributed.some((tag) => {
        const predecessor = predecessors.get(tag)
        if (tag.appeared) return false
        // Otherwise a known writer may have found the value unchanged.
        return predecessor === undefined
          ? tag.writers.length > 0 || hasDependent(value)
          : isPredecessor(value, predecessor)
      }),
  }
}

function isIdle({ claim }: Step, { name, value }: Tag): boolean {
  if (claim.kind !== 'writes' || (claim.expected !== undefined && claim.expected !== name)) return false
  return value === undefined || changed(value, claim.change).key === value.key
}

function isDone({ step, tag, isDone }: WaitingDependent): boolean {
  return step === undefined ? tag.appeared : isDone
}
