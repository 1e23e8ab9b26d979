import type { D1Database, D1Statement } from '@scimkit/sql-provider/d1'

/** The same database; `around` wraps each call. */
export function aroundDatabase(
  db: D1Database,
  around: <Answer>(call: () => Promise<Answer>) => Promise<Answer>,
): D1Database {
  const inside = new WeakMap<D1Statement, D1Statement>()
  const wrapped = (statement: D1Statement): D1Statement => {
    const wrapper: D1Statement = {
      bind: (...parameters) => wrapped(statement.bind(...parameters)),
      all: () => around(() => statement.all()),
    }
    inside.set(wrapper, statement)
    return wrapper
  }
  return {
    prepare: (sql) => wrapped(db.prepare(sql)),
    batch: (statements) => around(() => db.batch(statements.map((wrapper) => inside.get(wrapper) ?? wrapper))),
  }
}
