/** The number of people per request. */
import type { ScimClient } from '@scimkit/client'
import { CannotStart } from './error-message.js'

/** The limit of the server, at most 500. Rejects if the server does not support bulk requests. */
export async function batchSize(client: ScimClient): Promise<number> {
  const { bulk } = await client.discovery.serviceProviderConfig()
  const most = Math.min(Number(bulk?.maxOperations ?? 100), 500)
  // Not `most < 1`: the value of a server may not be a number.
  if (bulk?.supported !== false && most >= 1) return Math.floor(most)
  throw new CannotStart('The server does not support bulk requests (ServiceProviderConfig); the import needs them.')
}
