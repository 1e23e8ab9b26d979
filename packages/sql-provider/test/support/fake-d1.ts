import type { D1Answer, D1Database, D1Statement } from '../../src/driver/d1-database.js'
import { rowsOf, type SqliteConnection } from '../../src/driver/sqlite-connection.js'

interface Bound extends D1Statement {
  readonly sql: string
  run(): D1Answer
}

/** A D1 of SQLite, and the texts it was asked to run, one list for each call. Ahead of each it waits for `before`. */
export function fakeD1(
  connection: SqliteConnection,
  before: () => Promise<void> | undefined = () => undefined,
): D1Database & { readonly calls: string[][] } {
  const calls: string[][] = []
  const bound = (sql: string, parameters: Parameters<D1Statement['bind']>): Bound => ({
    sql,
    bind: (...values) => bound(sql, values),
    all: async () => {
      await before()
      calls.push([sql])
      return asD1(() => bound(sql, parameters).run())
    },
    run: () => ({ success: true, results: rowsOf(connection.prepare(sql), parameters) }),
  })
  return {
    calls,
    prepare: (sql) => bound(sql, []),
    batch: async (statements) => {
      await before()
      const ours = statements as Bound[]
      calls.push(ours.map(({ sql }) => sql))
      connection.exec('begin')
      try {
        const answers = asD1(() => ours.map((statement) => statement.run()))
        connection.exec('commit')
        return answers
      } catch (error) {
        connection.exec('rollback')
        throw error
      }
    },
  }
}

function asD1<Value>(work: () => Value): Value {
  try {
    return work()
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error)
    const code = message.includes('constraint failed') ? 'SQLITE_CONSTRAINT' : 'SQLITE_ERROR'
    throw new Error(`D1_ERROR: ${message}: ${code} (extended: ${code})`)
  }
}
