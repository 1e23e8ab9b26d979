/** Statements in the form of `pg`, and rows with the types that this package expects, with any type parsers of the host. */
import { createHash } from 'node:crypto'
import type { Row, Statement } from '../driver.js'
import type { PostgresQuery, PostgresResult, PostgresTypes } from './pool.js'

// Each name costs memory on every connection; there are far fewer lasting texts.
const mostNames = 500
const names = new Map<string, string>()

/** The name of a prepared text: the same in every copy of this module, because copies may share a pool. */
function nameOf(text: string): string | undefined {
  const known = names.get(text)
  if (known !== undefined || names.size >= mostNames) return known
  const name = `scimkit_${createHash('sha256').update(text).digest('hex').slice(0, 32)}`
  names.set(text, name)
  return name
}

/** One statement for `pg`; `prepare` says whether a lasting statement may be kept prepared. */
export function queryOf({ sql, parameters, lasting }: Statement, prepare: boolean): PostgresQuery {
  return { text: sql, values: parameters, name: lasting && prepare ? nameOf(sql) : undefined, types }
}

/** The rows of a result, with values as the type parsers of {@link queryOf} return them. */
export function rowsOf({ rows }: PostgresResult): readonly Row[] {
  return rows as readonly Row[]
}

/** int8, int2, int4, oid, float4, float8 and numeric. */
const numeric: ReadonlySet<number> = new Set([20, 21, 23, 26, 700, 701, 1700])
const boolean = 16
const types: PostgresTypes = {
  getTypeParser(type, format) {
    if (format === 'binary') return refuseBinary
    if (numeric.has(type)) return Number
    return type === boolean ? truth : same
  },
}

// As in SQLite: 1 or 0.
const truth = (text: string): number => (text === 't' ? 1 : 0)
const same = (text: string): string => text

function refuseBinary(): never {
  throw new TypeError('The pool requests binary results (`binary: true`); the provider needs text results.')
}
