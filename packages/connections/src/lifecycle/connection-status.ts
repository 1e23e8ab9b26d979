/** The state of a connection for a host's admin page. */
import type { KeySource } from '../records/connection.js'
import { readConnection, readUses } from '../records/stored-records.js'
import { checkedId, type InTenant, inTenant, type Lifecycle, noConnection } from './change-connection.js'
import { type ListedToken, listTokens } from './connection-tokens.js'
import { type ClientSecret, type Connection, connectionView } from './views.js'

/** Reads a key set, and rejects if it cannot be read; the same function as at the token endpoint. */
export type KeySetCheck = (keys: KeySource) => Promise<unknown>

/** What a test of a connection has found. */
export interface ConnectionStatus {
  readonly connection: Connection
  /** Whether the connection can be used now. */
  readonly usable: boolean
  /** What an administrator should look at, each as one sentence; empty if nothing. */
  readonly problems: readonly string[]
  readonly tokens: readonly ListedToken[]
  readonly secrets: readonly (ClientSecret & { readonly alive: boolean })[]
  /** When the last of its static tokens and client secrets ends, in milliseconds since 1970; undefined: never, or it has none. */
  readonly credentialsEnd: number | undefined
  /** The key sets of its own assertions and of its trust. */
  readonly keySets: readonly KeySetStatus[]
  /** Date and time of the last accepted request, to the minute. */
  readonly lastUsed: string | undefined
  /** The last refused request of its credentials. */
  readonly lastError: { readonly at: string; readonly reason: string } | undefined
}

/** Whether a key set can be read; `unknown` where no function reads key sets. */
export interface KeySetStatus {
  readonly of: 'keys' | 'trust'
  readonly state: 'reachable' | 'unreachable' | 'unknown'
}

// A credential that ends within this time is reported.
const soon = 14 * 86_400_000

/** Tests a connection. Throws a ConnectionError if there is none with this id. */
export async function connectionStatus(
  parts: Lifecycle,
  id: string,
  target: InTenant,
  checkKeys: KeySetCheck | undefined,
): Promise<ConnectionStatus> {
  const record = inTenant((await readConnection(parts.store, checkedId(id)))?.record, target.tenant)
  if (record === undefined) throw noConnection()
  const connection = connectionView(record)
  const now = parts.ports.now()
  const tokens = await listTokens(parts, id, target)
  const use = (await readUses(parts.store, [id])).get(id)?.record
  const secrets = (connection.oauth?.secrets ?? []).map((secret) => ({ ...secret, alive: isAlive(secret, now) }))
  const keySets = await keySetsOf(connection, checkKeys)
  const alive = [...tokens, ...secrets].filter((one) => one.alive)
  const ends = alive.map(({ expires }) => expires ?? Number.POSITIVE_INFINITY)
  const end = ends.length === 0 ? Number.POSITIVE_INFINITY : Math.max(...ends)
  const hasCredentials = alive.length > 0 || keySets.length > 0
  const problems = [
    ...(connection.state === 'active' ? [] : [`The connection is ${connection.state}.`]),
    ...(hasCredentials ? [] : ['No token, client secret or key set of the connection is valid.']),
    ...(keySets.length === 0 && end - now < soon
      ? [`The last credential ends at ${new Date(end).toISOString()}.`]
      : []),
    ...keySets.filter(({ state }) => state === 'unreachable').map((set) => `The key set (${set.of}) cannot be read.`),
  ]
  return {
    connection,
    usable: connection.state === 'active' && hasCredentials,
    problems,
    tokens,
    secrets,
    credentialsEnd: Number.isFinite(end) ? end : undefined,
    keySets,
    lastUsed: use?.lastUsed,
    lastError: use?.lastError,
  }
}

async function keySetsOf({ oauth }: Connection, check: KeySetCheck | undefined): Promise<readonly KeySetStatus[]> {
  const sources: readonly (readonly [KeySetStatus['of'], KeySource | undefined])[] = [
    ['keys', oauth?.keys],
    ['trust', oauth?.trust?.keys],
  ]
  const found: KeySetStatus[] = []
  for (const [of, source] of sources) {
    if (source !== undefined) found.push({ of, state: await stateOf(source, check) })
  }
  return found
}

async function stateOf(source: KeySource, check: KeySetCheck | undefined): Promise<KeySetStatus['state']> {
  if (source.kind === 'jwks') return 'reachable'
  if (check === undefined) return 'unknown'
  try {
    await check(source)
    return 'reachable'
  } catch {
    return 'unreachable'
  }
}

function isAlive({ expires }: ClientSecret, now: number): boolean {
  return expires === undefined || expires > now
}
