/**
 * The interface of providers: five functions over a host's own tables. There is no unconditional write. A provider is
 * correct when it passes `providerContract()` of the testkit; that contract is the specification, these comments its
 * summary.
 *
 * Rules that hold for every function:
 * - `context.tenant` is part of every key. Another tenant's ids do not exist.
 * - Keep no reference to an argument, and never change a returned value later: copy, freeze, or store text.
 * - A store that fails throws. Every error becomes 503 or 500, never 404: an identity provider recreates users on 404.
 *   Throw `scimError.unavailable()` when the client may try again.
 */
import type { ScimContext } from '../context.js'
import type { Filter } from '../filter/ast.js'
import type { JsonObject } from '../json/value.js'
import type { Member, MembersDelta, MembersNeed } from '../resource/member.js'
import type { ResourceRef } from '../resource/ref.js'
import type { AttributePath } from '../schema/attribute.js'
import type { RawVersion } from '../versioning/version.js'
import type { ConditionalResult } from './conditional.js'
import type { CreationKey, CreationRecord } from './creation-key.js'
import type { InTransaction } from './unit.js'
import type { VersionChange } from './version-change.js'

/** A value, or a promise of it: an embedded store need not be asynchronous. */
export type MaybePromise<Value> = Value | Promise<Value>

/** The data that a read must return besides the document; other data may be left out, and should be if it costs. */
export interface Needs {
  /** Rows of `members` (groups only). */
  readonly members: MembersNeed
  /**
   * Derived attributes: true for `User.groups` and the manager's display name, `manager` for the latter alone. Groups
   * are the expensive ones: their lookup walks through nested groups.
   */
  readonly derived: boolean | 'manager'
  /**
   * True if a state from earlier in the same request is sufficient: that of `willRead`. The caller uses such a state
   * only for a compare-and-swap on its version, and reads again before it relies on anything else. Undefined still
   * means that the resource does not exist now.
   */
  readonly stale?: true
  /**
   * True if the result may be from a state before the last writes, such as that of a read replica: it decides no
   * precondition and leads to no write. Absent, the result must be from the state that a write would compare with.
   */
  readonly mayLag?: true
}

/** The document alone. */
export const documentOnly: Needs = { members: 'none', derived: false }

/** One group of a user, directly or through nested groups. @see RFC 7643 §4.1.2 */
export interface GroupMembership {
  readonly value: string
  readonly display?: string
  readonly type: 'direct' | 'indirect'
}

/** Values computed from other resources when a resource is read; never stored with it, never part of its version. */
export interface Derived {
  readonly groups?: readonly GroupMembership[]
  readonly managerDisplayName?: string
}

/**
 * One resource as stored. The document has `schemas` (first), `id` and its attributes; no `meta`, no `members`, nothing
 * derived. `json` is the text of one JSON object, as `documentText(next.resource)` returned it: responses are spliced
 * from it.
 */
export type Stored = StoredMeta & ({ readonly resource: JsonObject } | { readonly json: string })

/** The parts of a stored resource beside its document. */
export interface StoredMeta {
  readonly ref: ResourceRef
  readonly version: RawVersion
  /** RFC 3339 time in UTC, the `next.at` of the insert. */
  readonly created: string
  /** RFC 3339 time in UTC of the last committed change. */
  readonly lastModified: string
  /** The requested members, in a stable order; absent when none were requested. */
  readonly members?: readonly Member[]
  /** Absent when not requested. */
  readonly derived?: Derived
}

/** A value that no other resource of the type and tenant may have. */
export interface UniqueKey {
  /** The attribute's path, `userName`. */
  readonly attribute: string
  /** The normalised value; equal keys collide. */
  readonly key: string
}

