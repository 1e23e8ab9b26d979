/** The statements of lists. They depend on the filter, so they are built for each question. */
import { type RawBuilder, sql } from 'kysely'
import type { Dialect } from '../dialect.js'
import type { SqlValue, Statement } from '../driver/driver.js'
import { type Condition, matching, matchingToo } from './condition.js'
import type { Ordering } from './ordering.js'
import type { Scope } from './scope.js'
import { listColumns } from './within-bytes.js'

/** A part of a list: at most `limit` rows, either after so many or after a place. */
export interface Slice {
  readonly limit: number
  readonly offset?: number
  /** Only what comes after this place in the order. */
  readonly after?: Place | undefined
  /** Documents of more bytes stay in the database: their `doc` is null. Rows then have the length, `doc_bytes`. */
  readonly docBytes?: number | undefined
}

/** A place in an order: a row, and its key where the order has one. */
export interface Place {
  readonly row: number
  readonly key?: SqlValue
}

/** The lists of one question. Rows have {@link resourceColumns}, and `sort_key` where the order has a key. */
export interface PageStatements {
  /** How many match. */
  count(): Statement
  /** In the order of a column that every row has, or in base order. */
  rows(ordering: Extract<Ordering, { kind: 'base' | 'column' }>, slice: Slice): Statement
  /** How many of those that match have a key to sort by. */
  countWithKey(ordering: KeyOrdering): Statement
  /** Those with a key, in its order. */
  rowsWithKey(ordering: KeyOrdering, slice: Slice): Statement
  /** Those without a key, in base order. */
  rowsWithoutKey(ordering: KeyOrdering, slice: Slice): Statement
}

/** An order by keys. */
export type KeyOrdering = Extract<Ordering, { kind: 'keys' }>

/** The statements for what matches a condition in a scope. The condition and the order are compiled before. */
export function pageStatements(dialect: Dialect, scope: Scope, condition: Condition | undefined): PageStatements {
  const guard = scope.guard()
  const { builder } = dialect
  const { tenant, type } = scope
  const matches = sql`${matching(scope, condition, false)}${guard.and}`
  const matchesToo = sql`${matchingToo(scope, condition)}${guard.and}`
  const one = guard.limit(sql.lit(1))
  const part = ({ limit, offset = 0 }: Slice): RawBuilder<unknown> => {
    const rows = guard.limit(sql`${limit}`)
    return offset === 0 ? sql`limit ${rows}` : sql`limit ${rows} offset ${offset}`
  }

  function statement(raw: RawBuilder<unknown>): Statement {
    const compiled = raw.compile(builder)
    return { sql: compiled.sql, parameters: compiled.parameters as readonly SqlValue[], lasting: false }
  }

  const sorts = ({ path, valueKind, key }: KeyOrdering): RawBuilder<unknown> =>
    sql`k.path = ${path} and k.sorts = 1 and k.kind = ${valueKind} and ${key} is not null`
  const keyed = (ordering: KeyOrdering): RawBuilder<unknown> =>
    sql`k.tenant = ${tenant} and k.type = ${type} and ${sorts(ordering)}`

  return {
    count: () => statement(sql`select count(*) as total from scim_resources as r where ${matches} limit ${one}`),

    rows(ordering, slice) {
      const row = sql`r.row_id`
      if (ordering.kind === 'base') {
        if (slice.after === undefined) {
          return statement(
            sql`select ${listColumns(slice.docBytes)} from scim_resources as r where ${matches} order by ${row} ${part(slice)}`,
          )
        }
        return statement(
          sql`select ${listColumns(slice.docBytes)} from scim_resources as r where ${matching(scope, condition, true)}${guard.and} and ${row} > ${slice.after.row}
            order by ${row} ${part(slice)}`,
        )
      }
      const { key, descending } = ordering
      return statement(
        sql`select ${listColumns(slice.docBytes)}, ${key} as sort_key from scim_resources as r
          where ${matches}${afterPlace(key, row, descending, slice.after)}
          order by ${key} ${direction(descending)}, ${row} ${part(slice)}`,
      )
    },

    countWithKey: (ordering) =>
      statement(
        sql`select count(*) as total from scim_keys as k join scim_resources as r on r.row_id = k.row_id
          where ${keyed(ordering)} and ${matchesToo} limit ${one}`,
      ),

    rowsWithKey(ordering, slice) {
      const { key, descending } = ordering
      const row = sql`k.row_id`
      return statement(
        sql`select ${listColumns(slice.docBytes)}, ${key} as sort_key from scim_keys as k join scim_resources as r on r.row_id = k.row_id
          where ${keyed(ordering)} and ${matchesToo}${afterPlace(key, row, descending, slice.after)}
          order by ${key} ${direction(descending)}, ${row} ${part(slice)}`,
      )
    },

    rowsWithoutKey(ordering, slice) {
      const place = slice.after === undefined ? sql`` : sql` and r.row_id > ${slice.after.row}`
      return statement(
        sql`select ${listColumns(slice.docBytes)} from scim_resources as r where ${matches}${place}
          and not exists (select 1 from scim_keys as k where k.row_id = r.row_id and ${sorts(ordering)})
          order by r.row_id ${part(slice)}`,
      )
    },
  }
}

function direction(descending: boolean): RawBuilder<unknown> {
  return descending ? sql`desc` : sql`asc`
}

// Equals are in base order in both directions.
function afterPlace(
  key: RawBuilder<unknown>,
  row: RawBuilder<unknown>,
  descending: boolean,
  place: Place | undefined,
): RawBuilder<unknown> {
  if (place === undefined) return sql``
  const { key: at = null, row: after } = place
  if (descending) return sql` and ${key} <= ${at} and (${key} < ${at} or ${row} > ${after})`
  return sql` and ${key} >= ${at} and (${key} > ${at} or ${row} > ${after})`
}
