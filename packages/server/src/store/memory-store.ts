import { memoryRecords } from '@scimkit/connections'
import { memoryProvider } from '@scimkit/memory-provider'
import { memoryFacts } from './memory-facts.js'
import type { OpenStore } from './store.js'
import type { StoreChoice } from './store-choice.js'
import type { StoreLimits } from './store-limits.js'

/** Creates a store in the memory of this process. */
export function openMemoryStore({ history }: Extract<StoreChoice, { kind: 'memory' }>, limits: StoreLimits): OpenStore {
  const provider = memoryProvider({ history, ...limits })
  return {
    provider,
    tenants: provider.tenants,
    facts: memoryFacts(),
    records: memoryRecords(),
    place: 'memory',
    durable: false,
    writesAtOnce: 1,
    migration: undefined,
    ready: async () => undefined,
    close: async () => undefined,
  }
}
