/** Records and tenants: a change states what it expects, and a switch that forgets a kind of change does not compile. */
import type { RecordChange, RecordStore, ResourceProvider, TenantRemoval, Tenants } from '@scimkit/core/provider'

export function expectedBy(change: RecordChange): number {
  switch (change.change) {
    case 'insert':
      return 0
    case 'replace':
    case 'remove':
      return change.expected
  }
}

const key = { kind: 'token', id: 'a' } as const

// @ts-expect-error: a replacement states the revision that it expects
export const blind: RecordChange = { change: 'replace', ...key, value: '{}' }
// @ts-expect-error: the tenant of a record never changes
export const moved: RecordChange = { change: 'replace', ...key, tenant: 'b', expected: 1, value: '{}' }

export const end = (store: RecordStore): 'written' | 'conflict' | Promise<'written' | 'conflict'> => store.write([])
export const removal = (tenants: Tenants): Promise<TenantRemoval> => tenants.remove('acme')

// One key, or several of which the first seals.
export const one: Pick<ResourceProvider, 'cursorKey'> = { cursorKey: () => 'key' }
export const several: Pick<ResourceProvider, 'cursorKey'> = { cursorKey: async () => ['new', 'old'] }
