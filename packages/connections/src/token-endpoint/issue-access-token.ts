/** Issues access tokens: opaque ones, stored as digests like static tokens, and always new. */
import type { RecordInsert, RecordStore } from '@scimkit/core/provider'
import type { UsedAssertion } from '../assertions/verify-assertion.js'
import type { ConnectionPorts } from '../ports.js'
import type { ConnectionRecord, TokenAudience, TokenRecord } from '../records/connection.js'
import { insertToken } from '../records/stored-records.js'
import { newToken } from '../tokens/credential.js'
import { digestOf } from '../tokens/digest.js'

/** A new access token. */
export interface AccessToken {
  readonly text: string
  readonly seconds: number
}

/** What a token is issued for. */
export interface Grant {
  readonly client: ConnectionRecord
  readonly scopes: readonly string[]
  readonly audience: TokenAudience
  readonly secret: string | undefined
  readonly used: UsedAssertion | undefined
}

const [shortest, longest] = [3_600, 21_600]

/**
 * Stores an access token, and the assertion that it was obtained with, in one unit: of two requests with one assertion,
 * on whatever machines, one is stored. Undefined: the assertion was used before.
 */
export async function issueAccessToken(
  { client, scopes, audience, secret, used }: Grant,
  store: RecordStore,
  ports: ConnectionPorts,
): Promise<AccessToken | undefined> {
  const seconds = Math.min(longest, Math.max(shortest, client.oauth?.accessTokenSeconds ?? shortest))
  const now = ports.now()
  const { id, text, digest } = await newToken(ports)
  const record: TokenRecord = {
    id,
    connection: client.id,
    tenant: client.tenant,
    issued: 'oauth',
    audience,
    digest,
    scopes,
    created: new Date(now).toISOString(),
    expires: now + seconds * 1_000,
    generation: client.generation,
    secret,
  }
  const assertion = used === undefined ? [] : [await insertAssertion(client, used, ports)]
  const result = await store.write([...assertion, insertToken(record)])
  return result === 'written' ? { text, seconds } : undefined
}

// A connection's id has no space, so two pairs never have one text.
async function insertAssertion(
  client: ConnectionRecord,
  { jti, expires }: UsedAssertion,
  ports: ConnectionPorts,
): Promise<RecordInsert> {
  const id = await digestOf(`${client.id} ${jti}`, ports)
  return { change: 'insert', kind: 'assertion', id, tenant: client.tenant, expires, value: '{}' }
}
