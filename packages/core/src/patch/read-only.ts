import { isServerMade } from '../resource/read-resource.js'
import type { AttributePath } from '../schema/attribute.js'
import { isComputed } from '../schema/computed.js'

/** True for a path that no client may change: a readOnly attribute or part, and attributes that the server computes. */
export function isReadOnlyPath(path: AttributePath): boolean {
  if (path.attribute?.mutability === 'readOnly' || isServerMade(path)) return true
  return path.attribute !== undefined && path.sub !== undefined && isComputed(path.attribute, path.sub)
}
