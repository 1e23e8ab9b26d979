import type { SqliteConnection, SqliteStatement } from '../../../src/driver/sqlite/connection.js'

/** The work of the database. */
export interface Work {
  /** Statements run, BEGIN and COMMIT among them. */
  statements: number
  /** Rows changed and rows returned. */
  rows: number
}

/** A connection that counts. */
export interface CountingConnection {
  readonly connection: SqliteConnection
  /** The work since the last call. */
  taken(): Work
}

/** Wraps a connection so that a test can see what a request costs the database. */
export function countingConnection(inner: SqliteConnection): CountingConnection {
  let work: Work = { statements: 0, rows: 0 }
  return {
    connection: {
      prepare(sql): SqliteStatement {
        const statement = inner.prepare(sql)
        return {
          all(...parameters) {
            const rows = statement.all(...parameters) as readonly unknown[]
            work.statements += 1
            work.rows += rows.length
            return rows
          },
          run(...parameters) {
            const result = statement.run(...parameters)
            work.statements += 1
            work.rows += Number(result.changes)
            return result
          },
        }
      },
      exec: (sql) => inner.exec(sql),
      close: () => inner.close(),
    },
    taken() {
      const taken = work
      work = { statements: 0, rows: 0 }
      return taken
    },
  }
}
