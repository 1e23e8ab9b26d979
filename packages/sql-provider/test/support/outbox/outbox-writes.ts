/** Writes of the cases about the outbox, through the provider. */
import type { ScimContext } from '@scimkit/core'
import { type Next, type RawVersion, rawVersion } from '@scimkit/core/provider'
import type { Change } from '../../../src/outbox/change.js'
import type { ChangesQuery } from '../../../src/outbox/read-changes.js'
import type { SqlProvider } from '../../../src/provider.js'

/** Older than every retention of a test that has one. */
export const longAgo = '2026-01-01T00:00:00.000Z'
const at = new Date().toISOString()
const nonce = '00c0ffee1dea'

/** The versions of one resource, in order. */
export const version = (generation: number): RawVersion =>
  rawVersion(`${generation}-0123456789abcdef-${String(generation).padStart(12, '0')}`)

/** Writes resources that are identified by their id alone. */
export interface OutboxWrites {
  create(id: string, more?: Partial<Next>): Promise<string>
  change(id: string, generation: number, more?: Partial<Next>): Promise<string>
  remove(id: string, generation: number): Promise<string>
}

/** Writes to a provider; each returns the kind of its result. */
export function writesTo(
  provider: Pick<SqlProvider, 'insert' | 'replace' | 'remove'>,
  context: ScimContext,
  type = 'User',
): OutboxWrites {
  const next = (id: string, generation: number, more: Partial<Next>): Next => ({
    resource: { schemas: ['urn:ietf:params:scim:schemas:core:2.0:User'], id, title: `v${generation}` },
    version: version(generation),
    at,
    unique: [],
    members: undefined,
    ...more,
  })
  return {
    create: async (id, more = {}) => (await provider.insert({ type, id }, next(id, 1, more), context)).kind,
    change: async (id, generation, more = {}) =>
      (await provider.replace({ type, id }, version(generation - 1), next(id, generation, more), context)).kind,
    remove: async (id, generation) =>
      (await provider.remove({ type, id }, version(generation), { at, nonce }, context)).kind,
  }
}

/** All changes after a position. */
export async function allChanges(provider: SqlProvider, query: ChangesQuery = {}): Promise<readonly Change[]> {
  const changes: Change[] = []
  for (let after = query.after; ; ) {
    const page = await provider.outbox.read({ ...query, ...(after !== undefined && { after }) })
    changes.push(...page.changes)
    if (page.changes.length === 0) return changes
    after = page.next
  }
}
