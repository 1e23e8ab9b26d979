/**
 * The meaning of a key of a body (or of a PATCH value without path): an attribute, an extension, or, as some identity
 * providers write them, a dotted path or the bare name of an extension's attribute.
 */
import { scimError } from '../errors.js'
import type { InteropSwitches } from '../interop.js'
import type { AttributePath, ResourceType, Schema } from '../schema/attribute.js'
import { type PathSpellings, resolveInExtension, resolvePath } from '../schema/path.js'

/**
 * The path of a key; undefined if this type has none. Throws 400 invalidValue for a spelling that is switched off: to
 * leave out an attribute that the client clearly meant would lose it silently.
 */
export function pathOfKey(type: ResourceType, key: string, interop: InteropSwitches): AttributePath | undefined {
  const path = checkedPath(key, resolvePath(type, beforeBracket(key), everySpelling), type, interop)
  const isQualified = key.toLowerCase().startsWith('urn:')
  if (path?.extension !== undefined && !isQualified && !interop.bareExtensionNames) {
    throw scimError.invalidValue(`${path.text} needs its URN: ${path.extension.id}.`)
  }
  return path
}

/** {@link pathOfKey} for a key inside the object of an extension. A URN of another schema is 400 invalidValue there. */
export function pathOfExtensionKey(
  type: ResourceType,
  extension: Schema,
  key: string,
  interop: InteropSwitches,
): AttributePath | undefined {
  const text = beforeBracket(key)
  const path = checkedPath(key, resolveInExtension(type, extension, text, everySpelling), type, interop)
  const other = path === undefined && text.includes(':') ? resolvePath(type, text, everySpelling) : undefined
  if (other !== undefined) throw scimError.invalidValue(`${other.text} is not an attribute of ${extension.id}.`)
  return path
}

const everySpelling: PathSpellings = { bareExtensionNames: true, dottedUrns: true }

function beforeBracket(key: string): string {
  const bracket = key.indexOf('[')
  return bracket === -1 ? key : key.slice(0, bracket)
}

function checkedPath(
  key: string,
  path: AttributePath | undefined,
  type: ResourceType,
  interop: InteropSwitches,
): AttributePath | undefined {
  if (path === undefined) return undefined
  if (key.includes('[')) {
    throw scimError.invalidValue(`${path.text}[…] is a path; a key must name a whole attribute.`)
  }
  const urn = path.extension?.id ?? type.schema.id
  if (!interop.dottedUrns && key[urn.length] === '.' && key.toLowerCase().startsWith('urn:')) {
    throw scimError.invalidValue(`${path.text}: a colon separates the URN of a schema from the attribute.`)
  }
  if (path.sub !== undefined && !interop.dottedKeys) {
    throw scimError.invalidValue(`${path.text} is a path; a key must name a whole attribute.`)
  }
  return path
}

/** True for the URN of the type's own schema; some clients put it around its attributes as they do for extensions. */
export function isOwnSchema(type: ResourceType, key: string): boolean {
  return key.length === type.schema.id.length && key.toLowerCase() === type.schema.id.toLowerCase()
}
