/**
 * What tags say about the order, and why it may be relied upon. A tag stands once: a write brings one that never stood
 * before. So every operation that needs a certain tag in place has its turn between the arrival of the tag and its end,
 * and three rules follow without any guess:
 *
 * - a tag may be left only when all that need it have had their turn, so that nobody brings it again;
 * - a tag may be entered only with the value that it was seen with, and such that all others who say to have led to it
 *   change nothing there;
 * - and only when all that must come before the last of those that need it, and do not need it themselves, are done.
 *
 * They rule out only orders which the specification would rule out anyway, many steps later. So none that is lawful is
 * missed, and the order of writes, which a plain search would have to guess, is nearly given.
 */
import { isOpen, type Step } from './step.js'
import type { Value } from './value.js'

/** One tag, and how far the search is with it. */
export interface Tag {
  readonly name: string
  /** What it was seen with; undefined if nobody has seen that. */
  readonly value: Value | undefined
  /** Closed steps that need the tag in place. */
  readonly needed: readonly Step[]
  /** Those of them whose answer names it as what they led to: one brought it, the others changed nothing. */
  readonly writers: readonly Step[]
  /** When the last of them was invoked. */
  readonly lastInvoked: number
  /** How many of them have not had their turn yet. */
  waiting: number
  /** True from its arrival on. */
  stood: boolean
}

/** The tags of one history. */
export interface TagBook {
  readonly tag: (name: string) => Tag | undefined
  /** Those that a write may bring which leads to this value. */
  readonly tagsFor: (value: Value) => readonly Tag[]
  /** In the order in which they turn up in the history. */
  readonly all: readonly Tag[]
  /** Notes that a closed step has had its turn, or (with -1) that it is taken back. */
  readonly count: (step: Step, turns: 1 | -1) => void
}

/** The tags that must be in place when a closed step has its turn, or that it brings. */
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

/** The book of a history, with no step having had its turn. */
export function tagBook(steps: readonly Step[]): TagBook {
  const entries = new Map<string, Entry>()
  const entryOf = (name: string): Entry => {
    const found = entries.get(name)
    if (found !== undefined) return found
    const entry: Entry = { name, value: undefined, needed: [], writers: [], lastInvoked: 0, waiting: 0, stood: false }
    entries.set(name, entry)
    return entry
  }
  for (const step of steps) {
    if (isOpen(step)) {
      // Nothing follows from what may not have happened, but that there may have been such a tag.
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
    tagsFor: ({ key }) => [...(byValue.get(key) ?? []), ...valueless].filter(({ stood }) => !stood),
    all,
    count: (step, turns) => {
      for (const name of tagsNeeded(step)) entryOf(name).waiting -= turns
    },
  }
}

function tagShown({ claim }: Step): string | undefined {
  return claim.kind === 'shows' || claim.kind === 'creates' || claim.kind === 'writes' ? claim.tag : undefined
}
