/**
 * Who still waits for the version that it is made from. A PATCH that shows its outcome needs a version before it from
 * which that follows; once all versions that would do are past, and the present one would not, there is no way on. To
 * see that at once, and not when the PATCH is due, keeps the search from trying all orders of what comes in between.
 *
 * Only what cannot be is ruled out: every version counts from which writes that nobody has seen the outcome of might
 * lead there, be it that they were not answered or that their answer showed nothing.
 */
import { type Ancestor, ancestorOfPatch, ancestorOfUnseen, blurOf, isAncestor, isBlurred } from './ancestor.js'
import { familiesFor, familiesWith } from './family.js'
import type { RegisterState } from './register.js'
import { isOpen, type Step } from './step.js'
import type { Tag } from './tag-book.js'
import { changed, type Value } from './value.js'

/** Somebody who needs a version before it. */
export interface Heir {
  /** The PATCH; undefined for a version that nobody is known to have written. */
  readonly step: Step | undefined
  /** The version it leads to. */
  readonly tag: Tag
  readonly ancestor: Ancestor
}

interface WaitingHeir extends Heir {
  /** Whether the own version is counted among the candidates without being one. */
  readonly countsItself: boolean
  readonly families: readonly Family[]
  /** How many whole values are left that unanswered writes may put in place of any version. */
  unused: number
  isDone: boolean
}

/** Versions that are alike in all that matters to the heirs. */
interface Family {
  /** How many have not stood yet. */
  toCome: number
  readonly heirs: WaitingHeir[]
}

/** The heirs of one history, and how far the search is with them. */
export interface Lineage {
  /** Notes that a version has come, or (false) that it is taken back. */
  readonly enter: (tag: Tag, stands: boolean) => void
  /** Notes that a closed step has had its turn, or (false) that it is taken back. */
  readonly finish: (step: Step, hadTurn: boolean) => void
  /** Notes that an open step took effect, or (false) that it is taken back. */
  readonly use: (step: Step, isUsed: boolean) => void
  /** One for whom there is no version any more if the register holds this now. */
  readonly disinherited: (state: RegisterState) => Heir | undefined
  /** Whether this value may be what one of the steps, or a version that an unanswered write has brought, is made from. */
  readonly isOfUse: (value: Value, steps: readonly Step[]) => boolean
}

