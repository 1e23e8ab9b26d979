/** The SQLite libraries that a Node process can have, and the choice among them. */
import { createRequire } from 'node:module'
import type { SqliteConnection } from './api.js'
import { hasWalFix, versionOf } from './version.js'

/** The supported SQLite libraries by module name, the preferred one first. */
const sqliteEngines = ['node:sqlite', 'better-sqlite3', 'libsql'] as const

/** The module name of a SQLite library. */
export type SqliteEngine = (typeof sqliteEngines)[number]

type Opener = new (path: string) => SqliteConnection

const require = createRequire(import.meta.url)

/** Why a library cannot be used, in one line. */
interface Unusable {
  readonly reason: string
  readonly cause?: unknown
}

/** Opens a file with one library. Throws an Error with the reason if the library cannot be used. */
export function openWith(engine: SqliteEngine, path: string): SqliteConnection {
  const loaded = load(engine)
  if ('reason' in loaded) throw new Error(`SQLite engine ${engine}: ${loaded.reason}`, { cause: loaded.cause })
  return new loaded.Opener(path)
}

/**
 * The library that opens files if the host names none: the first that has the fix of the WAL-reset bug, else libsql, else the
 * first usable one. Undefined if none is usable.
 */
export function chosenEngine(): SqliteEngine | undefined {
  const usable: SqliteEngine[] = []
  for (const engine of sqliteEngines) {
    if (!('Opener' in load(engine))) continue
    if (isFixed(engine)) return engine
    usable.push(engine)
  }
  return usable.find((engine) => engine === 'libsql') ?? usable[0]
}

function isFixed(engine: SqliteEngine): boolean {
  const connection = openWith(engine, ':memory:')
  try {
    return hasWalFix(versionOf(connection))
  } finally {
    connection.close()
  }
}

type Loaded = { readonly Opener: Opener } | Unusable

function load(engine: SqliteEngine): Loaded {
  switch (engine) {
    case 'node:sqlite':
      return builtIn()
    case 'better-sqlite3':
      return betterSqlite3()
    case 'libsql':
      return packaged('libsql')
  }
}

function builtIn(): Loaded {
  // Node prints a warning for the operator that the module is experimental, once per process.
  const { emitWarning } = process
  process.emitWarning = () => {}
  try {
    const found = process.getBuiltinModule?.('node:sqlite') as { readonly DatabaseSync: Opener } | undefined
    return found === undefined
      ? { reason: 'not available in this version of Node; it needs Node 22.13 or later' }
      : { Opener: found.DatabaseSync }
  } catch (cause) {
    return { reason: 'the module cannot be loaded', cause }
  } finally {
    process.emitWarning = emitWarning
  }
}

/** Version 13 causes a segmentation fault on Node before 22.14, so the version of the package is read before it is loaded. */
function betterSqlite3(): Loaded {
  const version = versionOfPackage('better-sqlite3')
  if (version === undefined) return { reason: 'the package is not installed' }
  const [major] = version
  if (major !== 12 && major !== 13) return { reason: `version ${version.join('.')} is not supported, only 12 and 13` }
  if (major === 13 && !isAtLeast(process.versions.node, 22, 14)) {
    return { reason: 'version 13 needs Node 22.14 or later; install version 12' }
  }
  return packaged('better-sqlite3')
}

function packaged(name: string): Loaded {
  try {
    const Opener = require(name) as Opener
    // The first connection loads the native part of better-sqlite3, which is missing if its install script was blocked.
    new Opener(':memory:').close()
    return { Opener }
  } catch (cause) {
    const isMissing = cause instanceof Error && 'code' in cause && cause.code === 'MODULE_NOT_FOUND'
    return { reason: isMissing ? 'the package is not installed' : 'the package cannot be loaded', cause }
  }
}

function versionOfPackage(name: string): readonly number[] | undefined {
  try {
    const { version } = require(`${name}/package.json`) as { readonly version: string }
    return version.split('.').map((part) => Number.parseInt(part, 10))
  } catch {
    return undefined
  }
}

function isAtLeast(version: string, major: number, minor: number): boolean {
  const [ownMajor = 0, ownMinor = 0] = version.split('.').map(Number)
  return ownMajor > major || (ownMajor === major && ownMinor >= minor)
}
