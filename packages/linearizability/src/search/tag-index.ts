/**
 * Uses tags to constrain the order of steps. A tag is current during one interval only, because each write creates a tag
 * that was never used before. So every operation that needs a certain tag lies within that interval, and three rules
 * follow:
 *
 * - a tag may be replaced only after all steps that need it are linearized, so that no step needs it again;
 * - a tag may become current only with the value that responses showed with it, and only if all other steps that claim to
 *   have created it change nothing there;
 * - and only after all steps are linearized that must precede the last step that needs the tag and do not need it.
 *
 * The rules prune only orders that the specification would reject anyway, many steps later. So no valid order is missed,
 * and the order of writes, which a plain search would have to guess, is nearly determined.
 */

import type { Value } from '../history/value.js'
import { isOpen, type Step } from '../registers/step.js'

/** One tag, with the progress of the search. */
export interface Tag {
  readonly name: string
  /** The value shown with the tag; undefined if no response showed one. */
  readonly value: Value | undefined
  /** Closed steps that need the tag to be current. */
  readonly needed: readonly Step[]
  /** Steps among `needed` whose response has the tag as result: one created it, the others changed nothing. */
  readonly writers: readonly Step[]
  /** When the last step of `needed` was invoked. */
  readonly lastInvoked: number
  /** How many steps of `needed` are not linearized yet. */
  waiting: number
  /** True once the tag has become current. */
  appeared: boolean
}

/** The tags of one history. */
export interface TagIndex {
  readonly tag: (name: string) => Tag | undefined
  /** The tags that a write resulting in this value may create. */
  readonly tagsFor: (value: Value) => readonly Tag[]
  /** All tags, in the order of their first occurrence in the history. */
  readonly all: readonly Tag[]
  /** Records that a closed step was linearized, or (with -1) that this is undone. */
  readonly count: (step: Step, turns: 1 | -1) => void
}

/** The tags that must be current when a step is linearized, or that it creates. */
export function tagsNeeded({ claim }: Step): readonly string[] {
  switch (claim.kind) {
    case 'shows':
      return [claim.tag]
    case 'creates':
      return claim.tag === undefined ? [] : [claim.tag]
    case 'removes':
      return claim.expected === undefined ? [] : [claim.expected]
    case 'writes': {
      const { expected, tag } = claim
      if (expected === undefined || expected === tag) return tag === undefined ? [] : [tag]
      return tag === undefined ? [expected] : [expected, tag]
    }
    default:
      return []
  }
}

function isWriter({ claim }: Step, tag: string): boolean {
  return (claim.kind === 'writes' || claim.kind === 'creates') && claim.tag === tag
}

function valueSeen({ claim }: Step): Value | undefined {
  return claim.kind === 'shows' || claim.kind === 'creates' || claim.kind === 'writes' ? claim.value : undefined
}

interface Entry extends Tag {
  value: Value | undefined
  lastInvoked: number
  readonly needed: Step[]
  readonly writers: Step[]
}

/** Creates the index of a history, with no step linearized. */
export function tagIndexOf(steps: readonly Step[]): TagIndex {
  const entries = new Map<string, Entry>()
  const entryOf = (name: string): Entry => {
    const found = entries.get(name)
    if (found !== undefined) return found
    const entry: Entry = {
      name,
      value: undefined,
      needed: [],
      writers: [],
      lastInvoked: 0,
      waiting: 0,
      appeared: false,
    }
    entries.set(name, entry)
    return entry
  }
  for (const step of steps) {
    if (isOpen(step)) {
      // An open step only shows that the tag may exist.
      for (const name of tagsNeeded(step)) entryOf(name)
      continue
    }
    for (const name of tagsNeeded(step)) {
      const entry = entryOf(name)
      entry.needed.push(step)
      entry.waiting += 1
      if (isWriter(step, name)) entry.writers.push(step)
      entry.lastInvoked = Math.max(entry.lastInvoked, step.invoked)
    }
    const brought = tagShown(step)
    if (brought !== undefined) entryOf(brought).value ??= valueSeen(step)
  }
  const all = [...entries.values()]
  const byValue = new Map<string, Tag[]>()
  const valueless: Tag[] = []
  for (const entry of all) {
    if (entry.value === undefined) valueless.push(entry)
    else byValue.set(entry.value.key, [...(byValue.get(entry.value.key) ?? []), entry])
  }
  return {
    tag: (name) => entries.get(name),
    tagsFor: ({ key }) => [...(byValue.get(key) ?? []), ...valueless].filter(({ appeared }) => !appeared),
    all,
    count: (step, turns) => {
      for (const name of tagsNeeded(step)) entryOf(name).waiting -= turns
    },
  }
}

function tagShown({ claim }: Step): string | undefined {
  return claim.kind === 'shows' || claim.kind === 'creates' || claim.kind === 'writes' ? claim.tag : undefined
}
