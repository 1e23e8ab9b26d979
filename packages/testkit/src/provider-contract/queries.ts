import type { Filter } from '@scimkit/core/filter'
import { documentOnly, type Needs, type Query, type Sort, type Stored } from '@scimkit/core/provider'
import { ensure } from './assert.js'
import type { Rig } from './rig.js'

/** A query for all resources of a type, in one page. */
export const all: Query = {
  filter: undefined,
  sort: undefined,
  page: { startIndex: 1, count: 10_000 },
  needs: documentOnly,
}

/** The parts that may differ from {@link all}. */
export interface Question {
  readonly filter?: Filter
  readonly sort?: Sort
  readonly startIndex?: number
  readonly count?: number
  readonly needs?: Needs
}

/** A query with some parts given. */
export function queryOf({ filter, sort, startIndex = 1, count = 10_000, needs = documentOnly }: Question): Query {
  return { filter, sort, page: { startIndex, count }, needs }
}

/** The ids of one page, in order. */
export async function idsOf(rig: Rig, type: string, question: Question = {}): Promise<readonly string[]> {
  const { resources } = await rig.provider.query(type, queryOf(question), rig.here)
  return resources.map((stored) => stored.ref.id)
}

/** All matching resources, in order, fetched in pages of `size`. */
export async function allPages(rig: Rig, type: string, size: number, question: Question = {}): Promise<Stored[]> {
  const found: Stored[] = []
  for (let startIndex = 1; ; startIndex += size) {
    const page = await rig.provider.query(type, queryOf({ ...question, startIndex, count: size }), rig.here)
    ensure(page.resources.length <= size, `a page of ${size}: expected no more, saw ${page.resources.length}`)
    found.push(...page.resources)
    const { totalResults } = page
    ensure(totalResults !== undefined, 'totalResults of an index page: expected a number, saw none')
    if (startIndex + size > totalResults) return found
  }
}
