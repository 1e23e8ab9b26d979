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
    run: () => {
      refuseTooLarge(sql, parameters)
      return { success: true, results: rowsOf(connection.prepare(sql), parameters) }
    },
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

/** Throws what SQLite in D1 says of more than D1 documents. */
function refuseTooLarge(sql: string, parameters: Parameters<D1Statement['bind']>): void {
  const bytes = parameters.map((value) => (typeof value === 'string' ? Buffer.byteLength(value) : 0))
  const isTooLarge = bytes.some((length) => length > 2_000_000)
  if (isTooLarge || Buffer.byteLength(sql) > 100_000) throw new Error('string or blob too big: SQLITE_TOOBIG')
  if (parameters.length > 100) throw new Error('too many SQL variables')
}

function asD1<Value>(work: () => Value): Value {
  try {
    return work()
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error)
    if (message.endsWith('SQLITE_TOOBIG')) throw new Error(`D1_ERROR: ${message}`)
    const code = message.includes('constraint failed') ? 'SQLITE_CONSTRAINT' : 'SQLITE_ERROR'
    throw new Error(`D1_ERROR: ${message}: ${code} (extended: ${code})`)
  }
}
