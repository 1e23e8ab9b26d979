import type { AuthenticationScheme, Authenticator } from '../access/authenticate.js'
import type { ScimContext } from '../context.js'
import { checkDocumentationUri, checkSchemes } from '../discovery/service-provider-config.js'
import type { CursorKeySource } from '../engine/cursor-key.js'
import type { DuplicateRules } from '../engine/duplicate-policies.js'
import type { IfMatchPolicy } from '../engine/if-match-policy.js'
import type { Quotas } from '../engine/quotas.js'
import { type UnknownMembersPolicy, unknownMembersPolicies } from '../engine/unknown-members.js'
import type { ScimEvent } from '../events.js'
import type { ScimHooks } from '../hooks/hooks.js'
import type { MePolicy } from '../hooks/me-policy.js'
import type { SecretsHook } from '../hooks/secrets-hook.js'
import type { Interop } from '../interop.js'
import type { Limits } from '../limits.js'
import type { Authorizer } from '../operation-types/authorize.js'
import type { Ports } from '../ports.js'
import type { MaybePromise, ResourceProvider } from '../provider/provider.js'
import { checkRateLimit, type RateLimitOptions } from '../rate-limit/rate-limit.js'
import type { ResourceTypeDefinition } from '../schema/schema-definition.js'
import type { EntityTags } from '../versioning/version.js'
import type { WaitUntil } from '../wait-until.js'
import type { TenantSettingsSource } from './tenant-settings.js'

/** The store of resources: a provider, or a function that finds it in the native request or environment (Workers). */
export type ProviderSource<Native = unknown> = ResourceProvider | ((native: Native) => ResourceProvider)

/**
 * The resource types served: a list, or a function that returns the list for a caller. A function is called for every
 * request; it returns the same list (not an equal one) as long as nothing has changed, so that it is compiled once.
 * `context` is undefined for an unauthenticated caller that reads public discovery.
 */
export type ResourceTypeSource =
  | readonly ResourceTypeDefinition[]
  | ((context: ScimContext | undefined) => MaybePromise<readonly ResourceTypeDefinition[]>)

/**
 * The options of createScim and of every adapter. Only `provider` is required; adapters fill in a memory provider. `Native` is
 * the framework's own request or environment: each adapter names its type.
 */
export interface ScimOptions<Native = unknown> {
  readonly provider: ProviderSource<Native>
  /** Authenticates callers and determines their tenant. Without it every HTTP request is answered 401. */
  readonly authenticate?: Authenticator<Native>
  /**
   * Whether a caller may carry out an operation: called for every operation on every path, before anything is read.
   * Default: every authenticated caller may do everything. Public discovery has no caller, so the function is not
   * called for it.
   */
  readonly authorize?: Authorizer
  /** Default: User (with the enterprise extension) and Group. */
  readonly resourceTypes?: ResourceTypeSource
  /** What tenants have instead of these options, by tenant; changed at run time. Default: nothing. */
  readonly tenantSettings?: TenantSettingsSource
  /** How many requests tenants and callers may send in a time; more is 429. Default: no rate limits. */
  readonly rateLimit?: RateLimitOptions
  /** How callers authenticate, for ServiceProviderConfig and `WWW-Authenticate`. Default: what the authenticator says. */
  readonly authenticationSchemes?: readonly AuthenticationScheme[]
  /** Absolute URL of a page for people about this server, for ServiceProviderConfig. */
  readonly documentationUri?: string
  /**
   * Lets every client read ServiceProviderConfig, ResourceTypes and Schemas without authentication (RFC 7643 §5).
   * Default false.
   */
  readonly publicDiscovery?: boolean
  /** The interop preset or switches. Default `lenient`; an authenticator may return others for its caller. */
  readonly interop?: Interop
  /** Bounds on what a request may cost; see {@link Limits} for the defaults. */
  readonly limits?: Partial<Limits>
  /** Takes passwords. Without it passwords are ignored and not in the schema. */
  readonly secrets?: SecretsHook
  /**
   * The host's own code around a write, by resource type: `before` it, in its unit of work, and after its commit.
   * `inTransaction` needs a provider that supports it.
   */
  readonly hooks?: ScimHooks
  /**
   * How to treat group members whose id no resource has. Default `keep`: stored, and in the group as soon as the
   * resource exists. `skip` leaves them out and reports the count in the write event; `reject` answers 400
   * invalidValue.
   */
  readonly unknownMembers?: UnknownMembersPolicy
  /**
   * The kind of entity tags. Default `weak`: one for all representations of a version. `strict`: a strong one for each
   * representation, compared as RFC 9110 says; a 304 then means that not one byte has changed.
   */
  readonly etag?: EntityTags
  /** Whether PUT, PATCH and DELETE require `If-Match`, for all types or by name; else 428. Default `never`. */
  readonly requireIfMatch?: IfMatchPolicy
  /**
   * How many resources of a type each tenant may have, by the name of the type: a number, or a function of the caller's
   * context. A create beyond it is 403, also under concurrent creates. Default: no quotas. Only for providers with
   * `supports.quotas`, such as the memory and SQL providers.
   */
  readonly quotas?: Quotas
  /**
   * How to treat a POST whose unique value another resource has, by resource type. Default `reject`: 409 uniqueness.
   * `reactivate` replaces a resource with the same userName that is `active: false`, as an identity provider expects
   * that creates a returning person again; a function decides about each collision.
   */
  readonly onDuplicate?: DuplicateRules
  /** Returns the resource of the caller, for /Me. Without it /Me is answered 501. */
  readonly me?: MePolicy
  /**
   * The keys that seal cursors: a secret of at least 32 random bytes or characters, the same on all machines; of
   * several keys the first seals and all open. Default: the provider's own, else a key that lives as long as this
   * process.
   */
  readonly cursorKey?: CursorKeySource | readonly CursorKeySource[]
  /** How many seconds a cursor is valid. Default 3,600; 0 means that it never expires. */
  readonly cursorSeconds?: number
  /**
   * How many seconds the server remembers the `Idempotency-Key` of a create: 1 to 31,536,000 (a year), default 86,400
   * (a day). Only for a provider with `supports.idempotencyKeys`; others answer 501 to the header.
   */
  readonly idempotencySeconds?: number
  /** Called for every request and every write. */
  readonly onEvent?: (event: ScimEvent) => void
  /** Called for failures that clients only see as 500 or 503. Default: a line on the console. */
  readonly onError?: (error: unknown, about: { readonly requestId: string }) => void
  /**
   * Takes the work of every request and the promises of asynchronous hooks: a platform's own function, such as `waitUntil` of
   * `cloudflare:workers`, or one that waits for them before the process ends. Default: what the adapter finds (Hono's
   * `executionCtx`, the third argument of `fetchHandler`). No promise that it gets rejects.
   */
  readonly waitUntil?: WaitUntil
  /**
   * Absolute URL of the SCIM root; its segment `:tenant` is the name of the caller's tenant. Default: from the Host
   * header of each request.
   */
  readonly baseUrl?: string
  /**
   * The hosts that this server answers for: `app.example`, `app.example:8443`, `*.example.com`. A request to another is
   * 421. Default: any, so that locations use the Host that the client sends.
   */
  readonly hosts?: readonly string[]
  /**
   * How many proxies in front set X-Forwarded-Proto, -Host and -Prefix; `true` is one. Of each header the entry of the
   * outermost counts, the n-th from the right. Default false: any client can send these headers.
   */
  readonly trustProxy?: boolean | number
  /** Clock, ids, randomness, digest and sleep, for tests that run from a seed. */
  readonly ports?: Partial<Ports>
}

