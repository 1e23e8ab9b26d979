/** The statements about `scim_records`, built once per dialect. */
import { sql } from 'kysely'
import type { Dialect } from '../dialect/dialect.js'
import { oncePerDialect } from '../dialect/once-per-dialect.js'
import { type Template, template } from '../statement/template.js'

const columns = ['kind', 'id', 'tenant', 'revision', 'expires', 'value'] as const

interface KeyValues {
  readonly kind: string
  readonly id: string
}

interface ContentValues {
  readonly expires: number | null
  readonly value: string
}

interface ListValues {
  readonly kind: string
  readonly after: string
  readonly count: number
}

interface RecordStatements {
  /** Takes a JSON array of `[kind, id]`. */
  readonly read: Template<{ readonly keys: string }>
  readonly list: Template<ListValues>
  readonly listOfTenant: Template<ListValues & { readonly tenant: string }>
  readonly insert: Template<KeyValues & ContentValues & { readonly tenant: string }>
  readonly replace: Template<KeyValues & ContentValues & { readonly expected: number }>
  readonly remove: Template<KeyValues & { readonly expected: number }>
  readonly removeExpired: Template<{ readonly now: number; readonly count: number }>
}

/** The statements in a dialect. */
export const recordStatements: (dialect: Dialect) => RecordStatements = oncePerDialect((dialect) => {
  const { builder: db, rowLocks } = dialect
  const read = template<{ readonly keys: string }>((slot) => {
    const keys = dialect.jsonRows(slot('keys'), { kind: 'text', id: 'text' })
    // From key to record: without statistics, a planner may read the whole table instead.
    const found = dialect.forcedJoin('scim_records', 'r', sql`r.kind = k.kind and r.id = k.id`)
    return { compile: () => sql`select r.* from ${keys} as k ${found}`.compile(db) }
  })

  const list = template<ListValues>((slot) =>
    db
      .selectFrom('scim_records')
      .select(columns)
      .where('kind', '=', slot('kind'))
      .where('id', '>', slot('after'))
      .orderBy('id')
      .limit(slot('count')),
  )
  const listOfTenant = template<ListValues & { readonly tenant: string }>((slot) =>
    db
      .selectFrom('scim_records')
      .select(columns)
      .where('tenant', '=', slot('tenant'))
      .where('kind', '=', slot('kind'))
      .where('id', '>', slot('after'))
      .orderBy('id')
      .limit(slot('count')),
  )

  const insert = template<KeyValues & ContentValues & { readonly tenant: string }>((slot) =>
    db
      .insertInto('scim_records')
      .values({
        kind: slot('kind'),
        id: slot('id'),
        tenant: slot('tenant'),
        revision: sql.lit(1),
        expires: slot('expires'),
        value: slot('value'),
      })
      .onConflict((conflict) => conflict.columns(['kind', 'id']).doNothing()),
  )
  const replace = template<KeyValues & ContentValues & { readonly expected: number }>((slot) =>
    db
      .updateTable('scim_records')
      .set((row) => ({ revision: row('revision', '+', sql.lit(1)), expires: slot('expires'), value: slot('value') }))
      .where('kind', '=', slot('kind'))
      .where('id', '=', slot('id'))
      .where('revision', '=', slot('expected')),
  )
  const remove = template<KeyValues & { readonly expected: number }>((slot) =>
    db
      .deleteFrom('scim_records')
      .where('kind', '=', slot('kind'))
      .where('id', '=', slot('id'))
      .where('revision', '=', slot('expected')),
  )

  const removeExpired = template<{ readonly now: number; readonly count: number }>((slot) => {
    const oldest = db
      .selectFrom('scim_records')
      .select(['kind', 'id'])
      .where('expires', '<=', slot('now'))
      .orderBy('expires')
      .orderBy('kind')
      .orderBy('id')
      .limit(slot('count'))
    // Records that another unit changes are left to it: two units that wait for each other's rows would be a deadlock.
    const free = rowLocks === undefined ? oldest : oldest.modifyEnd(rowLocks.skipLocked)
    return db.deleteFrom('scim_records').where(sql`(kind, id)`, 'in', sql`(${free})`).returning('id')
  })
  return { read, list, listOfTenant, insert, replace, remove, removeExpired }
})
