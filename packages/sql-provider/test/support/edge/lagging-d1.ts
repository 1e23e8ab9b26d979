import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { D1Database, D1Session, D1Statement } from '../../../src/driver/d1/database.js'
import { openSqlite, type SqliteConnection } from '../../../src/driver/sqlite/connection.js'
import { fakeD1 } from './fake-d1.js'

/** A D1 with one read replica, which has the state of the last `catchUp`. */
export interface LaggingD1 {
  readonly db: D1Database
  /** Calls that the primary and the replica have answered. */
  readonly calls: { primary: number; replica: number }
  catchUp(): void
  close(): void
}

/** A D1 whose sessions read from a replica that lags behind, as replicas of D1 may, until the next `catchUp`. */
export function laggingD1(): LaggingD1 {
  const folder = mkdtempSync(join(tmpdir(), 'scimkit-replica-'))
  const primary = openSqlite(join(folder, 'primary.db'))
  const calls = { primary: 0, replica: 0 }
  let copies = 0
  let replica: SqliteConnection = openSqlite(':memory:')
  const of = (connection: SqliteConnection, where: keyof typeof calls): D1Session => {
    const fake = fakeD1(connection, () => {
      calls[where] += 1
      return undefined
    })
    return { prepare: (sql): D1Statement => fake.prepare(sql), batch: (statements) => fake.batch(statements) }
  }
  return {
    db: { ...of(primary, 'primary'), withSession: () => of(replica, 'replica') },
    calls,
    catchUp() {
      const file = join(folder, `copy-${copies++}.db`)
      primary.exec(`vacuum into '${file}'`)
      replica.close()
      replica = openSqlite(file)
    },
    close() {
      primary.close()
      replica.close()
      rmSync(folder, { recursive: true })
    },
  }
}
