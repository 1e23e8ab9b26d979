/**
 * What SQL cannot say, the core evaluates: over rows in chunks, one document at a time. Of those that match only the row
 * and the sort key are kept.
 */
import {
  attributesOf,
  type CompareKey,
  fullPath,
  type Member,
  matcherOf,
  membersAsked,
  type Query,
  type ScimContext,
  scimError,
  sortKeyOf,
} from '@scimkit/core'
import type { Row } from '../driver/driver.js'
import { type Reader, rowsText } from '../reading/reader.js'
import { memberOf, storedOf } from '../reading/rows.js'
import type { Store } from '../store.js'
import { unindexed } from './compile-filter.js'
import { membersByKey } from './members-seen.js'
import type { PageStatements } from './page-statements.js'
import type { Scope } from './scope.js'
import { askedBy, viewOf } from './view.js'

/** A resource that matches. */
export interface Match {
  readonly row: number
  readonly version: string
  readonly key: CompareKey | undefined
}

const chunkSize = 500

/**
 * All that match, in base order; without sort, no more than `enough` after the row `after`. Throws 400 tooMany once it
 * would have to look at more resources than the store allows.
 */
export async function scan(
  store: Store,
  reader: Reader,
  scope: Scope,
  statements: PageStatements,
  query: Pick<Query, 'filter' | 'sort'>,
  context: ScimContext,
  from: { readonly after: number; readonly enough: number },
): Promise<readonly Match[]> {
  const { filter, sort } = query
  const holds = filter === undefined ? undefined : matcherOf(filter)
  const asked = askedBy(query)
  const need = membersAsked(query, true)
  const matches: Match[] = []
  let looked = 0
  for (let after = from.after; ; ) {
    const rows = await nextChunk(store, statements, after)
    looked += rows.length
    if (looked > store.scanLimit) throw tooMany(scope, query, store.scanLimit)
    const members = asked.members
      ? await membersOf(store, reader, scope.tenant, rows, need === 'none' ? 'all' : need)
      : undefined
    const derived = asked.derived ? await reader.derivedOf(rows, scope.tenant) : undefined
    for (const row of rows) {
      const number = Number(row.row_id)
      const view = viewOf(
        storedOf(row),
        members === undefined ? undefined : (members.get(number) ?? []),
        derived?.get(number),
        asked,
      )
      if (holds !== undefined && !holds(view)) continue
      const key = sort === undefined ? undefined : sortKeyOf(sort.path, view)
      matches.push({ row: number, version: String(row.version), key })
      if (sort === undefined && matches.length >= from.enough) return matches
    }
    const last = rows.at(-1)
    if (last === undefined || rows.length < chunkSize) return matches
    after = Number(last.row_id)
    if (context.signal?.aborted === true) throw scimError.unavailable('The client has gone.')
    await breath()
  }
}

async function nextChunk(store: Store, statements: PageStatements, row: number): Promise<readonly Row[]> {
  const [rows = []] = await store.driver.read([statements.rows({ kind: 'base' }, { limit: chunkSize, after: { row } })])
  return rows
}

async function membersOf(
  store: Store,
  reader: Reader,
  tenant: string,
  rows: readonly Row[],
  need: Exclude<ReturnType<typeof membersAsked>, 'none'>,
): Promise<ReadonlyMap<number, readonly Member[]>> {
  const members = new Map<number, Member[]>()
  if (rows.length === 0) return members
  const numbers = rows.map(({ row_id }) => Number(row_id))
  const [found = []] = await store.driver.read([
    typeof need === 'object' && 'only' in need
      ? membersByKey(store.dialect)(tenant, numbers, need.only)
      : reader.membersOfRows(rowsText(numbers), need),
  ])
  for (const row of found) {
    const list = members.get(Number(row.group_row))
    if (list === undefined) members.set(Number(row.group_row), [memberOf(row)])
    else list.push(memberOf(row))
  }
  return members
}

function tooMany(scope: Scope, { filter, sort }: Pick<Query, 'filter' | 'sort'>, limit: number): Error {
  const paths = new Set<string>()
  if (filter !== undefined) for (const path of attributesOf(filter)) paths.add(path)
  if (sort !== undefined) paths.add(fullPath(sort.path))
  const named = unindexed(scope, paths)
  const remedy = named.length === 0 ? '' : `, or have the provider's \`indexes\` name ${named.join(', ')}`
  return scimError.tooMany(
    `More than ${limit} resources would have to be looked at one by one. Ask for an attribute that is indexed${remedy}.`,
  )
}

// An embedded database answers without waiting: without a pause nobody else would be served while it is asked.
function breath(): Promise<void> {
  return new Promise((resume) => setTimeout(resume, 0))
}
