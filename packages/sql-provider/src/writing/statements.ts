/** The statements of writes, built once per dialect. `writer.ts` decides which of them a write needs, and their order. */
import { type RawBuilder, sql } from 'kysely'
import type { Dialect, JsonColumnType } from '../dialect/dialect.js'
import { oncePerDialect } from '../dialect/once-per-dialect.js'
import { type KeyValues, keysOfResource, keysTable } from '../keys/key-insert.js'
import { keyColumns } from '../keys/key-rows.js'
import { compareOnly } from '../statement/compare-only.js'
import { type Template, template } from '../statement/template.js'
import type { WrittenColumns } from './columns.js'
import { ownSchema, ownSchemaAndKeys } from './own-database.js'

/** Identifies one resource. */
export interface RefValues {
  readonly tenant: string
  readonly type: string
  readonly id: string
}

/** The value that the condition of a write compares. */
interface Guarded {
  /** The signature of the attributes that this process indexes; searches would not find a write with other keys. */
  readonly indexes: string
}

/** A JSON array in a parameter. */
interface JsonRows {
  readonly rows: string
}

/** All statements of writes. */
export interface WriteStatements {
  readonly insertResource: Template<RefValues & WrittenColumns & Guarded & { readonly id_key: string | null }>
  readonly replaceResource: Template<RefValues & WrittenColumns & Guarded & { readonly expected: string }>
  /** Ensures that the schema is that of this process, and that the version is `expected` and stays so until the unit ends. */
  readonly holdResource: Template<RefValues & { readonly expected: string }>
  readonly deleteResource: Template<RefValues>
  /** Deletes the keys that are not among the rows. */
  readonly deleteOtherKeys: Template<RefValues & JsonRows>
  readonly insertMissingKeys: Template<RefValues & JsonRows>
  readonly deleteAllKeys: Template<RefValues>
  readonly deleteMembers: Template<RefValues & JsonRows>
  readonly insertMembers: Template<RefValues & JsonRows>
  readonly deleteAllMembers: Template<RefValues>
  /** Prevents the removal of the resources with these ids until the unit ends; undefined if units are serialized. */
  readonly holdIds: Template<{ readonly tenant: string } & JsonRows> | undefined
  /** Rolls the unit back if one of the ids has no resource. */
  readonly refuseUnknownIds: Template<{ readonly tenant: string } & JsonRows>
}

/** The columns of one member row in the JSON parameter of a write, in order. */
export const memberColumns: Readonly<Record<string, JsonColumnType>> = {
  member_id: 'text',
  member_key: 'text',
  member_type: 'text',
}

/** The statements for a dialect, built once. */
export const writeStatements: (dialect: Dialect) => WriteStatements = oncePerDialect(build)

