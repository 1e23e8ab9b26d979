/** Consumers: each has a position of its own, up to which its changes are in `scim_deliveries`. */
import { type RawBuilder, sql } from 'kysely'
import { oncePerDialect } from '../dialect/once-per-dialect.js'
import { prefixEnd } from '../statement/prefix-end.js'
import { decisiveStep, step, template } from '../statement/template.js'
import type { Store } from '../store/store.js'
import { headName, orderChanges } from './order-changes.js'
import { prunedName } from './positions.js'

/** A consumer of the outbox. */
export interface Consumer {
  readonly name: string
  /** Changes that it has not finished, without the dead ones. */
  readonly lag: number
  /** Changes that are being delivered, are delivered next or again, or wait for an earlier change. Part of `lag`. */
  readonly waiting: number
  /** Changes whose last attempt failed. */
  readonly dead: number
}

const prefix = 'provider.outbox.consumer.'
const afterPrefix = prefixEnd(prefix) ?? prefix
const changesAtOnce = 500
const longestName = 100

/** Selects the position of the consumer that is farthest behind; null without consumers. For retention. */
export const leastPosition: RawBuilder<number | null> = sql<
  number | null
>`(select min(cast(value as bigint)) from scim_meta where name >= ${sql.lit(prefix)} and name < ${sql.lit(afterPrefix)})`

/** The name of the entry of a consumer in `scim_meta`, which has its position. */
export function metaNameOf(consumer: string): string {
  return prefix + consumer
}

/** The name, checked. Throws a TypeError. */
export function consumerName(name: string): string {
  if (typeof name === 'string' && name.length > 0 && name.length <= longestName) return name
  throw new TypeError(`consumer: expected a name of 1 to ${longestName} characters, got ${JSON.stringify(name)}`)
}

const statementsOf = oncePerDialect(({ builder: db, now }) => {
  const head = db.selectFrom('scim_meta').select('value').where('name', '=', sql.lit(headName))
  return {
    // After the rows that retention has passed: those that a delivery still holds lack the later changes of their resource.
    register: template<{ readonly name: string }>((slot) =>
      db
        .insertInto('scim_meta')
        .columns(['name', 'value'])
        .expression(
          db
            .selectFrom('scim_meta')
            .select([sql<string>`cast(${slot('name')} as text)`.as('name'), 'value'])
            .where('name', '=', sql.lit(prunedName)),
        )
        .onConflict((conflict) => conflict.column('name').doNothing()),
    ),
    progress: template<{ readonly name: string }>((slot) =>
      db
        .selectFrom('scim_meta')
        .select(['value', head.as('head')])
        .where('name', '=', slot('name')),
    ),
    swap: template<{ readonly name: string; readonly value: string; readonly next: string }>((slot) =>
      db
        .updateTable('scim_meta')
        .set({ value: slot('next') })
        .where('name', '=', slot('name'))
        .where('value', '=', slot('value')),
    ),
    // Of each lane, at most one waits and the later ones are blocked.
    fill: template<{ readonly consumer: string; readonly after: number; readonly last: number }>((slot) =>
      db
        .insertInto('scim_deliveries')
        .columns(['consumer', 'position', 'lane', 'state', 'attempts', 'due'])
        .expression(
          db
            .selectFrom('scim_outbox')
            .select([
              sql<string>`cast(${slot('consumer')} as text)`.as('consumer'),
              sql.ref<number>('position').as('position'),
              'row_id as lane',
              sql<string>`case when row_number() over (partition by row_id order by position) > 1
                or exists (select 1 from scim_deliveries as e where e.lane = scim_outbox.row_id
                  and e.consumer = ${slot('consumer')} and e.state in ('waiting', 'blocked'))
                then 'blocked' else 'waiting' end`.as('state'),
              sql.lit(0).as('attempts'),
              now.as('due'),
            ])
            .where('position', '>', slot('after'))
            .where('position', '<=', slot('last')),
        ),
    ),
    all: template<Record<never, never>>(() =>
      db
        .selectFrom('scim_meta')
        .select(['name', 'value', head.as('head')])
        .where('name', '>=', sql.lit(prefix))
        .where('name', '<', sql.lit(afterPrefix))
        .orderBy('name'),
    ),
    counts: template<Record<never, never>>(() =>
      db
        .selectFrom('scim_deliveries')
        .select(['consumer', 'state', sql<number>`count(*)`.as('count')])
        .groupBy(['consumer', 'state']),
    ),
    forget: template<{ readonly name: string }>((slot) => db.deleteFrom('scim_meta').where('name', '=', slot('name'))),
    forgetDeliveries: template<{ readonly consumer: string }>((slot) =>
      db.deleteFrom('scim_deliveries').where('consumer', '=', slot('consumer')),
    ),
  }
})

/** Adds a consumer, unless it is known; it gets all changes that are kept. */
export async function registerConsumer({ dialect, driver }: Store, consumer: string): Promise<void> {
  await driver.write([step(statementsOf(dialect).register({ name: metaNameOf(consumer) }))])
}

/** Moves the next committed changes to the deliveries of a consumer; true if there were any. */
export async function advanceConsumer(store: Store, consumer: string): Promise<boolean> {
  const { dialect, driver } = store
  const { progress, swap, fill } = statementsOf(dialect)
  await orderChanges(store)
  const name = metaNameOf(consumer)
  const [rows = []] = await driver.read([progress({ name })])
  const [row] = rows
  if (row === undefined) {
    await registerConsumer(store, consumer)
    return true
  }
  const after = Number(row.value)
  const last = Math.min(Number(row.head), after + changesAtOnce)
  if (last <= after) return false
  // Of several processes, one inserts the deliveries; the others see that they are there.
  await driver.write([
    decisiveStep(swap({ name, value: String(row.value), next: String(last) })),
    step(fill({ consumer, after, last })),
  ])
  return true
}

/** All consumers, by name. */
export async function listConsumers(store: Store): Promise<readonly Consumer[]> {
  const { all, counts } = statementsOf(store.dialect)
  await orderChanges(store)
  const [known = [], counted = []] = await store.driver.read([all({}), counts({})])
  const countOf = (consumer: string, state: string): number =>
    Number(counted.find((row) => row.consumer === consumer && row.state === state)?.count ?? 0)
  return known.map((row) => {
    const name = String(row.name).slice(prefix.length)
    const waiting = countOf(name, 'waiting') + countOf(name, 'blocked')
    return { name, lag: Number(row.head) - Number(row.value) + waiting, waiting, dead: countOf(name, 'dead') }
  })
}

/** Removes a consumer and its deliveries; false if it is unknown. */
export async function forgetConsumer({ dialect, driver }: Store, consumer: string): Promise<boolean> {
  const { forget, forgetDeliveries } = statementsOf(dialect)
  const end = await driver.write([
    decisiveStep(forget({ name: metaNameOf(consumer) })),
    step(forgetDeliveries({ consumer })),
  ])
  return end === 'written'
}
