import {
  httpVersion,
  isObject,
  type JsonObject,
  type JsonValue,
  membersAsked,
  mentions,
  type Query,
} from '@scimkit/core'
import { derivedOf, enterpriseUser } from './derive.js'
import { membersOf } from './memberships.js'
import type { Row } from './row.js'
import type { TenantStore } from './tenant-store.js'

/**
 * How a query sees a row: the document, with those attributes beside it that the filter or sort asks about and no
 * others, since they cost. `meta.location` and `$ref` depend on the request's URL and are seen by no provider.
 */
export function viewFor(store: TenantStore, query: Query): (row: Row) => JsonObject {
  const parts: ((row: Row) => JsonObject)[] = []
  if (mentions(query, 'members')) {
    const need = membersAsked(query, store.idsComposed)
    parts.push((row) => ({ members: asJson(membersOf(store, row, need) ?? []) }))
  }
  if (mentions(query, 'groups')) parts.push((row) => ({ groups: asJson(derivedOf(store, row).groups ?? []) }))
  if (mentions(query, `${enterpriseUser}:manager.displayName`)) parts.push((row) => withManagerName(store, row))
  if (mentions(query, 'meta')) parts.push((row) => ({ meta: metaOf(row) }))
  if (parts.length === 0) return (row) => row.state.resource
  return (row) => {
    let view = row.state.resource
    // Not Object.assign: spreading keeps a key named __proto__ a key.
    for (const part of parts) view = { ...view, ...part(row) }
    return view
  }
}

function metaOf({ ref, state }: Row): JsonObject {
  return {
    resourceType: ref.type,
    created: state.created,
    lastModified: state.lastModified,
    version: httpVersion(state.version),
  }
}

function withManagerName(store: TenantStore, row: Row): JsonObject {
  const displayName = derivedOf(store, row).managerDisplayName
  const extension = row.state.resource[enterpriseUser]
  if (displayName === undefined || !isObject(extension) || !isObject(extension.manager)) return {}
  return { [enterpriseUser]: { ...extension, manager: { ...extension.manager, displayName } } }
}

// Members and memberships are interfaces of JSON values, which TypeScript does not take for a JsonObject.
function asJson(values: readonly object[]): JsonValue {
  return values as unknown as JsonValue
}
