import { heldBy, type MembersNeed, type Needs, weightOf } from '@scimkit/core'
import type { Store } from '../store.js'
import type { ReadStatements } from './statements.js'

// Rows looked at with one statement: each has so many members counted as it may show, so this bounds the statement.
const portion = 16

/**
 * How many of these rows, from the first on, a page holds that is bounded in bytes. Documents are weighed by their
 * lengths, members are counted as far as they are asked for: neither is read.
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
      weights.push(weightOf(Number(row?.doc_bytes ?? 0), Number(row?.members ?? 0)))
    }
    const held = heldBy(bytes, weights)
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
