import {
  type Derived,
  httpVersion,
  isObject,
  type JsonObject,
  type JsonValue,
  type Member,
  mentions,
  type Query,
} from '@scimkit/core'
import type { StoredText } from '../../reading/rows.js'

const enterpriseUser = 'urn:ietf:params:scim:schemas:extension:enterprise:2.0:User'

/** The attributes outside of the document that a filter or a sort needs; only these are read, to save cost. */
export interface Asked {
  readonly members: boolean
  readonly derived: boolean
  readonly meta: boolean
}

/** The needs of a query. */
export function askedBy(query: Pick<Query, 'filter' | 'sort'>): Asked {
  return {
    members: mentions(query, 'members'),
    derived: mentions(query, 'groups') || mentions(query, `${enterpriseUser}:manager.displayName`),
    meta: mentions(query, 'meta'),
  }
}

/**
 * A resource as a filter sees it: the document, with the needed attributes that are stored elsewhere. `meta.location` and `$ref`
 * depend on the URL of the request, and no provider knows them.
 */
export function viewOf(
  stored: StoredText,
  members: readonly Member[] | undefined,
  derived: Derived | undefined,
  asked: Asked,
): JsonObject {
  let view = JSON.parse(stored.json) as JsonObject
  // Not Object.assign: spreading keeps a key named __proto__ a key.
  if (members !== undefined) view = { ...view, members: asJson(members) }
  if (derived !== undefined) view = { ...view, groups: asJson(derived.groups ?? []), ...managerOf(view, derived) }
  if (asked.meta) view = { ...view, meta: metaOf(stored) }
  return view
}

function metaOf({ ref, created, lastModified, version }: StoredText): JsonObject {
  return { resourceType: ref.type, created, lastModified, version: httpVersion(version) }
}

function managerOf(document: JsonObject, { managerDisplayName: displayName }: Derived): JsonObject {
  const extension = document[enterpriseUser]
  if (displayName === undefined || !isObject(extension) || !isObject(extension.manager)) return {}
  return { [enterpriseUser]: { ...extension, manager: { ...extension.manager, displayName } } }
}

// Members and memberships are interfaces of JSON values, which TypeScript does not accept as a JsonObject.
function asJson(values: readonly object[]): JsonValue {
  return values as unknown as JsonValue
}
