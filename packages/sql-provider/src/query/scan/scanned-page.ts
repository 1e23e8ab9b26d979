/** The page of a list for which the core evaluates the rows that satisfy the SQL condition. */
import {
  compareSortKeys,
  type IndexPage,
  type KeysetPage,
  type KeysetPosition,
  nextPosition,
  type Page,
  readPosition,
  type Sort,
  type Stored,
} from '@scimkit/core/provider'
import type { Reader } from '../../reading/reader.js'
import { best } from '../order/best.js'
import type { Search } from '../search/search.js'
import type { Range } from '../search/walk.js'
import type { WalkStatements } from '../search/walk-statements.js'
import { type Match, scan } from './scan.js'

/** The page, or `changed`: one of its resources was written between the search and the read of its members. */
export async function scannedPage(
  search: Search,
  reader: Reader,
  statements: WalkStatements,
  range: Range,
  takeAsIs: boolean,
): Promise<Page | 'changed'> {
  const { sort, page } = search.query
  const position = 'after' in page && page.after !== undefined ? readPosition(page.after, sort) : undefined
  const after = sort === undefined && position !== undefined ? position.order : 0
  const enough = 'after' in page ? Math.max(page.count, 0) + 1 : Number.POSITIVE_INFINITY
  const from = 'rows' in range ? { rows: range.rows.filter((row) => row > after) } : { after }
  const matches = await scan(search, reader, statements, from, enough)
  const ordered = await inOrder(matches, sort)
  const part = partOf(ordered, page, sort)
  const held = await reader.heldRows(
    part.shown.map(({ row }) => row),
    search.query.needs,
    page.bytes,
  )
  const isShort = held < part.shown.length
  const { shown, next } = isShort ? partOf(ordered, { ...page, count: held }, sort) : part
  const resources = await readMatches(search, reader, shown, takeAsIs)
  if (resources === 'changed') return resources
  return {
    resources,
    totalResults: 'after' in page ? undefined : matches.length,
    ...(isShort && { short: true }),
    ...(next !== undefined && { next }),
  }
}

async function inOrder(matches: readonly Match[], sort: Sort | undefined): Promise<readonly Match[]> {
  if (sort === undefined) return matches
  const all = best<Match>(
    Number.POSITIVE_INFINITY,
    (left, right) => compareSortKeys(left.key, right.key, sort.descending) || left.row - right.row,
  )
  await all.add(matches)
  return all.inOrder()
}

interface Part {
  readonly shown: readonly Match[]
  readonly next?: string
}

function partOf(matches: readonly Match[], page: IndexPage | KeysetPage, sort: Sort | undefined): Part {
  return 'after' in page ? keysetPart(matches, page, sort) : indexPart(matches, page)
}

function indexPart(matches: readonly Match[], page: IndexPage): Part {
  const start = Math.max(page.startIndex, 1) - 1
  return { shown: matches.slice(start, start + Math.max(page.count, 0)) }
}

function keysetPart(matches: readonly Match[], page: KeysetPage, sort: Sort | undefined): Part {
  const position = page.after === undefined ? undefined : readPosition(page.after, sort)
  const rest =
    position === undefined
      ? matches
      : matches.filter(({ row, key }) => {
          const bySort = sort === undefined ? 0 : compareSortKeys(key, position.key, sort.descending)
          return bySort > 0 || (bySort === 0 && row > position.order)
        })
  const shown = rest.slice(0, Math.max(page.count, 0))
  const [last, following] = [shown.at(-1), rest[shown.length]]
  if (last === undefined || following === undefined) return { shown }
  return { shown, next: nextPosition(positionOf(last), positionOf(following), sort) }
}

function positionOf({ row, key }: Match): KeysetPosition {
  return { order: row, key }
}

/**
 * The resources with the needed members and derived attributes. `changed` if one of them was written after the search, because it
 * may not match any more; a deleted resource is omitted.
 */
async function readMatches(
  { scope, query: { filter, needs } }: Search,
  reader: Reader,
  matches: readonly Pick<Match, 'row' | 'version'>[],
  takeAsIs: boolean,
): Promise<readonly Stored[] | 'changed'> {
  const read = await reader.readRows(
    matches.map(({ row }) => row),
    needs,
    scope.tenant,
  )
  const resources: Stored[] = []
  for (const { row, version } of matches) {
    const stored = read.get(row)
    if (stored === undefined) continue
    if (filter !== undefined && stored.version !== version && !takeAsIs) return 'changed'
    resources.push(stored)
  }
  return resources
}
