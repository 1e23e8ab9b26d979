/** Deliveries whose last attempt failed. */
import { sql } from 'kysely'
import { oncePerDialect } from '../dialect/once-per-dialect.js'
import { decisiveStep, template } from '../statement/template.js'
import type { Store } from '../store/store.js'
import { type Change, changeOf } from './change.js'
import { wholeNumber } from './outbox-options.js'

/** Which dead deliveries are listed. */
export interface DeadQuery {
  readonly consumer: string
  /** Only those after this position. */
  readonly after?: number
  /** At most so many, from 1 to 1,000. Default 100. */
  readonly limit?: number
}

/** A delivery whose last attempt failed. */
export interface DeadDelivery {
  readonly change: Change
  readonly attempts: number
  /** The message of the last error. */
  readonly error: string
}

interface Place {
  readonly consumer: string
  readonly position: number
}

const statementsOf = oncePerDialect(({ builder: db, now }) => ({
  list: template<{ readonly consumer: string; readonly after: number; readonly limit: number }>((slot) =>
    db
      .selectFrom('scim_deliveries as d')
      .innerJoin('scim_outbox as o', 'o.position', 'd.position')
      .selectAll('o')
      .select(['d.attempts', 'd.error'])
      .where('d.consumer', '=', slot('consumer'))
      .where('d.state', '=', sql.lit('dead'))
      .where('d.position', '>', slot('after'))
      .orderBy('d.position')
      .limit(slot('limit')),
  ),
  retry: template<Place>((slot) =>
    db
      .updateTable('scim_deliveries')
      // In a lane of its own: the later changes of the resource do not wait for it.
      .set({ state: sql.lit('waiting'), attempts: sql.lit(0), due: now, lane: sql<number>`-position` })
      .where('position', '=', slot('position'))
      .where('consumer', '=', slot('consumer'))
      .where('state', '=', sql.lit('dead')),
  ),
  discard: template<Place>((slot) =>
    db
      .deleteFrom('scim_deliveries')
      .where('position', '=', slot('position'))
      .where('consumer', '=', slot('consumer'))
      .where('state', '=', sql.lit('dead')),
  ),
}))

/** The dead deliveries of a consumer, by position. */
export async function listDead({ dialect, driver }: Store, query: DeadQuery): Promise<readonly DeadDelivery[]> {
  const limit = wholeNumber('limit', query.limit ?? 100, 1, 1_000)
  const after = wholeNumber('after', query.after ?? 0, 0)
  const [rows = []] = await driver.read([statementsOf(dialect).list({ consumer: query.consumer, after, limit })])
  return rows.map((row) => ({
    change: changeOf(row),
    attempts: Number(row.attempts),
    error: String(row.error ?? ''),
  }))
}

/** Makes a dead delivery due again, with all its attempts; false if there is no such dead delivery. */
export async function retryDead({ dialect, driver }: Store, place: Place): Promise<boolean> {
  return (await driver.write([decisiveStep(statementsOf(dialect).retry(place))])) === 'written'
}

/** Removes a dead delivery, which is then never delivered; false if there is no such dead delivery. */
export async function discardDead({ dialect, driver }: Store, place: Place): Promise<boolean> {
  return (await driver.write([decisiveStep(statementsOf(dialect).discard(place))])) === 'written'
}
