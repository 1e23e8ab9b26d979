import type { AuthenticationScheme, Authenticator } from './access/authenticate.js'
import type { ScimContext } from './context.js'
import type { ScimEvent } from './events.js'
import type { MePolicy, SecretsHook } from './hooks.js'
import type { Interop } from './interop.js'
import type { Limits } from './limits.js'
import type { Authorizer } from './operations/authorize.js'
import type { IfMatchPolicy } from './operations/if-match-policy.js'
import { checkDocumentationUri, checkSchemes } from './operations/service-provider-config.js'
import { type UnknownMembersPolicy, unknownMembersPolicies } from './operations/unknown-members.js'
import type { CursorKeySource } from './paging/cursor-key.js'
import type { Ports } from './ports.js'
import type { MaybePromise, ResourceProvider } from './provider/provider.js'
import type { ResourceTypeDefinition } from './schema/definition.js'
import type { EntityTags } from './versioning/version.js'
import type { WaitUntil } from './wait-until.js'

/** Where resources are kept: a provider, or how to find it in the native request or environment (Workers). */
export type ProviderSource = ResourceProvider | ((native: never) => ResourceProvider)

/**
 * The resource types served: a list, or which list for whom. A function is asked for every request; it returns the same
 * list (not an equal one) as long as nothing has changed, so that it is compiled once. `context` is undefined for somebody
 * unknown who reads public discovery.
 */
export type ResourceTypeSource =
  | readonly ResourceTypeDefinition[]
  | ((context: ScimContext | undefined) => MaybePromise<readonly ResourceTypeDefinition[]>)

