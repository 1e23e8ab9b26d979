import { scimError } from '../errors.js'
import type { JsonObject, JsonValue } from '../json.js'

/**
 * The attributes of a message by lower-case name; those that are null are not there. Throws 400 invalidSyntax for a name
 * given twice.
 * @see RFC 7643 §2.1 (names ignore case), §2.5 (null is unassigned)
 */
export function messageValues(message: JsonObject): ReadonlyMap<string, JsonValue> {
  const values = new Map<string, JsonValue>()
  for (const name of Object.keys(message)) {
    const lower = name.toLowerCase()
    if (values.has(lower)) throw scimError.invalidSyntax('The body gives a name twice.')
    values.set(lower, message[name] as JsonValue)
  }
  for (const [name, value] of values) if (value === null) values.delete(name)
  return values
}
