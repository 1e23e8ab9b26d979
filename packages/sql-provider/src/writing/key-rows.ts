/** The values of a document that go into `scim_keys`: what can be found by index, and what must be unique. */
import {
  caseKey,
  exactKey,
  instantOf,
  isArray,
  isObject,
  type JsonObject,
  type JsonValue,
  type UniqueKey,
} from '@scimkit/core'
import type { JsonColumnType } from '../dialect.js'
import type { SqlValue } from '../driver/driver.js'

/** The columns of one key row as a write hands them over, in order. */
export const keyColumns: Readonly<Record<string, JsonColumnType>> = {
  path: 'text',
  sorts: 'integer',
  kind: 'text',
  fold: 'text',
  exact: 'text',
  number: 'float',
  unique_key: 'text',
}

type KeyRow = [
  path: string,
  sorts: number,
  kind: string,
  fold: string,
  exact: SqlValue,
  number: SqlValue,
  unique: SqlValue,
]

/**
 * The key rows of a document, as the JSON text of an array of arrays: a row for each value of each indexed path, and
 * for each unique key. Equal documents give equal text.
 */
export function keyRowsText(document: JsonObject, paths: readonly string[], unique: readonly UniqueKey[]): string {
  const rows: KeyRow[] = []
  for (const path of paths) addRows(rows, path, document)
  for (const { attribute, key } of unique) {
    const row = rows.find(([path]) => path === attribute)
    if (row === undefined) rows.push([attribute, 0, 's', key, null, null, key])
    else row[6] = key
  }
  return JSON.stringify(rows)
}

function addRows(rows: KeyRow[], path: string, document: JsonObject): void {
  const { holder, attribute, part } = placeOf(path, document)
  const value = holder?.[attribute]
  if (value === undefined || value === null) return
  const elements = isArray(value) ? value : [value]
  const sorting = elements.find((element) => isObject(element) && element.primary === true) ?? elements[0]
  const seen = new Map<string, KeyRow>()
  for (const element of elements) {
    const leaf = part === undefined ? element : isObject(element) ? element[part] : undefined
    for (const single of isArray(leaf) ? leaf : [leaf]) {
      const row = rowOf(path, single)
      if (row === undefined) continue
      // The same value twice needs one row; the one that sorts wins.
      const text = JSON.stringify(row)
      const known = seen.get(text) ?? row
      if (!seen.has(text)) {
        seen.set(text, known)
        rows.push(known)
      }
      if (element === sorting && single === (isArray(leaf) ? leaf[0] : leaf)) known[1] = 1
    }
  }
}

interface Place {
  readonly holder: JsonObject | undefined
  readonly attribute: string
  readonly part: string | undefined
}

// A URN has dots of its own, so the attribute begins after its last colon.
function placeOf(path: string, document: JsonObject): Place {
  const colon = path.lastIndexOf(':')
  const extension = colon === -1 ? document : document[path.slice(0, colon)]
  const [attribute = '', part] = path.slice(colon + 1).split('.')
  return { holder: isObject(extension) ? extension : undefined, attribute, part }
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
