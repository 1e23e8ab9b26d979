/** The values of a document for `scim_keys`: the indexed values and the unique values. */
import { isArray, isObject, type JsonObject, type JsonValue } from '@scimkit/core/json'
import { caseKey, exactKey, instantOf, type UniqueKey } from '@scimkit/core/provider'
import type { JsonColumnType } from '../dialect/dialect.js'
import type { SqlValue } from '../driver/driver.js'

/** The columns of one key row in the JSON parameter of a write, in order. */
export const keyColumns: Readonly<Record<string, JsonColumnType>> = {
  path: 'text',
  sorts: 'integer',
  kind: 'text',
  fold: 'text',
  exact: 'text',
  number: 'float',
  unique_key: 'text',
}

/** One key row: the values of {@link keyColumns}, in order. */
export type KeyRow = [
  path: string,
  sorts: number,
  kind: string,
  fold: string,
  exact: SqlValue,
  number: SqlValue,
  unique: SqlValue,
]

/** An indexed attribute, and the location of its values in a document. */
export interface IndexedPath {
  /** Full and canonical, such as `emails.value`. */
  readonly path: string
  /** The URN of the extension that has the attribute; undefined for the core schema. */
  readonly extension: string | undefined
  readonly attribute: string
  /** The sub-attribute; undefined for a simple attribute. */
  readonly part: string | undefined
}

/** Parses a full canonical path. */
export function indexedPath(path: string): IndexedPath {
  // A URN can contain dots, so the attribute begins after the last colon.
  const colon = path.lastIndexOf(':')
  const [attribute = '', part] = path.slice(colon + 1).split('.')
  return { path, extension: colon === -1 ? undefined : path.slice(0, colon), attribute, part }
}

/**
 * The key rows of a document: one for each value of each indexed path, and for each unique key. Equal documents have equal rows,
 * in the same order.
 */
export function keyRows(
  document: JsonObject,
  paths: readonly IndexedPath[],
  unique: readonly UniqueKey[],
): readonly KeyRow[] {
  const rows: KeyRow[] = []
  for (const path of paths) addRows(rows, path, document)
  for (const { attribute, key } of unique) {
    const row = rows.find(([path]) => path === attribute)
    if (row === undefined) rows.push([attribute, 0, 's', key, null, null, key])
    else row[6] = key
  }
  return rows
}

function addRows(rows: KeyRow[], { path, extension, attribute, part }: IndexedPath, document: JsonObject): void {
  const holder = extension === undefined ? document : document[extension]
  const value = isObject(holder) ? holder[attribute] : undefined
  if (value === undefined || value === null) return
  const elements = isArray(value) ? value : [value]
  const sorting = elements.find((element) => isObject(element) && element.primary === true) ?? elements[0]
  // A repeated value needs only one row; the row of the sort key has priority.
  const seen = new Map<string, KeyRow>()
  for (const element of elements) {
    const leaf = part === undefined ? element : isObject(element) ? element[part] : undefined
    const leaves = isArray(leaf) ? leaf : [leaf]
    for (const single of leaves) {
      const row = rowOf(path, single)
      if (row === undefined) continue
      const isOnly = elements.length === 1 && leaves.length === 1
      const known = isOnly ? row : firstOf(seen, row)
      if (known === row) rows.push(row)
      if (element === sorting && single === leaves[0]) known[1] = 1
    }
  }
}

/** The first row that is equal to this one: itself, if there was none before. */
function firstOf(seen: Map<string, KeyRow>, row: KeyRow): KeyRow {
  const text = JSON.stringify(row)
  const known = seen.get(text)
  if (known === undefined) seen.set(text, row)
  return known ?? row
}

function rowOf(path: string, value: JsonValue | undefined): KeyRow | undefined {
  switch (typeof value) {
    case 'string': {
      const fold = caseKey(value)
      const exact = exactKey(value)
      return [path, 0, 's', fold, exact === fold ? null : exact, instantOf(value) ?? null, null]
    }
    case 'number':
      return [path, 0, 'n', String(value), null, value, null]
    case 'boolean':
      return [path, 0, 'b', String(value), null, value ? 1 : 0, null]
    default:
      return undefined
  }
}
