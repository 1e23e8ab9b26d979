/** The change feed: the committed changes in the order of their positions. */
import { sql } from 'kysely'
import { oncePerDialect } from '../dialect/once-per-dialect.js'
import { template } from '../statement/template.js'
import type { Store } from '../store/store.js'
import { type Change, changeOf } from './change.js'
import { headName, orderChanges } from './order-changes.js'
import { wholeNumber } from './outbox-options.js'
import { type Bounds, boundsIn, prunedName } from './positions.js'

/** Which changes are read. */
export interface ChangesQuery {
  /** `next` of the page before. Absent: from the first change that is kept. */
  readonly after?: number
  /** At most so many changes, from 1 to 1,000. Default 100. */
  readonly limit?: number
  /** Only the changes of this tenant. Default: of all tenants. */
  readonly tenant?: string
  /** The documents of a page have at most so many characters together, after the first one. Default 8,000,000. */
  readonly characters?: number
}

/** One page of changes. */
export interface ChangesPage {
  readonly changes: readonly Change[]
  /** The position to pass as `after`. It also grows where no change matches. */
  readonly next: number
}

/** Changes after a position are no longer there, or the database is older than the position. */
export class OutboxGap extends Error {
  /** The last position now: first remember it, then read all resources, then continue after it. */
  readonly next: number

  constructor(message: string, next: number) {
    super(message)
    this.name = 'OutboxGap'
    this.next = next
  }
}

const statementsOf = oncePerDialect(({ builder: db }) => {
  const changes = db.selectFrom('scim_outbox')
  return {
    bounds: template<Record<never, never>>(() =>
      db
        .selectFrom('scim_meta')
        .select(['name', 'value'])
        .where('name', 'in', [sql.lit(headName), sql.lit(prunedName)]),
    ),
    sizes: template<{ readonly after: number; readonly tenant: string | null; readonly limit: number }>((slot) =>
      changes
        .select(['position', sql<number>`coalesce(length(doc), 0)`.as('characters')])
        .where('position', '>', slot('after'))
        .where(sql<boolean>`tenant = coalesce(cast(${slot('tenant')} as text), tenant)`)
        .orderBy('position')
        .limit(slot('limit')),
    ),
    rows: template<{ readonly after: number; readonly last: number; readonly tenant: string | null }>((slot) =>
      changes
        .selectAll()
        .where('position', '>', slot('after'))
        .where('position', '<=', slot('last'))
        .where(sql<boolean>`tenant = coalesce(cast(${slot('tenant')} as text), tenant)`)
        .orderBy('position'),
    ),
  }
})

/**
 * The changes after a position. Changes that are committed later are on a later page, whenever their transaction began. Throws an
 * {@link OutboxGap} if changes after the position may have been removed, and a TypeError for invalid values.
 */
export async function readChanges(store: Store, query: ChangesQuery): Promise<ChangesPage> {
  const { after, tenant = null } = query
  const from = after === undefined ? 0 : wholeNumber('after', after, 0)
  const limit = wholeNumber('limit', query.limit ?? 100, 1, 1_000)
  const characters = wholeNumber('characters', query.characters ?? 8_000_000, 1)
  const { bounds, sizes, rows } = statementsOf(store.dialect)
  await orderChanges(store)
  const [meta = [], found = []] = await store.driver.read([bounds({}), sizes({ after: from, tenant, limit })])
  const state = boundsIn(meta)
  refuseGap(after, state)
  const last = lastThatFits(
    found.map((row) => ({ position: Number(row.position), characters: Number(row.characters) })),
    characters,
  )
  if (last === undefined) return { changes: [], next: Math.max(from, state.head) }
  const [now = [], kept = []] = await store.driver.read([bounds({}), rows({ after: from, last, tenant })])
  refuseGap(after, boundsIn(now))
  return { changes: kept.map(changeOf), next: last }
}

function lastThatFits(
  sizes: readonly { readonly position: number; readonly characters: number }[],
  most: number,
): number | undefined {
  let last: number | undefined
  let sum = 0
  for (const { position, characters } of sizes) {
    sum += characters
    if (last !== undefined && sum > most) break
    last = position
  }
  return last
}

function refuseGap(after: number | undefined, { head, pruned }: Bounds): void {
  if (after === undefined) return
  if (after > head) {
    throw new OutboxGap(
      `The last change has position ${head}, and position ${after} was requested: the database was restored from a backup, or is another one. Read all resources, and continue after position ${head}.`,
      head,
    )
  }
  if (after < pruned) {
    throw new OutboxGap(
      `Changes after position ${after} were removed at the end of their retention. Read all resources, and continue after position ${head}.`,
      head,
    )
  }
}
