/** What the database says about itself, in `scim_meta`. */
import { type Compilable, sql } from 'kysely'
import type { Row, SqlValue, Statement } from '../driver/driver.js'
import type { Store } from '../store.js'

/** What a database is like. */
export interface DatabaseState {
  /** Version of its tables; 0 if there are none. */
  readonly schema: number
  /** The signature of the indexes that all keys were made for, or what {@link reindex} notes while it makes them. */
  readonly indexes: string | undefined
}

/** Reads the state by whatever runs statements one by one. */
export async function stateBy(
  ask: (statement: Statement) => Promise<readonly Row[]>,
  store: Store,
): Promise<DatabaseState> {
  // Asking a table that is not there is an error, and in PostgreSQL the end of the transaction.
  const tables = await ask(metaTable(store))
  if (tables.length === 0) return { schema: 0, indexes: undefined }
  return stateIn(await ask(ownMeta(store)))
}

/** The state in the rows of {@link ownMeta}. */
export function stateIn(rows: readonly Row[]): DatabaseState {
  const facts = new Map(rows.map(({ name, value }) => [name, String(value)]))
  return { schema: Number(facts.get('schema') ?? 0), indexes: facts.get('indexes') }
}

/** Asks for the facts that are ours. */
export function ownMeta({ dialect }: Pick<Store, 'dialect'>): Statement {
  // A host keeps facts of its own in this table, and there may be many.
  return plain(
    dialect.builder.selectFrom('scim_meta').select(['name', 'value']).where('name', 'in', ['schema', 'indexes']),
  )
}

/** Notes a fact, whatever was there. */
export function setMeta({ dialect }: Store, name: 'schema', value: string): Statement {
  return plain(
    dialect.builder
      .insertInto('scim_meta')
      .values({ name, value })
      .onConflict((conflict) => conflict.column('name').doUpdateSet({ value })),
  )
}

/** Notes a fact if `expected` is what is there; undefined: nothing yet. */
export function swapMeta(
  { dialect: { builder: db } }: Store,
  name: 'indexes',
  expected: string | undefined,
  value: string,
): Statement {
  if (expected === undefined) {
    return plain(
      db
        .insertInto('scim_meta')
        .values({ name, value })
        .onConflict((conflict) => conflict.column('name').doNothing()),
    )
  }
  return plain(db.updateTable('scim_meta').set({ value }).where('name', '=', name).where('value', '=', expected))
}

function metaTable({ dialect }: Store): Statement {
  const statement =
    dialect.name === 'sqlite'
      ? sql`select 1 as there from sqlite_master where type = 'table' and name = 'scim_meta'`
      : sql`select 1 as there from pg_catalog.pg_class where oid = to_regclass('scim_meta')`
  return plain(statement.compile(dialect.builder))
}

/** A statement that comes once in a while. */
export function plain(
  statement: Compilable | { readonly sql: string; readonly parameters: readonly unknown[] },
): Statement {
  const compiled = 'compile' in statement ? statement.compile() : statement
  return { sql: compiled.sql, parameters: compiled.parameters as readonly SqlValue[], lasting: false }
}
