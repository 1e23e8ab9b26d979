/** How many people go into one request. */
import type { ScimClient } from '@scimkit/client'
import { CannotBegin } from './what-went-wrong.js'

/** As many as the server takes, and 500 at most. Rejects if it takes none. */
export async function batchSize(client: ScimClient): Promise<number> {
  const { bulk } = await client.discovery.config()
  const most = Math.min(Number(bulk?.maxOperations ?? 100), 500)
  // Not `most < 1`: a server may say something that is no number.
  if (bulk?.supported !== false && most >= 1) return Math.floor(most)
  throw new CannotBegin('This server takes no bulk requests, as its ServiceProviderConfig says; the import needs them.')
}
