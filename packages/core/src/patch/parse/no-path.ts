import type { JsonValue } from '../../json/value.js'
import { isOwnSchema } from '../../resource/read-key.js'
import type { ResourceType } from '../../schema/attribute.js'

/** True for no path, or the URN of the type's own schema: the operation is on the resource itself. */
export function isNoPath(type: ResourceType, path: JsonValue | undefined): path is null | undefined {
  return path === undefined || path === null || (typeof path === 'string' && isOwnSchema(type, path))
}
