import type { Exchange } from '../exchange.js'

/**
 * The server under test, in one or several configurations. Only `exchange` is required: it must accept the requests (see
 * `withHeaders` for a token). Each further exchange is to a server with the configuration of its name, and adds its cases.
 */
export interface WireTarget {
  /** A server with default options. */
  readonly exchange: Exchange
  /** One with `interop: 'strict'`. */
  readonly strict?: Exchange
  /** One with `interop: 'entra'`. */
  readonly entra?: Exchange
  /** One whose host accepts passwords. */
  readonly withSecrets?: Exchange
  /** One with unique group names. */
  readonly uniqueGroupNames?: Exchange
  /** One with `unknownMembers: 'skip'`. */
  readonly skipsUnknownMembers?: Exchange
  /** One with `unknownMembers: 'reject'`. */
  readonly rejectsUnknownMembers?: Exchange
  /**
   * One with `quotas: { User: 3, Group: 0 }`, whose tenant the header `X-Tenant` names: each case has a tenant of its own.
   */
  readonly limitsResources?: Exchange
  /** One with `onDuplicate: { User: 'reactivate' }`, and an `authorize` as that of `authorizes`. */
  readonly reactivates?: Exchange
  /** One with `requireIfMatch: { User: 'always' }`. */
  readonly requiresIfMatch?: Exchange
  /** One with `etag: 'strict'`. */
  readonly strictTags?: Exchange
  /** One with `cursorSeconds: 1`. */
  readonly shortCursors?: Exchange
  /** One whose provider keeps a history of the last 5 versions. */
  readonly keepsHistory?: Exchange
  /** One whose provider stores idempotency keys, with requests of one caller; see `otherPrincipal`. */
  readonly idempotencyKeys?: Exchange
  /** The server of `idempotencyKeys`, with requests of another caller of the same tenant. */
  readonly otherPrincipal?: Exchange
  /** One whose provider does not store idempotency keys. */
  readonly withoutIdempotencyKeys?: Exchange
  /** One with `me`, which maps the subject to the user with the id in the header `X-Caller`; without it, to none. */
  readonly me?: Exchange
  /**
   * One with `me` as above, and an `authorize` that refuses each operation in the header `X-Refuse`, separated by
   * commas: by its kind (`remove`), or by kind and resource type (`query.Group`). The detail of a refusal is
   * `The host refuses <what the header said>.` Attributes in the header `X-Unreadable` may not be read, and those in
   * `X-Unwritable` not be changed: with their resource type, as `User/roles`, separated by commas. Its provider keeps a
   * history of the last 5 versions.
   */
  readonly authorizes?: Exchange
  /** One with `me` as above, whose User offers `create`, `read`, `replace` and `patch`, and whose Group is read-only. */
  readonly limitsOperations?: Exchange
  /** One with `publicDiscovery: true` that requires credentials; requests have none. */
  readonly publicDiscovery?: Exchange
  /** One that serves `sampleType` in addition to User and Group. */
  readonly servesSampleType?: Exchange
  /** One behind a proxy whose `X-Forwarded-*` it trusts. */
  readonly behindProxy?: Exchange
  /** One behind two proxies whose `X-Forwarded-*` it trusts (`trustProxy: 2`). */
  readonly behindTwoProxies?: Exchange
  /** One with `hosts: ['scim.example', 'scim.example:8443', '*.tenants.example']`. */
  readonly listsHosts?: Exchange
  /** One with `interop: { announcePagination: false }`. */
  readonly withoutPagination?: Exchange
  /** The server of `exchange`, with requests of another tenant. */
  readonly otherTenant?: Exchange
  /** The server of `exchange`, with requests without credentials; it must require credentials. */
  readonly withoutCredentials?: Exchange
  /** The server of `exchange`, with requests with an invalid bearer token. */
  readonly wrongCredentials?: Exchange
}

/** The name of a configuration of the server. */
export type WireMode = Exclude<keyof WireTarget, 'exchange'>
