import { noAuthentication, type ScimOptions } from '@scimkit/core'
import { memoryProvider } from './memory-provider.js'

const warned = new Set<string>()

/**
 * Options with what is missing filled in: a provider in memory, and with that one alone, since there is nothing yet to
 * protect, no authentication. Options that name a provider are left as they are: without `authenticate` nobody gets in.
 */
export function withMemory(options: Partial<ScimOptions> = {}): ScimOptions {
  const { provider, authenticate } = options
  if (provider !== undefined) return { ...options, provider }
  warnOnce('ScimKit: no provider given, so users and groups live in memory and are gone when the process ends.')
  if (authenticate === undefined) {
    warnOnce('ScimKit: no provider and no authenticate given, so everybody who can reach this server is let in.')
  }
  return { ...options, provider: memoryProvider(), authenticate: authenticate ?? noAuthentication() }
}

function warnOnce(message: string): void {
  if (warned.has(message)) return
  warned.add(message)
  console.warn(message)
}
