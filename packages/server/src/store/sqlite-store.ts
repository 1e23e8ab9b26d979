import { closeSync, existsSync, openSync, statSync } from 'node:fs'
import { dirname } from 'node:path'
import { sqliteProvider } from '@scimkit/sql-provider/sqlite'
import { StartupError } from '../startup-error.js'
import { type Migrating, openSqlStore } from './sql-store.js'
import type { OpenStore } from './store.js'
import type { StoreChoice } from './store-choice.js'
import type { StoreLimits } from './store-limits.js'

/**
 * Opens a SQLite file. If it does not exist, creates it with permissions for this user only. Throws a StartupError with the
 * reason if it cannot.
 */
export async function openSqliteStore(
  { path, durability, journal, engine, indexes, history }: Extract<StoreChoice, { kind: 'sqlite' }>,
  progress: Migrating,
  limits: StoreLimits,
): Promise<OpenStore> {
  // SQLite has one message for all of these: unable to open database file.
  const folder = dirname(path)
  if (!existsSync(folder))
    throw new StartupError(`Cannot use ${path}: the folder ${folder} does not exist. Create it first.`)
  if (existsSync(path) && !statSync(path).isFile()) throw new StartupError(`Cannot use ${path}: it is not a file.`)
  const facts = { place: path, certain: true, writesAtOnce: 1 }
  const open = () => {
    makeForUsOnly(path)
    const chosen = { ...(journal !== undefined && { journal }), ...(engine !== undefined && { engine }) }
    return sqliteProvider(path, { durability, indexes, history, ...chosen, ...limits })
  }
  return openSqlStore(open, facts, progress)
}

// Other users of the machine must not read personal data and hashes. SQLite creates its other files with the mode of this
// one, and treats an empty file as a new database.
function makeForUsOnly(path: string): void {
  closeSync(openSync(path, 'a', 0o600))
}
