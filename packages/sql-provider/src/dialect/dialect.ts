/**
 * The checklist of a database: every difference between SQL dialects is a member of {@link Dialect}. The rest of the package asks
 * these members and never the name. `sqlite.ts` and `postgres.ts` answer for the supported databases.
 */
import type {
  ColumnDataType,
  ColumnDefinitionBuilder,
  Compilable,
  CreateTableBuilder,
  Expression,
  Kysely,
  RawBuilder,
  SqlBool,
} from 'kysely'
import type { Tables } from '../tables.js'

/** The supported SQL dialects; D1 and Durable Objects use the dialect of SQLite. */
export type DialectName = 'sqlite' | 'postgres'

/** Builds statements over the tables of this package. Kysely builds the statements and never runs them. */
export type Builder = Kysely<Tables>

/** The type that a column of a JSON array of rows is read as. */
export type JsonColumnType = 'text' | 'integer' | 'float'

/** The tables that a join can read row by row. */
export type JoinTable = 'scim_members' | 'scim_resources' | 'scim_keys' | 'scim_records'

/** The types of columns. */
export interface ColumnTypes {
  /** Text, ordered and compared byte by byte in UTF-8, which is the order of code points. */
  readonly text: ColumnDataType | Expression<unknown>
  /** A whole number of 64 bits. */
  readonly integer: ColumnDataType
  /** A number as in JavaScript. */
  readonly float: ColumnDataType
}

/** The right side of a left join: `left join ${table} as … on ${on}`. */
export interface Lookup {
  readonly table: RawBuilder<unknown>
  readonly on: RawBuilder<SqlBool>
}

/** The places of a check in a statement; each dialect has another one that it evaluates before it reads rows. */
export interface StatementGuard {
  /** A condition after the other conditions. */
  readonly and: RawBuilder<unknown>
  /** The limit, including the check if the dialect has it there. */
  limit(count: RawBuilder<number>): RawBuilder<number>
  /** The end of an ordered statement without a limit of its own. */
  readonly end: RawBuilder<unknown>
}

/** The endings of a SELECT that locks the rows it finds, until the unit of work ends. */
export interface RowLocks {
  /** No other unit changes, deletes or locks these rows. */
  readonly exclusive: RawBuilder<unknown>
  /** No other unit deletes these rows. */
  readonly keyShare: RawBuilder<unknown>
  /** No other unit changes or deletes these rows; others may hold them too. */
  readonly share: RawBuilder<unknown>
  /** As `exclusive`; rows that another unit has locked are left out. */
  readonly skipLocked: RawBuilder<unknown>
}

/** How a table of rows that belong to a resource is deleted with it. */
export interface OwnedRows {
  /** Completes the column with the row number of the resource. */
  owner(column: ColumnDefinitionBuilder): ColumnDefinitionBuilder
  /** The statements that create the table; each may run again. */
  create<Table extends string, Column extends string>(table: CreateTableBuilder<Table, Column>): readonly Compilable[]
}

/** One dialect: what a database answers. */
export interface Dialect {
  readonly name: DialectName

  /** Builds and compiles statements with the quotes and placeholders of the database. */
  readonly builder: Builder

  // --- Lists in one parameter: one statement text, however many values.

  /**
   * `(select … as first, … as second from …)`: a parameter that holds a JSON array of arrays, as a table with these
   * columns in this order.
   */
  jsonRows(parameter: RawBuilder<string>, columns: Readonly<Record<string, JsonColumnType>>): RawBuilder<unknown>

  /** `(select … as value from …)`: a parameter that holds a JSON array of strings, as a table with the column `value`. */
  jsonTexts(parameter: RawBuilder<string>): RawBuilder<{ value: string }>

  /** True for values that are among those of a `(select …)`. An index on the column must be used, without statistics too. */
  inList(column: RawBuilder<unknown>, selected: RawBuilder<unknown>): RawBuilder<boolean>

