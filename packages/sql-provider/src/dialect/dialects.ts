import type { Dialect, DialectName } from './dialect.js'
import { postgresDialect } from './postgres.js'
import { sqliteDialect } from './sqlite.js'

const dialects: Readonly<Record<DialectName, Dialect>> = { sqlite: sqliteDialect, postgres: postgresDialect }

/** The dialect by name. Throws a TypeError for an unknown name, which a host in JavaScript may pass. */
export function dialectOf(name: DialectName): Dialect {
  const known: Dialect | undefined = dialects[name]
  if (known !== undefined) return known
  throw new TypeError(`dialect: expected ${Object.keys(dialects).join(' or ')}, got ${String(name)}`)
}
