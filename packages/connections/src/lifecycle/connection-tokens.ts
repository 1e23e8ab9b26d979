/** The static tokens of a connection. */
import type { RecordChange, RecordRemoval } from '@scimkit/core/provider'
import type { ConnectionRecord, TokenRecord } from '../records/connection.js'
import type { Versioned } from '../records/read-records.js'
import {
  insertToken,
  readConnection,
  readToken,
  readTokens,
  readUses,
  replaceToken,
} from '../records/stored-records.js'
import {
  changeConnection,
  checkedId,
  type InTenant,
  inTenant,
  type Lifecycle,
  noConnection,
} from './change-connection.js'
import { checkedGrace } from './check-values.js'
import { ConnectionError } from './connection-error.js'
import { issueToken, type TokenSettings } from './issue.js'
import { requireLive } from './states.js'
import { type IssuedToken, type Token, tokenView } from './views.js'

/** A unit has 50 changes at most; decommissioning removes all tokens in one. */
export const mostTokens = 16

const defaultGrace = 86_400_000

/** A token of a list. */
export interface ListedToken extends Token {
  readonly alive: boolean
  /** Date and time of the last accepted request, to the minute; undefined: none yet. */
  readonly lastUsed: string | undefined
}

/** What rotation does. */
export interface RotateSettings extends InTenant {
  /** How long the old ones remain valid. Default: 24 hours; 0 ends them at once. */
  readonly graceMilliseconds?: number | undefined
  /** When the new one ends, in milliseconds since 1970. Default: it has no end. */
  readonly expires?: number | undefined
}

/** Adds a token. */
export async function createToken(
  parts: Lifecycle,
  id: string,
  settings: TokenSettings & InTenant,
): Promise<IssuedToken> {
  return addToken(parts, id, settings, () => [])
}

/** Adds a token, and ends all others of its audience after a grace period. Its scopes are those of the connection by default. */
export async function rotateToken(
  parts: Lifecycle,
  id: string,
  settings: RotateSettings & TokenSettings,
): Promise<IssuedToken> {
  const grace = checkedGrace(settings.graceMilliseconds ?? defaultGrace)
  const audience = settings.audience ?? 'scim'
  return addToken(parts, id, settings, (alive, now) =>
    alive
      .filter(({ record }) => record.audience === audience)
      .filter(({ record }) => (record.expires ?? Number.POSITIVE_INFINITY) > now + grace)
      .map(({ record, revision }) => replaceToken({ ...record, expires: now + grace }, revision)),
  )
}

/** The tokens of a connection, oldest first, also those that have expired and are not removed yet. */
export async function listTokens(
  { store, ports }: Lifecycle,
  id: string,
  { tenant }: InTenant,
): Promise<readonly ListedToken[]> {
  const connection = inTenant((await readConnection(store, checkedId(id)))?.record, tenant)
  if (connection === undefined) throw noConnection()
  const [tokens, uses] = await Promise.all([tokensOf({ store }, connection), readUses(store, connection.tokens)])
  const now = ports.now()
  return tokens.map(({ record }) => ({
    ...tokenView(record),
    alive: isAlive(record, now),
    lastUsed: uses.get(record.id)?.record.lastUsed,
  }))
}

/** Removes a token, static or an access token of this connection. */
export async function revokeToken(parts: Lifecycle, id: string, token: string, target: InTenant): Promise<void> {
  return changeConnection(parts, id, target, async (connection) => {
    const read = await readToken(parts.store, checkedId(token))
    const isListed = connection.tokens.includes(token)
    const own = read?.record.connection === connection.id ? read : undefined
    if (own === undefined && !isListed) {
      throw new ConnectionError('notFound', 'The connection has no token with this id.')
    }
    const next = isListed ? { ...connection, tokens: connection.tokens.filter((one) => one !== token) } : connection
    return { next, also: own === undefined ? [] : [removalOf(own)], result: undefined }
  })
}

/** The removals of all static tokens of a connection. */
export async function removalsOfTokens(
  parts: Pick<Lifecycle, 'store'>,
  connection: ConnectionRecord,
): Promise<readonly RecordRemoval[]> {
  return (await tokensOf(parts, connection)).map(removalOf)
}

async function addToken(
  parts: Lifecycle,
  id: string,
  settings: TokenSettings & InTenant,
  endOthers: (alive: readonly Versioned<TokenRecord>[], now: number) => readonly RecordChange[],
): Promise<IssuedToken> {
  return changeConnection(parts, id, settings, async (connection) => {
    requireLive(connection)
    const tokens = await tokensOf(parts, connection)
    const now = parts.ports.now()
    const alive = tokens.filter(({ record }) => isAlive(record, now))
    if (alive.length >= mostTokens) {
      throw new ConnectionError('limit', `The connection has ${mostTokens} tokens; revoke one that is not used.`)
    }
    const expired = tokens.filter((token) => !alive.includes(token))
    const { record, issued } = await issueToken(connection, settings, parts.ports)
    return {
      next: { ...connection, tokens: [...alive.map((one) => one.record.id), record.id] },
      also: [...expired.map(removalOf), ...endOthers(alive, now), insertToken(record)],
      result: issued,
    }
  })
}

// In the order of the connection. A record of another connection is not shown and not changed.
async function tokensOf(
  { store }: Pick<Lifecycle, 'store'>,
  connection: ConnectionRecord,
): Promise<readonly Versioned<TokenRecord>[]> {
  const tokens = await readTokens(store, connection.tokens)
  return connection.tokens.flatMap((id) => {
    const token = tokens.find(({ record }) => record.id === id && record.connection === connection.id)
    return token === undefined ? [] : [token]
  })
}

function isAlive({ expires }: TokenRecord, now: number): boolean {
  return expires === undefined || expires > now
}

function removalOf({ record, revision }: Versioned<TokenRecord>): RecordRemoval {
  return { change: 'remove', kind: 'token', id: record.id, expected: revision }
}
