/** Brings a database to the schema of this version of the provider, and its keys to the indexes that the host names. */
import type { JsonObject } from '@scimkit/core'
import { type Compilable, sql } from 'kysely'
import type { RunStatement, SqlValue, Statement } from '../driver/driver.js'
import { template } from '../statements/template.js'
import type { Store } from '../store.js'
import { keyColumns, keyRowsText } from '../writing/key-rows.js'
import { migrations } from './migrations.js'

/** What a migration has done. */
export interface MigrationReport {
  /** Version of the schema before; 0 for an empty database. */
  readonly from: number
  readonly to: number
  /** Resources whose keys were made anew because other attributes are indexed now. */
  readonly reindexed: number
}

/** Told how far a long migration is. */
export type MigrationProgress = (done: { readonly reindexed: number }) => void

/** The schema is not one that this version of the provider can work with. */
export class SchemaMismatch extends Error {
  constructor(message: string) {
    super(message)
    this.name = 'SchemaMismatch'
  }
}

const newest = migrations.length

/**
 * Runs the migrations that are missing, once, however many processes do it at the same time. Throws a
 * {@link SchemaMismatch} if the schema is newer than this version knows, and changes nothing then.
 */
export async function migrate(store: Store, progress: MigrationProgress = () => {}): Promise<MigrationReport> {
  const state = await stateOf(store)
  if (state.schema === newest && state.indexes === store.indexes.signature) {
    return { from: newest, to: newest, reindexed: 0 }
  }
  return store.driver.exclusive(async (run) => {
    const from = await schemaIn(run, store)
    refuseNewer(from)
    for (const migration of migrations.slice(from)) {
      for (const statement of migration(store.dialect)) await run(plain(statement))
    }
    const reindexed = await reindex(run, store, progress)
    await run(setMeta(store, 'schema', String(newest)))
    return { from, to: newest, reindexed }
  })
}

/** Throws a {@link SchemaMismatch} unless the database is exactly as {@link migrate} would leave it. */
export async function checkSchema(store: Store): Promise<void> {
  const { schema, indexes } = await stateOf(store)
  refuseNewer(schema)
  if (schema < newest) {
    throw new SchemaMismatch(
      `The database has schema ${schema}, this version needs ${newest}. Run \`scimkit migrate\`, or let the provider do it.`,
    )
  }
  if (indexes !== store.indexes.signature) {
    throw new SchemaMismatch(
      'The database has keys for other attributes than those named in `indexes`. Run `scimkit migrate`, or let the provider do it.',
    )
  }
}

function refuseNewer(schema: number): void {
  if (schema <= newest) return
  throw new SchemaMismatch(
    `The database has schema ${schema}, made by a newer version; this one knows schemas up to ${newest}. Nothing was changed.`,
  )
}

interface State {
  readonly schema: number
  readonly indexes: string | undefined
}

async function stateOf(store: Store): Promise<State> {
  const [tables = []] = await store.driver.read([metaTable(store)])
  if (tables.length === 0) return { schema: 0, indexes: undefined }
  const [rows = []] = await store.driver.read([ownMeta(store)])
  const facts = new Map(rows.map(({ name, value }) => [name, String(value)]))
  return { schema: Number(facts.get('schema') ?? 0), indexes: facts.get('indexes') }
}

async function schemaIn(run: RunStatement, store: Store): Promise<number> {
  const tables = await run(metaTable(store))
  if (tables.length === 0) return 0
  const rows = await run(ownMeta(store))
  return Number(rows.find(({ name }) => name === 'schema')?.value ?? 0)
}

// Asking a table that is not there is an error, and in PostgreSQL the end of the transaction.
function metaTable({ dialect }: Store): Statement {
  const statement =
    dialect.name === 'sqlite'
      ? sql`select 1 as there from sqlite_master where type = 'table' and name = 'scim_meta'`
      : sql`select 1 as there from pg_catalog.pg_class where oid = to_regclass('scim_meta')`
  return plain(statement.compile(dialect.builder))
}

function ownMeta({ dialect }: Store): Statement {
  // A host keeps facts of its own in this table, and there may be many.
  return plain(
    dialect.builder.selectFrom('scim_meta').select(['name', 'value']).where('name', 'in', ['schema', 'indexes']),
  )
}

function setMeta({ dialect }: Store, name: string, value: string): Statement {
  return plain(
    dialect.builder
      .insertInto('scim_meta')
      .values({ name, value })
      .onConflict((conflict) => conflict.column('name').doUpdateSet({ value })),
  )
}

function plain(statement: Compilable | { readonly sql: string; readonly parameters: readonly unknown[] }): Statement {
  const compiled = 'compile' in statement ? statement.compile() : statement
  return { sql: compiled.sql, parameters: compiled.parameters as readonly SqlValue[], lasting: false }
}

const chunk = 500

/** Makes the keys of all resources anew if other attributes are indexed than before; gives the number of resources. */
async function reindex(run: RunStatement, store: Store, progress: MigrationProgress): Promise<number> {
  const before = (await run(ownMeta(store))).find(({ name }) => name === 'indexes')?.value
  if (before === store.indexes.signature) return 0
  const { builder: db, jsonRows } = store.dialect
  const nextRows = template<{ after: number }>((slot) =>
    db
      .selectFrom('scim_resources')
      .select(['row_id', 'type', 'doc'])
      .where('row_id', '>', slot('after'))
      .orderBy('row_id')
      .limit(sql.lit(chunk)),
  )
  const uniqueOf = template<{ row: number }>((slot) =>
    db
      .selectFrom('scim_keys')
      .select(['path', 'unique_key'])
      .where('row_id', '=', slot('row'))
      .where('unique_key', 'is not', null),
  )
  const forget = template<{ row: number }>((slot) => db.deleteFrom('scim_keys').where('row_id', '=', slot('row')))
  const insert = template<{ row: number; rows: string }>((slot) =>
    db
      .insertInto('scim_keys')
      .columns(['row_id', 'tenant', 'type', 'path', 'sorts', 'kind', 'fold', 'exact', 'number', 'unique_key'])
      .expression(
        db
          .selectFrom(['scim_resources as r', sql<KeyValues>`${jsonRows(slot('rows'), keyColumns)}`.as('j')])
          .select([
            'r.row_id',
            'r.tenant',
            'r.type',
            'j.path',
            'j.sorts',
            'j.kind',
            'j.fold',
            'j.exact',
            'j.number',
            'j.unique_key',
          ])
          .where('r.row_id', '=', slot('row')),
      ),
  )

  let done = 0
  for (let after = 0; ; ) {
    const rows = await run(nextRows({ after }))
    for (const { row_id, type, doc } of rows) {
      const row = Number(row_id)
      const unique = (await run(uniqueOf({ row }))).map(({ path, unique_key }) => ({
        attribute: String(path),
        key: String(unique_key),
      }))
      const document = JSON.parse(String(doc)) as JsonObject
      await run(forget({ row }))
      await run(insert({ row, rows: keyRowsText(document, store.indexes.pathsOf(String(type)), unique) }))
      after = row
      done += 1
    }
    if (rows.length > 0) progress({ reindexed: done })
    if (rows.length < chunk) break
  }
  await run(setMeta(store, 'indexes', store.indexes.signature))
  return done
}

interface KeyValues {
  path: string
  sorts: number
  kind: string
  fold: string
  exact: string | null
  number: number | null
  unique_key: string | null
}
