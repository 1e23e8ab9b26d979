/** Migrates a database to the schema of this version of the provider, and its keys to the indexes of the host. */
import type { RunStatements } from '../driver/driver.js'
import type { Store } from '../store/store.js'
import { type DatabaseState, plain, setMeta, stateBy } from './meta.js'
import { migrations, newestSchema } from './migrations.js'
import { reindex } from './reindex.js'

/** The result of a migration. */
export interface MigrationReport {
  /** Version of the schema before; 0 for an empty database. */
  readonly from: number
  readonly to: number
  /** Resources whose keys were rebuilt because the indexed attributes have changed. */
  readonly reindexed: number
}

/** Receives the progress of a long migration. */
export type MigrationProgress = (done: { readonly reindexed: number }) => void

/** This version of the provider cannot work with the schema of the database. */
export class SchemaMismatch extends Error {
  constructor(message: string) {
    super(message)
    this.name = 'SchemaMismatch'
  }
}

const newest = newestSchema

/**
 * Runs the missing migrations once, also if several processes call it at the same time. Throws a {@link SchemaMismatch} if the
 * schema is newer than this version knows, and then changes nothing.
 */
export async function migrate(store: Store, progress: MigrationProgress = () => {}): Promise<MigrationReport> {
  await refuseOtherEncodings(store)
  const nothingToDo = { from: newest, to: newest, reindexed: 0 }
  if (isCurrent(await stateOf(store), store)) return nothingToDo
  return store.driver.exclusive(async (run) => {
    const state = await stateBy(run, store)
    refuseNewer(state.schema)
    // Another process may have migrated during the wait.
    if (isCurrent(state, store)) return nothingToDo
    if (state.schema > 0) await keepWritersOut(run, store)
    for (const migration of migrations.slice(state.schema)) {
      // Together: on D1 this is one call, which commits as a whole.
      await run(...migration(store.dialect).map(plain))
    }
    const reindexed = await reindex(run, store, (done) => progress({ reindexed: done }))
    await run(setMeta(store, 'schema', String(newest)))
    return { from: state.schema, to: newest, reindexed }
  })
}

/** Throws a {@link SchemaMismatch} unless the database is exactly as {@link migrate} would leave it. */
export async function checkSchema(store: Store): Promise<void> {
  await refuseOtherEncodings(store)
  const { schema, indexes } = await stateOf(store)
  refuseNewer(schema)
  if (schema < newest) {
    throw new SchemaMismatch(
      `The database has schema ${schema}, this version needs ${newest}. Run \`scimkit migrate\`, or set migrations: 'auto'.`,
    )
  }
  if (indexes !== store.indexes.signature) {
    throw new SchemaMismatch(
      "The database has keys for other attributes than those in the option `indexes`. Run `scimkit migrate`, or set migrations: 'auto'.",
    )
  }
}

/**
 * Throws a {@link SchemaMismatch} for a database with another encoding than UTF-8: it cannot store every text, and its order of
 * texts differs from the order that cursors and ranges of every other store use.
 */
async function refuseOtherEncodings({ dialect: { encoding: asked, builder }, driver }: Store): Promise<void> {
  if (asked === undefined) return
  const [[row] = []] = await driver.read([plain(asked.compile(builder))])
  const encoding = String(row?.encoding)
  if (encoding === 'UTF8') return
  throw new SchemaMismatch(
    `The database has the encoding ${encoding}; ScimKit needs UTF8. Create one with \`create database NAME template template0 encoding 'UTF8'\`. Nothing was changed.`,
  )
}

function refuseNewer(schema: number): void {
  if (!Number.isSafeInteger(schema)) {
    throw new SchemaMismatch('Missing or invalid schema version in `scim_meta`. Nothing was changed.')
  }
  if (schema <= newest) return
  throw new SchemaMismatch(
    `The database has schema ${schema}, made by a newer version; this version supports schemas up to ${newest}. Nothing was changed.`,
  )
}

function isCurrent({ schema, indexes }: DatabaseState, store: Store): boolean {
  return schema === newest && indexes === store.indexes.signature
}

async function stateOf(store: Store): Promise<DatabaseState> {
  return stateBy(async (statement) => (await store.driver.read([statement]))[0] ?? [], store)
}

/**
 * Waits for the running writes, and blocks all others until the migration commits: until then, processes with other indexes would
 * see their own signature in the database, and insert their keys. A write that has waited sees the committed signature, and is
 * rejected.
 */
async function keepWritersOut(run: RunStatements, { dialect: { blockWriters, builder } }: Store): Promise<void> {
  if (blockWriters !== undefined) await run(plain(blockWriters.compile(builder)))
}