function build(dialect: Dialect): WriteStatements {
  const { builder: db, rowLocks } = dialect
  // A parameter in a select list has no type of its own in PostgreSQL.
  const integer = (value: RawBuilder<number | null>): RawBuilder<number> => sql<number>`cast(${value} as bigint)`
  const text = <Value extends string | null>(value: RawBuilder<Value>): RawBuilder<Value> =>
    sql<Value>`cast(${value} as text)`
  const rowOf = (tenant: RawBuilder<string>, id: RawBuilder<string>) =>
    db.selectFrom('scim_resources').select('row_id').where('tenant', '=', tenant).where('id', '=', id)
  const keyRows = (rows: RawBuilder<string>) => dialect.jsonRows(rows, keyColumns)
  // Never null, so that NOT IN can compare them; the sign before each text distinguishes it from a null.
  const keyOf = (row: 'j' | 'k') =>
    dialect.rowValue(sql`${sql.ref(`${row}.path`)}, ${sql.ref(`${row}.sorts`)}, ${sql.ref(`${row}.kind`)}, ${sql.ref(`${row}.fold`)},
      coalesce('=' || ${sql.ref(`${row}.exact`)}, ''), coalesce('=' || ${sql.ref(`${row}.unique_key`)}, '')`)

  return {
    insertResource: template((slot) =>
      db
        .insertInto('scim_resources')
        .columns([
          'tenant',
          'type',
          'id',
          'id_key',
          'version',
          'generation',
          'created',
          'created_ms',
          'modified',
          'modified_ms',
          'display',
          'manager_id',
          'doc',
        ])
        .expression(
          db
            .selectNoFrom([
              text(slot('tenant')).as('tenant'),
              text(slot('type')).as('type'),
              text(slot('id')).as('id'),
              text(slot('id_key')).as('id_key'),
              text(slot('version')).as('version'),
              integer(slot('generation')).as('generation'),
              text(slot('modified')).as('created'),
              integer(slot('modified_ms')).as('created_ms'),
              text(slot('modified')).as('modified'),
              integer(slot('modified_ms')).as('modified_ms'),
              text(slot('display')).as('display'),
              text(slot('manager_id')).as('manager_id'),
              text(slot('doc')).as('doc'),
            ])
            .where(ownSchemaAndKeys(dialect, slot('indexes'))),
        ),
    ),

    replaceResource: template((slot) =>
      db
        .updateTable('scim_resources')
        .set({
          version: slot('version'),
          generation: slot('generation'),
          modified: slot('modified'),
          modified_ms: slot('modified_ms'),
          display: slot('display'),
          manager_id: slot('manager_id'),
          doc: slot('doc'),
        })
        .where('tenant', '=', slot('tenant'))
        .where('id', '=', slot('id'))
        .where(compareOnly('type'), '=', slot('type'))
        .where('version', '=', slot('expected'))
        .where(ownSchemaAndKeys(dialect, slot('indexes'))),
    ),

    holdResource: template((slot) => {
      if (rowLocks === undefined) {
        // Units are serialized; the statement only checks whether a row is changed.
        return db
          .updateTable('scim_resources')
          .set({ version: slot('expected') })
          .where('tenant', '=', slot('tenant'))
          .where('id', '=', slot('id'))
          .where(compareOnly('type'), '=', slot('type'))
          .where('version', '=', slot('expected'))
          .where(ownSchema(dialect))
      }
      return db
        .selectFrom('scim_resources')
        .select('row_id')
        .where('tenant', '=', slot('tenant'))
        .where('id', '=', slot('id'))
        .where(compareOnly('type'), '=', slot('type'))
        .where('version', '=', slot('expected'))
        .where(ownSchema(dialect))
        .modifyEnd(rowLocks.exclusive)
    }),

    deleteResource: template((slot) =>
      db
        .deleteFrom('scim_resources')
        .where('tenant', '=', slot('tenant'))
        .where('id', '=', slot('id'))
        .where(compareOnly('type'), '=', slot('type')),
    ),

    deleteOtherKeys: template((slot) =>
      db
        .deleteFrom('scim_keys as k')
        .where('k.row_id', '=', rowOf(slot('tenant'), slot('id')))
        // The list does not depend on the current row, so the database builds it once. With `not exists` SQLite parsed the JSON
        // again for every key, and with a thousand addresses every change took a second.
        .where(sql<boolean>`(${keyOf('k')}) not in (select ${keyOf('j')} from ${keyRows(slot('rows'))} as j)`),
    ),

    insertMissingKeys: template((slot) =>
      db
        .insertInto('scim_keys')
        .columns(keysTable)
        .expression(
          db
            .selectFrom(['scim_resources as r', sql<KeyValues>`${keyRows(slot('rows'))}`.as('j')])
            .select(keysOfResource)
            .where('r.tenant', '=', slot('tenant'))
            .where('r.id', '=', slot('id'))
            // Not `r.row_id`: that would be a join, for which PostgreSQL reads all keys while it has no statistics.
            .where(
              sql<boolean>`(${keyOf('j')}) not in (select ${keyOf('k')} from scim_keys as k where k.row_id = ${rowOf(slot('tenant'), slot('id'))})`,
            ),
        ),
    ),

    deleteAllKeys: template((slot) =>
      db.deleteFrom('scim_keys').where('row_id', '=', rowOf(slot('tenant'), slot('id'))),
    ),

    deleteMembers: template((slot) =>
      db
        .deleteFrom('scim_members')
        .where('group_row', '=', rowOf(slot('tenant'), slot('id')))
        .where(sql<boolean>`member_id in ${dialect.jsonTexts(slot('rows'))}`),
    ),

    insertMembers: template((slot) =>
      db
        .insertInto('scim_members')
        .columns(['group_row', 'tenant', 'member_id', 'member_key', 'member_type'])
        .expression(
          db
            .selectFrom([
              'scim_resources as r',
              sql<MemberValues>`${dialect.jsonRows(slot('rows'), memberColumns)}`.as('j'),
            ])
            .select(['r.row_id', 'r.tenant', 'j.member_id', 'j.member_key', 'j.member_type'])
            .where('r.tenant', '=', slot('tenant'))
            .where('r.id', '=', slot('id')),
        )
        .onConflict((conflict) => conflict.columns(['group_row', 'member_id']).doNothing()),
    ),

    deleteAllMembers: template((slot) =>
      db.deleteFrom('scim_members').where('group_row', '=', rowOf(slot('tenant'), slot('id'))),
    ),

    holdIds:
      rowLocks === undefined
        ? undefined
        : template((slot) =>
            db
              .selectFrom('scim_resources')
              .select('row_id')
              .where('tenant', '=', slot('tenant'))
              .where(sql<boolean>`id in ${dialect.jsonTexts(slot('rows'))}`)
              .orderBy('row_id')
              .modifyEnd(rowLocks.keyShare),
          ),

    refuseUnknownIds: template((slot) =>
      db
        .insertInto('scim_guard')
        .columns(['ok'])
        .expression(
          db
            .selectFrom(sql<{ value: string }>`${dialect.jsonTexts(slot('rows'))}`.as('j'))
            .select(sql.lit(0).as('ok'))
            .where(({ not, exists }) =>
              not(
                exists(
                  db
                    .selectFrom('scim_resources as m')
                    .select('m.row_id')
                    .where('m.tenant', '=', slot('tenant'))
                    .whereRef('m.id', '=', sql.ref('j.value')),
                ),
              ),
            )
            .limit(sql.lit(1)),
        ),
    ),
  }
}

interface MemberValues {
  member_id: string
  member_key: string
  member_type: string | null
}
