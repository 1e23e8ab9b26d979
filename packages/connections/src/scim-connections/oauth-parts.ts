/** The token endpoint of `scimConnections()`, from its options. */
import type { RateLimiter } from '@scimkit/core'
import { defaultLimits } from '@scimkit/core'
import type { HttpHandler } from '@scimkit/core/adapter'
import type { RecordStore } from '@scimkit/core/provider'
import type { Rejection } from '../authenticate/connection-authenticator.js'
import type { UseLog } from '../authenticate/use-log.js'
import type { KeyFetcher } from '../key-sets/key-fetcher.js'
import { type KeySets, keySets } from '../key-sets/key-sets.js'
import { memoryRateLimiter } from '../limits/memory-rate-limiter.js'
import type { ConnectionPorts } from '../ports.js'
import type { ClientRejectionReason } from '../token-endpoint/authenticate-client.js'
import type { ScopeAliases } from '../token-endpoint/granted-scopes.js'
import { type IssuerAddresses, issuerAddresses } from '../token-endpoint/issuer-addresses.js'
import { notFound } from '../token-endpoint/oauth-answer.js'
import type { TokenRates } from '../token-endpoint/request-rates.js'
import { tokenEndpoint } from '../token-endpoint/token-endpoint.js'

/** The options of {@link scimConnections} for OAuth. */
export interface OAuthOptions {
  /**
   * The issuer of access tokens, `https://app.example/scim/:tenant`; its path is where the token endpoint is mounted.
   * `:tenant` stands for the tenant. Default: there is no token endpoint.
   */
  readonly issuer?: string
  /** The SCIM root, with `:tenant`. Default `/v2` below the issuer. */
  readonly resource?: string
  /** The endpoint of tools for agents, with `:tenant` if it has one: `https://app.example/:tenant/mcp`. Default: none. */
  readonly mcpResource?: string
  /** Reads the key sets of clients: `nodeKeyFetcher()` or `webKeyFetcher({ allow })`. Default: no URL is read. */
  readonly keys?: KeyFetcher
  /** Counts token requests. Default: in memory. */
  readonly rateLimiter?: RateLimiter
  /** How many token requests are answered. */
  readonly tokenRates?: TokenRates
  /** Other names of scopes, never wider than the connection: `{ 'api://app/.default': 'scim' }`. Default: none. */
  readonly scopeAliases?: ScopeAliases
  /** Whether the token endpoint accepts client secrets. Default true; the IPSIE profile permits keys only. */
  readonly clientSecrets?: boolean
  /** Whether each assertion that a client signs itself needs a `jti`. Default false; the IPSIE profile requires it. */
  readonly requireJti?: boolean
}

/** What the rest of `scimConnections()` gives to the token endpoint. */
export interface OAuthContext {
  readonly store: RecordStore
  readonly ports: ConnectionPorts
  readonly uses: UseLog
  readonly onRejected: (reason: ClientRejectionReason, rejection: Rejection) => void
  readonly onError: (error: unknown) => void
}

/** The parts that OAuth adds. */
export interface OAuthParts {
  readonly tokenEndpoint: HttpHandler
  readonly keySets: KeySets
  /** Undefined without an issuer. */
  readonly addresses: IssuerAddresses | undefined
}

const noFetcher: KeyFetcher = async () => {
  throw new Error('No function reads key sets: the option keys is missing.')
}

const noEndpoint: HttpHandler = { limits: defaultLimits, matches: () => false, handle: async () => notFound }

/** The token endpoint and its key sets. Throws a TypeError that names the option if one is invalid. */
export function oauthParts(options: OAuthOptions, context: OAuthContext): OAuthParts {
  const { store, ports, uses, onRejected, onError } = context
  const sets = keySets(options.keys ?? noFetcher, ports, { onError })
  if (options.issuer === undefined && options.mcpResource !== undefined) {
    throw new TypeError('options.mcpResource: it needs the option issuer, which names the issuer of tokens for it')
  }
  if (options.issuer === undefined) return { tokenEndpoint: noEndpoint, keySets: sets, addresses: undefined }
  const addresses = issuerAddresses(options.issuer, options.resource, options.mcpResource)
  const endpoint = tokenEndpoint({
    addresses,
    store,
    ports,
    keySets: sets,
    rateLimiter: options.rateLimiter ?? memoryRateLimiter({ now: ports.now }),
    rates: options.tokenRates ?? {},
    acceptSecrets: options.clientSecrets ?? true,
    requireJti: options.requireJti ?? false,
    scopeAliases: options.scopeAliases ?? {},
    onRejected: (reason, client, request) => {
      if (client !== undefined) uses.failed(client, reason, request.waitUntil)
      onRejected(reason, { token: undefined, connection: client?.id, tenant: client?.tenant })
    },
    onError,
  })
  return { tokenEndpoint: endpoint, keySets: sets, addresses }
}
