/**
 * The provider door: five functions over a host's own tables. There is no unconditional write. A provider is right
 * when it passes `providerContract()` of the testkit; that contract is the specification, these comments its summary.
 *
 * Rules that hold for every function:
 * - `context.tenant` is part of every key. Another tenant's ids do not exist.
 * - Nothing handed in is kept, and nothing handed out is changed later: copy, freeze, or store text.
 * - A store that fails throws. Whatever is thrown becomes 503 or 500, never 404: an identity provider makes users
 *   anew on 404. Throw `scimError.unavailable()` when the client may try again.
 */
import type { ScimContext } from '../context.js'
import type { Filter } from '../filter/ast.js'
import type { JsonObject } from '../json.js'
import type { Member, MembersDelta, MembersNeed } from '../resource/member.js'
import type { ResourceRef } from '../resource/ref.js'
import type { AttributePath } from '../schema/attribute.js'
import type { RawVersion } from '../versioning/version.js'
import type { ConditionalResult } from './conditional.js'
import type { VersionChange } from './version-change.js'

/** A value, or a promise of it: an embedded store need not pretend to wait. */
export type MaybePromise<Value> = Value | Promise<Value>

/** What a read must bring besides the document; what is not needed may be left out, and should be if it costs. */
export interface Needs {
  /** Rows of `members` (groups only). */
  readonly members: MembersNeed
  /**
   * Derived attributes: true for `User.groups` and the manager's display name, `manager` for the latter alone. Groups are
   * the dear ones: to look them up is a walk through groups within groups.
   */
  readonly derived: boolean | 'manager'
  /**
   * True if a state from earlier in the same request will do as well: what `willRead` was told of. Whoever asks so swaps
   * the version that it gets, and reads again before it believes anything else. Undefined still means that the resource
   * is not there now.
   */
  readonly stale?: true
  /**
   * True if the answer may be from a state before the last writes, such as that of a read replica: it judges no
   * precondition and leads to no write. Absent, the answer must be from the state that a write would compare with.
   */
  readonly mayLag?: true
}

/** The document alone. */
export const documentOnly: Needs = { members: 'none', derived: false }

/** One group that a user belongs to, directly or through groups within groups. @see RFC 7643 §4.1.2 */
export interface GroupMembership {
  readonly value: string
  readonly display?: string
  readonly type: 'direct' | 'indirect'
}

/** What is computed from other resources when a resource is read; never stored with it, never part of its version. */
export interface Derived {
  readonly groups?: readonly GroupMembership[]
  readonly managerDisplayName?: string
}

/**
 * One resource as stored. The document has `schemas` (first), `id` and its attributes; no `meta`, no `members`, nothing
 * derived. `json` is the text of one JSON object, as `documentText(next.resource)` gave it: answers are spliced from it.
 */
export type Stored = StoredMeta & ({ readonly resource: JsonObject } | { readonly json: string })

/** What a stored resource has beside its document. */
export interface StoredMeta {
  readonly ref: ResourceRef
  readonly version: RawVersion
  /** RFC 3339 time in UTC, as it stood in `next.at` of the insert. */
  readonly created: string
  /** RFC 3339 time in UTC of the last committed change. */
  readonly lastModified: string
  /** The members asked for, in a stable order; absent when none were. */
  readonly members?: readonly Member[]
  /** Absent when not asked for. */
  readonly derived?: Derived
}

/** A value that no other resource of the type and tenant may have. */
export interface UniqueKey {
  /** The attribute's path, `userName`. */
  readonly attribute: string
  /** The normalised value; equal keys collide. */
  readonly key: string
}

/** The state that a write leads to. All of it commits, or none. */
export interface Next {
  /**
   * The whole document: `schemas`, `id`, attributes; without `meta` and `members`. It inherits nothing; store it as
   * `documentText(next.resource)`, its JSON, made once for everybody.
   */
  readonly resource: JsonObject
  /** The version to store. A provider with a revision column of its own stores that and answers with it instead. */
  readonly version: RawVersion
  /** RFC 3339 time in UTC; `lastModified` from now on, and `created` of an insert. Never before the last `lastModified`. */
  readonly at: string
  /** All unique values of the document; replaces what the resource had. */
  readonly unique: readonly UniqueKey[]
  /** Undefined: the members stay as they are. An id to add that is there, or one to remove that is not, is no error. */
  readonly members: MembersDelta | undefined
  /**
   * For the history, and only given to a `replace` of a provider that has one: the attributes that are other than at
   * `expected`, each once. Names, never values.
   */
  readonly changed?: readonly string[]
}

/** What a provider says of a committed write; `success(next)` will do where the store made up nothing itself. */
export interface Written {
  readonly version: RawVersion
  /** RFC 3339 time in UTC. */
  readonly at: string
  /** Only from an insert into a store that makes its own ids. */
  readonly id?: string
}

/** What a removal leaves in the groups that lose a member by it. */
export interface Removal {
  /** RFC 3339 time in UTC: their `lastModified` from now on. */
  readonly at: string
  /** What their versions are made of: `nextVersion(version, nonce)`. Made for this removal, and bound as it is. */
  readonly nonce: string
}

/** How a list is sorted. Resources without the value come last, or first when descending. @see RFC 7644 §3.4.2.3 */
export interface Sort {
  readonly path: AttributePath
  readonly descending: boolean
}

