/** JSON values. */
export {
  deepCopy,
  documentText,
  emptyObject,
  isArray,
  isObject,
  type JsonObject,
  type JsonValue,
  jsonEqual,
  type MutableJsonObject,
} from '../json/value.js'
