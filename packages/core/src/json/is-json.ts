import type { JsonValue } from './value.js'

/** True for values that JSON can express. An undefined property counts as absent; a date is not a text yet. */
export function isJson(value: unknown): value is JsonValue {
  switch (typeof value) {
    case 'string':
    case 'boolean':
      return true
    case 'number':
      return Number.isFinite(value)
    case 'object':
      return value === null || (Array.isArray(value) ? value.every(isJson) : isPlain(value))
    default:
      return false
  }
}

// Neither a date nor a promise, which would be an empty object.
function isPlain(value: object): boolean {
  if (Object.prototype.toString.call(value) !== '[object Object]') return false
  return Object.values(value).every((part) => part === undefined || isJson(part))
}
