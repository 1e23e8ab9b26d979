import { isArray, isObject, type JsonValue } from './value.js'

/** Freezes a value with all values in it, and returns it. */
export function deepFreeze<Value extends JsonValue>(value: Value): Value {
  if (isArray(value)) for (const element of value) deepFreeze(element)
  else if (isObject(value)) for (const name of Object.keys(value)) deepFreeze(value[name] as JsonValue)
  else return value
  return Object.freeze(value)
}
