/** A member of a value of unknown type, as hosts pass them; undefined if the value does not have it. */
export function memberOf(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null ? Reflect.get(value, name) : undefined
}
