/**
 * The conditions of every write in addition to the version: the database has the schema of this process, and keys for the
 * attributes that this process indexes. They are part of the deciding statement, so that no write can happen between check and
 * change. A migration that has to block writers while it runs relies on the same condition.
 */
import { type Expression, type ExpressionBuilder, type RawBuilder, type SqlBool, sql } from 'kysely'
import type { Dialect } from '../dialect/dialect.js'
import { indexedAs } from '../keys/key-insert.js'
import { newestSchema } from '../schema/migrations.js'
import type { Tables } from '../tables.js'

/** The condition that the database has the schema of this version of the provider. */
export function ownSchema({ builder }: Pick<Dialect, 'builder'>): Condition {
  const row = builder
    .selectFrom('scim_meta')
    .select('name')
    .where('name', '=', sql.lit('schema'))
    .where('value', '=', sql.lit(String(newestSchema)))
  return ({ exists }) => exists(row)
}

/** The same, and that its keys are built for `signature`. For writes of keys; a removal inserts none. */
export function ownSchemaAndKeys(dialect: Pick<Dialect, 'builder'>, signature: RawBuilder<string>): Condition {
  const schema = ownSchema(dialect)
  return (eb) => eb.and([eb.exists(indexedAs(dialect, signature)), schema(eb)])
}

type Condition = (eb: Pick<ExpressionBuilder<Tables, never>, 'exists' | 'and'>) => Expression<SqlBool>
