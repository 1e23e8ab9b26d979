/**
 * What the conditions of every write compare beside the version: the database has the schema of this process, and keys for
 * the attributes that this process indexes. It is a part of the statement that decides, so no write can pass between the
 * check and the change. A migration that has to keep writers out while it runs relies on the same condition.
 */
import { type Expression, type ExpressionBuilder, type RawBuilder, type SqlBool, sql } from 'kysely'
import type { Dialect } from '../dialect.js'
import { newestSchema } from '../schema/migrations.js'
import type { Tables } from '../schema/tables.js'
import { indexedAs } from '../statements/key-insert.js'

/** The condition that the database has the schema of this version of the provider. */
export function ownSchema({ builder }: Pick<Dialect, 'builder'>): Condition {
  const row = builder
    .selectFrom('scim_meta')
    .select('name')
    .where('name', '=', sql.lit('schema'))
    .where('value', '=', sql.lit(String(newestSchema)))
  return ({ exists }) => exists(row)
}

/** The same, and that its keys are made for `signature`. For writes of keys; a removal has none to make. */
export function ownSchemaAndKeys(dialect: Pick<Dialect, 'builder'>, signature: RawBuilder<string>): Condition {
  const schema = ownSchema(dialect)
  return (eb) => eb.and([eb.exists(indexedAs(dialect, signature)), schema(eb)])
}

type Condition = (eb: Pick<ExpressionBuilder<Tables, never>, 'exists' | 'and'>) => Expression<SqlBool>
