/**
 * What a key of a body (or of a PATCH value without path) stands for: an attribute, an extension, or, as some
 * identity providers write them, a dotted or URN-qualified path.
 */
import type { InteropSwitches } from '../interop.js'
import type { AttributePath, ResourceType } from '../schema/attribute.js'
import { resolvePath } from '../schema/path.js'

/** The path that a key stands for; undefined if this type knows none. */
export function pathOfKey(type: ResourceType, key: string, interop: InteropSwitches): AttributePath | undefined {
  const path = resolvePath(type, key, interop)
  if (path === undefined || interop.dottedKeys) return path
  // RFC 7643 §3.3: a plain key is an attribute of the core schema, or the URN of an extension as a whole.
  const isPlain = path.sub === undefined && (path.attribute === undefined || path.extension === undefined)
  return isPlain ? path : undefined
}
