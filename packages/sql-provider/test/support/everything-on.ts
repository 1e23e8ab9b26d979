/** Options with which everything joins a write: hooks with statements of the host, and quotas. The provider needs an outbox. */
import type { ChangeHooks, ScimHooks, ScimOptions } from '@scimkit/core'
import { sql } from '../../src/unit.js'

/** The table that the hook writes: one row for each commit. */
export const hostWrites = 'create table if not exists host_writes (kind text not null, resource text not null)'

const hooks: ChangeHooks = {
  before: () => undefined,
  inTransaction({ kind, ref }, unit) {
    return unit.run(sql`insert into host_writes (kind, resource) values (${kind}, ${ref.id})`)
  },
  after: () => {},
}

/** The options. */
export const everythingOn: Pick<ScimOptions, 'hooks' | 'quotas'> = {
  hooks: { User: hooks, Group: hooks } as ScimHooks,
  quotas: { User: 1_000_000, Group: 1_000_000 },
}
