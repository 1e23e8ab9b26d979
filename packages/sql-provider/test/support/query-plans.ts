import type { SqlValue } from '../../src/driver/driver.js'
import type { SqliteConnection, SqliteStatement } from '../../src/driver/sqlite-connection.js'

/** A statement that was run, with its values. */
interface Told {
  readonly sql: string
  readonly parameters: readonly SqlValue[]
}

/** A connection that records its statements. */
export interface TellingConnection {
  readonly connection: SqliteConnection
  /** The lines of EXPLAIN QUERY PLAN for each statement since the last call. */
  plans(): readonly string[]
}

/** Wraps a connection so that a test can read the query plans of the database. */
export function tellingConnection(inner: SqliteConnection): TellingConnection {
  let told: Told[] = []
  const planOf = ({ sql, parameters }: Told): readonly string[] => {
    const lines = inner.prepare(`explain query plan ${sql}`).all(...parameters) as readonly {
      readonly detail: string
    }[]
    return lines.map(({ detail }) => detail)
  }
  return {
    connection: {
      prepare(sql): SqliteStatement {
        const statement = inner.prepare(sql)
        return {
          all(...parameters) {
            told.push({ sql, parameters })
            return statement.all(...parameters)
          },
          run: (...parameters) => statement.run(...parameters),
        }
      },
      exec: (sql) => inner.exec(sql),
      close: () => inner.close(),
    },
    plans() {
      const questions = told
      told = []
      return questions.flatMap(planOf)
    },
  }
}
