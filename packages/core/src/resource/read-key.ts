/**
 * What a key of a body (or of a PATCH value without path) stands for: an attribute, an extension, or, as some
 * identity providers write them, a dotted path or the bare name of an extension's attribute.
 */
import { scimError } from '../errors.js'
import type { InteropSwitches } from '../interop.js'
import type { AttributePath, ResourceType } from '../schema/attribute.js'
import { resolvePath } from '../schema/path.js'

/**
 * The path that a key stands for; undefined if this type knows none. Throws 400 invalidValue for a spelling that is
 * switched off: to leave out what the client clearly meant would lose it silently.
 */
export function pathOfKey(type: ResourceType, key: string, interop: InteropSwitches): AttributePath | undefined {
  const path = resolvePath(type, key, { bareExtensionNames: true })
  if (path === undefined) return undefined
  const isQualified = key.toLowerCase().startsWith('urn:')
  if (path.extension !== undefined && !isQualified && !interop.bareExtensionNames) {
    throw scimError.invalidValue(`${path.text} needs its URN: ${path.extension.id}.`)
  }
  if (path.sub !== undefined && !interop.dottedKeys) {
    throw scimError.invalidValue(`${path.text} is a path; as a key only a whole attribute is taken.`)
  }
  return path
}

/** True for the URN of the type's own schema, which some clients put around its attributes as they do for extensions. */
export function isOwnSchema(type: ResourceType, key: string): boolean {
  return key.length === type.schema.id.length && key.toLowerCase() === type.schema.id.toLowerCase()
}
