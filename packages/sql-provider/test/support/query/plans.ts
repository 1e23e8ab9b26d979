/** The statements of a query in SQLite, intercepted, and the plan of each. */
import type { SqlValue } from '../../../src/driver/driver.js'
import { rowsOf, type SqliteConnection, type SqliteStatement } from '../../../src/driver/sqlite/connection.js'

/** A connection that remembers the statements that read. */
export interface Recording {
  readonly connection: SqliteConnection
  /** The plans of all statements since the last call, one list of steps for each. */
  plans(): readonly (readonly string[])[]
}

/** Wraps a connection so that a test can read the plans of its statements. */
export function recording(inner: SqliteConnection): Recording {
  let asked: { readonly sql: string; readonly parameters: readonly SqlValue[] }[] = []
  return {
    connection: {
      prepare(sql): SqliteStatement {
        const statement = inner.prepare(sql)
        return {
          all(...parameters) {
            if (reads(sql)) asked.push({ sql, parameters })
            return statement.all(...parameters)
          },
          run: (...parameters) => statement.run(...parameters),
        }
      },
      exec: (sql) => inner.exec(sql),
      close: () => inner.close(),
    },
    plans() {
      const plans = asked.map(({ sql, parameters }) =>
        rowsOf(inner.prepare(`explain query plan ${sql}`), parameters).map(({ detail }) => String(detail)),
      )
      asked = []
      return plans
    },
  }
}

// Statements that change data are not explained: libsql leaves an explained INSERT unfinished, and the next COMMIT fails.
function reads(sql: string): boolean {
  return sql.startsWith('select') || sql.startsWith('with')
}

const wholeParts: readonly string[] = [
  '(tenant=?)',
  '(tenant=? AND type=?)',
  '(tenant=? AND type=? AND row_id>?)',
  '(tenant=? AND type=? AND path=?)',
]
// Parameters that are lists, and the temporary tables of a statement.
const own: readonly string[] = ['json_each', 'numbers', 'up', 'down', 'd', 'u', 'j', 'counted']

/**
 * The steps of a plan that read all rows of a tenant, a type or an attribute, or a whole table: their cost grows with the number of
 * resources.
 */
export function walks(plan: readonly string[]): readonly string[] {
  return plan.filter((step) => {
    if (step.startsWith('SCAN ')) return !own.includes(step.split(' ')[1] ?? '')
    return step.startsWith('SEARCH ') && wholeParts.some((part) => step.endsWith(part))
  })
}
