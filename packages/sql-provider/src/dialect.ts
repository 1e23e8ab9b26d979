/** The differences between SQL dialects in building statements. Kysely builds the statements and never runs them. */
import {
  DummyDriver,
  Kysely,
  PostgresAdapter,
  PostgresIntrospector,
  PostgresQueryCompiler,
  type RawBuilder,
  SqliteAdapter,
  SqliteIntrospector,
  SqliteQueryCompiler,
  sql,
} from 'kysely'
import type { Tables } from './schema/tables.js'

/** The supported SQL dialects; D1 uses the dialect of SQLite. */
export type DialectName = 'sqlite' | 'postgres'

/** Builds statements over the tables of this package. */
export type Builder = Kysely<Tables>

/** The type that a column of a JSON array of rows is read as. */
export type JsonColumnType = 'text' | 'integer' | 'float'

/** One dialect. */
export interface Dialect {
  readonly name: DialectName
  readonly builder: Builder
  /**
   * `(select … as first, … as second from …)`: a parameter that holds a JSON array of arrays, as a table with these
   * columns in this order. One parameter and one statement text, however many rows.
   */
  jsonRows(parameter: RawBuilder<string>, columns: Readonly<Record<string, JsonColumnType>>): RawBuilder<unknown>
  /** `(select … as value from …)`: a parameter that holds a JSON array of strings, as a table with the column `value`. */
  jsonTexts(parameter: RawBuilder<string>): RawBuilder<{ value: string }>
}

/** Caches the result of `build` per dialect: a Worker may create a provider for each request. */
export function oncePerDialect<Built>(build: (dialect: Dialect) => Built): (dialect: Dialect) => Built {
  const built = new Map<DialectName, Built>()
  return (dialect) => {
    const known = built.get(dialect.name) ?? build(dialect)
    built.set(dialect.name, known)
    return known
  }
}

/** The dialect by name. */
export function dialectOf(name: DialectName): Dialect {
  return name === 'sqlite' ? sqlite : postgres
}

/**
 * A column in a form that no index matches. For a resource by id, only the index of the id is useful; but without statistics, in
 * the first minutes of a new database, PostgreSQL may choose any index with the type and read all rows of that type.
 */
export function compareOnly(column: string): RawBuilder<string> {
  return sql`(${sql.ref(column)} || '')`
}

const sqlite: Dialect = {
  name: 'sqlite',
  builder: new Kysely<Tables>({
    dialect: {
      createAdapter: () => new SqliteAdapter(),
      createDriver: () => new DummyDriver(),
      createIntrospector: (db) => new SqliteIntrospector(db),
      createQueryCompiler: () => new SqliteQueryCompiler(),
    },
  }),
  jsonRows(parameter, columns) {
    const cells = Object.keys(columns).map(
      (name, index) => sql`json_extract(value, ${sql.lit(`$[${index}]`)}) as ${sql.ref(name)}`,
    )
    return sql`(select ${sql.join(cells)} from json_each(${parameter}))`
  },
  jsonTexts: (parameter) => sql`(select value from json_each(${parameter}))`,
}

const postgres: Dialect = {
  name: 'postgres',
  builder: new Kysely<Tables>({
    dialect: {
      createAdapter: () => new PostgresAdapter(),
      createDriver: () => new DummyDriver(),
      createIntrospector: (db) => new PostgresIntrospector(db),
      createQueryCompiler: () => new PostgresQueryCompiler(),
    },
  }),
  jsonRows(parameter, columns) {
    const cells = Object.entries(columns).map(
      ([name, type], index) => sql`(value ->> ${sql.lit(index)})::${sql.raw(postgresType[type])} as ${sql.ref(name)}`,
    )
    return sql`(select ${sql.join(cells)} from json_array_elements(${parameter}::text::json))`
  },
  jsonTexts: (parameter) => sql`(select value from json_array_elements_text(${parameter}::text::json))`,
}

const postgresType: Readonly<Record<JsonColumnType, string>> = {
  text: 'text',
  integer: 'bigint',
  float: 'double precision',
}
