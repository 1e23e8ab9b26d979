import type { Exchange } from '../exchange.js'

/**
 * The server under test, set up in one or several ways. `exchange` alone will do: it must let its requests in (see
 * `withHeaders` for a token). Each further exchange is to a server set up as its name says, and brings its cases along.
 */
export interface WireTarget {
  /** A server in its defaults. */
  readonly exchange: Exchange
  /** One with `interop: 'strict'`. */
  readonly strict?: Exchange
  /** One with `interop: 'entra'`. */
  readonly entra?: Exchange
  /** One whose host takes passwords. */
  readonly withSecrets?: Exchange
  /** One that wants every group name once. */
  readonly uniqueGroupNames?: Exchange
  /** One with `unknownMembers: 'skip'`. */
  readonly skipsUnknownMembers?: Exchange
  /** One with `unknownMembers: 'reject'`. */
  readonly rejectsUnknownMembers?: Exchange
  /** One with `requireIfMatch: { User: 'always' }`. */
  readonly requiresIfMatch?: Exchange
  /** One with `etag: 'strict'`. */
  readonly strictTags?: Exchange
  /** One with `cursorSeconds: 1`. */
  readonly shortCursors?: Exchange
  /** One whose provider keeps a history of the last 5 versions. */
  readonly keepsHistory?: Exchange
  /** One with `me`, which takes the caller for the user whose id the header `X-Caller` has; without it, for nobody. */
  readonly me?: Exchange
  /**
   * One with `me` as above, and an `authorize` that refuses each operation which the header `X-Refuse` lists, separated by
   * commas: by its kind (`remove`), or by kind and resource type (`query.Group`). The detail of a refusal is
   * `The host refuses <what the header said>.`
   */
  readonly authorizes?: Exchange
  /** One with `me` as above, whose User offers `create`, `read`, `replace` and `patch`, and whose Group is only read. */
  readonly limitsOperations?: Exchange
  /** One with `publicDiscovery: true` that wants credentials, asked without any. */
  readonly publicDiscovery?: Exchange
  /** One that serves `sampleType` beside User and Group. */
  readonly servesSampleType?: Exchange
  /** One behind a proxy whose `X-Forwarded-*` it believes. */
  readonly behindProxy?: Exchange
  /** One behind two proxies whose `X-Forwarded-*` it believes (`trustProxy: 2`). */
  readonly behindTwoProxies?: Exchange
  /** One with `hosts: ['scim.example', 'scim.example:8443', '*.tenants.example']`. */
  readonly listsHosts?: Exchange
  /** One with `interop: { announcePagination: false }`. */
  readonly withoutPagination?: Exchange
  /** The server of `exchange`, asked for another tenant. */
  readonly otherTenant?: Exchange
  /** The server of `exchange`, asked without credentials; it must want some. */
  readonly withoutCredentials?: Exchange
  /** The server of `exchange`, asked with a bearer token that is none of its own. */
  readonly wrongCredentials?: Exchange
}

/** A way in which a server can be set up or asked. */
export type WireMode = Exclude<keyof WireTarget, 'exchange'>
