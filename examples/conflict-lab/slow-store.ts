import { setTimeout as pause } from 'node:timers/promises'
import type { ResourceProvider } from '@scimkit/core'

/** A provider that takes as long for its reads and writes as a database on another machine would. */
export function slowStore(provider: ResourceProvider, latency: number): ResourceProvider {
  return {
    ...provider,
    async read(...call) {
      await pause(latency)
      return provider.read(...call)
    },
    async replace(...call) {
      await pause(latency)
      return provider.replace(...call)
    },
  }
}
