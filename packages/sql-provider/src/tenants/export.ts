import { type TenantId, tenantId } from '@scimkit/core'
import type { JsonObject } from '@scimkit/core/json'
import { exportedDocument } from '@scimkit/core/provider'
import { sql } from 'kysely'
import { oncePerDialect } from '../dialect/once-per-dialect.js'
import { yieldToEventLoop } from '../driver/event-loop-yield.js'
import type { Reader } from '../reading/reader.js'
import { resourceColumns, storedOf } from '../reading/rows.js'
import { template } from '../statement/template.js'
import type { Guarded } from '../store/guarded.js'
import type { Store } from '../store/store.js'
import { typesOf } from './list.js'

// Documents have up to megabytes, and a portion is in memory as a whole.
const resourcesAtOnce = 20

const portionOf = oncePerDialect(({ builder: db }) =>
  template<{ readonly tenant: string; readonly type: string; readonly after: number }>((slot) =>
    db
      .selectFrom('scim_resources as r')
      .select(resourceColumns)
      .select(
        sql<number>`case when exists (select 1 from scim_members as m where m.group_row = r.row_id) then 1 else 0 end`.as(
          'has_members',
        ),
      )
      .where('r.tenant', '=', slot('tenant'))
      .where('r.type', '=', slot('type'))
      .where('r.row_id', '>', slot('after'))
      .orderBy('r.row_id')
      .limit(sql.lit(resourcesAtOnce)),
  ),
)

/** The resources of a tenant as documents, by type and in the order of their creation. */
export async function* exportOf(
  store: Store,
  reader: Pick<Reader, 'read'>,
  guarded: Guarded,
  tenant: string,
): AsyncGenerator<JsonObject> {
  const own: TenantId = tenantId(tenant)
  const statement = portionOf(store.dialect)
  for (const type of await guarded(() => typesOf(store, tenant))) {
    for (let after = 0, count = resourcesAtOnce; count === resourcesAtOnce; await yieldToEventLoop()) {
      const [rows = []] = await guarded(async () => store.driver.read([statement({ tenant, type, after })]))
      count = rows.length
      for (const row of rows) {
        after = Number(row.row_id)
        if (Number(row.has_members) === 0) {
          yield exportedDocument(storedOf(row))
          continue
        }
        // Again, because document and members must be from one state.
        const ref = { type, id: String(row.id) }
        const stored = await guarded(() => reader.read(ref, { members: 'all', derived: false }, { tenant: own }))
        if (stored !== undefined) yield exportedDocument(stored)
      }
    }
  }
}
