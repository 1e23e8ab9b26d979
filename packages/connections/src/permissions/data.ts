/** Permissions as data: plain JSON, so that a file or a database can hold them. */
import type { AttributeMask } from '@scimkit/core'

/** An operation that a rule may permit, by the name that `authorize` has for it. `me` is `/Me`, for the others of the rule. */
export type PermittedOperation =
  | 'get'
  | 'query'
  | 'create'
  | 'replace'
  | 'patch'
  | 'remove'
  | 'discover'
  | 'me'
  | 'bulk'

/** Operations that are permitted, all members together. */
export interface PermissionRule {
  /** Names of resource types. Default: all. Operations without a type (`discover`, `me`, `bulk`) do not depend on it. */
  readonly types?: readonly string[]
  /** Default: all. */
  readonly operations?: readonly PermittedOperation[]
  /** The attributes that may be read. Default: all. Only in a rule for one type. */
  readonly readable?: AttributeMask
  /** The attributes that may be changed. Default: all. Only in a rule for one type. */
  readonly writable?: AttributeMask
}

/** A rule, or the name of a role. */
export type Grant = string | PermissionRule

/** Which scopes permit what. */
export interface PermissionData {
  /** Rules under a name, for several scopes. */
  readonly roles?: Readonly<Record<string, readonly PermissionRule[]>>
  /**
   * The rules of each scope, beside `scim` (everything) and `scim.read` (reading), unless they are defined here. A
   * caller with several scopes may do what one of them permits.
   */
  readonly scopes?: Readonly<Record<string, readonly Grant[]>>
  /** The rules for credentials that have no scopes, such as those of `bearerToken`. Default: none, they are refused. */
  readonly withoutScopes?: readonly Grant[]
}

/** Every operation, in the order of the documentation. */
export const permittedOperations: readonly PermittedOperation[] = [
  'get',
  'query',
  'create',
  'replace',
  'patch',
  'remove',
  'discover',
  'me',
  'bulk',
]

/** The scopes that exist without data. */
export const builtInScopes: Readonly<Record<string, readonly PermissionRule[]>> = {
  scim: [{}],
  'scim.read': [{ operations: ['get', 'query', 'discover', 'me'] }],
}
