import {
  httpVersion,
  isObject,
  type JsonObject,
  type JsonValue,
  type MaybePromise,
  membersAsked,
  mentions,
  type Query,
  type Work,
} from '@scimkit/core'
import { enterpriseUser, groupsOf, managerNameOf } from '../reading/derived-attributes.js'
import { membersInPortions } from '../reading/read-members.js'
import type { Row, RowState } from '../rows/row.js'
import type { TenantStore } from '../rows/tenant-store.js'

/** The view of a row state in queries. Members and derived attributes are the current ones. */
export type View = (row: Row, state: RowState, work: Work) => MaybePromise<JsonObject>

type Part = (row: Row, state: RowState, work: Work) => MaybePromise<JsonObject>

/**
 * The document, with only those computed attributes that the filter or sort uses, because they are expensive.
 * `meta.location` and `$ref` depend on the URL of the request and are not available to providers.
 */
export function viewFor(store: TenantStore, query: Query): View {
  const parts: Part[] = []
  if (mentions(query, 'members')) {
    const need = membersAsked(query, store.idsComposed)
    parts.push(async (row, _state, work) => ({
      members: asJson((await membersInPortions(store, row, need, work)) ?? []),
    }))
  }
  if (mentions(query, 'groups')) {
    parts.push(async (_row, { ref }, work) => ({ groups: asJson(await groupsOf(store, ref.id, work)) }))
  }
  if (mentions(query, `${enterpriseUser}:manager.displayName`)) {
    parts.push((_row, state) => withManagerName(store, state))
  }
  if (mentions(query, 'meta')) parts.push((_row, state) => ({ meta: metaOf(state) }))
  if (parts.length === 0) return (_row, state) => state.resource
  return async (row, state, work) => {
    let view = state.resource
    // Not Object.assign: spreading keeps a key named __proto__ as an own property.
    for (const part of parts) view = { ...view, ...(await part(row, state, work)) }
    return view
  }
}

function metaOf(state: RowState): JsonObject {
  return {
    resourceType: state.ref.type,
    created: state.created,
    lastModified: state.lastModified,
    version: httpVersion(state.version),
  }
}

function withManagerName(store: TenantStore, state: RowState): JsonObject {
  const displayName = managerNameOf(store, state)
  const extension = state.resource[enterpriseUser]
  if (displayName === undefined || !isObject(extension) || !isObject(extension.manager)) return {}
  return { [enterpriseUser]: { ...extension, manager: { ...extension.manager, displayName } } }
}

// Members and memberships are interfaces of JSON values, which TypeScript does not accept as a JsonObject.
function asJson(values: readonly object[]): JsonValue {
  return values as unknown as JsonValue
}
