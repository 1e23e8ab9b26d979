/** Index pages in the database. @see RFC 7644 §3.4.2.4 */
import type { IndexPage } from '@scimkit/core'
import type { Driver, Row } from '../driver/driver.js'
import { type Found, totalIn } from './found.js'
import type { Ordering } from './ordering.js'
import type { KeyOrdering, PageStatements } from './page-statements.js'

/** The rows of an index page, and the total. */
export async function indexRows(
  driver: Driver,
  statements: PageStatements,
  ordering: Ordering,
  page: IndexPage,
): Promise<Found> {
  const start = Math.max(page.startIndex, 1) - 1
  const limit = Math.max(page.count, 0)
  if (ordering.kind === 'keys') return byKeys(driver, statements, ordering, start, limit)
  const rows = limit === 0 ? [] : await ask(driver, statements.rows(ordering, { limit, offset: start }))
  // A first page that is not full is the whole list: a look-up by name needs no second statement.
  if (start === 0 && rows.length < limit) return { rows, total: rows.length }
  return { rows, total: totalIn(await ask(driver, statements.count())) }
}

/** Those with a key come first, and last when descending; each part has an index of its own. */
async function byKeys(
  driver: Driver,
  statements: PageStatements,
  ordering: KeyOrdering,
  start: number,
  limit: number,
): Promise<Found> {
  const [all, keyed] = await driver.read([statements.count(), statements.countWithKey(ordering)])
  const total = totalIn(all)
  const withKey = totalIn(keyed)
  const sizes = ordering.descending ? [total - withKey, withKey] : [withKey, total - withKey]
  const [firstSize = 0] = sizes
  const select = ordering.descending
    ? ([statements.rowsWithoutKey, statements.rowsWithKey] as const)
    : ([statements.rowsWithKey, statements.rowsWithoutKey] as const)
  const rows: Row[] = []
  if (start < firstSize && limit > 0) rows.push(...(await ask(driver, select[0](ordering, { limit, offset: start }))))
  const left = limit - rows.length
  if (left > 0 && start + rows.length < total) {
    const offset = Math.max(0, start - firstSize)
    rows.push(...(await ask(driver, select[1](ordering, { limit: left, offset }))))
  }
  return { rows, total }
}

async function ask(driver: Driver, statement: ReturnType<PageStatements['count']>): Promise<readonly Row[]> {
  const [rows = []] = await driver.read([statement])
  return rows
}