const known: Readonly<Record<keyof ScimOptions, true>> = {
  provider: true,
  authenticate: true,
  authorize: true,
  resourceTypes: true,
  tenantSettings: true,
  rateLimit: true,
  authenticationSchemes: true,
  documentationUri: true,
  publicDiscovery: true,
  interop: true,
  limits: true,
  secrets: true,
  hooks: true,
  unknownMembers: true,
  etag: true,
  requireIfMatch: true,
  quotas: true,
  onDuplicate: true,
  me: true,
  cursorKey: true,
  cursorSeconds: true,
  idempotencySeconds: true,
  onEvent: true,
  onError: true,
  waitUntil: true,
  baseUrl: true,
  hosts: true,
  trustProxy: true,
  ports: true,
}

function checkFunctionsAndCursors(options: ScimOptions<never>): void {
  const { me, authorize, waitUntil, tenantSettings, cursorSeconds = 0 } = options
  if (authorize !== undefined && typeof authorize !== 'function') {
    throw new TypeError('options.authorize: expected a function that answers `allow` or `refuse(detail?)`')
  }
  if (me !== undefined && typeof me !== 'function') {
    throw new TypeError('options.me: expected a function that returns the resource of the caller')
  }
  if (tenantSettings !== undefined && typeof tenantSettings !== 'function') {
    throw new TypeError('options.tenantSettings: expected a function that returns the settings of a tenant')
  }
  if (waitUntil !== undefined && typeof waitUntil !== 'function') {
    throw new TypeError('options.waitUntil: expected a function that takes a promise')
  }
  if (!Number.isSafeInteger(cursorSeconds) || cursorSeconds < 0) {
    throw new TypeError('options.cursorSeconds: expected a whole number of seconds, 0 for cursors that never expire')
  }
}

const longestIdempotencySeconds = 31_536_000

function checkIdempotencySeconds({ idempotencySeconds, provider }: ScimOptions<never>): void {
  if (idempotencySeconds === undefined) return
  const isValid =
    Number.isSafeInteger(idempotencySeconds) &&
    idempotencySeconds >= 1 &&
    idempotencySeconds <= longestIdempotencySeconds
  if (!isValid) {
    throw new TypeError('options.idempotencySeconds: expected a whole number of seconds, 1 to 31,536,000')
  }
  if (typeof provider !== 'function' && provider.supports?.idempotencyKeys !== true) {
    throw new TypeError('options.idempotencySeconds: the provider does not store idempotency keys')
  }
}

/**
 * Throws a TypeError for an option that does not exist, or an invalid provider or policy: a host must not believe that
 * the option is set.
 */
export function checkOptions(options: ScimOptions<never>): void {
  for (const name of Object.keys(options)) {
    if (!Object.hasOwn(known, name)) {
      throw new TypeError(`options: unknown option "${name}"; known are ${Object.keys(known).join(', ')}`)
    }
  }
  const { provider, unknownMembers = 'keep', etag = 'weak' } = options
  if (typeof provider !== 'function' && (typeof provider !== 'object' || provider === null)) {
    throw new TypeError('options.provider: expected a ResourceProvider, or a function that returns one')
  }
  checkFunctionsAndCursors(options)
  checkIdempotencySeconds(options)
  if (options.rateLimit !== undefined) checkRateLimit(options.rateLimit)
  if (!unknownMembersPolicies.includes(unknownMembers)) {
    throw new TypeError(`options.unknownMembers: expected one of ${unknownMembersPolicies.join(', ')}`)
  }
  if (options.authenticationSchemes !== undefined) checkSchemes(options.authenticationSchemes)
  if (options.documentationUri !== undefined) checkDocumentationUri(options.documentationUri)
  if (etag !== 'weak' && etag !== 'strict') throw new TypeError('options.etag: expected weak or strict')
}
