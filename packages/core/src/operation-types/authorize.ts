/**
 * The host's decision about each operation: the request for it, its result, and the effect of the result.
 * @see RFC 7644 §3.12, table 8 (403: "Operation is not permitted based on the supplied authorization")
 */
import type { ScimContext } from '../context.js'
import { ScimError, scimError } from '../errors.js'
import type { MaybePromise } from '../provider/provider.js'
import type { DiscoveryEndpoint, MyOperation } from './operation.js'

/**
 * Decides whether a caller may carry out one operation. Called for every operation on every path, before the store is
 * read and before the body is read: also for each operation of a bulk request, for the operation behind `/Me`, for each
 * type of a search at the root, and for discovery. It returns {@link allow} or {@link refuse}; a thrown
 * `scimError.forbidden(…)` refuses too, any other thrown ScimError ends the operation with that error. Any other error
 * or result is a 500 and goes to `onError`: nothing is done.
 */
export type Authorizer = (request: AuthorizationRequest, context: ScimContext) => MaybePromise<AuthorizationDecision>

/** The operation that a caller wants to carry out. Ids come from the client: resources with them need not exist. */
export type AuthorizationRequest =
  | CreateAuthorizationRequest
  | ResourceAuthorizationRequest
  | ListAuthorizationRequest
  | DiscoveryAuthorizationRequest
  | MeAuthorizationRequest
  | BulkAuthorizationRequest

/**
 * How the operation was requested: alone, as one operation of a bulk request, through `/Me`, or as the part of a search
 * at the root that one type has.
 */
export type AuthorizationPath = 'direct' | 'bulk' | 'me' | 'root'

/** Creates a resource of this type. */
export interface CreateAuthorizationRequest {
  readonly kind: 'create'
  readonly type: string
  readonly id: undefined
  readonly via: AuthorizationPath
}

/** Reads, replaces, patches or removes one resource. */
export interface ResourceAuthorizationRequest {
  readonly kind: 'get' | 'replace' | 'patch' | 'remove'
  readonly type: string
  readonly id: string
  readonly via: AuthorizationPath
}

/**
 * Lists or searches resources of this type. For a search at the root, the authorizer is called for each of the types.
 */
export interface ListAuthorizationRequest {
  readonly kind: 'query'
  readonly type: string
  readonly id: undefined
  readonly via: AuthorizationPath
}

/** Reads ServiceProviderConfig, ResourceTypes or Schemas. */
export interface DiscoveryAuthorizationRequest {
  readonly kind: 'discover'
  readonly endpoint: DiscoveryEndpoint
  readonly type: undefined
  /** One resource type by name, or one schema by URN; undefined for the whole endpoint. */
  readonly id: string | undefined
  readonly via: AuthorizationPath
}

/**
 * Uses `/Me`, for one of these. The authorizer is called next for the operation on the caller's own resource, by its
 * own kind.
 */
export interface MeAuthorizationRequest {
  readonly kind: 'me'
  readonly operation: MyOperation['kind']
  readonly type: undefined
  readonly id: undefined
  readonly via: AuthorizationPath
}

/** Sends a bulk request. The authorizer is called for each of its operations when its turn comes, by its own kind. */
export interface BulkAuthorizationRequest {
  readonly kind: 'bulk'
  readonly type: undefined
  readonly id: undefined
  readonly via: AuthorizationPath
}

/** The result of an {@link Authorizer}. */
export type AuthorizationDecision = Allowed | Refused

/** The operation may be carried out, within the rights on attributes. */
export interface Allowed {
  readonly kind: 'allow'
  /** The attributes that the caller may read, and use in filters, sorts and value paths. Default: all. */
  readonly readable?: AttributeMask
  /** The attributes that the caller may change. Default: all. */
  readonly writable?: AttributeMask
}

/**
 * Some attributes of a resource type, by path: `roles`, `name.familyName`, the URN of an extension, or
 * `URN:department`; `only` these, or all `except` these.
 */
export type AttributeMask =
  | { readonly only: readonly string[]; readonly except?: never }
  | { readonly except: readonly string[]; readonly only?: never }

/** The operation is refused: 403. */
export interface Refused {
  readonly kind: 'refuse'
  /** Shown to the client. Default: that the operation is not permitted. */
  readonly detail?: string
}

/** The result that permits an operation. */
export const allow: Allowed = Object.freeze({ kind: 'allow' })

/** A result that refuses an operation; `detail` is shown to the client. */
export function refuse(detail?: string): Refused {
  return detail === undefined ? { kind: 'refuse' } : { kind: 'refuse', detail }
}

/**
 * The host's decision; `allow` for a host without an authorizer. Throws the error that ends the operation without a
 * decision.
 */
export async function decisionOn(
  authorize: Authorizer | undefined,
  request: AuthorizationRequest,
  context: ScimContext,
): Promise<AuthorizationDecision> {
  if (authorize === undefined) return allow
  const decision = decisionIn(await answerOf(authorize, request, context))
  if (decision !== undefined) return decision
  throw undecided(new TypeError('options.authorize: expected `allow` or `refuse(detail?)` as the result'))
}

/** The error of a refused operation. It is the same whether or not the resource exists: nothing has been read. */
export function refusalError({ detail }: Refused): ScimError {
  return scimError.forbidden(detail ?? 'This operation is not permitted.')
}

async function answerOf(authorize: Authorizer, request: AuthorizationRequest, context: ScimContext): Promise<unknown> {
  try {
    return await authorize(request, context)
  } catch (error) {
    if (!(error instanceof ScimError)) throw undecided(error)
    if (error.status === 403) return refuse(error.message)
    // A status of success would acknowledge an operation that was not done.
    throw error.status < 400 ? undecided(error) : error
  }
}

// The failure is reported to the host; the client learns that nothing was done.
function undecided(cause: unknown): ScimError {
  return new ScimError(500, 'The server failed to decide whether this is permitted; nothing was done.', { cause })
}

// Exactly the objects of `allow` and `refuse`. A result with further members, own or inherited, means a condition that
// is not enforced, so it permits nothing. Each member is read once: a result may have getters.
function decisionIn(answer: unknown): AuthorizationDecision | undefined {
  if (typeof answer !== 'object' || answer === null) return undefined
  const prototype: unknown = Object.getPrototypeOf(answer)
  const isPlain = prototype === Object.prototype || prototype === null
  const names = Reflect.ownKeys(answer)
  if (!isPlain || names.some((name) => name !== 'kind' && name !== 'detail')) return undefined
  const { kind, detail } = answer as Readonly<Record<string, unknown>>
  if (kind === 'allow') return names.includes('detail') ? undefined : allow
  if (kind !== 'refuse' || (detail !== undefined && typeof detail !== 'string')) return undefined
  return refuse(detail)
}
