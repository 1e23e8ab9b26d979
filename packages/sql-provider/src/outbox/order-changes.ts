/**
 * The order of changes. The database numbers rows when they are inserted, and transactions may commit in another order: a reader
 * that remembers the highest number it saw would skip a row that commits later with a lower one. So a row has no position when it
 * is written. A reader gives positions to the rows that it sees, by number, and compares and swaps the last position: a row that
 * commits later gets a later position.
 */
import { sql } from 'kysely'
import { oncePerDialect } from '../dialect/once-per-dialect.js'
import { decisiveStep, step, template } from '../statement/template.js'
import type { Store } from '../store/store.js'

/** The entry of `scim_meta` with the last position. */
export const headName = 'provider.outbox.head'

const rowsAtOnce = 500
// Each failed swap is another reader's progress.
const mostSwaps = 100

const statementsOf = oncePerDialect((dialect) => {
  const { builder: db } = dialect
  const head = db.selectFrom('scim_meta').select('value').where('name', '=', sql.lit(headName))
  return {
    // One statement, so that rows and head are of one state.
    unordered: template<{ readonly count: number }>((slot) =>
      db
        .selectFrom('scim_outbox')
        .select(['seq', head.as('head')])
        .where(sql<boolean>`position is null`)
        .orderBy('seq')
        .limit(slot('count')),
    ),
    swapHead: template<{ readonly head: string; readonly next: string }>((slot) =>
      db
        .updateTable('scim_meta')
        .set({ value: slot('next') })
        .where('name', '=', sql.lit(headName))
        .where('value', '=', slot('head')),
    ),
    place: template<{ readonly rows: string }>((slot) =>
      db
        .updateTable('scim_outbox')
        .from(
          sql<{
            row_seq: number
            place: number
          }>`${dialect.jsonRows(slot('rows'), { row_seq: 'integer', place: 'integer' })}`.as('j'),
        )
        .set({ position: sql.ref<number>('j.place') })
        .whereRef('scim_outbox.seq', '=', sql.ref('j.row_seq')),
    ),
  }
})

/** Gives a position to every row that is visible now and has none. */
export async function orderChanges({ dialect, driver }: Store): Promise<void> {
  const { unordered, swapHead, place } = statementsOf(dialect)
  for (let swap = 0; swap < mostSwaps; swap++) {
    const [rows = []] = await driver.read([unordered({ count: rowsAtOnce })])
    const [first] = rows
    if (first === undefined) return
    const head = Number(first.head)
    const places = rows.map(({ seq }, index) => [seq, head + 1 + index])
    const end = await driver.write([
      decisiveStep(swapHead({ head: String(first.head), next: String(head + rows.length) })),
      step(place({ rows: JSON.stringify(places) })),
    ])
    if (end === 'written' && rows.length < rowsAtOnce) return
  }
}
