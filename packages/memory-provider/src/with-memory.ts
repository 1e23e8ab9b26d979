import { noAuthentication, type ScimOptions } from '@scimkit/core'
import { memoryProvider } from './memory-provider.js'

const warned = new Set<string>()

/**
 * Adds defaults to options: a memory provider and, only with this default provider, no authentication, because there is no
 * data to protect yet. Options with a provider are returned unchanged: without `authenticate` every request is refused.
 */
export function withMemory<Native = unknown>(options: Partial<ScimOptions<Native>> = {}): ScimOptions<Native> {
  const { provider, authenticate } = options
  if (provider !== undefined) return { ...options, provider }
  warnOnce('ScimKit: no provider given, so users and groups are kept in memory and lost when the process ends.')
  if (authenticate === undefined) {
    warnOnce('ScimKit: no provider and no authenticate given, so every client that can reach this server is accepted.')
  }
  return { ...options, provider: memoryProvider(), authenticate: authenticate ?? noAuthentication() }
}

function warnOnce(message: string): void {
  if (warned.has(message)) return
  warned.add(message)
  console.warn(message)
}
