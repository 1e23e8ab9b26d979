import { defaultLimits, ScimError } from '@scimkit/core'
import { type Filter, interopFrom, parseFilter } from '@scimkit/core/filter'
import type { MembersNeed, Needs, Sort } from '@scimkit/core/provider'
import { resolvePath } from '@scimkit/core/schema'
import type { SeededRandom } from '../../../../testkit/src/seeded-random.js'
import { generateFilter, type Known, sortPaths } from './generate-filter.js'
import { type TypeName, types } from './types.js'

/** How the pages of the answer are read. */
export type Walk =
  | { readonly kind: 'index'; readonly startIndex: number; readonly count: number }
  /** All keyset pages of a size, one after the other. */
  | { readonly kind: 'keyset'; readonly count: number }

/** One query, and its text for a message. */
export interface Question {
  readonly type: TypeName
  readonly filter: Filter | undefined
  readonly sort: Sort | undefined
  readonly walk: Walk
  readonly needs: Needs
  readonly text: string
}

const interop = interopFrom('lenient')

/** A query for one type; `size` is the approximate number of resources. */
export function generateQuestion(random: SeededRandom, type: TypeName, known: Known, size: number): Question {
  const filterText = random.oneIn(12) ? undefined : aFilter(random, type, known)
  const sortText = random.oneIn(2) ? random.pick(sortPaths[type]) : undefined
  const descending = random.oneIn(2)
  const walk = aWalk(random, size)
  const needs: Needs = { members: type === 'Group' ? membersNeed(random, known) : 'none', derived: random.oneIn(4) }
  const path = sortText === undefined ? undefined : resolvePath(types[type], sortText, interop)
  return {
    type,
    filter: filterText === undefined ? undefined : parseFilter(filterText, types[type], interop, defaultLimits),
    sort: path === undefined ? undefined : { path, descending },
    walk,
    needs,
    text: `${type} filter ${filterText ?? '(none)'} sortBy ${sortText ?? '(none)'}${descending ? ' descending' : ''} walk ${JSON.stringify(walk)} needs ${JSON.stringify(needs)}`,
  }
}

// Some operators are invalid for some types; the parser decides.
function aFilter(random: SeededRandom, type: TypeName, known: Known): string {
  for (;;) {
    const text = generateFilter(random, type, known, 3)
    try {
      parseFilter(text, types[type], interop, defaultLimits)
      return text
    } catch (error) {
      if (!(error instanceof ScimError)) throw error
    }
  }
}

function aWalk(random: SeededRandom, size: number): Walk {
  if (random.oneIn(3)) return { kind: 'keyset', count: 1 + random.below(random.oneIn(2) ? 3 : size) }
  if (random.oneIn(3)) return { kind: 'index', startIndex: 1 + random.below(size), count: random.below(8) }
  return { kind: 'index', startIndex: 1, count: random.oneIn(4) ? random.below(5) : size + 5 }
}

function membersNeed(random: SeededRandom, { ids }: Known): MembersNeed {
  switch (random.below(5)) {
    case 0:
      return 'all'
    case 1:
      return { only: Array.from({ length: random.below(4) }, () => random.pick(ids)) }
    case 2:
      return { first: random.below(4) }
    default:
      return 'none'
  }
}
