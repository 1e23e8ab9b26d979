import { caseKey, type JsonValue, type UniqueKey } from '@scimkit/core'
import type { Row } from './row.js'

/** What identity providers ask with `eq`; `id` needs no index of its own. */
export const equalityAttributes = ['userName', 'externalId', 'displayName'] as const

/** The lookups of one resource type in one tenant. */
export interface Indexes {
  /** By attribute path, then normalised value: the one row that has it. */
  readonly unique: Map<string, Map<string, Row>>
  /** By attribute name, then case key: all rows that have it, or a spelling of it. */
  readonly equality: ReadonlyMap<string, Map<string, Set<Row>>>
}

/** Lookups with nothing in them. */
export function emptyIndexes(): Indexes {
  return { unique: new Map(), equality: new Map(equalityAttributes.map((name) => [name, new Map()])) }
}

/** The attribute of the first key that another row has; undefined if all are free or the row's own. */
export function takenAttribute(indexes: Indexes, keys: readonly UniqueKey[], row?: Row): string | undefined {
  return keys.find(({ attribute, key }) => {
    const holder = indexes.unique.get(attribute)?.get(key)
    return holder !== undefined && holder !== row
  })?.attribute
}

/** Makes the row's present state findable. */
export function addToIndexes(indexes: Indexes, row: Row): void {
  for (const { attribute, key } of row.state.unique) getOrMake(indexes.unique, attribute, newMap).set(key, row)
  for (const [name, byKey] of indexes.equality) {
    const key = equalityKey(row.state.resource[name])
    if (key !== undefined) getOrMake(byKey, key, newSet).add(row)
  }
}

/** Forgets the row's present state; call before the state changes. */
export function removeFromIndexes(indexes: Indexes, row: Row): void {
  for (const { attribute, key } of row.state.unique) indexes.unique.get(attribute)?.delete(key)
  for (const [name, byKey] of indexes.equality) {
    const key = equalityKey(row.state.resource[name])
    const rows = key === undefined ? undefined : byKey.get(key)
    if (key === undefined || rows === undefined) continue
    rows.delete(row)
    if (rows.size === 0) byKey.delete(key)
  }
}

/**
 * The key that equality is looked up with. Coarser than any comparison of RFC 7643 §2.2 (`caseExact` or not), so a
 * lookup may find too much, never too little; the filter itself decides.
 */
export function equalityKey(value: JsonValue | undefined): string | undefined {
  return typeof value === 'string' ? caseKey(value) : undefined
}

function getOrMake<Key, Value>(map: Map<Key, Value>, key: Key, make: () => Value): Value {
  const found = map.get(key)
  if (found !== undefined) return found
  const made = make()
  map.set(key, made)
  return made
}

function newMap(): Map<string, Row> {
  return new Map()
}

function newSet(): Set<Row> {
  return new Set()
}
