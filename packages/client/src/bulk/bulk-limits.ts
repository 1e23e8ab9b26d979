/** Compares a bulk request with the limits of the server, before it is sent. @see RFC 7643 §5 */
import type { CallOptions } from '../client-options.js'
import { ScimClientError } from '../failure.js'
import { configOrEmpty, type Discovery } from '../schema/discovery.js'
import type { Wire } from '../wire/wire.js'

/** Throws a ScimClientError, `bulkLimit`, if the request exceeds a limit. */
export async function checkLimits(
  wire: Wire,
  discovery: Discovery,
  count: number,
  body: unknown,
  options: CallOptions,
): Promise<void> {
  const { bulk = {} } = await configOrEmpty(discovery, options)
  const complain = (
    limit: 'supported' | 'maxOperations' | 'maxPayloadSize',
    allowed: number,
    requested: number,
  ): void => {
    if (requested <= allowed) return
    const detail = `POST ${wire.base}/Bulk: ${limit} is ${allowed}, but the request has ${requested}; nothing was sent`
    throw new ScimClientError(detail, { kind: 'bulkLimit', limit, allowed, requested })
  }
  if (bulk.supported === false) complain('supported', 0, count)
  complain('maxOperations', bulk.maxOperations ?? Number.POSITIVE_INFINITY, count)
  const { length } = new TextEncoder().encode(JSON.stringify(body))
  complain('maxPayloadSize', bulk.maxPayloadSize ?? Number.POSITIVE_INFINITY, length)
}
