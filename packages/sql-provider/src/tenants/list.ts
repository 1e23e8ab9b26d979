/** The distinct values of a column, found by its index: one lookup for each value, however many rows have it. */
import { compareCodePoints } from '@scimkit/core/provider'
import { type RawBuilder, sql } from 'kysely'
import { oncePerDialect } from '../dialect/once-per-dialect.js'
import { compilable } from '../statement/compilable.js'
import { template } from '../statement/template.js'
import type { Store } from '../store/store.js'

// Each has an index that begins with the tenant.
const listed = ['scim_resources', 'scim_creation_keys', 'scim_records'] as const

const statementsOf = oncePerDialect((dialect) => {
  const distinct = (
    table: string,
    column: string,
    among: RawBuilder<unknown>,
    after: RawBuilder<string>,
  ): RawBuilder<unknown> => {
    const next = (than: RawBuilder<unknown>) =>
      sql`select min(${sql.ref(column)}) from ${sql.table(table)} where ${sql.ref(column)} > ${than}${among}`
    return sql`with recursive found (value) as (
      ${next(after)} union all select (${next(sql`found.value`)}) from found where found.value is not null
    ) select value from found where value is not null`
  }
  return {
    tenants: listed.map((table) =>
      template<{ readonly after: string; readonly count: number }>((slot) =>
        compilable(dialect, sql`${distinct(table, 'tenant', sql``, slot('after'))} limit ${slot('count')}`),
      ),
    ),
    types: template<{ readonly tenant: string; readonly after: string }>((slot) =>
      compilable(dialect, distinct('scim_resources', 'type', sql` and tenant = ${slot('tenant')}`, slot('after'))),
    ),
  }
})

/** The names of tenants after one, by code point. */
export async function listTenants(
  { dialect, driver }: Store,
  after: string,
  count: number,
): Promise<readonly string[]> {
  const rows = await driver.read(statementsOf(dialect).tenants.map((statement) => statement({ after, count })))
  const names = new Set(rows.flat().map(({ value }) => String(value)))
  return [...names].sort(compareCodePoints).slice(0, count)
}

/** The types of the resources of a tenant, by code point. */
export async function typesOf({ dialect, driver }: Store, tenant: string): Promise<readonly string[]> {
  const [rows = []] = await driver.read([statementsOf(dialect).types({ tenant, after: '' })])
  return rows.map(({ value }) => String(value))
}