/** The lineage before the first turn. The steps must be all of the history, sorted by invocation. */
export function lineageOf(steps: readonly Step[], tags: readonly Tag[]): Lineage {
  const unseen = new Set(tags.filter(({ value }) => value === undefined).flatMap(({ writers }) => writers))
  const blur = blurOf(steps.filter((step) => isOpen(step) || unseen.has(step)))
  const families = new Map<string, Family>()
  const byStep = new Map<Step, WaitingHeir>()
  // Those that a write may have brought of which nobody knows: everybody who is known to have led there may have found
  // it so already.
  const orphans = tags.filter((tag) => tag.writers.every((step) => isIdle(step, tag)))
  const ancestors = new Map<Step | Tag, Ancestor>()
  const blurredHeirs: WaitingHeir[] = []
  const heirsOf = new Map<Step, WaitingHeir[]>()
  const disinherited = new Set<WaitingHeir>()

  const familyOf = (key: string): Family => {
    const found = families.get(key)
    if (found !== undefined) return found
    const family: Family = { toCome: 0, heirs: [] }
    families.set(key, family)
    return family
  }
  const addHeir = (
    step: Step | undefined,
    tag: Tag,
    ancestor: Ancestor,
    latest: number,
    countsItself: boolean,
  ): void => {
    ancestors.set(step ?? tag, ancestor)
    const keys = familiesFor(ancestor)
    const replacements = blur.values.filter(({ value, since }) => since <= latest && isAncestor(value, ancestor))
    // Whoever could come from anywhere is never ruled out.
    const unused = keys === undefined ? Number.POSITIVE_INFINITY : replacements.length
    const own = (keys ?? []).map(familyOf)
    const heir: WaitingHeir = { step, tag, ancestor, countsItself, families: own, isDone: false, unused }
    if (step !== undefined) byStep.set(step, heir)
    if (keys === undefined) blurredHeirs.push(heir)
    for (const replacement of replacements) {
      const heirs = heirsOf.get(replacement.step)
      if (heirs !== undefined) heirs.push(heir)
      else heirsOf.set(replacement.step, [heir])
    }
    for (const family of own) family.heirs.push(heir)
  }

  for (const tag of tags) {
    const { value, writers } = tag
    if (value === undefined) continue
    for (const step of writers) {
      const ancestor = ancestorOfPatch(step, value, step.returned, blur)
      const isSole = writers.length === 1 && !isBlurred(value, step.returned, blur)
      if (ancestor !== undefined) addHeir(step, tag, ancestor, step.returned, isSole)
    }
  }
  for (const tag of orphans) {
    const { value, needed, writers } = tag
    if (value === undefined) continue
    const latest = Math.min(...needed.map(({ returned }) => returned))
    const ancestor = ancestorOfUnseen(value, latest, blur)
    if (writers.length === 0) addHeir(undefined, tag, ancestor, latest, true)
    else ancestors.set(tag, ancestor)
  }
  const familiesOf = new Map<Tag, readonly Family[]>()
  for (const tag of tags) {
    if (tag.value === undefined) continue
    const own = familiesWith(tag.value).flatMap((key) => families.get(key) ?? [])
    for (const family of own) family.toCome += 1
    familiesOf.set(tag, own)
  }

  const review = (heir: WaitingHeir): void => {
    const candidates = heir.families.reduce((sum, { toCome }) => sum + toCome, 0)
    const hasNone = candidates === (heir.countsItself && !heir.tag.stood ? 1 : 0)
    if (hasNone && heir.unused === 0 && !isDone(heir)) disinherited.add(heir)
    else disinherited.delete(heir)
  }
  for (const heir of new Set([...families.values()].flatMap(({ heirs }) => heirs))) review(heir)

  const isOfUseTo = (step: Step, value: Value): boolean => {
    if (isOpen(step) || step.claim.kind !== 'writes' || step.claim.change.kind === 'put') return false
    const ancestor = ancestors.get(step)
    if (ancestor !== undefined) return isAncestor(value, ancestor)
    // Of an outcome that nobody has seen it matters who comes after.
    return hasHeir(changed(value, step.claim.change))
  }
  const hasHeir = (value: Value): boolean =>
    blurredHeirs.some((heir) => !isDone(heir)) ||
    familiesWith(value).some((key) => families.get(key)?.heirs.some((heir) => !isDone(heir)))

  return {
    enter: (tag, stands) => {
      for (const family of familiesOf.get(tag) ?? []) {
        family.toCome += stands ? -1 : 1
        // An heir's own version is one at most: with two to come nobody is without, nor was with one more.
        if (family.toCome <= 2) for (const heir of family.heirs) review(heir)
      }
    },
    finish: (step, hadTurn) => {
      const heir = byStep.get(step)
      if (heir === undefined) return
      heir.isDone = hadTurn
      review(heir)
    },
    use: (step, isUsed) => {
      for (const heir of heirsOf.get(step) ?? []) {
        heir.unused += isUsed ? -1 : 1
        review(heir)
      }
    },
    disinherited: (state) => {
      for (const heir of disinherited) {
        if (state.kind !== 'present' || !isAncestor(state.value, heir.ancestor)) return heir
      }
      return undefined
    },
    isOfUse: (value, next) =>
      next.some((step) => isOfUseTo(step, value)) ||
      orphans.some((tag) => {
        const ancestor = ancestors.get(tag)
        if (tag.stood) return false
        // And who found it so already.
        return ancestor === undefined ? tag.writers.length > 0 || hasHeir(value) : isAncestor(value, ancestor)
      }),
  }
}

function isIdle({ claim }: Step, { name, value }: Tag): boolean {
  if (claim.kind !== 'writes' || (claim.expected !== undefined && claim.expected !== name)) return false
  return value === undefined || changed(value, claim.change).key === value.key
}

function isDone({ step, tag, isDone }: WaitingHeir): boolean {
  return step === undefined ? tag.stood : isDone
}
