/**
 * A copy whose texts are its own. A text cut out of a request body keeps the whole body alive in V8: an id of 36
 * characters, stored for years, can hold a megabyte. Going by way of JSON makes new ones.
 */
export function ownCopy<Value>(value: Value): Value {
  return JSON.parse(JSON.stringify(value)) as Value
}
