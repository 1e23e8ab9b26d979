import { isObject, type JsonValue } from '../../json/value.js'
import { resolvePath } from '../../schema/path.js'
import type { PatchPath } from '../operation.js'
import type { PathReading } from './parse-path.js'

/**
 * The value of an operation without the attribute of its path around it. Salesforce sends
 * `remove members {"members": [{"value": …}]}`.
 */
export function withoutOwnName(path: PatchPath, value: JsonValue, { type, interop }: PathReading): JsonValue {
  if (!interop.valueUnderOwnName || !path.known || !isObject(value)) return value
  const [name, another] = Object.keys(value)
  if (name === undefined || another !== undefined) return value
  const isPart = (path.path.sub ?? path.path.attribute)?.subAttributes.has(name.toLowerCase())
  const isOwnName = !isPart && resolvePath(type, name, interop)?.text === path.path.text
  return isOwnName ? (value[name] as JsonValue) : value
}
