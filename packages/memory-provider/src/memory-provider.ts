import {
  type ConditionalResult,
  conflict,
  duplicate,
  historyLength,
  type Page,
  type ResourceProvider,
  type ResourceRef,
  type ScimContext,
  scanWorkFrom,
  success,
  type TenantId,
  unknownMembers,
  type Written,
} from '@scimkit/core'
import { insertRow, removeRow, replaceRow } from './change-rows.js'
import { historyOf } from './history.js'
import { takenAttribute } from './indexes.js'
import { missingMembers } from './memberships.js'
import { queryTable } from './query-table.js'
import { storedOf, workWithoutLimit } from './stored.js'
import { emptyTenantStore, findRow, type TenantStore, tableOf } from './tenant-store.js'

/** The options of {@link memoryProvider}. */
export interface MemoryProviderOptions {
  /**
   * How many of the last versions of each resource are remembered, with the names of the attributes that each changed:
   * a 412 then says what has changed since. 0 to 1,000; default 0.
   */
  readonly history?: number
  /**
   * Most comparisons that one list may cost: resources looked at × terms of the filter, one more for a sort; long lists
   * and texts count as several. More is 400 tooMany. Default 2,000,000.
   */
  readonly scanWork?: number
  /**
   * Most memberships that are followed to find the groups of one resource, groups within groups included; more is 400
   * tooMany, unless the groups are not asked for. Default 5,000,000.
   */
  readonly groupEdges?: number
}

const defaultGroupEdges = 5_000_000

/**
 * A provider that keeps everything in the memory of this process: the reference that the contract was written beside,
 * and what an adapter uses when given no other. Reads by id and `eq` on `id`, `userName`, `externalId`, `displayName`
 * and unique attributes are lookups; other filters look at every resource of the type and tenant.
 *
 * Every write runs to its end without waiting. That is what makes it atomic here: nothing can come between the comparison
 * and the change. Long reads run in portions, with other requests in between; a list shows the documents as they were
 * when it began.
 *
 * Throws a TypeError for an option that cannot be. `insert` throws an Error if the tenant has a resource with this id, of
 * whatever type.
 * @see RFC 7644 §3.14
 */
export function memoryProvider(options: MemoryProviderOptions = {}): ResourceProvider {
  const keep = historyLength(options.history)
  const scanWork = scanWorkFrom(options.scanWork)
  const { groupEdges = defaultGroupEdges } = options
  if (!Number.isSafeInteger(groupEdges) || groupEdges < 1) {
    throw new TypeError(`groupEdges: expected a whole number above 0, got ${String(groupEdges)}`)
  }
  const bounds = { historyLength: keep, groupEdges }
  const tenants = new Map<TenantId, TenantStore>()

  return {
    ...(keep > 0 && {
      history: (ref: ResourceRef, { tenant }: ScimContext) => historyOf(findRow(tenants.get(tenant), ref)),
    }),

    read(ref, needs, context) {
      const store = tenants.get(context.tenant)
      const row = findRow(store, ref)
      return store && row && storedOf(store, row, needs, workWithoutLimit(context))
    },

    query(type, query, context): Promise<Page> {
      return queryTable(tenants.get(context.tenant), type, query, context, scanWork)
    },

    insert(ref, next, context): ConditionalResult<Written> {
      const store = storeForWriting(tenants, context, bounds)
      if (store.byId.has(ref.id)) throw new Error('insert: the tenant has a resource with this id')
      const taken = takenAttribute(tableOf(store, ref.type).indexes, next.unique)
      if (taken !== undefined) return duplicate(taken)
      const missing = missingMembers(store, next.members)
      if (missing.length > 0) return unknownMembers(missing)
      insertRow(store, ref, next)
      return success({ version: next.version, at: next.at })
    },

    replace(ref, expected, next, { tenant }): ConditionalResult<Written> {
      const store = tenants.get(tenant)
      const row = findRow(store, ref)
      if (store === undefined || row?.state.version !== expected) return conflict(row?.state, expected)
      const taken = takenAttribute(tableOf(store, ref.type).indexes, next.unique, row)
      if (taken !== undefined) return duplicate(taken)
      const missing = missingMembers(store, next.members)
      if (missing.length > 0) return unknownMembers(missing)
      replaceRow(store, row, next)
      return success({ version: next.version, at: next.at })
    },

    remove(ref, expected, removal, { tenant }): ConditionalResult<void> {
      const store = tenants.get(tenant)
      const row = findRow(store, ref)
      if (store === undefined || row?.state.version !== expected) return conflict(row?.state, expected)
      removeRow(store, row, removal)
      return success(undefined)
    },
  }
}

// Only a write makes a tenant: asking for tenants that do not exist must not fill the memory.
function storeForWriting(
  tenants: Map<TenantId, TenantStore>,
  { tenant }: ScimContext,
  bounds: Pick<TenantStore, 'historyLength' | 'groupEdges'>,
): TenantStore {
  const found = tenants.get(tenant)
  if (found !== undefined) return found
  const made = emptyTenantStore(bounds)
  tenants.set(tenant, made)
  return made
}
