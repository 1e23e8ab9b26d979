/** What a caller without the right to read every attribute learns of a resource beside its attributes. */
import type { Call } from '../engine/call.js'
import { isArray, isObject, type JsonObject, own } from '../json/value.js'
import type { Stored } from '../provider/provider.js'
import { withKey } from '../resource/document.js'
import type { Attribute, ResourceType } from '../schema/attribute.js'
import { resolvePath } from '../schema/path.js'
import { hasUnreadable, isOfServer } from '../schema/restrict-type.js'
import { type RawVersion, withoutDigest } from '../versioning/version.js'

/** The version of a resource as the caller of this operation sees it: its digest is of the whole document. */
export function readableVersion(call: Call, typeName: string, version: RawVersion): RawVersion {
  return call.engine.types.get(typeName)?.unreadable === undefined ? version : withoutDigest(version)
}

/** The same resource with the version that the caller sees. */
export function withReadableVersion(call: Call, stored: Stored): Stored {
  const version = readableVersion(call, stored.ref.type, stored.version)
  return version === stored.version ? stored : { ...stored, version }
}

/**
 * The names of changed attributes, without those that the caller may not read. Undefined, which is "not known", if the
 * caller may read some attribute in part: whether the change was in that part is not in the names.
 */
export function readableNames(call: Call, typeName: string, changed: readonly string[]): readonly string[] | undefined {
  const type = call.engine.types.get(typeName)
  if (type?.unreadable === undefined) return changed
  const all = [type, ...type.extensionsByUrn.values()].flatMap(({ attributes }) => [...attributes.values()])
  if (all.some((attribute) => attribute.unreadable === 'part' && !isOfServer(attribute))) return undefined
  return changed.filter((name) => {
    const path = resolvePath(type, name, { bareExtensionNames: false, dottedUrns: false })
    return path?.attribute !== undefined && path.attribute.unreadable === undefined
  })
}

/** The document with an extension in its `schemas` only if the caller may read some value of it. */
export function withReadableSchemas(type: ResourceType, document: JsonObject): JsonObject {
  const { schemas } = document
  if (type.unreadable === undefined || !isArray(schemas)) return document
  const isShown = (urn: unknown): boolean => {
    const extension = typeof urn === 'string' ? type.extensionsByUrn.get(urn.toLowerCase()) : undefined
    if (extension === undefined || !hasUnreadable(extension)) return true
    const values = own(document, extension.id)
    return isObject(values) && [...extension.attributes.values()].some((attribute) => isReadableIn(values, attribute))
  }
  return withKey(document, 'schemas', schemas.filter(isShown))
}

function isReadableIn(values: JsonObject, attribute: Attribute): boolean {
  const value = own(values, attribute.name)
  if (value === undefined || attribute.unreadable === 'whole') return false
  if (attribute.unreadable === undefined) return true
  const parts = [...attribute.subAttributes.values()].filter(({ unreadable }) => unreadable === undefined)
  const elements = isArray(value) ? value : [value]
  return elements.some((element) => isObject(element) && parts.some(({ name }) => own(element, name) !== undefined))
}