/** The state after a write. All of it commits, or none. */
export interface Next {
  /**
   * The whole document: `schemas`, `id`, attributes; without `meta` and `members`. It inherits nothing; store it as
   * `documentText(next.resource)`, its JSON, serialised once for all uses.
   */
  readonly resource: JsonObject
  /** The version to store. A provider with a revision column of its own stores and returns that instead. */
  readonly version: RawVersion
  /** RFC 3339 time in UTC; `lastModified` from now on, and `created` of an insert. Never before the last `lastModified`. */
  readonly at: string
  /** All unique values of the document; replaces what the resource had. */
  readonly unique: readonly UniqueKey[]
  /** Undefined: the members stay as they are. An id to add that exists, or one to remove that does not, is no error. */
  readonly members: MembersDelta | undefined
  /**
   * For the history, and only passed to a `replace` of a provider that has one or that sets `recordsChanges`: the
   * attributes that differ from `expected`, each once. Names, never values.
   */
  readonly changed?: readonly string[]
  /** The request, only passed to a provider that sets `recordsChanges`. */
  readonly kind?: 'create' | 'replace' | 'patch'
  /** True if the change ends access: `active` becomes false. Only passed to a provider that sets `recordsChanges`. */
  readonly deprovisioned?: boolean
  /** Only passed to a provider with `supports.inTransaction`. */
  readonly inTransaction?: InTransaction
  /**
   * Only passed to the `insert` of a provider with `supports.quotas`: how many resources of the type the tenant may
   * have after it. Counted in the atomic step, so that concurrent inserts cannot exceed it; else `overQuota`.
   */
  readonly quota?: number
  /**
   * Only passed to a provider with `supports.idempotencyKeys`: to an `insert`, and to the `replace` of a create that a
   * policy for duplicates turned into one. Stored in the same atomic step.
   */
  readonly creationKey?: CreationKey
}

/** The result of a committed write; `success(next)` is sufficient where the store assigned nothing itself. */
export interface Written {
  readonly version: RawVersion
  /** RFC 3339 time in UTC. */
  readonly at: string
  /** Only from an insert into a store that assigns its own ids. */
  readonly id?: string
}

/** The result of a committed removal. */
export interface Removed {
  /** The groups that lost the resource as a member, each once, in any order. */
  readonly affected: readonly AffectedResource[]
}

/** A resource whose version changed because another resource was removed. */
export interface AffectedResource {
  readonly ref: ResourceRef
  /** Its version after that. */
  readonly version: RawVersion
}

/** The changes of a removal to the groups that lose a member by it. */
export interface Removal {
  /** RFC 3339 time in UTC: their `lastModified` from now on. */
  readonly at: string
  /** The input of their versions: `nextVersion(version, nonce)`. Computed for this removal, and already bound to it. */
  readonly nonce: string
  /** Only passed to a provider with `supports.inTransaction`. */
  readonly inTransaction?: InTransaction
}

/**
 * What a provider makes part of the atomic step of a write, beside the write itself. The core passes it only to
 * providers that support it, and refuses options that need more than the provider supports.
 */
export interface ProviderSupport {
  /** Calls `next.inTransaction` and `removal.inTransaction`. */
  readonly inTransaction?: true
  /** Counts for `next.quota`. */
  readonly quotas?: true
  /** Stores `next.creationKey`, and has `createdWith`. */
  readonly idempotencyKeys?: true
}

/** How a list is sorted. Resources without the value come last, or first when descending. @see RFC 7644 §3.4.2.3 */
export interface Sort {
  readonly path: AttributePath
  readonly descending: boolean
}

/** How much a page may hold, for both kinds of paging. */
export interface PageBounds {
  /**
   * A bound on the data that is read for the page: the resources after the first may be left out where they would lead
   * to more than so many bytes, counted as `bytesOnPage` does. Such a page sets `short`. Undefined: no bound.
   */
  readonly bytes?: number | undefined
}

/** One index page. @see RFC 7644 §3.4.2.4 */
export interface IndexPage extends PageBounds {
  /** 1 is the first. */
  readonly startIndex: number
  /** At most this many; 0 requests the total alone. */
  readonly count: number
}

/**
 * One page of a walk that continues from the end of the page before, whatever was written meanwhile. The order is by
 * `sort`, if there is one, then the provider's own, so a position in it is a value of both and not a count of
 * resources: concurrent inserts, changes and removals cannot make a resource appear twice or be skipped, as long as its
 * own sort value stays.
 * @see RFC 9865
 */
export interface KeysetPage extends PageBounds {
  /**
   * `next` of the page before; undefined for the first page. Valid for the same type, filter and sort only. The core
   * returns the text that it received, and clients cannot create one; an invalid position still throws a TypeError.
   */
  readonly after: string | undefined
  /** At most this many; 0 gives no resources and no `next`. */
  readonly count: number
}

/** A query on one resource type. */
export interface Query {
  readonly filter: Filter | undefined
  readonly sort: Sort | undefined
  /** `'after' in page` distinguishes the two. */
  readonly page: IndexPage | KeysetPage
  readonly needs: Needs
}

