/** The records of connections. Each is stored as JSON text under its kind and id. */

/** How far the life of a connection has come. Credentials of a connection are accepted in state `active` only. */
export type ConnectionState = 'active' | 'suspended' | 'decommissioning' | 'decommissioned'

/** One identity provider of one customer. Kind `connection`, id {@link ConnectionRecord.id}. */
export interface ConnectionRecord {
  /** Also its OAuth `client_id`. 22 characters of base64url, from 128 random bits. */
  readonly id: string
  readonly tenant: string
  /** For people: `Okta`. */
  readonly name: string
  readonly state: ConnectionState
  /** The most that its credentials may permit: `scim`, `scim.read`. Never empty. */
  readonly scopes: readonly string[]
  /** Date and time, ISO 8601. */
  readonly created: string
  /** How it gets access tokens; undefined: it has static tokens only. */
  readonly oauth: OAuthClientRecord | undefined
  /**
   * Counts the changes of {@link ConnectionRecord.oauth} that end all access tokens. An access token is accepted only if
   * it has this number.
   */
  readonly generation: number
  /** The ids of its static tokens that are not revoked, oldest first. */
  readonly tokens: readonly string[]
  /** What happens to the users of the tenant, while the state is `decommissioning` or later. */
  readonly users: 'keep' | 'deactivate' | 'remove' | undefined
}

/** The credentials of a connection at the token endpoint. */
export interface OAuthClientRecord {
  /** Client secrets; two or more while one replaces the other. */
  readonly secrets: readonly SecretRecord[]
  /** The keys that its own assertions are signed with (RFC 7523). */
  readonly keys: KeySource | undefined
  /** Signature algorithms that are accepted: RS256, PS256, ES256, EdDSA. */
  readonly algorithms: readonly string[]
  /** Assertions of another issuer that stand for this client: Entra workload identity federation. */
  readonly trust: FederatedTrustRecord | undefined
  /** Life of access tokens in seconds, 3,600 to 21,600. */
  readonly accessTokenSeconds: number
}

/** Where the public keys of a client are. */
export type KeySource =
  | { readonly kind: 'jwks'; readonly keys: readonly Readonly<Record<string, unknown>>[] }
  | { readonly kind: 'jwksUrl'; readonly url: string }
  /** The metadata of the issuer names its `jwks_uri`. */
  | { readonly kind: 'issuer'; readonly issuer: string }

/** The claims that an assertion of a federated issuer must have; plain string comparison. */
export interface FederatedTrustRecord {
  readonly issuer: string
  readonly audiences: readonly string[]
  readonly subject: string
  readonly objectId: string | undefined
  /** `azp` or `appid`. */
  readonly applicationId: string | undefined
  /** `tid`; undefined for an issuer that is not Entra. */
  readonly tenantId: string | undefined
  readonly keys: KeySource
}

/** A client secret. */
export interface SecretRecord {
  /** 12 characters of base64url, a part of the secret. */
  readonly id: string
  /** SHA-256 of the whole secret, base64url. */
  readonly digest: string
  readonly created: string
  /** Milliseconds since 1970. */
  readonly expires: number | undefined
}

/**
 * The endpoint that accepts a token: SCIM, or that of tools for agents. A token is accepted at one of them only.
 * @see RFC 8707; MCP 2026-07-28, Authorization
 */
export type TokenAudience = 'scim' | 'mcp'

/**
 * A bearer token, static or issued by the token endpoint. Kind `token`, id {@link TokenRecord.id}; the expiry of the
 * stored record is that of the token.
 */
export interface TokenRecord {
  /** 16 characters of base64url, a part of the token. */
  readonly id: string
  readonly connection: string
  readonly tenant: string
  readonly issued: 'static' | 'oauth'
  /** Records from before there were audiences have none stored: they are for SCIM. */
  readonly audience: TokenAudience
  /** SHA-256 of the whole token, base64url. */
  readonly digest: string
  readonly scopes: readonly string[]
  readonly created: string
  readonly expires: number | undefined
  /** Of an access token: {@link ConnectionRecord.generation} when it was issued; it ends when that number changes. */
  readonly generation?: number | undefined
  /** Of an access token: the client secret that obtained it; it ends with the secret. */
  readonly secret?: string | undefined
}

/**
 * When a connection or a static token was used. Kind `use`, id of the connection or token. A use and an error are each
 * written once a minute at most.
 */
export interface UseRecord {
  /** Date and time of the last accepted request, ISO 8601. */
  readonly lastUsed: string | undefined
  readonly lastError: { readonly at: string; readonly reason: string } | undefined
}
