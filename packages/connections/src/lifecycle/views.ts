/** Connections, tokens and secrets as a host shows them: without digests. */
import type {
  ConnectionRecord,
  ConnectionState,
  FederatedTrustRecord,
  KeySource,
  OAuthClientRecord,
  SecretRecord,
  TokenAudience,
  TokenRecord,
} from '../records/connection.js'

/** A connection of an identity provider. */
export interface Connection {
  /** Also its OAuth `client_id`. */
  readonly id: string
  readonly tenant: string
  readonly name: string
  readonly state: ConnectionState
  readonly scopes: readonly string[]
  /** Date and time, ISO 8601. */
  readonly created: string
  /** Undefined: it has static tokens only. */
  readonly oauth: OAuthClient | undefined
  /** What happens to the users of the tenant; undefined before it is decommissioned. */
  readonly users: UsersChoice | undefined
}

/** What happens to the users of a tenant when a connection is decommissioned. */
export type UsersChoice = 'keep' | 'deactivate' | 'remove'

/** How a connection obtains access tokens. */
export interface OAuthClient {
  readonly secrets: readonly ClientSecret[]
  readonly keys: KeySource | undefined
  readonly algorithms: readonly string[]
  readonly trust: FederatedTrustRecord | undefined
  /** Life of access tokens in seconds. */
  readonly accessTokenSeconds: number
}

/** A client secret, without the secret. */
export interface ClientSecret {
  readonly id: string
  readonly created: string
  /** Milliseconds since 1970; undefined: it has no end. */
  readonly expires: number | undefined
}

/** A static token, without its secret. */
export interface Token {
  readonly id: string
  /** The endpoint that accepts it. */
  readonly audience: TokenAudience
  readonly scopes: readonly string[]
  readonly created: string
  /** Milliseconds since 1970; undefined: it has no end. */
  readonly expires: number | undefined
}

/** A new token. `text` is shown once: it is not stored, and no function returns it again. */
export interface IssuedToken extends Token {
  readonly text: string
}

/** A new client secret. `text` is shown once: it is not stored, and no function returns it again. */
export interface IssuedSecret extends ClientSecret {
  readonly text: string
}

/** Members are named one by one: a new member of a record is not shown by accident. */
export function connectionView({
  id,
  tenant,
  name,
  state,
  scopes,
  created,
  oauth,
  users,
}: ConnectionRecord): Connection {
  return { id, tenant, name, state, scopes, created, oauth: oauth && oauthView(oauth), users }
}

function oauthView({ secrets, keys, algorithms, trust, accessTokenSeconds }: OAuthClientRecord): OAuthClient {
  return { secrets: secrets.map(secretView), keys, algorithms, trust, accessTokenSeconds }
}

/** A client secret without its digest. */
export function secretView({ id, created, expires }: SecretRecord): ClientSecret {
  return { id, created, expires }
}

/** A token without its digest. */
export function tokenView({ id, audience, scopes, created, expires }: TokenRecord): Token {
  return { id, audience, scopes, created, expires }
}
