import { type RawBuilder, sql } from 'kysely'
import type { Dialect } from '../dialect/dialect.js'

/** `select …`: the numbers of a parameter that holds a JSON array of row numbers as texts. */
export function numbersIn({ jsonTexts }: Dialect, rows: RawBuilder<string>): RawBuilder<unknown> {
  return sql`select cast(value as bigint) from ${jsonTexts(rows)} as numbers`
}
