/**
 * The quota of a tenant, counted in the unit of the insert. Units of one tenant and type run one after the other: where
 * the database does not serialize them, a lock does, taken before anything else, so that no unit waits for it while it
 * holds a row or a key. The count is a later statement, which sees all commits of earlier holders of the lock.
 */
import { type RawBuilder, sql } from 'kysely'
import type { Dialect } from '../dialect/dialect.js'
import { oncePerDialect } from '../dialect/once-per-dialect.js'
import type { Step } from '../driver/driver.js'
import { compilable } from '../statement/compilable.js'
import { step, type Template, template } from '../statement/template.js'
import type { RefValues } from './statements.js'

/** The steps around an insert: `lock` before its first step, `guard` after its last. */
export interface QuotaSteps {
  readonly lock: readonly Step[]
  readonly guard: readonly Step[]
}

type TypeValues = Pick<RefValues, 'tenant' | 'type'>

const noSteps: QuotaSteps = { lock: [], guard: [] }

/** The steps for a dialect. Without a quota there are none. */
export const quotaStepsFor: (dialect: Dialect) => (values: TypeValues, quota: number | undefined) => QuotaSteps =
  oncePerDialect((dialect) => {
    const { builder: db, lockName } = dialect
    const lock = lockName && template<{ readonly name: string }>((slot) => compilable(dialect, lockName(slot('name'))))
    const guard = template<TypeValues & { readonly quota: number }>((slot) =>
      db
        .insertInto('scim_guard')
        .columns(['ok'])
        .expression(rowAfter(dialect, slot('tenant'), slot('type'), slot('quota'))),
    )
    return ({ tenant, type }, quota) => {
      if (quota === undefined) return noSteps
      return {
        lock: lock === undefined ? [] : [step(lock({ name: JSON.stringify(['quota', tenant, type]) }))],
        guard: [step(guard({ tenant, type, quota }))],
      }
    }
  })

/** Finds a row if the tenant has more than `number` resources of the type. */
export const hasMoreThan: (dialect: Dialect) => Template<TypeValues & { readonly number: number }> = oncePerDialect(
  (dialect) => template((slot) => rowAfter(dialect, slot('tenant'), slot('type'), slot('number'))),
)

// Reads at most so many entries of the index, which has this order: neither a sort nor the table is read.
function rowAfter(
  { builder: db }: Dialect,
  tenant: RawBuilder<string>,
  type: RawBuilder<string>,
  number: RawBuilder<number>,
) {
  return db
    .selectFrom('scim_resources')
    .select(sql.lit(0).as('ok'))
    .where('tenant', '=', tenant)
    .where('type', '=', type)
    .orderBy('row_id')
    .limit(sql.lit(1))
    .offset(number)
}
