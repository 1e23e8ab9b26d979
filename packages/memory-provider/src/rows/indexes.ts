import type { JsonValue } from '@scimkit/core/json'
import { caseKey, type UniqueKey } from '@scimkit/core/provider'
import type { Row } from './row.js'

/** The attributes that identity providers filter with `eq`; `id` needs no separate index. */
export const equalityAttributes = ['userName', 'externalId', 'displayName'] as const

/** The indexes of one resource type in one tenant. */
export interface Indexes {
  /** By attribute path, then normalised value: the one row with this value. */
  readonly unique: Map<string, Map<string, Row>>
  /** By attribute name, then case key: all rows with this value or a spelling of it. */
  readonly equality: ReadonlyMap<string, Map<string, Set<Row>>>
}

/** Creates empty indexes. */
export function emptyIndexes(): Indexes {
  return { unique: new Map(), equality: new Map(equalityAttributes.map((name) => [name, new Map()])) }
}

/** The attribute of the first key that another row has; undefined if there is no such row. */
export function takenAttribute(indexes: Indexes, keys: readonly UniqueKey[], row?: Row): string | undefined {
  return keys.find(({ attribute, key }) => {
    const holder = indexes.unique.get(attribute)?.get(key)
    return holder !== undefined && holder !== row
  })?.attribute
}

/** Adds the current state of the row to the indexes. */
export function addToIndexes(indexes: Indexes, row: Row): void {
  for (const { attribute, key } of row.state.unique) getOrMake(indexes.unique, attribute, newMap).set(key, row)
  for (const [name, byKey] of indexes.equality) {
    const key = equalityKey(row.state.resource[name])
    if (key !== undefined) getOrMake(byKey, key, newSet).add(row)
  }
}

/** Removes the current state of the row from the indexes; call before the state changes. */
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
 * The key of equality lookups. Coarser than any comparison of RFC 7643 §2.2 (`caseExact` or not), so a lookup may return
 * too many rows, never too few; the filter itself decides.
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
