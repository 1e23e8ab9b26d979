/** Lists that read only as many documents as fit on a page with a limit in bytes. */
import { bytesOnPage, countWithinBytes, type Query } from '@scimkit/core/provider'
import { type RawBuilder, sql } from 'kysely'
import type { Row } from '../../driver/driver.js'
import type { Reader } from '../../reading/reader.js'
import { resourceColumns } from '../../reading/rows.js'

/** All columns of a resource. */
export const allColumns: RawBuilder<unknown> = sql.join(resourceColumns.map((column) => sql.ref(column)))
const columnsBesideDoc = sql.join(resourceColumns.flatMap((column) => (column === 'r.doc' ? [] : [sql.ref(column)])))

/**
 * The columns of a list. Documents of more than `docBytes` stay in the database: their `doc` is null. Lengths, `doc_bytes`,
 * are known without reading the documents: PostgreSQL and SQLite store the length of long texts separately.
 */
export function listColumns(docBytes: number | undefined): RawBuilder<unknown> {
  if (docBytes === undefined) return allColumns
  const bytes = sql`octet_length(r.doc)`
  return sql`${columnsBesideDoc}, ${bytes} as doc_bytes, case when ${bytes} <= ${docBytes} then r.doc end as doc`
}

// PostgreSQL compares lengths as integers of 32 bits.
const mostBound = 2_147_483_647

/**
 * The longest document to read together with its row, if so many rows are read at once: all of them fit on the page. Longer ones
 * are read by row, as many as fit on the page. No document is read with its row if the rows are read again with their members.
 */
export function docBytesAlong({ page: { bytes }, needs }: Query, rows: number): number | undefined {
  if (bytes === undefined) return undefined
  return needs.members === 'none' ? Math.min(Math.floor(bytes / rows), mostBound) : -1
}

/** The costs of rows on a page with a limit in bytes, by the size of their documents, whether they were read or not. */
export function* weightsOf(rows: readonly Row[]): Generator<number> {
  for (const { doc, doc_bytes } of rows) {
    yield bytesOnPage(Number(doc_bytes ?? (typeof doc === 'string' ? doc.length : 0)), 0)
  }
}

/** The rows with all their documents, as many at once as fit into so many bytes; deleted ones are omitted. */
export async function* withDocuments(
  reader: Reader,
  rows: readonly Row[],
  bytes: number,
): AsyncGenerator<readonly Row[]> {
  for (let at = 0; at < rows.length; ) {
    const rest = at === 0 ? rows : rows.slice(at)
    const part = rest.slice(0, countWithinBytes(bytes, weightsOf(rest)))
    const long = part.filter(({ doc }) => doc === null)
    const read = long.length === 0 ? undefined : await reader.rowsWithDocs(long.map(({ row_id }) => Number(row_id)))
    yield part.flatMap((row) => {
      const complete = row.doc === null ? read?.get(Number(row.row_id)) : row
      return complete === undefined ? [] : [complete]
    })
    at += part.length
  }
}
