import type { SqlValue } from '../../../src/driver/driver.js'
import type { SqliteConnection } from '../../../src/driver/sqlite/connection.js'

const schema = 'urn:ietf:params:scim:schemas:core:2.0:User'

/** A statement and its parameters. */
export interface SeedStatement {
  readonly sql: string
  readonly parameters: readonly SqlValue[]
}

/**
 * Many users in a few seconds: inserts the rows of so many creates directly into the tables. Ids are `<tenant>-<i>`,
 * names `User<j>@example.com` in another order than ids. `count` must not be a multiple of 7,919.
 */
export function seedStatements(tenant: string, count: number): readonly SeedStatement[] {
  return [
    {
      sql: `with recursive n(i) as (select 0 union all select i + 1 from n where i + 1 < ${count}),
         named(i, name) as (select i, 'User' || ((i * 7919) % ${count}) || '@example.com' from n)
       insert into scim_resources (tenant, type, id, version, generation, created, created_ms, modified, modified_ms, display, doc)
       select ?, 'User', ? || i, '1-0123456789abcdef01234567', 1, '2026-01-01T00:00:00.000Z', 1767225600000,
         '2026-01-01T00:00:00.000Z', 1767225600000, name,
         '{"schemas":["${schema}"],"id":"' || ? || i || '","userName":"' || name || '","active":true}'
       from named`,
      parameters: [tenant, `${tenant}-`, `${tenant}-`],
    },
    {
      sql: `insert into scim_keys (row_id, tenant, type, path, sorts, kind, fold, exact, number, unique_key)
       select row_id, tenant, type, 'userName', 1, 's', lower(display), display, null, lower(display)
       from scim_resources where tenant = ?`,
      parameters: [tenant],
    },
  ]
}

/** Runs {@link seedStatements}. */
export function seedUsers(connection: SqliteConnection, tenant: string, count: number): void {
  connection.exec('pragma synchronous = off')
  connection.exec('begin')
  for (const { sql, parameters } of seedStatements(tenant, count)) connection.prepare(sql).run(...parameters)
  connection.exec('commit')
}
