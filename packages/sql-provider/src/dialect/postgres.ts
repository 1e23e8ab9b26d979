/** PostgreSQL. */
import { DummyDriver, Kysely, PostgresAdapter, PostgresIntrospector, PostgresQueryCompiler, sql } from 'kysely'
import type { Tables } from '../tables.js'
import type { Dialect, JsonColumnType } from './dialect.js'

const jsonTypes: Readonly<Record<JsonColumnType, string>> = {
  text: 'text',
  integer: 'bigint',
  float: 'double precision',
}

/** The answers of PostgreSQL. Units of writing run at the same time and lock rows; each statement sees a state of its own. */
export const postgresDialect: Dialect = {
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
      ([name, type], index) => sql`(value ->> ${sql.lit(index)})::${sql.raw(jsonTypes[type])} as ${sql.ref(name)}`,
    )
    return sql`(select ${sql.join(cells)} from json_array_elements(${parameter}::text::json))`
  },
  jsonTexts: (parameter) => sql`(select value from json_array_elements_text(${parameter}::text::json))`,
  // For an array, PostgreSQL uses the index even without an estimate of the number of rows; for a subquery it may read the whole
  // table instead.
  inList: (column, selected) => sql`${column} = any (array${selected})`,
  rowValue: (values) => values,
  numbersAsText: (column) => sql`string_agg(${column}::text, ',' order by ${column})`,

  // PostgreSQL cannot flatten a subquery with OFFSET.
  forcedJoin(table, alias, on) {
    const as = sql.ref(alias)
    return sql`cross join lateral (select ${as}.* from ${sql.table(table)} as ${as} where ${on} offset 0) as ${as}`
  },
  // Otherwise PostgreSQL would read all resources for a few hundred members.
  leftLookup(table, alias, column, on) {
    const as = sql.ref(alias)
    const read = column === '*' ? sql`${as}.*` : sql`${as}.${sql.ref(column)}`
    return {
      table: sql`lateral (select ${read} from ${sql.table(table)} as ${as} where ${on} offset 0)`,
      on: sql`true`,
    }
  },

  contains: (column, part) => sql`strpos(${column}, ${part}) > 0`,
  endsWith: (column, part, characters) => sql`right(${column}, ${sql.lit(characters)}) = ${part}`,

  guard(found, count) {
    // A subquery of two rows is an error. A condition without columns is evaluated once and first. In the limit, it would hide the
    // small limit from the planner.
    const two = sql`(select n from (values (1), (2)) as v (n))`
    const checked = sql`(select case when count(*) = ${sql.lit(count)} then 1 else ${two} end ${found})`
    return { and: sql` and ${checked} = 1`, limit: (limit) => limit, end: sql`` }
  },
  unguarded: { and: sql``, limit: (count) => count, end: sql`` },

  now: sql<number>`cast(extract(epoch from statement_timestamp()) * 1000 as bigint)`,

  rowLocks: {
    exclusive: sql`for update`,
    keyShare: sql`for key share`,
    share: sql`for share`,
    skipLocked: sql`for update skip locked`,
  },
  cascade: 'inOneStatement',
  // The weakest lock that also blocks SELECT … FOR UPDATE, which is the first statement of a removal.
  blockWriters: sql`lock table scim_resources in exclusive mode`,
  readsLargeGroupsInPortions: false,

  columnTypes: { text: sql`text collate "C"`, integer: 'bigint', float: 'double precision' },
  rowNumber: (column) => column.primaryKey().generatedByDefaultAsIdentity(),
  ownedRows: {
    owner: (column) => column.notNull().references('scim_resources.row_id').onDelete('cascade'),
    create: (table) => [table],
  },
  hasRoomInIndexes: false,
  tableExists: (name) => sql`select 1 as there from pg_catalog.pg_class where oid = to_regclass(${sql.lit(name)})`,
  encoding: sql`select current_setting('server_encoding') as encoding`,
}
