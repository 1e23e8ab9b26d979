import { type TenantId, tenantId } from '@scimkit/core'
import type { JsonObject } from '@scimkit/core/json'
import { compareCodePoints, exportedDocument, type TenantStats, type Tenants } from '@scimkit/core/provider'
import { storedOf, workWithoutLimit } from '../reading/read-rows.js'
import type { Row } from '../rows/row.js'
import type { TenantStore } from '../rows/tenant-store.js'

const mostListed = 1_000
const nothing = { history: 0, outbox: 0, deliveries: 0, records: 0, facts: 0 }

/** The tenants in memory. A removal is one step, so no write can come in between. */
export function tenantsOf(tenants: Map<TenantId, TenantStore>): Tenants {
  return {
    async list({ after = '', count }) {
      if (!Number.isSafeInteger(count) || count < 1 || count > mostListed) {
        throw new TypeError(`count: expected a whole number from 1 to ${mostListed}, got ${String(count)}`)
      }
      const known = [...tenants]
        .filter(([, store]) => store.byId.size + keysIn(store) > 0)
        .map(([name]) => String(name))
      const sorted = known.sort(compareCodePoints)
      return sorted.filter((name) => compareCodePoints(name, after) > 0).slice(0, count)
    },
    async stats(tenant) {
      const store = tenants.get(tenantId(tenant))
      return store && statsOf(tenant, store)
    },
    export: (tenant) => exportOf(tenants.get(tenantId(tenant))),
    async remove(tenant, { progress } = {}) {
      const store = tenants.get(tenantId(tenant))
      if (store === undefined) return { ...nothing, resources: 0, members: 0, creationKeys: 0 }
      tenants.delete(tenantId(tenant))
      const rows = [...store.byId.values()]
      const history = rows.reduce((sum, row) => sum + row.history.length, 0)
      const counts = { resources: rows.length, members: membersIn(rows), creationKeys: keysIn(store) }
      const removed = { ...nothing, ...counts, history }
      progress?.(removed)
      return removed
    },
  }
}

async function statsOf(tenant: string, store: TenantStore): Promise<TenantStats | undefined> {
  const resources: [string, number][] = []
  let documentBytes = 0
  let modified = 0
  const work = workWithoutLimit({ signal: undefined })
  for (const [type, rows] of rowsByType(store)) {
    resources.push([type, rows.length])
    for (const { state } of rows) {
      documentBytes += new TextEncoder().encode(state.json).length
      modified = Math.max(modified, Date.parse(state.lastModified))
      if (work.isDue(1)) await work.rest()
    }
  }
  const creationKeys = keysIn(store)
  if (resources.length === 0 && creationKeys === 0) return undefined
  return {
    tenant,
    resources: Object.fromEntries(resources),
    members: membersIn(store.byId.values()),
    documentBytes,
    ...(resources.length > 0 && { lastModified: new Date(modified).toISOString() }),
    outbox: 0,
    records: 0,
    creationKeys,
  }
}

async function* exportOf(store: TenantStore | undefined): AsyncGenerator<JsonObject> {
  if (store === undefined) return
  const work = workWithoutLimit({ signal: undefined })
  for (const [, rows] of rowsByType(store)) {
    for (const row of rows) {
      if (store.byId.get(row.ref.id) !== row) continue
      yield exportedDocument(await storedOf(store, row, { members: 'all', derived: false }, work))
      if (work.isDue(1 + (row.members?.size ?? 0))) await work.rest()
    }
  }
}

/** The types that have rows, by code point, and their rows in the order of their inserts. */
function rowsByType({ tables }: TenantStore): readonly (readonly [string, readonly Row[]])[] {
  return [...tables]
    .filter(([, { rows }]) => rows.size > 0)
    .sort(([left], [right]) => compareCodePoints(left, right))
    .map(([type, { rows }]) => [type, [...rows]] as const)
}

const keysIn = ({ creationKeys }: TenantStore): number => creationKeys.size

function membersIn(rows: Iterable<Row>): number {
  let members = 0
  for (const row of rows) members += row.members?.size ?? 0
  return members
}
