import { type Compilable, type SqlBool, sql } from 'kysely'
import type { Dialect } from '../../dialect/dialect.js'

/**
 * The tables of the outbox: a row for each committed change, and a row for each change that a consumer has not finished. The names
 * in `scim_meta` hold the last position, and the last position that retention has removed.
 */
export function outboxTables({
  builder: db,
  columnTypes: { text, integer },
  rowNumber,
}: Dialect): readonly Compilable[] {
  const { schema } = db
  const meta = (name: string) =>
    db
      .insertInto('scim_meta')
      .values({ name: sql.lit(name), value: sql.lit('0') })
      .onConflict((conflict) => conflict.column('name').doNothing())

  return [
    schema
      .createTable('scim_outbox')
      .ifNotExists()
      .addColumn('seq', integer, rowNumber)
      .addColumn('position', integer)
      .addColumn('row_id', integer, (column) => column.notNull())
      .addColumn('tenant', text, (column) => column.notNull())
      .addColumn('type', text, (column) => column.notNull())
      .addColumn('id', text, (column) => column.notNull())
      .addColumn('kind', text, (column) => column.notNull())
      .addColumn('before', text)
      .addColumn('after', text)
      .addColumn('at', text, (column) => column.notNull())
      .addColumn('changed', text)
      .addColumn('deprovisioned', 'integer', (column) => column.notNull())
      .addColumn('principal', text)
      .addColumn('request_id', text)
      .addColumn('removed_type', text)
      .addColumn('removed_id', text)
      .addColumn('doc', text),
    // Small: a row leaves it when it gets its position.
    schema
      .createIndex('scim_outbox_by_seq')
      .ifNotExists()
      .on('scim_outbox')
      .column('seq')
      .where(sql<SqlBool>`position is null`),
    schema
      .createIndex('scim_outbox_by_position')
      .ifNotExists()
      .unique()
      .on('scim_outbox')
      .column('position')
      .where(sql<SqlBool>`position is not null`),
    schema
      .createTable('scim_deliveries')
      .ifNotExists()
      .addColumn('consumer', text, (column) => column.notNull())
      .addColumn('position', integer, (column) => column.notNull())
      .addColumn('lane', integer, (column) => column.notNull())
      .addColumn('state', text, (column) => column.notNull())
      .addColumn('attempts', 'integer', (column) => column.notNull())
      .addColumn('due', integer, (column) => column.notNull())
      .addColumn('owner', text)
      .addColumn('error', text)
      .addPrimaryKeyConstraint('scim_deliveries_by_position', ['position', 'consumer']),
    schema
      .createIndex('scim_deliveries_by_due')
      .ifNotExists()
      .on('scim_deliveries')
      .columns(['consumer', 'state', 'due', 'position']),
    // Without the name and id of the resource, whose length is limited only by the indexes that they are in.
    schema
      .createIndex('scim_deliveries_by_lane')
      .ifNotExists()
      .on('scim_deliveries')
      .columns(['lane', 'consumer', 'state', 'position']),
    meta('provider.outbox.head'),
    meta('provider.outbox.pruned'),
  ]
}
