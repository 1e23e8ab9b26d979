import type { ResourceProvider } from '@scimkit/core'
import { memoryProvider } from '@scimkit/memory-provider'

/** What `--store` can name. */
export const stores: Readonly<Record<string, () => ResourceProvider>> = {
  memory: memoryProvider,
}
