import type { TenantStats } from '@scimkit/core/provider'
import { sql } from 'kysely'
import { oncePerDialect } from '../dialect/once-per-dialect.js'
import { yieldToEventLoop } from '../driver/event-loop-yield.js'
import { compilable } from '../statement/compilable.js'
import { template } from '../statement/template.js'
import type { Store } from '../store/store.js'
import { typesOf } from './list.js'

// Of resources, whose documents are read; and of small rows.
const resourcesAtOnce = 500
const rowsAtOnce = 5_000

const statementsOf = oncePerDialect((dialect) => ({
  resources: template<{ readonly tenant: string; readonly type: string; readonly after: number }>((slot) =>
    compilable(
      dialect,
      sql`select count(*) as count, max(row_id) as last, sum(bytes) as bytes, max(modified_ms) as modified_ms,
          sum(members) as members from (
        select r.row_id, octet_length(r.doc) as bytes, r.modified_ms,
          (select count(*) from scim_members as m where m.group_row = r.row_id) as members
        from scim_resources as r
        where r.tenant = ${slot('tenant')} and r.type = ${slot('type')} and r.row_id > ${slot('after')}
        order by r.row_id limit ${sql.lit(resourcesAtOnce)}
      ) as portion`,
    ),
  ),
  // The outbox has no index by tenant, because each write would pay for it.
  outbox: template<{ readonly tenant: string; readonly after: number }>((slot) =>
    compilable(
      dialect,
      sql`select count(*) as scanned, max(seq) as last, sum(case when tenant = ${slot('tenant')} then 1 else 0 end) as count
        from (
          select seq, tenant from scim_outbox where seq > ${slot('after')} order by seq limit ${sql.lit(rowsAtOnce)}
        ) as portion`,
    ),
  ),
  records: template<{ readonly tenant: string }>((slot) =>
    compilable(dialect, sql`select count(*) as count from scim_records where tenant = ${slot('tenant')}`),
  ),
  creationKeys: template<{ readonly tenant: string }>((slot) =>
    compilable(dialect, sql`select count(*) as count from scim_creation_keys where tenant = ${slot('tenant')}`),
  ),
}))

/** What is stored for a tenant; undefined if there is nothing. */
export async function statsOf(store: Store, tenant: string): Promise<TenantStats | undefined> {
  const { dialect, driver } = store
  const statements = statementsOf(dialect)
  const resources: [string, number][] = []
  const sums = { members: 0, documentBytes: 0, modified: 0 }
  for (const type of await typesOf(store, tenant)) {
    let all = 0
    for (let after = 0, count = resourcesAtOnce; count === resourcesAtOnce; await yieldToEventLoop()) {
      const [[row] = []] = await driver.read([statements.resources({ tenant, type, after })])
      count = Number(row?.count ?? 0)
      all += count
      after = Number(row?.last ?? 0)
      sums.members += Number(row?.members ?? 0)
      sums.documentBytes += Number(row?.bytes ?? 0)
      sums.modified = Math.max(sums.modified, Number(row?.modified_ms ?? 0))
    }
    if (all > 0) resources.push([type, all])
  }
  let outbox = 0
  for (let after = 0, scanned = rowsAtOnce; scanned === rowsAtOnce; await yieldToEventLoop()) {
    const [[row] = []] = await driver.read([statements.outbox({ tenant, after })])
    scanned = Number(row?.scanned ?? 0)
    after = Number(row?.last ?? 0)
    outbox += Number(row?.count ?? 0)
  }
  const [[records] = [], [keys] = []] = await driver.read([
    statements.records({ tenant }),
    statements.creationKeys({ tenant }),
  ])
  const counts = { outbox, records: Number(records?.count ?? 0), creationKeys: Number(keys?.count ?? 0) }
  if (resources.length === 0 && Object.values(counts).every((count) => count === 0)) return undefined
  const { members, documentBytes, modified } = sums
  return {
    tenant,
    resources: Object.fromEntries(resources),
    members,
    documentBytes,
    ...(modified > 0 && { lastModified: new Date(modified).toISOString() }),
    ...counts,
  }
}
