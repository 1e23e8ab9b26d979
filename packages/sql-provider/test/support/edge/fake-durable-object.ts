import { rowsOf, type SqliteConnection } from '../../../src/driver/sqlite/connection.js'
import type { DurableObjectStorage } from '../../../src/durable-object.js'

/** How the storage fails: in a statement, or before or after COMMIT. */
export interface FailingStorage extends DurableObjectStorage {
  /** Called before each statement, and around COMMIT. */
  at: (moment: 'statement' | 'beforeCommit' | 'afterCommit') => void
}

/** An imitation of the storage of a Durable Object with SQLite: errors are text, and a transaction is a function. */
export function fakeDurableObject(connection: SqliteConnection): FailingStorage {
  const storage: FailingStorage = {
    at: () => {},
    sql: {
      exec(sql, ...parameters) {
        if (parameters.length > 100) throw new Error('too many SQL variables at offset 1: SQLITE_ERROR')
        if (/^\s*(begin|commit|rollback|savepoint|pragma)\b/i.test(sql)) throw new Error('not authorized: SQLITE_AUTH')
        storage.at('statement')
        const rows = asText(() => rowsOf(connection.prepare(sql), parameters))
        return { toArray: () => rows }
      },
    },
    transactionSync(closure) {
      connection.exec('begin')
      try {
        const result = closure()
        storage.at('beforeCommit')
        connection.exec('commit')
        storage.at('afterCommit')
        return result
      } catch (error) {
        try {
          connection.exec('rollback')
        } catch {}
        throw error
      }
    },
  }
  return storage
}

function asText<Value>(work: () => Value): Value {
  try {
    return work()
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error)
    throw new Error(`${message}: ${message.includes('constraint failed') ? 'SQLITE_CONSTRAINT' : 'SQLITE_ERROR'}`)
  }
}
