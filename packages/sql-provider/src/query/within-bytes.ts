/** Lists that read no more documents than a page bounded in bytes holds. */
import { heldBy, type Query, weightOf } from '@scimkit/core'
import { type RawBuilder, sql } from 'kysely'
import type { Row } from '../driver/driver.js'
import type { Reader } from '../reading/reader.js'
import { resourceColumns } from '../reading/rows.js'
import type { Found } from './found.js'

const allColumns = sql.join(resourceColumns.map((column) => sql.ref(column)))
const columnsBesideDoc = sql.join(resourceColumns.flatMap((column) => (column === 'r.doc' ? [] : [sql.ref(column)])))

/**
 * The columns of a list. Documents of more than `docBytes` stay in the database: their `doc` is null. Lengths, `doc_bytes`,
 * are known without reading the documents: PostgreSQL and SQLite keep them beside long texts.
 */
export function listColumns(docBytes: number | undefined): RawBuilder<unknown> {
  if (docBytes === undefined) return allColumns
  const bytes = sql`octet_length(r.doc)`
  return sql`${columnsBesideDoc}, ${bytes} as doc_bytes, case when ${bytes} <= ${docBytes} then r.doc end as doc`
}

// PostgreSQL compares lengths as integers of 32 bits.
const mostBound = 2_147_483_647

/**
 * The longest document that comes along with its row: one of which a page holds as many as it may show. Longer ones are
 * read by row, as far as the page holds them. None come along where the rows are read again with their members.
 */
export function docBytesAlong({ page: { bytes, count }, needs }: Query): number | undefined {
  if (bytes === undefined) return undefined
  return needs.members === 'none' ? Math.min(Math.floor(bytes / (count + 1)), mostBound) : -1
}

/** The rows that a page holds that is bounded in bytes. */
export function withinBytes(found: Found, { page: { bytes } }: Query): Found {
  const rows = found.rows.slice(0, heldBy(bytes, weightsOf(found.rows)))
  return rows.length === found.rows.length ? found : { ...found, rows, short: true }
}

/** What rows count as on a page bounded in bytes, by their documents: those that came along and those that did not. */
export function* weightsOf(rows: readonly Row[]): Generator<number> {
  for (const { doc, doc_bytes } of rows) {
    yield weightOf(Number(doc_bytes ?? (typeof doc === 'string' ? doc.length : 0)), 0)
  }
}

/** The rows with the documents that did not come along; `changed` if one that the filter was asked of has been written to since. */
export async function withDocs(
  reader: Reader,
  filter: Query['filter'],
  rows: readonly Row[],
  takeAsIs: boolean,
): Promise<readonly Row[] | 'changed'> {
  const long = rows.filter(({ doc }) => doc === null)
  if (long.length === 0) return rows
  const read = await reader.rowsWithDocs(long.map(({ row_id }) => Number(row_id)))
  const complete: Row[] = []
  for (const row of rows) {
    const now = row.doc === null ? read.get(Number(row.row_id)) : row
    if (now === undefined) continue
    if (filter !== undefined && now.version !== row.version && !takeAsIs) return 'changed'
    complete.push(now)
  }
  return complete
}
