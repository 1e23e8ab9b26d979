import { type Next, type RawVersion, type ResourceRef, rawVersion } from '@scimkit/core/provider'
import { sql } from 'kysely'
import { oncePerDialect } from '../dialect/once-per-dialect.js'
import type { Row, Statement } from '../driver/driver.js'
import { type DatabaseState, ownMeta, stateIn } from '../schema/meta.js'
import { compareOnly } from '../statement/compare-only.js'
import { template } from '../statement/template.js'
import type { Store } from '../store/store.js'
import { idPortions } from './member-ids.js'
import { hasMoreThan } from './quota-steps.js'

/** The state of the database after a write was rejected, from one snapshot. */
export interface Findings {
  readonly current: { readonly type: string; readonly version: RawVersion } | undefined
  /** Attributes whose unique keys another resource has, in the order of the keys. */
  readonly taken: readonly string[]
  /** Ids of members to add that must exist but have no resource. */
  readonly unknown: readonly string[]
  /** True if the tenant has as many resources of the type as `next.quota` permits, or more. */
  readonly isFull: boolean
  /** The metadata of the database. */
  readonly state: DatabaseState
}

const statementsOf = oncePerDialect((dialect) => {
  const { builder: db, jsonRows, jsonTexts } = dialect
  const current = template<{ tenant: string; id: string }>((slot) =>
    db
      .selectFrom('scim_resources')
      .select(['type', 'version'])
      .where('tenant', '=', slot('tenant'))
      .where('id', '=', slot('id')),
  )
  const state: Statement = { ...ownMeta({ dialect }), lasting: true }
  const holders = template<{ tenant: string; type: string; id: string; rows: string }>((slot) =>
    db
      .selectFrom(
        sql<{ attribute: string; key: string }>`${jsonRows(slot('rows'), { attribute: 'text', key: 'text' })}`.as('j'),
      )
      .select('j.attribute as path')
      // A subquery forces one index lookup for each of the few keys. For a join or `exists` the planner may reverse the order:
      // SQLite then read all unique keys, and PostgreSQL hashed them (observed).
      .where(
        db
          .selectFrom('scim_keys as k')
          .innerJoin('scim_resources as r', 'r.row_id', 'k.row_id')
          .select('k.row_id')
          .where('k.tenant', '=', slot('tenant'))
          .where(compareOnly('k.type'), '=', slot('type'))
          .where(compareOnly('k.path'), '=', sql.ref<string>('j.attribute'))
          .where('k.unique_key', '=', sql.ref<string>('j.key'))
          .where('r.id', '!=', slot('id'))
          .limit(sql.lit(1)),
        'is not',
        null,
      ),
  )
  const unknown = template<{ tenant: string; rows: string }>((slot) =>
    db
      .selectFrom(sql<{ value: string }>`${jsonTexts(slot('rows'))}`.as('j'))
      .select('j.value')
      .where(({ not, exists }) =>
        not(
          exists(
            db
              .selectFrom('scim_resources as m')
              .select('m.row_id')
              .where('m.tenant', '=', slot('tenant'))
              .where('m.id', '=', sql.ref<string>('j.value')),
          ),
        ),
      ),
  )

  return { current, state, holders, unknown }
})

/** Finds out why a write was rejected. `next` is the state to write; undefined for a removal. */
export function refusalExplainer(
  store: Store,
): (tenant: string, ref: ResourceRef, next: Next | undefined) => Promise<Findings> {
  const { current, state, holders, unknown } = statementsOf(store.dialect)
  return async (tenant, ref, next) => {
    const statements: Statement[] = [current({ tenant, id: ref.id }), state]
    if (next !== undefined) {
      const keys = next.unique.map(({ attribute, key }) => [attribute, key])
      statements.push(holders({ tenant, type: ref.type, id: ref.id, rows: JSON.stringify(keys) }))
      // In portions, as in the write itself. Members that need not exist cannot be the reason of a rejection.
      const added = next.members?.mustExist === true ? idPortions(next.members.add) : []
      for (const rows of added) statements.push(unknown({ tenant, rows }))
    }
    const quota = next?.quota
    if (quota !== undefined && quota > 0) {
      statements.push(hasMoreThan(store.dialect)({ tenant, type: ref.type, number: quota - 1 }))
    }
    const [resources = [], meta = [], taken = [], ...others] = await store.driver.read(statements)
    const full = quota !== undefined && quota > 0 ? others.at(-1) : undefined
    const missing = full === undefined ? others : others.slice(0, -1)
    const names = new Set(textsOf(taken, 'path'))
    return {
      current: resources.map((row) => ({ type: String(row.type), version: rawVersion(String(row.version)) }))[0],
      isFull: quota === 0 || (full !== undefined && full.length > 0),
      state: stateIn(meta),
      taken: next?.unique.map(({ attribute }) => attribute).filter((attribute) => names.has(attribute)) ?? [],
      unknown: missing.flatMap((rows) => textsOf(rows, 'value')),
    }
  }
}

function textsOf(rows: readonly Row[], column: string): readonly string[] {
  return rows.map((row) => String(row[column]))
}
