/**
 * Leases: a process takes deliveries for a time, and only the holder of the token may finish them. All times are by the clock of
 * the database, so the clocks of the processes need not agree.
 */
import { sql } from 'kysely'
import type { Dialect } from '../dialect/dialect.js'
import { oncePerDialect } from '../dialect/once-per-dialect.js'
import type { Row, Step } from '../driver/driver.js'
import { decisiveStep, returningStep, step, template } from '../statement/template.js'
import type { Store } from '../store/store.js'
import { type Change, changeOf } from './change.js'
import { metaNameOf } from './consumers.js'

/** A delivery that this process has taken. */
export interface Lease {
  readonly consumer: string
  readonly position: number
  readonly token: string
  /** The lane of the delivery. */
  readonly lane: number
  /** Which attempt this is, from 1. */
  readonly attempt: number
  /** Undefined if its row is no longer in the outbox. */
  readonly change: Change | undefined
}

interface HeldValues {
  readonly consumer: string
  readonly position: number
  readonly token: string
}

const statementsOf = oncePerDialect((dialect) => {
  const { builder: db, now, rowLocks } = dialect
  const held = (slot: <Name extends keyof HeldValues>(name: Name) => ReturnType<typeof sql<HeldValues[Name]>>) => ({
    consumer: slot('consumer'),
    position: slot('position'),
    token: slot('token'),
  })
  return {
    /** Takes due deliveries, oldest first. There is at most one of each lane. */
    claim: template<{
      readonly consumer: string
      readonly token: string
      readonly lease: number
      readonly count: number
    }>((slot) => {
      const due = sql`(select position from scim_deliveries
        where consumer = ${slot('consumer')} and state = 'waiting' and due <= ${now}
        order by due, position limit ${slot('count')} ${rowLocks?.skipLocked ?? sql``})`
      return (
        db
          .updateTable('scim_deliveries')
          .set({
            owner: slot('token'),
            due: sql<number>`${now} + ${slot('lease')}`,
            attempts: sql<number>`attempts + 1`,
          })
          .where('consumer', '=', slot('consumer'))
          // Again: the row may have changed since the subquery read it.
          .where('state', '=', sql.lit('waiting'))
          .where('due', '<=', now)
          .where(dialect.inList(sql.ref('position'), due))
          .returning(['position', 'attempts', 'lane'])
      )
    }),
    changes: template<{ readonly rows: string }>((slot) =>
      db
        .selectFrom('scim_outbox')
        .selectAll()
        .where(
          dialect.inList(
            sql.ref('position'),
            sql`(select place from ${dialect.jsonRows(slot('rows'), { place: 'integer' })} as j)`,
          ),
        ),
    ),
    extend: template<HeldValues & { readonly lease: number }>((slot) => {
      const { consumer, position, token } = held(slot)
      return db
        .updateTable('scim_deliveries')
        .set({ due: sql<number>`${now} + ${slot('lease')}` })
        .where('position', '=', position)
        .where('consumer', '=', consumer)
        .where('owner', '=', token)
    }),
    /**
     * The end of a delivery waits for a process that fills the deliveries, and the other way around: else each of the two could miss
     * what the other writes, and the next delivery of the lane would stay blocked.
     */
    hold:
      rowLocks === undefined
        ? undefined
        : template<{ readonly name: string }>((slot) =>
            db.selectFrom('scim_meta').select('name').where('name', '=', slot('name')).modifyEnd(rowLocks.share),
          ),
    /** Makes the next delivery of a lane due. */
    release: template<{ readonly consumer: string; readonly lane: number }>((slot) =>
      db
        .updateTable('scim_deliveries')
        .set({ state: sql.lit('waiting'), due: now })
        .where('consumer', '=', slot('consumer'))
        .where(
          'position',
          '=',
          db
            .selectFrom('scim_deliveries as e')
            .select('e.position')
            .where('e.lane', '=', slot('lane'))
            .where('e.consumer', '=', slot('consumer'))
            .where('e.state', '=', sql.lit('blocked'))
            .orderBy('e.position')
            .limit(sql.lit(1)),
        ),
    ),
    finish: template<HeldValues>((slot) => {
      const { consumer, position, token } = held(slot)
      return db
        .deleteFrom('scim_deliveries')
        .where('position', '=', position)
        .where('consumer', '=', consumer)
        .where('owner', '=', token)
    }),
    fail: template<HeldValues & { readonly state: string; readonly pause: number; readonly error: string }>((slot) => {
      const { consumer, position, token } = held(slot)
      return db
        .updateTable('scim_deliveries')
        .set({
          state: slot('state'),
          owner: null,
          due: sql<number>`${now} + ${slot('pause')}`,
          error: slot('error'),
        })
        .where('position', '=', position)
        .where('consumer', '=', consumer)
        .where('owner', '=', token)
    }),
  }
})

