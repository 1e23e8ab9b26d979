import { type Next, type RawVersion, type ResourceRef, rawVersion } from '@scimkit/core'
import { sql } from 'kysely'
import { compareOnly } from '../dialect.js'
import type { Row, Statement } from '../driver/driver.js'
import { type DatabaseState, ownMeta, stateIn } from '../schema/meta.js'
import { builtOnce } from '../statements/built-once.js'
import { template } from '../statements/template.js'
import type { Store } from '../store.js'
import { idPortions } from './member-ids.js'

/** What is so in the database after a write was refused. All of it is of one state. */
export interface Findings {
  readonly current: { readonly type: string; readonly version: RawVersion } | undefined
  /** Attributes of the unique keys that another resource has, in the order of the keys. */
  readonly taken: readonly string[]
  /** Ids among the members to add that had to exist and name no resource. */
  readonly unknown: readonly string[]
  /** What the database says about itself. */
  readonly state: DatabaseState
}

const statementsOf = builtOnce(({ dialect }) => {
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
      // From each of the few keys asked about to its row of the index. A join, or `exists`, may be turned around: SQLite
      // went through all unique keys then, and PostgreSQL hashed them (seen).
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

/** Asks why a write was refused. `next` is what was to be written; undefined for a removal. */
export function inquirer(
  store: Store,
): (tenant: string, ref: ResourceRef, next: Next | undefined) => Promise<Findings> {
  const { current, state, holders, unknown } = statementsOf(store)
  return async (tenant, ref, next) => {
    const statements: Statement[] = [current({ tenant, id: ref.id }), state]
    if (next !== undefined) {
      const keys = next.unique.map(({ attribute, key }) => [attribute, key])
      statements.push(holders({ tenant, type: ref.type, id: ref.id, rows: JSON.stringify(keys) }))
      // In portions, as the write itself has them; unless they had to exist, nothing was refused because of them.
      const added = next.members?.mustExist === true ? idPortions(next.members.add) : []
      for (const rows of added) statements.push(unknown({ tenant, rows }))
    }
    const [resources = [], meta = [], taken = [], ...missing] = await store.driver.read(statements)
    const names = new Set(textsOf(taken, 'path'))
    return {
      current: resources.map((row) => ({ type: String(row.type), version: rawVersion(String(row.version)) }))[0],
      state: stateIn(meta),
      taken: next?.unique.map(({ attribute }) => attribute).filter((attribute) => names.has(attribute)) ?? [],
      unknown: missing.flatMap((rows) => textsOf(rows, 'value')),
    }
  }
}

function textsOf(rows: readonly Row[], column: string): readonly string[] {
  return rows.map((row) => String(row[column]))
}