/** How much a page may hold, whatever it is paged by. */
export interface PageBounds {
  /**
   * A bound on what is read for the page: the resources after the first may be left out where they would lead to more
   * than so many bytes, counted as `weightOf` does. Such a page says `short`. Undefined: no bound.
   */
  readonly bytes?: number | undefined
}

/** One index page. @see RFC 7644 §3.4.2.4 */
export interface IndexPage extends PageBounds {
  /** 1 is the first. */
  readonly startIndex: number
  /** At most this many; 0 asks for the total alone. */
  readonly count: number
}

/**
 * One page of a walk that goes on from where the page before ended, whatever was written meanwhile. The order is by
 * `sort`, if there is one, then the provider's own, so a place in it is a value of both and not a count of resources:
 * what others insert, change or remove makes no resource come twice or not at all, as long as its own sort value stays.
 * @see RFC 9865
 */
export interface KeysetPage extends PageBounds {
  /**
   * `next` of the page before; undefined for the first page. Good for the same type, filter and sort only. The core
   * hands back what it was given and lets nobody else make one; what is no position all the same is thrown as a
   * TypeError.
   */
  readonly after: string | undefined
  /** At most this many; 0 gives no resources and no `next`. */
  readonly count: number
}

/** A question to one resource type. */
export interface Query {
  readonly filter: Filter | undefined
  readonly sort: Sort | undefined
  /** `'after' in page` tells which. */
  readonly page: IndexPage | KeysetPage
  readonly needs: Needs
}

/** The answer to a {@link Query}. Without `sort` the order is the provider's own, but the same on every page. */
export interface Page {
  readonly resources: readonly Stored[]
  /** How many match in all, however few are here. Undefined only for a keyset page, if counting would cost more. */
  readonly totalResults: number | undefined
  /**
   * True where the page ended before `count` because of `page.bytes`, and more resources follow. A keyset page then has
   * `next`, behind the last resource that is in it.
   */
  readonly short?: boolean
  /**
   * Only for a keyset page, and absent on the last one: where the next page starts. Text of the provider's own; it may
   * hold a sort value, so the core seals it before a client sees it.
   */
  readonly next?: string
}

/** A store of resources whose every write is compared and made in one atomic step. */
export interface ResourceProvider {
  /** False for a provider that has no keyset pages: cursors are then answered 501, and advertised as not there. */
  readonly keyset?: false

  /**
   * A secret text of at least 32 random characters, the same for every process that serves the same resources: what the
   * core seals cursors with where the host names no `cursorKey`. Kept by the provider, made when first asked for.
   */
  cursorKey?(): MaybePromise<string>

  /**
   * The last changes of a resource, newest first; none for one that is not there. Absent on a provider that keeps no
   * history: nobody works out what has changed then. Each entry is written in the atomic step of the write that it is of:
   * of an insert, of a replace that was given `changed`, and, with `['members']`, of each group that a remove took a
   * member from. It goes with its resource. Entries may be missing, the oldest or those between; never wrong.
   */
  history?(ref: ResourceRef, context: ScimContext): MaybePromise<readonly VersionChange[]>

  /** The resource, or undefined if this tenant has none of that type and id. */
  read(ref: ResourceRef, needs: Needs, context: ScimContext): MaybePromise<Stored | undefined>

  /**
   * Tells the provider which resources the request is about to change, so that one call can read them all; a `read` of each
   * follows, with `stale`. Only for a provider whose calls are round trips. It replaces what was told before.
   */
  willRead?(refs: readonly ResourceRef[], context: ScimContext): MaybePromise<void>

  /**
   * False if what this request may still ask of the store is too little for so many updates, each a read and a write. Only
   * for a provider that bounds what a request may ask of it.
   */
  hasRoomFor?(updates: number, context: ScimContext): boolean

  /** The page of resources that match. Wrong or approximate matches are not allowed: use `queryInMemory` if in doubt. */
  query(type: string, query: Query, context: ScimContext): MaybePromise<Page>

  /**
   * Makes a resource that was not there. Ends: success; duplicate when a unique key is taken, unknownMembers when
   * `next.members` must exist and do not (both in the same atomic step). An id that is taken is thrown as an Error,
   * never overwritten.
   */
  insert(ref: ResourceRef, next: Next, context: ScimContext): MaybePromise<ConditionalResult<Written>>

  /**
   * Makes `next` the state if the version is still `expected`, compared inside the write
   * (`UPDATE … WHERE tenant = ? AND id = ? AND version = ?`). Whether it won is the count of changed rows. A version
   * that is not there any more comes before a duplicate and before unknownMembers; those two in either order.
   */
  replace(
    ref: ResourceRef,
    expected: RawVersion,
    next: Next,
    context: ScimContext,
  ): MaybePromise<ConditionalResult<Written>>

  /**
   * Removes the resource if the version is still `expected`. Memberships that name it go too, and the version
   * (see `nextVersion`) and `lastModified` (see `notBefore`) of each group they were in move as `removal` says, in the same atomic step.
   */
  remove(
    ref: ResourceRef,
    expected: RawVersion,
    removal: Removal,
    context: ScimContext,
  ): MaybePromise<ConditionalResult<void>>
}