/** Takes at most `count` due deliveries for `lease` milliseconds. */
export async function claim(
  { dialect, driver }: Store,
  consumer: string,
  count: number,
  lease: number,
): Promise<readonly Lease[]> {
  const statements = statementsOf(dialect)
  const token = crypto.randomUUID()
  let taken: readonly Row[] = []
  await driver.write([
    returningStep(statements.claim({ consumer, token, lease, count }), (rows) => {
      taken = rows
    }),
  ])
  if (taken.length === 0) return []
  const [rows = []] = await driver.read([
    statements.changes({ rows: JSON.stringify(taken.map(({ position }) => [position])) }),
  ])
  const changes = new Map(rows.map((row) => [Number(row.position), row]))
  return taken
    .map(({ position, attempts, lane }) => {
      const row = changes.get(Number(position))
      return {
        consumer,
        position: Number(position),
        token,
        lane: Number(lane),
        attempt: Number(attempts),
        change: row && changeOf(row),
      }
    })
    .sort((one, other) => one.position - other.position)
}

/** Extends a lease; false if another process has taken the delivery, or it was finished or removed. */
export async function extend({ dialect, driver }: Store, lease: Lease, milliseconds: number): Promise<boolean> {
  const statement = statementsOf(dialect).extend({ ...valuesOf(lease), lease: milliseconds })
  return (await driver.write([decisiveStep(statement)])) === 'written'
}

/** Finishes a delivery, so that the next one of its lane is due; false if the lease was lost. */
export async function finish({ dialect, driver }: Store, lease: Lease): Promise<boolean> {
  const ending = decisiveStep(statementsOf(dialect).finish(valuesOf(lease)))
  return (await driver.write(endOfTurn(dialect, lease, ending))) === 'written'
}

/** What happens to a delivery whose handler failed. */
export interface Failure {
  readonly state: 'waiting' | 'dead'
  /** Milliseconds until the next attempt. */
  readonly pause: number
  readonly error: string
}

/** Ends an attempt that failed; after the last one, the next delivery of the lane is due. False if the lease was lost. */
export async function fail({ dialect, driver }: Store, lease: Lease, failure: Failure): Promise<boolean> {
  const ending = decisiveStep(statementsOf(dialect).fail({ ...valuesOf(lease), ...failure }))
  const steps = failure.state === 'dead' ? endOfTurn(dialect, lease, ending) : [ending]
  return (await driver.write(steps)) === 'written'
}

/** The steps that end a delivery and make the next one of its lane due. */
function endOfTurn(dialect: Dialect, { consumer, lane }: Lease, ending: Step): readonly Step[] {
  const { hold, release } = statementsOf(dialect)
  return [
    ...(hold === undefined ? [] : [step(hold({ name: metaNameOf(consumer) }))]),
    ending,
    step(release({ consumer, lane })),
  ]
}

function valuesOf({ consumer, position, token }: Lease): HeldValues {
  return { consumer, position, token }
}
