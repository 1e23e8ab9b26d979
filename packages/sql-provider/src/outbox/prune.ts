/** Retention: removes the rows that are old enough and that every consumer has finished, in portions. */
import { sql } from 'kysely'
import { oncePerDialect } from '../dialect/once-per-dialect.js'
import { returningStep, step, template } from '../statement/template.js'
import type { Store } from '../store/store.js'
import { leastPosition } from './consumers.js'
import { prunedName } from './positions.js'

const rowsAtOnce = 500

const statementsOf = oncePerDialect((dialect) => {
  const { builder: db } = dialect
  const mark = sql<number>`(select cast(value as bigint) from scim_meta where name = ${sql.lit(prunedName)})`
  return {
    // The rows after the mark, in order: those before it were removed, or are held by a delivery.
    next: template<{ readonly count: number }>((slot) =>
      db
        .selectFrom('scim_outbox')
        .select(['position', 'at', mark.as('mark'), leastPosition.as('least')])
        .where('position', '>', mark)
        .orderBy('position')
        .limit(slot('count')),
    ),
    move: template<{ readonly mark: number }>((slot) =>
      db
        .updateTable('scim_meta')
        .set({ value: sql<string>`cast(cast(${slot('mark')} as bigint) as text)` })
        .where('name', '=', sql.lit(prunedName))
        .where(sql<number>`cast(value as bigint)`, '<', slot('mark')),
    ),
    remove: template<{ readonly count: number }>((slot) => {
      const unheld = sql`(select o.position from scim_outbox as o where o.position <= ${mark}
        and not exists (select 1 from scim_deliveries as d where d.position = o.position)
        order by o.position limit ${slot('count')})`
      return db
        .deleteFrom('scim_outbox')
        .where(dialect.inList(sql.ref('position'), unheld))
        .returning('position')
    }),
  }
})

/**
 * Removes the rows whose change is older than `before`, an RFC 3339 time in UTC, and that every known consumer has finished with.
 * Result: how many, at most `portions` times 500.
 */
export async function pruneBefore({ dialect, driver }: Store, before: string, portions: number): Promise<number> {
  const { next, move, remove } = statementsOf(dialect)
  let removed = 0
  for (let portion = 0; portion < portions; portion++) {
    const [rows = []] = await driver.read([next({ count: rowsAtOnce })])
    let mark: number | undefined
    for (const { position, at, least } of rows) {
      if (String(at) >= before || (least !== null && Number(position) > Number(least))) break
      mark = Number(position)
    }
    let count = 0
    await driver.write([
      ...(mark === undefined ? [] : [step(move({ mark }))]),
      returningStep(remove({ count: rowsAtOnce }), (gone) => {
        count = gone.length
      }),
    ])
    removed += count
    if (mark === undefined && count === 0) break
  }
  return removed
}
