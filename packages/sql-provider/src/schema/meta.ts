/** The metadata of the database, in `scim_meta`. */
import type { Compilable } from 'kysely'
import type { Row, SqlValue, Statement } from '../driver/driver.js'
import type { Store } from '../store/store.js'

/** The state of a database. */
export interface DatabaseState {
  /** Version of its tables; 0 if there are none. */
  readonly schema: number
  /** The signature of the indexes that all keys were built for, or the note of {@link reindex} while it rebuilds them. */
  readonly indexes: string | undefined
}

/** Reads the state with a function that runs single statements. */
export async function stateBy(
  ask: (statement: Statement) => Promise<readonly Row[]>,
  store: Store,
): Promise<DatabaseState> {
  // A query of a missing table is an error, and in PostgreSQL it ends the transaction.
  const tables = await ask(metaTable(store))
  if (tables.length === 0) return { schema: 0, indexes: undefined }
  return stateIn(await ask(ownMeta(store)))
}

/** The state in the rows of {@link ownMeta}. */
export function stateIn(rows: readonly Row[]): DatabaseState {
  const facts = new Map(rows.map(({ name, value }) => [name, String(value)]))
  return { schema: Number(facts.get('schema') ?? 0), indexes: facts.get('indexes') }
}

/** Selects the metadata of the provider. */
export function ownMeta({ dialect }: Pick<Store, 'dialect'>): Statement {
  // The host keeps facts of its own in this table, possibly many.
  return plain(
    dialect.builder.selectFrom('scim_meta').select(['name', 'value']).where('name', 'in', ['schema', 'indexes']),
  )
}

/** Sets an entry, with or without a previous value. */
export function setMeta({ dialect }: Store, name: 'schema', value: string): Statement {
  return plain(
    dialect.builder
      .insertInto('scim_meta')
      .values({ name, value })
      .onConflict((conflict) => conflict.column('name').doUpdateSet({ value })),
  )
}

/** Sets an entry if its value is `expected`; undefined: no entry yet. */
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
  return plain(dialect.tableExists('scim_meta').compile(dialect.builder))
}

/** A statement that runs rarely, so that it is not kept prepared. */
export function plain(
  statement: Compilable | { readonly sql: string; readonly parameters: readonly unknown[] },
): Statement {
  const compiled = 'compile' in statement ? statement.compile() : statement
  return { sql: compiled.sql, parameters: compiled.parameters as readonly SqlValue[], lasting: false }
}
