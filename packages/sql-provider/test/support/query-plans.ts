import type { SqlValue } from '../../src/driver/driver.js'
import type { SqliteConnection, SqliteStatement } from '../../src/driver/sqlite-connection.js'

/** A statement that was run, with its values. */
interface Told {
  readonly sql: string
  readonly parameters: readonly SqlValue[]
}

/** A connection that remembers what it is asked. */
export interface TellingConnection {
  readonly connection: SqliteConnection
  /** How SQLite goes about each question that was asked since the last call: the lines of EXPLAIN QUERY PLAN. */
  plans(): readonly string[]
}

/** Wraps a connection so that a test can see how the database finds what it is asked for. */
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
