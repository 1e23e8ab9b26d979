import type { ResourceRef } from '@scimkit/core/provider'
import { sql } from 'kysely'
import { oncePerDialect } from '../dialect/once-per-dialect.js'
import type { Row } from '../driver/driver.js'
import { compilable } from '../statement/compilable.js'
import { template } from '../statement/template.js'
import type { Store } from '../store/store.js'
import { resourceColumns } from './rows.js'

// Longer documents are read only when they are needed, so that read-ahead stays small: 100 of these are 1.6 MB.
const longest = 16_384

const statementOf = oncePerDialect((dialect) =>
  template<{ tenant: string; ids: string }>((slot) =>
    compilable(
      dialect,
      sql`select ${sql.join(resourceColumns.map((column) => sql.ref(column)))} from scim_resources as r
        where r.tenant = ${slot('tenant')} and ${dialect.inList(sql`r.id`, dialect.jsonTexts(slot('ids')))}
          and octet_length(r.doc) <= ${sql.lit(longest)}`,
    ),
  ),
)

/** Reads the existing resources among the given ones, except long ones, in one call. */
export function aheadReader(store: Store): (refs: readonly ResourceRef[], tenant: string) => Promise<readonly Row[]> {
  const statement = statementOf(store.dialect)
  return async (refs, tenant) => {
    const [rows = []] = await store.driver.read([statement({ tenant, ids: JSON.stringify(refs.map(({ id }) => id)) })])
    return rows
  }
}
