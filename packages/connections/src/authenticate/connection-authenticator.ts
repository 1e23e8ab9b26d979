/** Authenticates requests by the bearer tokens of connections. @see RFC 6750 §2.1, §3 */
import {
  type Access,
  type AuthenticationRequest,
  type Authenticator,
  bearerCredentials,
  bearerScheme,
  ScimError,
  scimError,
  type TenantResolver,
} from '@scimkit/core'
import { isThenable, type MaybePromise } from '@scimkit/core/provider'
import type { ConnectionPorts } from '../ports.js'
import type { ConnectionRecord, TokenAudience, TokenRecord } from '../records/connection.js'
import { tokenIdIn } from '../tokens/credential.js'
import { digestOf } from '../tokens/digest.js'
import { acceptedTokens } from './accepted-tokens.js'
import { checkToken, type RejectionReason } from './check-token.js'
import type { RecordCache } from './record-cache.js'
import type { UseLog } from './use-log.js'

/** What is known about refused credentials; never a part of a secret. */
export interface Rejection {
  /** The public id of the token; undefined for a text that is no token. */
  readonly token: string | undefined
  readonly connection: string | undefined
  /** The tenant of the connection. */
  readonly tenant: string | undefined
}

/** The parts of the authenticator. */
export interface ConnectionAuthenticatorParts<Native> {
  /** The endpoint whose tokens are accepted. */
  readonly audience: TokenAudience
  readonly tokens: RecordCache<TokenRecord>
  readonly connections: RecordCache<ConnectionRecord>
  readonly uses: UseLog
  readonly ports: ConnectionPorts
  /** The tenant that the address of a request names; undefined if no address names a tenant. */
  readonly tenantOf: TenantResolver<Native> | undefined
  /** The `WWW-Authenticate` of a 401, if it differs from that of the core. */
  readonly challengeFor: (request: AuthenticationRequest, sentCredentials: boolean) => string | undefined
  readonly onRejected: (reason: RejectionReason, rejection: Rejection) => void
}

// Rejections that a change of the connection can end.
const mayHaveEnded: ReadonlySet<RejectionReason> = new Set(['ended', 'suspended'])

/**
 * An authenticator of tokens, static ones and access tokens. Whatever is wrong with a token, the response is the same,
 * and so are the reads of the store: one of a token and one of a connection. A text that is not a token is refused
 * without a read. Rejects with 503 if the store fails, never with 401: an identity provider that receives 401 stops.
 */
export function connectionAuthenticator<Native>(parts: ConnectionAuthenticatorParts<Native>): Authenticator<Native> {
  const { audience, tokens, connections, uses, ports, tenantOf, challengeFor, onRejected } = parts

  const refused = (request: AuthenticationRequest, sentCredentials: boolean): undefined => {
    const challenge = challengeFor(request, sentCredentials)
    if (challenge === undefined) return undefined
    throw new ScimError(401, 'Authentication is required.', { headers: { 'WWW-Authenticate': challenge } })
  }

  const accepted = acceptedTokens(parts)

  // An address that names no tenant, where addresses do, is refused like one that names another tenant.
  const claimed = (resolved: string | undefined): string | undefined => tenantOf && (resolved ?? '')

  const authenticate = (request: AuthenticationRequest, native: Native): MaybePromise<Access | undefined> => {
    const header = request.header('authorization')
    const sent = bearerCredentials(header)
    if (sent === undefined) return refused(request, header !== undefined)
    const resolved = tenantOf === undefined ? undefined : tenantOf(request, native)
    const access = isThenable(resolved) ? undefined : accepted.find(sent, claimed(resolved))
    // Its use was noted when it was accepted, less than a second ago.
    return access ?? authenticateSent(request, sent, resolved)
  }

  const authenticateSent = async (
    request: AuthenticationRequest,
    sent: string,
    resolved: MaybePromise<string | undefined>,
  ): Promise<Access | undefined> => {
    const id = tokenIdIn(sent)
    if (id === undefined) {
      onRejected('malformed', { token: undefined, connection: undefined, tenant: undefined })
      return refused(request, true)
    }
    const tenant = claimed(await resolved)
    const digested = digestOf(sent, ports)
    const digest = typeof digested === 'string' ? digested : await digested
    const token = tokens.kept(id) ?? (await fromStore(tokens, id))
    // No connection has an id as short as that of a token.
    const idOfConnection = token?.connection ?? id
    const kept = connections.kept(idOfConnection)
    let connection = kept ?? (await fromStore(connections, idOfConnection))
    let result = checkToken(token, connection, { digest, now: ports.now(), audience, tenant })
    // The kept record may be older than the change that permits this token: a new secret, or the end of a suspension.
    if (kept !== undefined && result.kind === 'rejected' && mayHaveEnded.has(result.reason)) {
      connections.forget(idOfConnection)
      connection = await fromStore(connections, idOfConnection)
      result = checkToken(token, connection, { digest, now: ports.now(), audience, tenant })
    }
    if (result.kind === 'rejected') {
      if (connection !== undefined) uses.failed(connection, result.reason, request.waitUntil)
      onRejected(result.reason, { token: id, connection: connection?.id, tenant: connection?.tenant })
      return refused(request, true)
    }
    uses.used(result.connection, result.token, request.waitUntil)
    return accepted.add(sent, result)
  }

  return Object.assign(authenticate, { schemes: [bearerScheme] })
}

async function fromStore<Record>(cache: RecordCache<Record>, id: string): Promise<Record | undefined> {
  try {
    return await cache.read(id)
  } catch (error) {
    throw scimError.unavailable('The credentials cannot be checked at the moment.', 1, error)
  }
}
