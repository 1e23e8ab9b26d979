import type { ScimContext, TenantId } from '@scimkit/core'
import {
  alreadyCreated,
  type ConditionalResult,
  duplicate,
  historyLength,
  type MaybePromise,
  type Member,
  mismatchOrNotFound,
  type Needs,
  type Next,
  overQuota,
  type Page,
  type RawVersion,
  type Removed,
  type ResourceProvider,
  type ResourceRef,
  runInPortions,
  type Stored,
  scanWorkFrom,
  success,
  type Tenants,
  unknownMembers,
  type Written,
} from '@scimkit/core/provider'
import { queryTable } from './query/query-table.js'
import { type ManyMembers, manyMembersOf } from './reading/read-members.js'
import { storedOf, workWithoutLimit } from './reading/read-rows.js'
import { keepRecord, recordOf } from './rows/creation-keys.js'
import { historyOf } from './rows/history.js'
import { takenAttribute } from './rows/indexes.js'
import type { Row } from './rows/row.js'
import { emptyTenantStore, findRow, type TenantStore, tableOf } from './rows/tenant-store.js'
import { tenantsOf } from './tenants/tenants.js'
import { manyMembers, missingMembers, withOwnMembers } from './writing/change-members.js'
import { insertRow, removeRow, replaceRow } from './writing/change-rows.js'
import { inUnit } from './writing/in-unit.js'

/** The options of {@link memoryProvider}. */
export interface MemoryProviderOptions {
  /**
   * How many of the last versions of each resource are kept, with the names of the attributes that each changed:
   * a 412 then names the attributes changed since. 0 to 1,000; default 0.
   */
  readonly history?: number
  /**
   * Maximum cost of one list in comparisons: resources scanned × terms of the filter, plus one for a sort; long lists and
   * texts count as several. More is 400 tooMany. Default 2,000,000.
   */
  readonly scanWork?: number
  /**
   * Maximum number of memberships that are followed to find the groups of one resource, nested groups included; more is
   * 400 tooMany, unless the groups are not requested. Default 5,000,000.
   */
  readonly groupEdges?: number
}

/** A provider in memory. */
export interface MemoryProvider extends ResourceProvider {
  /** What is stored for each tenant: listed, counted, exported, removed. */
  readonly tenants: Tenants
}

const defaultGroupEdges = 5_000_000

/**
 * A provider that keeps everything in the memory of this process: the reference implementation of the provider contract,
 * and the default of adapters. Reads by id and `eq` on `id`, `userName`, `externalId`, `displayName` and unique attributes
 * are lookups; other filters scan every resource of the type and tenant.
 *
 * A write runs synchronously from the comparison to the change, which makes it atomic: no other request can run in
 * between. Large member lists are copied before, in portions. Long reads run in portions, with other requests in between;
 * a list returns a snapshot of the documents from when it began.
 *
 * Throws a TypeError for an invalid option. `insert` throws an Error if the tenant has a resource of any type with this id.
 * @example
 * ```ts
 * import { noAuthentication } from '@scimkit/core'
 * import { scimRouter } from '@scimkit/express-adapter'
 * import { memoryProvider } from '@scimkit/memory-provider'
 *
 * const router = scimRouter({ provider: memoryProvider({ history: 20 }), authenticate: noAuthentication() })
 * ```
 * @see RFC 7644 §3.14
 */
