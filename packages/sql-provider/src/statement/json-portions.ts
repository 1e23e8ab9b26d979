/** Divides rows into JSON parameters that are small enough for every database. */

/**
 * Most characters of one JSON parameter, unless a single row is longer. A character has at most 3 bytes in UTF-8, and D1
 * accepts 2,000,000 bytes in one value.
 */
export const portionCharacters = 500_000

/**
 * The values as JSON arrays of `rowOf(value)`, in order: at most `most` rows and {@link portionCharacters} in each, at least one
 * row.
 */
export function* jsonPortions<Value>(
  values: readonly Value[],
  most: number,
  rowOf: (value: Value) => unknown,
): Generator<string> {
  let rows: string[] = []
  let characters = 0
  for (const value of values) {
    const row = JSON.stringify(rowOf(value))
    const isFull = rows.length === most || characters + row.length > portionCharacters
    if (isFull && rows.length > 0) {
      yield `[${rows.join()}]`
      rows = []
      characters = 0
    }
    rows.push(row)
    characters += row.length + 1
  }
  if (rows.length > 0) yield `[${rows.join()}]`
}
