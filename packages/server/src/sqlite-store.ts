import { existsSync, statSync } from 'node:fs'
import { dirname } from 'node:path'
import type { MigrationProgress } from '@scimkit/sql-provider'
import { sqliteProvider } from '@scimkit/sql-provider/sqlite'
import { CannotStart } from './cannot-start.js'
import { openSqlStore } from './sql-store.js'
import type { StoreChoice } from './store-choice.js'
import type { OpenStore } from './stores.js'

/** Opens a SQLite file, and makes it if it is not there. Throws a CannotStart that says why it cannot. */
export async function openSqliteStore(
  { path, durability, indexes }: Extract<StoreChoice, { kind: 'sqlite' }>,
  progress: MigrationProgress,
): Promise<OpenStore> {
  // SQLite would say the same of all of these: unable to open database file.
  const folder = dirname(path)
  if (!existsSync(folder)) throw new CannotStart(`Cannot use ${path}: there is no folder ${folder}. Make it first.`)
  if (existsSync(path) && !statSync(path).isFile()) throw new CannotStart(`Cannot use ${path}: it is not a file.`)
  const facts = { place: path, writesAtOnce: 1 }
  return openSqlStore(() => sqliteProvider(path, { durability, indexes }), facts, progress)
}
