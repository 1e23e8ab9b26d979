import { type IndexedPath, indexedPath } from './key-rows.js'

/** Attributes with keys for every resource type that has them: identity providers look them up. */
const always: readonly string[] = ['userName', 'externalId', 'displayName', 'emails.value']

/** The indexed attributes. */
export interface Indexes {
  /** Simple attributes and sub-attributes, in a fixed order. */
  readonly pathsOf: (type: string) => readonly IndexedPath[]
  readonly has: (type: string, path: string) => boolean
  /** Equal if and only if the same attributes are indexed; stored in the database with the keys. */
  readonly signature: string
}

/**
 * The indexes of every store, and those of the host: `{ User: ['name.familyName'] }`. Throws a TypeError for a value that is not
 * a list of paths.
 */
export function indexesFrom(named: Readonly<Record<string, readonly string[]>> = {}): Indexes {
  const byType = new Map<string, readonly string[]>()
  for (const [type, paths] of Object.entries(named)) {
    if (!Array.isArray(paths) || paths.some((path) => typeof path !== 'string' || path === '')) {
      throw new TypeError(`indexes.${type}: expected a list of attribute paths, such as ['name.familyName']`)
    }
    byType.set(type, [...new Set([...always, ...[...paths].sort()])])
  }
  const indexed = new Map([...byType].map(([type, paths]) => [type, byPath(paths)]))
  const ofOthers = byPath(always)
  const indexedOf = (type: string): ReadonlyMap<string, IndexedPath> => indexed.get(type) ?? ofOthers
  return {
    pathsOf: (type) => [...indexedOf(type).values()],
    has: (type, path) => indexedOf(type).has(path),
    signature: JSON.stringify([
      always,
      ...[...byType].sort(([left], [right]) => (left < right ? -1 : 1)).map(([type, paths]) => [type, ...paths]),
    ]),
  }
}

function byPath(paths: readonly string[]): ReadonlyMap<string, IndexedPath> {
  return new Map(paths.map((path) => [path, indexedPath(path)]))
}
