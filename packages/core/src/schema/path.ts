/**
 * From the text of an attribute path to the attribute. Names and URNs ignore case; a URN holds dots and colons of
 * its own, so the longest registered one is split off first.
 * @see RFC 7643 §2.1; RFC 7644 §3.10
 */
import type { InteropSwitches } from '../interop.js'
import type { Attribute, AttributePath, ResourceType, Schema } from './attribute.js'

/** Where `text` (`name.givenName`, `urn:…:User:manager.value`, an extension's URN) leads; undefined if nowhere. */
export function resolvePath(
  type: ResourceType,
  text: string,
  interop: Pick<InteropSwitches, 'bareExtensionNames'>,
): AttributePath | undefined {
  const lower = text.toLowerCase()
  if (!lower.startsWith('urn:')) return resolveBareName(type, lower, interop)
  const extension = longestExtension(type, lower)
  const urn = longestUrn(extension?.id, startsWithUrn(lower, type.schema.id) ? type.schema.id : undefined)
  if (urn === undefined) return undefined
  const rest = lower.slice(urn.length + 1)
  if (extension === undefined || urn !== extension.id) {
    return rest === '' ? undefined : inAttributes(type.attributes, rest, undefined)
  }
  return lower.length === urn.length ? wholeExtension(extension) : inAttributes(extension.attributes, rest, extension)
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

function resolveBareName(
  type: ResourceType,
  lower: string,
  interop: Pick<InteropSwitches, 'bareExtensionNames'>,
): AttributePath | undefined {
  const found = inAttributes(type.attributes, lower, undefined)
  if (found !== undefined || !interop.bareExtensionNames) return found
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

function longestExtension(type: ResourceType, lower: string): Schema | undefined {
  let longest: Schema | undefined
  for (const schema of type.extensionsByUrn.values()) {
    if (startsWithUrn(lower, schema.id) && schema.id.length > (longest?.id.length ?? 0)) longest = schema
  }
  return longest
}

function startsWithUrn(lower: string, urn: string): boolean {
  return lower.startsWith(urn.toLowerCase()) && (lower.length === urn.length || lower[urn.length] === ':')
}

function longestUrn(left: string | undefined, right: string | undefined): string | undefined {
  if (left === undefined || right === undefined) return left ?? right
  return left.length > right.length ? left : right
}