export function memoryProvider(options: MemoryProviderOptions = {}): MemoryProvider {
  const keep = historyLength(options.history)
  const scanWork = scanWorkFrom(options.scanWork)
  const { groupEdges = defaultGroupEdges } = options
  if (!Number.isSafeInteger(groupEdges) || groupEdges < 1) {
    throw new TypeError(`groupEdges: expected a whole number above 0, got ${String(groupEdges)}`)
  }
  const bounds = { historyLength: keep, groupEdges }
  const tenants = new Map<TenantId, TenantStore>()

  function insert(ref: ResourceRef, next: Next, context: ScimContext): ConditionalResult<Written> {
    const store = storeForWriting(tenants, context, bounds)
    const { creationKey } = next
    return inUnit(next.inTransaction, () => {
      const record = creationKey && recordOf(store.creationKeys, creationKey)
      if (record !== undefined) return alreadyCreated(record)
      if (store.byId.has(ref.id)) throw new Error('insert: the tenant has a resource with this id')
      const taken = takenAttribute(tableOf(store, ref.type).indexes, next.unique)
      if (taken !== undefined) return duplicate(taken)
      const missing = missingMembers(store, next.members)
      if (missing.length > 0) return unknownMembers(missing)
      if (next.quota !== undefined && tableOf(store, ref.type).rows.size >= next.quota) return overQuota()
      return () => {
        insertRow(store, ref, next)
        if (creationKey !== undefined) keepRecord(store.creationKeys, creationKey, ref, next)
        return success({ version: next.version, at: next.at })
      }
    })
  }

  function replace(
    ref: ResourceRef,
    expected: RawVersion,
    next: Next,
    { tenant }: ScimContext,
  ): ConditionalResult<Written> {
    return inUnit(next.inTransaction, () => {
      const store = tenants.get(tenant)
      const row = findRow(store, ref)
      if (store === undefined || row?.state.version !== expected) return mismatchOrNotFound(row?.state, expected)
      const record = next.creationKey && recordOf(store.creationKeys, next.creationKey)
      if (record !== undefined) return alreadyCreated(record)
      const taken = takenAttribute(tableOf(store, ref.type).indexes, next.unique, row)
      if (taken !== undefined) return duplicate(taken)
      const missing = missingMembers(store, next.members)
      if (missing.length > 0) return unknownMembers(missing)
      return () => {
        replaceRow(store, row, next)
        if (next.creationKey !== undefined) keepRecord(store.creationKeys, next.creationKey, ref, next)
        return success({ version: next.version, at: next.at })
      }
    })
  }

  return {
    supports: { inTransaction: true, quotas: true, idempotencyKeys: true },
    tenants: tenantsOf(tenants),

    createdWith: (key, { tenant }) => recordOf(tenants.get(tenant)?.creationKeys, key),

    ...(keep > 0 && {
      history: (ref: ResourceRef, { tenant }: ScimContext) => historyOf(findRow(tenants.get(tenant), ref)),
    }),

    read(ref, needs, context) {
      const store = tenants.get(context.tenant)
      const row = findRow(store, ref)
      if (store === undefined || row === undefined) return undefined
      const work = workWithoutLimit(context)
      const need = manyNeeded(row, needs)
      if (need === undefined) return storedOf(store, row, needs, work)
      // The state and the set of members are a snapshot of this moment; types and names of members may be later ones.
      const members = runInPortions(manyMembersOf(store, row, need))
      return withMembers(storedOf(store, row, { ...needs, members: 'none' }, work), members)
    },

    query(type, query, context): Promise<Page> {
      return queryTable(tenants.get(context.tenant), type, query, context, scanWork)
    },

    insert(ref, next, context) {
      if (!hasManyMembers(next)) return insert(ref, next, context)
      return runInPortions(withOwnMembers(next)).then((own) => insert(ref, own, context))
    },

    replace(ref, expected, next, context) {
      if (!hasManyMembers(next)) return replace(ref, expected, next, context)
      return runInPortions(withOwnMembers(next)).then((own) => replace(ref, expected, own, context))
    },

    remove(ref, expected, removal, { tenant }): ConditionalResult<Removed> {
      return inUnit(removal.inTransaction, () => {
        const store = tenants.get(tenant)
        const row = findRow(store, ref)
        if (store === undefined || row?.state.version !== expected) return mismatchOrNotFound(row?.state, expected)
        return () => success({ affected: removeRow(store, row, removal) })
      })
    },
  }
}

async function withMembers(stored: MaybePromise<Stored>, members: Promise<readonly Member[]>): Promise<Stored> {
  const [whole, all] = await Promise.all([stored, members])
  return { ...whole, members: all }
}

function manyNeeded(row: Row, { members }: Needs): ManyMembers | undefined {
  const size = row.members?.size ?? 0
  if (members === 'all') return size < manyMembers ? undefined : members
  if (typeof members !== 'object' || !('only' in members)) return undefined
  return Math.min(size, members.only.length) < manyMembers ? undefined : members
}

function hasManyMembers({ members }: Next): boolean {
  return (members?.add.length ?? 0) >= manyMembers
}

// Only a write creates a tenant: requests for unknown tenants must not fill the memory.
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