/** The result of a {@link Query}. Without `sort` the order is the provider's own, but the same on every page. */
export interface Page {
  readonly resources: readonly Stored[]
  /** How many match in total, even if fewer are here. Undefined only for a keyset page, if counting would cost more. */
  readonly totalResults: number | undefined
  /**
   * True where the page ended before `count` because of `page.bytes`, and more resources follow. A keyset page then has
   * `next`, behind the last resource that is in it.
   */
  readonly short?: boolean
  /**
   * Only for a keyset page, and absent on the last one: the start of the next page. Text of the provider's own; it may
   * contain a sort value, so the core seals it before a client sees it.
   */
  readonly next?: string
}

/** A store of resources in which every write compares and changes in one atomic step. */
export interface ResourceProvider {
  /** False for a provider that has no keyset pages: cursors are then answered 501, and not advertised. */
  readonly keyset?: false

  /** What the provider makes part of the atomic step of a write. Default: nothing. */
  readonly supports?: ProviderSupport

  /** True for a provider that records committed changes, such as in an outbox: it gets their description in `next`. */
  readonly recordsChanges?: true

  /**
   * A secret text of at least 32 random characters, the same for every process that serves the same resources: the core
   * seals cursors with it where the host sets no `cursorKey`. Kept by the provider, created on first use. Of several, the
   * first one seals and all open.
   */
  cursorKey?(): MaybePromise<string | readonly string[]>

  /**
   * The last changes of a resource, newest first; empty for one that does not exist. Absent on a provider that keeps no
   * history: changes are then not computed. Each entry is written in the atomic step of its own write: of an insert, of
   * a replace that was given `changed`, and, with `['members']`, of each group that a remove took a member from. It is
   * removed with its resource. Entries may be missing, the oldest or those between; never wrong.
   */
  history?(ref: ResourceRef, context: ScimContext): MaybePromise<readonly VersionChange[]>

  /** The resource, or undefined if this tenant has none of that type and id. */
  read(ref: ResourceRef, needs: Needs, context: ScimContext): MaybePromise<Stored | undefined>

  /**
   * Announces the resources that the request is about to change, so that the provider can read them all in one call; a
   * `read` of each follows, with `stale`. Only for a provider whose calls are round trips. It replaces earlier
   * announcements.
   */
  willRead?(refs: readonly ResourceRef[], context: ScimContext): MaybePromise<void>

  /**
   * False if the remaining calls of this request to the store are too few for so many updates, each a read and a write.
   * Only for a provider that bounds the calls of a request.
   */
  hasRoomFor?(updates: number, context: ScimContext): boolean

  /** The page of resources that match. Wrong or approximate matches are not allowed: use `queryInMemory` if in doubt. */
  query(type: string, query: Query, context: ScimContext): MaybePromise<Page>

  /**
   * The record of this tenant for a key and its principal; undefined if there is none from `expired` or later. It is
   * returned also when the created resource has been removed. Required of a provider with `supports.idempotencyKeys`.
   */
  createdWith?(key: CreationKey, context: ScimContext): MaybePromise<CreationRecord | undefined>

  /**
   * Inserts a new resource. Results: success; alreadyCreated when `next.creationKey` has a record that is still valid
   * (reported before all others), duplicate when a unique key is taken, unknownMembers when `next.members` must exist
   * and do not (all in the same atomic step). An id that is taken is thrown as an Error, never overwritten.
   */
  insert(ref: ResourceRef, next: Next, context: ScimContext): MaybePromise<ConditionalResult<Written>>

  /**
   * Makes `next` the state if the version is still `expected`, compared inside the write (`UPDATE … WHERE tenant = ?
   * AND id = ? AND version = ?`). The count of changed rows decides whether it succeeded. A version that is no longer
   * current is reported before a duplicate and before unknownMembers; those two in either order.
   */
  replace(
    ref: ResourceRef,
    expected: RawVersion,
    next: Next,
    context: ScimContext,
  ): MaybePromise<ConditionalResult<Written>>

  /**
   * Removes the resource if the version is still `expected`. In the same atomic step its memberships are removed, and
   * the version (see `nextVersion`) and `lastModified` (see `notBefore`) of each of its groups change as `removal`
   * says. The result names these groups, as the atomic step changed them.
   */
  remove(
    ref: ResourceRef,
    expected: RawVersion,
    removal: Removal,
    context: ScimContext,
  ): MaybePromise<ConditionalResult<Removed>>
}
