/**
 * Converts the text of an attribute path to the attribute. Names and URNs ignore case; a URN contains dots and colons
 * of its own, so the longest registered one is split off first. Some clients write a dot for the colon after it.
 * @see RFC 7643 §2.1; RFC 7644 §3.10
 */
import type { InteropSwitches } from '../interop.js'
import type { Attribute, AttributePath, ResourceType, Schema } from './attribute.js'

/** The spellings of a path that are accepted beside those of RFC 7644 §3.10. */
export type PathSpellings = Pick<InteropSwitches, 'bareExtensionNames' | 'dottedUrns'>

/**
 * The target of `text` (`name.givenName`, `urn:…:User:manager.value`, an extension's URN); undefined if there is none.
 */
export function resolvePath(type: ResourceType, text: string, spellings: PathSpellings): AttributePath | undefined {
  const lower = text.toLowerCase()
  if (!lower.startsWith('urn:')) return resolveBareName(type, lower, spellings)
  const schema = longestSchema(type, lower)
  if (schema === undefined) return undefined
  const extension = schema === type.schema ? undefined : schema
  if (lower.length === schema.id.length) return extension && wholeExtension(extension)
  if (lower[schema.id.length] === '.' && !spellings.dottedUrns) return undefined
  return inAttributes(extension?.attributes ?? type.attributes, lower.slice(schema.id.length + 1), extension)
}

/** The target of a name inside an extension: `manager`, `manager.value`, or a full path of the same extension. */
export function resolveInExtension(
  type: ResourceType,
  extension: Schema,
  name: string,
  spellings: PathSpellings,
): AttributePath | undefined {
  if (!name.toLowerCase().startsWith('urn:')) return inAttributes(extension.attributes, name.toLowerCase(), extension)
  const path = resolvePath(type, name, spellings)
  return path?.extension === extension && path.attribute !== undefined ? path : undefined
}

/** True for a text that starts with the URN of a schema of the type, whatever follows. */
export function namesSchemaOf(type: ResourceType, text: string): boolean {
  return longestSchema(type, text.toLowerCase()) !== undefined
}

/** The path of an extension as a whole. */
export function wholeExtension(extension: Schema): AttributePath {
  return { text: extension.id, extension, attribute: undefined, sub: undefined }
}

/** The path of an attribute or sub-attribute of the type. */
export function pathTo(type: ResourceType, attribute: Attribute): AttributePath {
  const top = attribute.parent ?? attribute
  return {
    text: attribute.path,
    extension: type.extensionsByUrn.get(top.schema.toLowerCase()),
    attribute: top,
    sub: attribute.parent === undefined ? undefined : attribute,
  }
}

function resolveBareName(type: ResourceType, lower: string, spellings: PathSpellings): AttributePath | undefined {
  const found = inAttributes(type.attributes, lower, undefined)
  if (found !== undefined || !spellings.bareExtensionNames) return found
  const dot = lower.indexOf('.')
  const bare = type.bareAttributes.get(dot === -1 ? lower : lower.slice(0, dot))
  if (bare === undefined) return undefined
  const extension = type.extensionsByUrn.get(bare.schema.toLowerCase())
  return extension && inAttributes(extension.attributes, lower, extension)
}

function inAttributes(
  attributes: ReadonlyMap<string, Attribute>,
  lower: string,
  extension: Schema | undefined,
): AttributePath | undefined {
  const dot = lower.indexOf('.')
  const attribute = attributes.get(dot === -1 ? lower : lower.slice(0, dot))
  if (attribute === undefined) return undefined
  if (dot === -1) return { text: attribute.path, extension, attribute, sub: undefined }
  const sub = attribute.subAttributes.get(lower.slice(dot + 1))
  return sub && { text: sub.path, extension, attribute, sub }
}

// A URN may be the beginning of another one: the longest registered URN applies.
function longestSchema(type: ResourceType, lower: string): Schema | undefined {
  let longest: Schema | undefined = startsWithUrn(lower, type.schema.id) ? type.schema : undefined
  for (const schema of type.extensionsByUrn.values()) {
    if (startsWithUrn(lower, schema.id) && schema.id.length > (longest?.id.length ?? 0)) longest = schema
  }
  return longest
}

/** True for a path, in lower case, of the schema with this URN or of something in it. */
export function startsWithUrn(lower: string, urn: string): boolean {
  if (!lower.startsWith(urn.toLowerCase())) return false
  if (lower.length === urn.length || lower[urn.length] === ':') return true
  // A name follows a dot; with a colon behind it, it is a URN of its own, like that of another version.
  return lower[urn.length] === '.' && !lower.includes(':', urn.length)
}
