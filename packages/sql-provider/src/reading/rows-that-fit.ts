import { bytesOnPage, countWithinBytes, type MembersNeed, type Needs } from '@scimkit/core/provider'
import type { Store } from '../store/store.js'
import type { ReadStatements } from './statements.js'

// Rows per statement: for each row, the statement counts as many members as may be returned, so this limits its cost.
const portion = 16

/**
 * How many of these rows, from the first on, fit on a page with a limit in bytes. The cost is the length of the documents and the
 * number of requested members; neither documents nor members are read.
 */
export async function heldRows(
  { driver }: Store,
  statements: Pick<ReadStatements, 'weights'>,
  rows: readonly number[],
  { members }: Needs,
  bytes: number | undefined,
): Promise<number> {
  if (bytes === undefined || rows.length <= 1) return rows.length
  const weights: number[] = []
  while (weights.length < rows.length) {
    const asked = rows.slice(weights.length, weights.length + portion)
    const [found = []] = await driver.read([
      statements.weights({ rows: JSON.stringify(asked.map(String)), first: mostOf(members) }),
    ])
    const byRow = new Map(found.map((row) => [Number(row.row_id), row]))
    for (const number of asked) {
      const row = byRow.get(number)
      weights.push(bytesOnPage(Number(row?.doc_bytes ?? 0), Number(row?.members ?? 0)))
    }
    const held = countWithinBytes(bytes, weights)
    if (held < weights.length) return held
  }
  return rows.length
}

// A limit that every database takes.
const most = 2_147_483_647

function mostOf(need: MembersNeed): number {
  if (need === 'none') return 0
  if (need === 'all') return most
  if ('only' in need) return need.only.length
  return 'first' in need ? Math.max(need.first, 0) : need.upTo
}
