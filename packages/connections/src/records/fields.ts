/** Reads fields of stored JSON. A field of another form is undefined, so that a damaged record permits nothing. */

/** A JSON object of unknown members. */
export type Fields = Readonly<Record<string, unknown>>

/** The JSON object in a text; undefined if it is anything else. */
export function objectIn(json: string): Fields | undefined {
  try {
    return asObject(JSON.parse(json))
  } catch {
    return undefined
  }
}

/** The value as an object; undefined for null, a list, or anything else. */
export function asObject(value: unknown): Fields | undefined {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Fields) : undefined
}

/** A text that is not empty. */
export function asText(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined
}

/** A whole number from `least`. */
export function asCount(value: unknown, least: number): number | undefined {
  return typeof value === 'number' && Number.isSafeInteger(value) && value >= least ? value : undefined
}

/** A list whose elements `read` accepts, all of them. */
export function asList<Value>(value: unknown, read: (element: unknown) => Value | undefined): Value[] | undefined {
  if (!Array.isArray(value)) return undefined
  const list: Value[] = []
  for (const element of value) {
    const accepted = read(element)
    if (accepted === undefined) return undefined
    list.push(accepted)
  }
  return list
}

/** The result for a member that may be missing: `read` decides about a value that exists. */
export type Optional<Value> = { readonly valid: true; readonly value: Value | undefined } | { readonly valid: false }

/** A member that may be missing or null. A value of another form is not the same as a missing one: `valid` is false. */
export function optional<Value>(value: unknown, read: (value: unknown) => Value | undefined): Optional<Value> {
  if (value === undefined || value === null) return { valid: true, value: undefined }
  const accepted = read(value)
  return accepted === undefined ? { valid: false } : { valid: true, value: accepted }
}
