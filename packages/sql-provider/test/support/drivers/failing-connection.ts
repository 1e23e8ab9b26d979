import type { SqliteConnection, SqliteStatement } from '../../../src/driver/sqlite/connection.js'

/** How the nth call fails: before SQLite runs it, or after that. */
export type FailureMoment = 'before' | 'after'

/** A connection that breaks, like a removed disk. */
export interface FailingConnection {
  readonly connection: SqliteConnection
  /** From now on the nth call throws, and all later ones too, unless `once`. */
  arm(nth: number, moment: FailureMoment, once: boolean): void
  /** Works again; returns the number of calls since it was armed. */
  disarm(): number
}

/** Wraps a connection so that a test can let the nth call fail. */
export function failingConnection(inner: SqliteConnection): FailingConnection {
  let armed: { readonly nth: number; readonly moment: FailureMoment; readonly once: boolean } | undefined
  let calls = 0

  function through<Result>(call: () => Result): Result {
    calls += 1
    if (armed === undefined || (armed.once ? calls !== armed.nth : calls < armed.nth)) return call()
    if (armed.moment === 'after' && calls === armed.nth) call()
    throw Object.assign(new Error('disk I/O error'), { code: 'SQLITE_IOERR', errcode: 10 })
  }

  return {
    connection: {
      prepare(sql): SqliteStatement {
        const statement = inner.prepare(sql)
        return {
          all: (...parameters) => through(() => statement.all(...parameters)),
          run: (...parameters) => through(() => statement.run(...parameters)),
        }
      },
      exec: (sql) => through(() => inner.exec(sql)),
      close: () => inner.close(),
    },
    arm(nth, moment, once) {
      armed = { nth, moment, once }
      calls = 0
    },
    disarm() {
      armed = undefined
      return calls
    },
  }
}
