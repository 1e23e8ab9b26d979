/** Index pages in the database. @see RFC 7644 §3.4.2.4 */
import type { IndexPage } from '@scimkit/core'
import type { Driver, Row } from '../driver/driver.js'
import { type Found, totalIn } from './found.js'
import type { Ordering } from './ordering.js'
import type { KeyOrdering, PageStatements } from './page-statements.js'

/** The rows of an index page, and the total. `docBytes` is the longest document that comes along. */
export async function indexRows(
  driver: Driver,
  statements: PageStatements,
  ordering: Ordering,
  page: IndexPage,
  docBytes?: number,
): Promise<Found> {
  const start = Math.max(page.startIndex, 1) - 1
  const limit = Math.max(page.count, 0)
  if (ordering.kind === 'keys') return byKeys(driver, statements, ordering, start, limit, docBytes)
  const rows = limit === 0 ? [] : await ask(driver, statements.rows(ordering, { limit, offset: start, docBytes }))
  // A first page that is not full is the whole list: a look-up by name needs no second statement.
  if (start === 0 && rows.length < limit) return { rows, total: rows.length }
  return { rows, total: totalIn(await ask(driver, statements.count())) }
}

/**
 * Those with a key come first, and last when descending; each part has an index of its own. Counting costs more than a
 * page, so it is counted only what the rows do not tell.
 */
async function byKeys(
  driver: Driver,
  statements: PageStatements,
  ordering: KeyOrdering,
  start: number,
  limit: number,
  docBytes: number | undefined,
): Promise<Found> {
  const parts = [statements.rowsWithKey, statements.rowsWithoutKey] as const
  const [firstPart, lastPart] = ordering.descending ? [parts[1], parts[0]] : parts
  const first = limit === 0 ? [] : await ask(driver, firstPart(ordering, { limit, offset: start, docBytes }))
  if (first.length === limit) return { rows: first, total: totalIn(await ask(driver, statements.count())) }

  const left = limit - first.length
  if (start === 0) {
    const rows = [...first, ...(await ask(driver, lastPart(ordering, { limit: left, docBytes })))]
    return { rows, total: rows.length < limit ? rows.length : totalIn(await ask(driver, statements.count())) }
  }
  const [all, keyed] = await driver.read([statements.count(), statements.countWithKey(ordering)])
  const total = totalIn(all)
  const firstSize = ordering.descending ? total - totalIn(keyed) : totalIn(keyed)
  const last = await ask(driver, lastPart(ordering, { limit: left, offset: Math.max(0, start - firstSize), docBytes }))
  return { rows: [...first, ...last], total }
}

async function ask(driver: Driver, statement: ReturnType<PageStatements['count']>): Promise<readonly Row[]> {
  const [rows = []] = await driver.read([statement])
  return rows
}
