/** Options that only some providers support: refused at once, never ignored. */
import type { ResourceProvider } from '../provider/provider.js'
import type { ScimOptions } from './options.js'

/**
 * The option that the provider does not support, in the words of an error; undefined if it supports all of them.
 */
export function unsupportedOption(
  { quotas }: Pick<ScimOptions<never>, 'quotas'>,
  provider: Pick<ResourceProvider, 'supports'> | undefined,
): string | undefined {
  if (quotas !== undefined && Object.keys(quotas).length > 0 && provider?.supports?.quotas !== true) {
    return 'options.quotas: the provider does not support quotas (supports.quotas)'
  }
  return undefined
}
