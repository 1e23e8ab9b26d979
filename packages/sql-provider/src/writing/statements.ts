/** The statements of writes, built once per dialect. What each write needs of them, and in which order, stands in `writer.ts`. */
import { type RawBuilder, sql } from 'kysely'
import { compareOnly, type Dialect, type JsonColumnType, oncePerDialect } from '../dialect.js'
import { type KeyValues, keysOfResource, keysTable } from '../statements/key-insert.js'
import { type Template, template } from '../statements/template.js'
import type { WrittenColumns } from './columns.js'
import { keyColumns } from './key-rows.js'
import { ownSchema, ownSchemaAndKeys } from './own-database.js'

/** Names one resource. */
export interface RefValues {
  readonly tenant: string
  readonly type: string
  readonly id: string
}

/** What the conditions of a write compare. */
interface Guarded {
  /** The attributes that this process believes to be indexed; a write with other keys would be lost to searches. */
  readonly indexes: string
}

/** A JSON array in a parameter. */
interface JsonRows {
  readonly rows: string
}

/** All statements that change something. */
export interface WriteStatements {
  readonly insertResource: Template<RefValues & WrittenColumns & Guarded & { readonly id_key: string | null }>
  readonly replaceResource: Template<RefValues & WrittenColumns & Guarded & { readonly expected: string }>
  /** Makes sure that the schema is ours, and that the version is `expected` and stays so until the unit ends. */
  readonly holdResource: Template<RefValues & { readonly expected: string }>
  readonly deleteResource: Template<RefValues>
  /** Takes away the keys that are not among the rows. */
  readonly deleteOtherKeys: Template<RefValues & JsonRows>
  readonly insertMissingKeys: Template<RefValues & JsonRows>
  readonly deleteAllKeys: Template<RefValues>
  readonly deleteMembers: Template<RefValues & JsonRows>
  readonly insertMembers: Template<RefValues & JsonRows>
  readonly deleteAllMembers: Template<RefValues>
  /** Keeps the resources with these ids from going before the unit ends; undefined where units come one after the other. */
  readonly holdIds: Template<{ readonly tenant: string } & JsonRows> | undefined
  /** Stops the unit if one of the ids has no resource. */
  readonly refuseUnknownIds: Template<{ readonly tenant: string } & JsonRows>
}

/** The columns of one member row as a write hands them over, in order. */
export const memberColumns: Readonly<Record<string, JsonColumnType>> = {
  member_id: 'text',
  member_key: 'text',
  member_type: 'text',
}

/** The statements for a dialect, built once. */
export const writeStatements: (dialect: Dialect) => WriteStatements = oncePerDialect(build)

function build(dialect: Dialect): WriteStatements {
  const { builder: db } = dialect
  // A parameter in a select list has no type of its own in PostgreSQL.
  const integer = (value: RawBuilder<number | null>): RawBuilder<number> => sql<number>`cast(${value} as bigint)`
  const text = <Value extends string | null>(value: RawBuilder<Value>): RawBuilder<Value> =>
    sql<Value>`cast(${value} as text)`
  const rowOf = (tenant: RawBuilder<string>, id: RawBuilder<string>) =>
    db.selectFrom('scim_resources').select('row_id').where('tenant', '=', tenant).where('id', '=', id)
  const keyRows = (rows: RawBuilder<string>) => dialect.jsonRows(rows, keyColumns)
  // Never null, so that NOT IN can compare them. A null is told from every text by the sign before the texts. In SQLite one
  // text: for rows of several values that are not in the list, NOT IN looks through the whole list for nulls (seen).
  const keyOf = (row: 'j' | 'k') => {
    const values = sql`${sql.ref(`${row}.path`)}, ${sql.ref(`${row}.sorts`)}, ${sql.ref(`${row}.kind`)}, ${sql.ref(`${row}.fold`)},
      coalesce('=' || ${sql.ref(`${row}.exact`)}, ''), coalesce('=' || ${sql.ref(`${row}.unique_key`)}, '')`
    return dialect.name === 'sqlite' ? sql`json_array(${values})` : values
  }

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
      if (dialect.name === 'sqlite') {
        // Units come one after the other here; this asks only whether a row is changed.
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
        .forUpdate()
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
        // Nothing in the list depends on the row at hand, so the database makes it once. With `not exists` SQLite parsed
        // the JSON again for every key, and a thousand addresses cost a second on every change.
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
            // Not `r.row_id`: that is a join, and without statistics PostgreSQL reads all keys for it.
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
      dialect.name === 'sqlite'
        ? undefined
        : template((slot) =>
            db
              .selectFrom('scim_resources')
              .select('row_id')
              .where('tenant', '=', slot('tenant'))
              .where(sql<boolean>`id in ${dialect.jsonTexts(slot('rows'))}`)
              .orderBy('row_id')
              .forKeyShare(),
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
