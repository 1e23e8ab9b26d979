/**
 * Evaluates filters and sorts that SQL cannot express, with the core: over rows in portions, one document at a time. Only the row
 * number and the sort key of each match are kept.
 */

import { scimError } from '@scimkit/core'
import { attributesOf, fullPath } from '@scimkit/core/filter'
import type { JsonObject } from '@scimkit/core/json'
import {
  type CompareKey,
  filterView,
  membersUsedBy,
  pacedMatcherOf,
  type Query,
  sortKeyOf,
  viewNeedsOf,
} from '@scimkit/core/provider'
import type { RawBuilder } from 'kysely'
import type { Row } from '../../driver/driver.js'
import { yieldToEventLoop } from '../../driver/event-loop-yield.js'
import type { Reader } from '../../reading/reader.js'
import { storedOf } from '../../reading/rows.js'
import { unindexed } from '../filter/compile-filter.js'
import type { Scope } from '../filter/scope.js'
import type { Search } from '../search/search.js'
import { type Range, walk } from '../search/walk.js'
import type { WalkStatements } from '../search/walk-statements.js'
import { listColumns, withDocuments } from '../search/within-bytes.js'
import { type Part, withMembers } from './with-members.js'

/** A resource that matches. */
export interface Match {
  readonly row: number
  readonly version: string
  readonly key: CompareKey | undefined
}

// All documents of a portion are in memory.
const most = 500
const mostBytes = 4_194_304
// Members and derived attributes are read with pauses, so the duration of a portion does not measure the documents.
const least = 20
// Longer documents are read separately.
const docBytes = Math.floor(mostBytes / most)

/** The columns that a scan reads of each resource. */
export const scanColumns: RawBuilder<unknown> = listColumns(docBytes)

/**
 * All matches, in base order; without sort, at most `enough` of them. Throws 400 tooMany when it would have to read more resources,
 * plus their members, than the store allows.
 */
export async function scan(
  search: Search,
  reader: Reader,
  statements: WalkStatements,
  range: Range,
  enough: number,
): Promise<readonly Match[]> {
  const { store, scope, query } = search
  const { filter, sort } = query
  const holds = filter === undefined ? undefined : pacedMatcherOf(filter, search.budget)
  const needs = viewNeedsOf(query)
  const needsDerived = needs.groups || needs.managerName
  const need = membersUsedBy(query, true)
  async function* parts(rows: readonly Row[]): AsyncGenerator<Part> {
    for await (const whole of withDocuments(reader, rows, mostBytes)) {
      if (needs.members) yield* withMembers(store, reader, scope.tenant, whole, need === 'none' ? 'all' : need)
      else yield { rows: whole, members: new Map(), read: 0 }
    }
  }
  const matches: Match[] = []
  let looked = 0
  const look = (count: number): void => {
    looked += count
    if (looked > store.scanLimit) throw tooMany(scope, query, store.scanLimit)
  }
  const isPlain = !needs.members && !needsDerived
  await walk(
    search,
    statements,
    range,
    async (rows) => {
      look(rows.length)
      const derived = needsDerived ? await reader.derivedOf(rows, scope.tenant) : undefined
      let hasBegun = false
      for await (const part of parts(rows)) {
        if (hasBegun) await yieldToEventLoop()
        hasBegun = true
        if (search.signal?.aborted === true) throw scimError.unavailable('The client has disconnected.')
        look(part.read)
        for (const row of part.rows) {
          const number = Number(row.row_id)
          const stored = storedOf(row)
          const { groups, managerDisplayName: managerName } = derived?.get(number) ?? {}
          const view = filterView(JSON.parse(stored.json) as JsonObject, {
            members: needs.members ? (part.members.get(number) ?? []) : undefined,
            groups: needs.groups ? (groups ?? []) : undefined,
            managerName,
            meta: needs.meta ? stored : undefined,
          })
          const isMatch = holds?.(view) ?? true
          if (!(typeof isMatch === 'boolean' ? isMatch : await isMatch)) continue
          const key = sort === undefined ? undefined : sortKeyOf(sort.path, view)
          matches.push({ row: number, version: String(row.version), key })
          if (sort === undefined && matches.length >= enough) return true
        }
      }
      return false
    },
    { most, least: isPlain ? 1 : least },
  )
  return matches
}

function tooMany(scope: Scope, query: Pick<Query, 'filter' | 'sort'>, limit: number): Error {
  const paths = pathsOf(query)
  const members = [...paths].some((path) => path === 'members' || path.startsWith('members.')) ? ' and members' : ''
  return scimError.tooMany(
    `The list would have to read more than ${limit} resources${members} without an index. Use an indexed attribute${toBeIndexed(scope, query)}.`,
  )
}

/** What a client or an operator can do about a list with too many comparisons. */
export function remedyFor(scope: Scope, query: Pick<Query, 'filter' | 'sort'>): string {
  return `Send fewer comparisons, or one with eq on an indexed attribute${toBeIndexed(scope, query)}.`
}

function toBeIndexed(scope: Scope, query: Pick<Query, 'filter' | 'sort'>): string {
  const named = unindexed(scope, pathsOf(query))
  return named.length === 0 ? '' : `, or add to the provider's option \`indexes\`: ${named.join(', ')}`
}

function pathsOf({ filter, sort }: Pick<Query, 'filter' | 'sort'>): ReadonlySet<string> {
  const paths = new Set<string>()
  if (filter !== undefined) for (const path of attributesOf(filter)) paths.add(path)
  if (sort !== undefined) paths.add(fullPath(sort.path))
  return paths
}
