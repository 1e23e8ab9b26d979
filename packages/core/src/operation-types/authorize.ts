/**
 * The host's decision about each operation: the request for it, and its result; `decide.ts` asks for it.
 * @see RFC 7644 §3.12, table 8 (403: "Operation is not permitted based on the supplied authorization")
 */
import type { ScimContext } from '../context.js'
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
  /** Undefined if nothing is carried out: whether the caller may do this to some resource of the type (`scim.permitted`). */
  readonly id: string | undefined
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

/** The rights on attributes in a result that permits an operation. */
export type AttributeRights = Omit<Allowed, 'kind'>

/**
 * Some attributes of a resource type, by path: `roles`, `name.familyName`, the URN of an extension, or
 * `URN:department`; `only` these, or all `except` these. `id`, `schemas` and `meta` are not among them: they can always
 * be read, and never written. Masks are combined by `anyOf` (what one of them has; none: nothing) and `allOf` (what all
 * of them have; none: everything).
 */
export type AttributeMask =
  | { readonly only: readonly string[]; readonly except?: never; readonly anyOf?: never; readonly allOf?: never }
  | { readonly except: readonly string[]; readonly only?: never; readonly anyOf?: never; readonly allOf?: never }
  | { readonly anyOf: readonly AttributeMask[]; readonly only?: never; readonly except?: never; readonly allOf?: never }
  | { readonly allOf: readonly AttributeMask[]; readonly only?: never; readonly except?: never; readonly anyOf?: never }

/** The operation is refused: 403. */
export interface Refused {
  readonly kind: 'refuse'
  /** Shown to the client. Default: that the operation is not permitted. */
  readonly detail?: string
  /**
   * The `WWW-Authenticate` of the response, for credentials without a scope that the operation requires.
   * @see RFC 6750 §3.1 (`insufficient_scope`)
   */
  readonly challenge?: string
}

/** The result that permits an operation. */
export const allow: Allowed = Object.freeze({ kind: 'allow' })

/**
 * A result that permits an operation within rights on attributes. Create it once, not for each request: its masks are
 * compiled once for each resource type. A path that the type of the operation does not have is an error of the host:
 * 500, and nothing is done.
 * @example
 * ```ts
 * import { allow, allowOnly, type Authorizer } from '@scimkit/core'
 *
 * const helpdesk = allowOnly({ readable: { except: ['roles'] }, writable: { only: ['phoneNumbers', 'addresses'] } })
 *
 * export const authorize: Authorizer = ({ type }, { principal }) =>
 *   principal === 'helpdesk' && type === 'User' ? helpdesk : allow
 * ```
 */
export function allowOnly(rights: AttributeRights): Allowed {
  return Object.freeze({ ...rights, kind: 'allow' })
}

/** A result that refuses an operation; `detail` is shown to the client, `challenge` is its `WWW-Authenticate`. */
export function refuse(detail?: string, challenge?: string): Refused {
  return {
    kind: 'refuse',
    ...(detail !== undefined && { detail }),
    ...(challenge !== undefined && { challenge }),
  }
}
