/**
 * What a key of a body (or of a PATCH value without path) stands for: an attribute, an extension, or, as some
 * identity providers write them, a dotted path or the bare name of an extension's attribute.
 */
import { scimError } from '../errors.js'
import type { InteropSwitches } from '../interop.js'
import type { AttributePath, ResourceType, Schema } from '../schema/attribute.js'
import { type PathSpellings, resolveInExtension, resolvePath } from '../schema/path.js'

/**
 * The path that a key stands for; undefined if this type knows none. Throws 400 invalidValue for a spelling that is
 * switched off: to leave out what the client clearly meant would lose it silently.
 */
export function pathOfKey(type: ResourceType, key: string, interop: InteropSwitches): AttributePath | undefined {
  const bracket = key.indexOf('[')
  const path = resolvePath(type, bracket === -1 ? key : key.slice(0, bracket), everySpelling)
  if (path === undefined) return undefined
  if (bracket !== -1) {
    throw scimError.invalidValue(`${path.text}[…] is a path; a key must name a whole attribute.`)
  }
  const isQualified = key.toLowerCase().startsWith('urn:')
  if (path.extension !== undefined && !isQualified && !interop.bareExtensionNames) {
    throw scimError.invalidValue(`${path.text} needs its URN: ${path.extension.id}.`)
  }
  if (resolvePath(type, key, { ...everySpelling, dottedUrns: interop.dottedUrns }) === undefined) {
    throw scimError.invalidValue(`${path.text}: a colon separates the URN of a schema from the attribute.`)
  }
  checkKeyIsWhole(path, interop)
  return path
}

/** {@link pathOfKey} for a key inside the object of an extension. */
export function pathOfExtensionKey(
  type: ResourceType,
  extension: Schema,
  key: string,
  interop: InteropSwitches,
): AttributePath | undefined {
  const path = resolveInExtension(type, extension, key, everySpelling)
  if (path !== undefined) checkKeyIsWhole(path, interop)
  return path
}

const everySpelling: PathSpellings = { bareExtensionNames: true, dottedUrns: true }

function checkKeyIsWhole(path: AttributePath, interop: InteropSwitches): void {
  if (path.sub === undefined || interop.dottedKeys) return
  throw scimError.invalidValue(`${path.text} is a path; a key must name a whole attribute.`)
}

/** True for the URN of the type's own schema, which some clients put around its attributes as they do for extensions. */
export function isOwnSchema(type: ResourceType, key: string): boolean {
  return key.length === type.schema.id.length && key.toLowerCase() === type.schema.id.toLowerCase()
}
