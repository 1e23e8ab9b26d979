/** SQLite, D1 and the SQLite of a Durable Object. */
import { DummyDriver, Kysely, SqliteAdapter, SqliteIntrospector, SqliteQueryCompiler, sql } from 'kysely'
import type { Tables } from '../tables.js'
import type { Dialect, StatementGuard } from './dialect.js'

const builder = new Kysely<Tables>({
  dialect: {
    createAdapter: () => new SqliteAdapter(),
    createDriver: () => new DummyDriver(),
    createIntrospector: (db) => new SqliteIntrospector(db),
    createQueryCompiler: () => new SqliteQueryCompiler(),
  },
})

// More rows than one portion of a walk has.
const noLimit = sql.lit(1_000_000)

/** A guard that changes the limit: SQLite evaluates a condition only if there is a row, but it always evaluates the limit. */
function guardInLimit(limit: StatementGuard['limit']): StatementGuard {
  return { and: sql``, limit, end: sql` limit ${limit(noLimit)}` }
}

/** The answers of SQLite. Units of writing run one after the other. */
export const sqliteDialect: Dialect = {
  name: 'sqlite',
  builder,

  jsonRows(parameter, columns) {
    const cells = Object.keys(columns).map(
      (name, index) => sql`json_extract(value, ${sql.lit(`$[${index}]`)}) as ${sql.ref(name)}`,
    )
    return sql`(select ${sql.join(cells)} from json_each(${parameter}))`
  },
  jsonTexts: (parameter) => sql`(select value from json_each(${parameter}))`,
  inList: (column, selected) => sql`${column} in ${selected}`,
  // One text: for rows of several values that are not in the list, NOT IN searches the whole list for nulls (observed).
  rowValue: (values) => sql`json_array(${values})`,
  numbersAsText: (column) => sql`group_concat(${column})`,

  // SQLite keeps the order of a CROSS JOIN.
  forcedJoin: (table, alias, on) => sql`cross join ${sql.table(table)} as ${sql.ref(alias)} on ${on}`,
  leftLookup: (table, _alias, _column, on) => ({ table: sql.table(table), on }),

  contains: (column, part) => sql`instr(${column}, ${part}) > 0`,
  endsWith: (column, part, characters) => sql`substr(${column}, ${sql.lit(-characters)}) = ${part}`,

  guard(found, count) {
    const checked = sql`(select case when count(*) = ${sql.lit(count)} then 1 else json('keys of others: ' || count(*)) end ${found})`
    return guardInLimit((limit) => sql`${limit} * ${checked}`)
  },
  unguarded: guardInLimit((count) => count),

  now: sql<number>`cast((julianday('now') - 2440587.5) * 86400000 as integer)`,

  rowLocks: undefined,
  cascade: 'inSteps',
  // SQLite has one writer; in D1, reindexing commits each portion.
  blockWriters: undefined,
  readsLargeGroupsInPortions: true,

  columnTypes: { text: 'text', integer: 'integer', float: 'real' },
  rowNumber: (column) => column.primaryKey().autoIncrement(),
  ownedRows: {
    owner: (column) => column.notNull(),
    // A connection may not enforce foreign keys.
    create: (table) => {
      const trigger = sql`create trigger if not exists scim_history_goes after delete on scim_resources
    begin delete from scim_history where row_id = old.row_id; end`
      return [table.modifyEnd(sql`without rowid`), { compile: () => trigger.compile(builder) }]
    },
  },
  hasRoomInIndexes: true,
  tableExists: (name) => sql`select 1 as there from sqlite_master where type = 'table' and name = ${sql.lit(name)}`,
  encoding: undefined,
}