  /**
   * Several values, none of them null, as one operand of `(…) not in (select …)`. The database must search the list in less time
   * than it takes to read it.
   */
  rowValue(values: RawBuilder<unknown>): RawBuilder<unknown>

  /** Aggregate: the row numbers of a column as one text, separated by commas. */
  numbersAsText(column: RawBuilder<unknown>): RawBuilder<unknown>

  // --- Joins whose plan does not depend on statistics.

  /**
   * Joins a table to the tables before it, row by row through an index, and prevents another plan: the planner has no statistics
   * for a walk from member to group to group, and with a wrong estimate it reads whole tables.
   */
  forcedJoin(table: JoinTable, alias: string, on: RawBuilder<unknown>): RawBuilder<unknown>

  /**
   * The same for a left join: finds at most one row of the table for each row before it, through an index. `column` is the only
   * column that the statement reads from it, or `*`.
   */
  leftLookup(table: JoinTable, alias: string, column: string, on: RawBuilder<SqlBool>): Lookup

  // --- Search in text. Characters are code points, and no database may limit the length of the search text.

  /** True if the text of the column contains `part`. */
  contains(column: RawBuilder<unknown>, part: string): RawBuilder<boolean>

  /** True if the text of the column ends with `part`, which has `characters` characters. */
  endsWith(column: RawBuilder<unknown>, part: string, characters: number): RawBuilder<boolean>

  // --- Checks inside a statement.

  /**
   * Fails the statement with an error unless `found`, a `from … where …`, has `count` rows. It must be evaluated before any row is
   * read, and also if there is no row.
   */
  guard(found: RawBuilder<unknown>, count: number): StatementGuard

  /** The same statement without a check. */
  readonly unguarded: StatementGuard

  // --- Time.

  /** Milliseconds since 1970 by the clock of the database, which all processes share; the same in all of one statement. */
  readonly now: RawBuilder<number>

  // --- Units of work.

  /**
   * The locks of rows that a unit depends on and does not change. Undefined where units of writing run one after the other: then
   * nothing has to be locked.
   */
  readonly rowLocks: RowLocks | undefined

  /**
   * A statement that waits until no other unit holds the lock of this name, and holds it until its own unit ends.
   * Undefined where units of writing run one after the other.
   */
  readonly lockName: ((name: RawBuilder<string>) => RawBuilder<unknown>) | undefined

  /**
   * How a removal deletes the memberships of a resource and changes the versions of its groups. `inSteps`: one statement each, for
   * databases where all statements of a unit see the same memberships. `inOneStatement`: with data-modifying common table
   * expressions, for databases where each statement sees a state of its own.
   */
  readonly cascade: 'inSteps' | 'inOneStatement'

  /**
   * A statement of a migration that waits for the running units of writing and blocks new ones until the migration commits; reads
   * are not blocked. Undefined where the migration is the only writer anyway, or cannot be one unit (D1).
   */
  readonly blockWriters: RawBuilder<unknown> | undefined

  /**
   * True where a long statement blocks the process or the database for all others: large groups are then read in portions that are
   * checked to be of one version. False where a statement sees one state and blocks no other.
   */
  readonly readsLargeGroupsInPortions: boolean

  // --- The schema.

  readonly columnTypes: ColumnTypes

  /** Completes a primary key that the database numbers itself: ascending, and a number is never used again. */
  rowNumber(column: ColumnDefinitionBuilder): ColumnDefinitionBuilder

  /** Rows that are deleted with their resource, also by a process that does not know them. */
  readonly ownedRows: OwnedRows

  /**
   * True if an index entry has room for the id of a member beside its key. The index from members to groups then has it too, and
   * a read needs no table.
   */
  readonly hasRoomInIndexes: boolean

  /** A row if the table exists. A query of a missing table would be an error, which may end the transaction. */
  tableExists(name: keyof Tables & string): RawBuilder<unknown>

  /** Selects the `encoding` of the database, which must be `UTF8`; undefined where every database has it. */
  readonly encoding: RawBuilder<unknown> | undefined
}
