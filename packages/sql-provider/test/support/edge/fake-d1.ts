import type { D1Answer, D1Database, D1Statement } from '../../../src/driver/d1/database.js'
import { rowsOf, type SqliteConnection } from '../../../src/driver/sqlite/connection.js'

interface Bound extends D1Statement {
  readonly sql: string
  run(): D1Answer
}

/** An imitation of D1 with SQLite, and the texts of its statements, one list for each call. It awaits `before` before each call. */
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

/** Throws the error of D1 for values beyond its documented limits. */
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
