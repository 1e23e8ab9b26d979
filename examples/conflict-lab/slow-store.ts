import { setTimeout as pause } from 'node:timers/promises'
import type { ResourceProvider } from '@scimkit/core/provider'

/** A provider whose reads and writes take as long as those of a database on another machine. */
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
