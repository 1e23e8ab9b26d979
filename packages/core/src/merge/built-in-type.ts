import { isArray, isObject, type JsonObject, type JsonValue, own } from '../json.js'
import type { ResourceType } from '../schema/attribute.js'
import { compileResourceType } from '../schema/compile.js'
import { groupType, userType } from '../schema/resource-types.js'

// Compiled when first asked for: most servers bring types of their own and never do.
let builtIn: readonly ResourceType[] | undefined

/**
 * The core's User or Group, whichever the `schemas` of the first document that has any names. Throws a TypeError if that
 * is neither or both. @see RFC 7643 §3
 */
export function builtInTypeOf(documents: readonly JsonObject[]): ResourceType {
  builtIn ??= [compileResourceType(userType), compileResourceType(groupType)]
  const urns =
    documents
      .filter(isObject)
      .map(schemasOf)
      .find((schemas) => schemas.length > 0) ?? []
  const [type, another] = builtIn.filter(({ schema }) => urns.includes(schema.id.toLowerCase()))
  if (type !== undefined && another === undefined) return type
  throw new TypeError(
    '`schemas` names neither the core User nor the core Group: give the resource type as options.type',
  )
}

function schemasOf(document: JsonObject): readonly JsonValue[] {
  const key = Object.keys(document).find((name) => name.toLowerCase() === 'schemas')
  const schemas = key === undefined ? undefined : own(document, key)
  return isArray(schemas) ? schemas.map((urn) => (typeof urn === 'string' ? urn.toLowerCase() : urn)) : []
}
