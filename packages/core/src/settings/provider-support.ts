/** Options that only some providers support: refused at once, never ignored. */
import type { ResourceProvider } from '../provider/provider.js'
import type { ScimOptions } from './options.js'

/** The options that need more of a provider than others. */
export interface SupportedOptions {
  readonly hooks?: ScimOptions<never>['hooks'] | undefined
  readonly quotas?: ScimOptions<never>['quotas'] | undefined
}

/**
 * The option that the provider does not support, in the words of an error; undefined if it supports all of them.
 */
export function unsupportedOption(
  { hooks, quotas }: SupportedOptions,
  provider: Pick<ResourceProvider, 'supports'> | undefined,
): string | undefined {
  if (quotas !== undefined && Object.keys(quotas).length > 0 && provider?.supports?.quotas !== true) {
    return 'options.quotas: the provider does not support quotas (supports.quotas)'
  }
  for (const [type, one] of Object.entries(hooks ?? {})) {
    if (one?.inTransaction !== undefined && provider?.supports?.inTransaction !== true) {
      return `options.hooks.${type}.inTransaction: the provider does not support it (supports.inTransaction)`
    }
  }
  return undefined
}
