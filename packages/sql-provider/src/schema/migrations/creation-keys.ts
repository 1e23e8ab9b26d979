import type { Compilable } from 'kysely'
import type { Dialect } from '../../dialect/dialect.js'

/** The table of the idempotency keys of creates. */
export function creationKeys({ builder: { schema }, columnTypes, rowNumber }: Dialect): readonly Compilable[] {
  const { text, integer } = columnTypes
  return [
    schema
      .createTable('scim_creation_keys')
      .ifNotExists()
      .addColumn('seq', integer, rowNumber)
      .addColumn('tenant', text, (column) => column.notNull())
      .addColumn('principal', text, (column) => column.notNull())
      .addColumn('key', text, (column) => column.notNull())
      .addColumn('digest', text, (column) => column.notNull())
      .addColumn('type', text, (column) => column.notNull())
      .addColumn('id', text, (column) => column.notNull())
      .addColumn('version', text, (column) => column.notNull())
      .addColumn('at', text, (column) => column.notNull())
      .addColumn('at_ms', integer, (column) => column.notNull())
      .addUniqueConstraint('scim_creation_keys_by_tenant_principal_key', ['tenant', 'principal', 'key']),
    schema.createIndex('scim_creation_keys_by_at').ifNotExists().on('scim_creation_keys').columns(['at_ms', 'seq']),
  ]
}
