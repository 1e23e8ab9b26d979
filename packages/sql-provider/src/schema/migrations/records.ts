import type { Compilable } from 'kysely'
import type { Dialect } from '../../dialect/dialect.js'

/** The table of the records of hosts. */
export function recordsTable({ builder: { schema }, columnTypes }: Dialect): readonly Compilable[] {
  const { text, integer } = columnTypes
  return [
    schema
      .createTable('scim_records')
      .ifNotExists()
      .addColumn('kind', text, (column) => column.notNull())
      .addColumn('id', text, (column) => column.notNull())
      .addColumn('tenant', text, (column) => column.notNull())
      .addColumn('revision', integer, (column) => column.notNull())
      .addColumn('expires', integer)
      .addColumn('value', text, (column) => column.notNull())
      .addPrimaryKeyConstraint('scim_records_by_kind_id', ['kind', 'id']),
    // For lists of one tenant, and for the removal of a tenant.
    schema
      .createIndex('scim_records_by_tenant_kind_id')
      .ifNotExists()
      .on('scim_records')
      .columns(['tenant', 'kind', 'id']),
    schema
      .createIndex('scim_records_by_expires')
      .ifNotExists()
      .on('scim_records')
      .columns(['expires', 'kind', 'id'])
      .where('expires', 'is not', null),
  ]
}
