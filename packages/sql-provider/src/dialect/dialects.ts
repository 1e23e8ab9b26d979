import type { Dialect, DialectName } from './dialect.js'
import { postgresDialect } from './postgres.js'
import { sqliteDialect } from './sqlite.js'

const dialects: Readonly<Record<DialectName, Dialect>> = { sqlite: sqliteDialect, postgres: postgresDialect }

/** The dialect by name. */
export function dialectOf(name: DialectName): Dialect {
  return dialects[name]
}
