/** JSON values, and a parser that refuses duplicate keys. */
export { parseJson } from '../json/text.js'
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
  own,
} from '../json/value.js'