/** The options of createScim and of every adapter. Only `provider` is required; adapters fill in a memory provider. */
export interface ScimOptions {
  readonly provider: ProviderSource
  /** Who may come in, and for which tenant. Without it every HTTP request is answered 401. */
  readonly authenticate?: Authenticator
  /**
   * Whether a caller may carry out an operation: asked about every operation on every path, before anything is read.
   * Default: whoever was let in may do everything. Public discovery has no caller, so it is not asked about.
   */
  readonly authorize?: Authorizer
  /** Default: User (with the enterprise extension) and Group. */
  readonly resourceTypes?: ResourceTypeSource
  /** How callers authenticate, for ServiceProviderConfig and `WWW-Authenticate`. Default: what the authenticator says. */
  readonly authenticationSchemes?: readonly AuthenticationScheme[]
  /** Absolute URL of a page for people about this server, for ServiceProviderConfig. */
  readonly documentationUri?: string
  /** Lets everybody read ServiceProviderConfig, ResourceTypes and Schemas (RFC 7643 §5). Default false. */
  readonly publicDiscovery?: boolean
  /** How lenient to be. Default `lenient`; an authenticator may say otherwise for its caller. */
  readonly interop?: Interop
  /** Bounds on what a request may cost; see {@link Limits} for the defaults. */
  readonly limits?: Partial<Limits>
  /** Takes passwords. Without it they are ignored and not in the schema. */
  readonly secrets?: SecretsHook
  /**
   * What becomes of group members whose id nothing has. Default `keep`: stored, and in the group as soon as the resource
   * exists. `skip` leaves them out and tells the count in the write event; `reject` answers 400 invalidValue.
   */
  readonly unknownMembers?: UnknownMembersPolicy
  /**
   * Which entity tags are given out. Default `weak`: one for all representations of a version. `strict`: a strong one for
   * each representation, compared as RFC 9110 says; a 304 then says that not one byte has changed.
   */
  readonly etag?: EntityTags
  /** Whether PUT, PATCH and DELETE want `If-Match`, of all types or by name; else 428. Default `never`. */
  readonly requireIfMatch?: IfMatchPolicy
  /** Says which resource the caller is, for /Me. Without it /Me is answered 501. */
  readonly me?: MePolicy
  /**
   * What cursors are sealed with: a secret of at least 32 random bytes or characters, the same on all machines; of
   * several the first seals and all open. Default: the provider's own, else one that lives as long as this process.
   */
  readonly cursorKey?: CursorKeySource | readonly CursorKeySource[]
  /** How many seconds a cursor is good for. Default 3,600; 0 is for ever. */
  readonly cursorSeconds?: number
  /** Told of every request and every write. */
  readonly onEvent?: (event: ScimEvent) => void
  /** Told of failures that clients only see as 500 or 503. Default: a line on the console. */
  readonly onError?: (error: unknown, about: { readonly requestId: string }) => void
  /**
   * Takes the work of every request and the promises of asynchronous hooks: a platform's own function, such as `waitUntil` of
   * `cloudflare:workers`, or one that waits for them before the process ends. Default: what the adapter finds (Hono's
   * `executionCtx`, the third argument of `fetchHandler`). No promise that it gets rejects.
   */
  readonly waitUntil?: WaitUntil
  /** Absolute URL of the SCIM root. Default: from the Host header of each request. */
  readonly baseUrl?: string
  /**
   * The hosts that this server answers for: `app.example`, `app.example:8443`, `*.example.com`. A request to another is 421.
   * Default: any, so that locations follow whatever Host a client sends.
   */
  readonly hosts?: readonly string[]
  /**
   * How many proxies in front set X-Forwarded-Proto, -Host and -Prefix; `true` is one. Of each header the entry of the
   * outermost counts, the n-th from the right. Default false: anybody can send them.
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
  authenticationSchemes: true,
  documentationUri: true,
  publicDiscovery: true,
  interop: true,
  limits: true,
  secrets: true,
  unknownMembers: true,
  etag: true,
  requireIfMatch: true,
  me: true,
  cursorKey: true,
  cursorSeconds: true,
  onEvent: true,
  onError: true,
  waitUntil: true,
  baseUrl: true,
  hosts: true,
  trustProxy: true,
  ports: true,
}

function checkFunctionsAndCursors({ me, authorize, waitUntil, cursorSeconds = 0 }: ScimOptions): void {
  if (authorize !== undefined && typeof authorize !== 'function') {
    throw new TypeError('options.authorize: expected a function that answers `allow` or `refuse(detail?)`')
  }
  if (me !== undefined && typeof me !== 'function') {
    throw new TypeError('options.me: expected a function that gives the resource of the caller')
  }
  if (waitUntil !== undefined && typeof waitUntil !== 'function') {
    throw new TypeError('options.waitUntil: expected a function that takes a promise')
  }
  if (!Number.isSafeInteger(cursorSeconds) || cursorSeconds < 0) {
    throw new TypeError('options.cursorSeconds: expected a whole number of seconds, 0 for ever')
  }
}

/** Throws a TypeError for an option that does not exist, or a provider or policy that is none: a host must not believe it is set. */
export function checkOptions(options: ScimOptions): void {
  for (const name of Object.keys(options)) {
    if (!Object.hasOwn(known, name)) {
      throw new TypeError(`options: unknown option "${name}"; known are ${Object.keys(known).join(', ')}`)
    }
  }
  const { provider, unknownMembers = 'keep', etag = 'weak' } = options
  if (typeof provider !== 'function' && (typeof provider !== 'object' || provider === null)) {
    throw new TypeError('options.provider: expected a ResourceProvider, or a function that gives one')
  }
  checkFunctionsAndCursors(options)
  if (!unknownMembersPolicies.includes(unknownMembers)) {
    throw new TypeError(`options.unknownMembers: expected one of ${unknownMembersPolicies.join(', ')}`)
  }
  if (options.authenticationSchemes !== undefined) checkSchemes(options.authenticationSchemes)
  if (options.documentationUri !== undefined) checkDocumentationUri(options.documentationUri)
  if (etag !== 'weak' && etag !== 'strict') throw new TypeError('options.etag: expected weak or strict')
}
