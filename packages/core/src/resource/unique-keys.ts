/** The values of a document that must be unique in the tenant, normalised. @see RFC 7643 §2.2 (uniqueness) */
import type { JsonObject } from '../json/value.js'
import type { Attribute, ResourceType } from '../schema/attribute.js'
import { caseKey, exactKey } from '../schema/case-key.js'
import { pathTo } from '../schema/path.js'
import { valueAt } from './document.js'

/** One normalised value per unique attribute that the document has. */
export function uniqueKeys(
  type: ResourceType,
  document: JsonObject,
  uniqueGroupDisplayName: boolean,
): { readonly attribute: string; readonly key: string }[] {
  const keys: { readonly attribute: string; readonly key: string }[] = []
  for (const attribute of uniqueAttributes(type, uniqueGroupDisplayName)) {
    const value = valueAt(document, pathTo(type, attribute))
    if (typeof value === 'string') {
      keys.push({ attribute: attribute.path, key: attribute.caseExact ? exactKey(value) : caseKey(value) })
    } else if (typeof value === 'number' || typeof value === 'boolean') {
      keys.push({ attribute: attribute.path, key: String(value) })
    }
  }
  return keys
}

/** The unique attribute with this path; undefined if the type has none. */
export function uniqueAttribute(
  type: ResourceType,
  path: string,
  uniqueGroupDisplayName: boolean,
): Attribute | undefined {
  return uniqueAttributes(type, uniqueGroupDisplayName).find((attribute) => attribute.path === path)
}

function uniqueAttributes(type: ResourceType, uniqueGroupDisplayName: boolean): readonly Attribute[] {
  if (!uniqueGroupDisplayName || type.members === undefined) return type.unique
  const displayName = type.attributes.get('displayname')
  return displayName === undefined ? type.unique : [...type.unique, displayName]
}
