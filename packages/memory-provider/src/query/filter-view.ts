import type { JsonObject } from '@scimkit/core/json'
import {
  filterView,
  type MaybePromise,
  membersUsedBy,
  type Query,
  type ViewParts,
  viewNeedsOf,
  type Work,
} from '@scimkit/core/provider'
import { groupsOf, managerNameOf } from '../reading/derived-attributes.js'
import { membersInPortions } from '../reading/read-members.js'
import type { Row, RowState } from '../rows/row.js'
import type { TenantStore } from '../rows/tenant-store.js'

/** The view of a row state in queries. Members and derived attributes are the current ones. */
export type View = (row: Row, state: RowState, work: Work) => MaybePromise<JsonObject>

/** The document, with only those other attributes that the filter or sort uses, because they are expensive. */
export function viewFor(store: TenantStore, query: Query): View {
  const needs = viewNeedsOf(query)
  const members = needs.members ? membersUsedBy(query, store.idsComposed) : undefined
  if (members === undefined && !needs.groups) {
    if (!needs.managerName && !needs.meta) return (_row, { resource }) => resource
    return (_row, state) => filterView(state.resource, lookedUp(state))
  }
  return async (row, state, work) =>
    filterView(state.resource, {
      ...lookedUp(state),
      members: members && ((await membersInPortions(store, row, members, work)) ?? []),
      groups: needs.groups ? await groupsOf(store, state.ref.id, work) : undefined,
    })

  function lookedUp(state: RowState): ViewParts {
    return {
      managerName: needs.managerName ? managerNameOf(store, state) : undefined,
      meta: needs.meta ? state : undefined,
    }
  }
}
