/**
 * The schema as a list of migration steps. A released step never changes; a new step is appended. Every statement may run again
 * after an interrupted step: D1 cannot change the schema in a transaction.
 */
import { type Compilable, sql } from 'kysely'
import type { Dialect } from '../dialect/dialect.js'
import { creationKeys } from './migrations/creation-keys.js'
import { outboxTables } from './migrations/outbox.js'
import { recordsTable } from './migrations/records.js'

/** One step: its statements, in order. The first step makes version 1. */
export type Migration = (dialect: Dialect) => readonly Compilable[]

/** All steps, oldest first. */
export const migrations: readonly Migration[] = [firstSchema, history, membersByKey, aroundWrites, recordsTable]

/** The version of the schema after all steps. */
export const newestSchema: number = migrations.length

function firstSchema({ builder: { schema }, columnTypes, rowNumber }: Dialect): readonly Compilable[] {
  const { text, integer, float } = columnTypes
  const create = (table: string) => schema.createTable(table).ifNotExists()
  const index = (on: string, columns: readonly string[]) =>
    schema
      .createIndex(`${on}_by_${columns.slice(-2).join('_')}`)
      .ifNotExists()
      .on(on)
      .columns([...columns])

  return [
    create('scim_meta')
      .addColumn('name', text, (column) => column.primaryKey())
      .addColumn('value', text, (column) => column.notNull()),
    create('scim_guard').addColumn('ok', 'integer', (column) => column.notNull().check(sql`ok = 1`)),
    create('scim_resources')
      // A number is never reused, so the order of lists and pages is the order of inserts.
      .addColumn('row_id', integer, rowNumber)
      .addColumn('tenant', text, (column) => column.notNull())
      .addColumn('type', text, (column) => column.notNull())
      .addColumn('id', text, (column) => column.notNull())
      .addColumn('id_key', text)
      .addColumn('version', text, (column) => column.notNull())
      .addColumn('generation', integer)
      .addColumn('created', text, (column) => column.notNull())
      .addColumn('created_ms', integer, (column) => column.notNull())
      .addColumn('modified', text, (column) => column.notNull())
      .addColumn('modified_ms', integer, (column) => column.notNull())
      .addColumn('display', text)
      .addColumn('manager_id', text)
      .addColumn('doc', text, (column) => column.notNull()),
    index('scim_resources', ['tenant', 'id']).unique(),
    index('scim_resources', ['tenant', 'type', 'row_id']),
    index('scim_resources', ['tenant', 'type', 'created_ms', 'row_id']),
    index('scim_resources', ['tenant', 'type', 'modified_ms', 'row_id']),
    index('scim_resources', ['tenant', 'id_key']).where('id_key', 'is not', null),
    create('scim_keys')
      .addColumn('row_id', integer, (column) => column.notNull())
      .addColumn('tenant', text, (column) => column.notNull())
      .addColumn('type', text, (column) => column.notNull())
      .addColumn('path', text, (column) => column.notNull())
      .addColumn('sorts', 'integer', (column) => column.notNull())
      .addColumn('kind', text, (column) => column.notNull())
      .addColumn('fold', text, (column) => column.notNull())
      .addColumn('exact', text)
      .addColumn('number', float)
      .addColumn('unique_key', text),
    index('scim_keys', ['row_id', 'path']),
    index('scim_keys', ['tenant', 'type', 'path', 'fold', 'row_id']),
    // The key is the first column: so a planner without statistics also distinguishes this index from the other one.
    index('scim_keys', ['unique_key', 'tenant', 'type', 'path']).unique().where('unique_key', 'is not', null),
    create('scim_members')
      .addColumn('seq', integer, rowNumber)
      .addColumn('group_row', integer, (column) => column.notNull())
      .addColumn('tenant', text, (column) => column.notNull())
      .addColumn('member_id', text, (column) => column.notNull())
      .addColumn('member_key', text, (column) => column.notNull())
      .addColumn('member_type', text),
    index('scim_members', ['group_row', 'member_id']).unique(),
    index('scim_members', ['group_row', 'seq']),
    index('scim_members', ['tenant', 'member_key']),
  ]
}

function history({ builder: { schema }, columnTypes: { text, integer }, ownedRows }: Dialect): readonly Compilable[] {
  const table = schema
    .createTable('scim_history')
    .ifNotExists()
    .addColumn('row_id', integer, ownedRows.owner)
    .addColumn('slot', 'integer', (column) => column.notNull())
    .addColumn('generation', integer, (column) => column.notNull())
    .addColumn('version', text, (column) => column.notNull())
    .addColumn('previous', text)
    .addColumn('at', text, (column) => column.notNull())
    .addColumn('changed', text, (column) => column.notNull())
    .addPrimaryKeyConstraint('scim_history_by_slot', ['row_id', 'slot'])
  return ownedRows.create(table)
}

/**
 * A covering index from a member to its groups, in the order of the groups. It replaces an index over (tenant, member_key), with
 * which every entry needed a read of the table: ten times slower for groups in groups.
 */
function membersByKey({ builder: { schema }, hasRoomInIndexes }: Dialect): readonly Compilable[] {
  return [
    schema
      .createIndex('scim_members_by_member_and_group')
      .ifNotExists()
      .on('scim_members')
      // Without room for both: id and key are usually the same text.
      .columns(['tenant', 'member_key', 'group_row', ...(hasRoomInIndexes ? ['member_id'] : [])]),
    schema.dropIndex('scim_members_by_tenant_member_key').ifExists(),
  ]
}

/** The tables for what belongs to a write besides the resource. */
function aroundWrites(dialect: Dialect): readonly Compilable[] {
  return [...outboxTables(dialect), ...creationKeys(dialect)]
}
