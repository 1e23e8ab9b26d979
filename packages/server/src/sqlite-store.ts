import { closeSync, existsSync, openSync, statSync } from 'node:fs'
import { dirname } from 'node:path'
import type { MigrationProgress } from '@scimkit/sql-provider'
import { sqliteProvider } from '@scimkit/sql-provider/sqlite'
import { CannotStart } from './cannot-start.js'
import type { StoreLimits } from './limit-flag.js'
import type { OpenStore } from './open-store.js'
import { openSqlStore } from './sql-store.js'
import type { StoreChoice } from './store-choice.js'

/** Opens a SQLite file, and makes it, for this user only, if it is not there. Throws a CannotStart that says why it cannot. */
export async function openSqliteStore(
  { path, durability, journal, engine, indexes, history }: Extract<StoreChoice, { kind: 'sqlite' }>,
  progress: MigrationProgress,
  limits: StoreLimits,
): Promise<OpenStore> {
  // SQLite would say the same of all of these: unable to open database file.
  const folder = dirname(path)
  if (!existsSync(folder)) throw new CannotStart(`Cannot use ${path}: there is no folder ${folder}. Make it first.`)
  if (existsSync(path) && !statSync(path).isFile()) throw new CannotStart(`Cannot use ${path}: it is not a file.`)
  const facts = { place: path, certain: true, writesAtOnce: 1 }
  const open = () => {
    makeForUsOnly(path)
    const chosen = { ...(journal !== undefined && { journal }), ...(engine !== undefined && { engine }) }
    return sqliteProvider(path, { durability, indexes, history, ...chosen, ...limits })
  }
  return openSqlStore(open, facts, progress)
}

// Personal data and hashes are not for every user of the machine. SQLite gives its other files the mode of this one, and
// takes an empty file for a new database.
function makeForUsOnly(path: string): void {
  closeSync(openSync(path, 'a', 0o600))
}
