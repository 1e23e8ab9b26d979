/** One row of a group's membership, as stored: the id, and what kind of thing it is if that is known. */
export interface Member {
  /** The id of the member. Unique in its group. */
  readonly value: string
  /** `User` or `Group`; a provider that finds the resource answers with its true type. */
  readonly type?: string
  /** The member's own name, looked up when it is read; never stored, never part of a version. */
  readonly display?: string
}

/**
 * Which members a request needs to see: none, all, just those with these ids, the first so many in stable order, or all
 * if there are no more than so many. If there are more than `upTo`, none of them are read and `Stored.members` is absent.
 */
export type MembersNeed =
  | 'none'
  | 'all'
  | { readonly only: readonly string[] }
  | { readonly first: number }
  | { readonly upTo: number }

/** What a write does to the members: rows to add (their ids are not there yet) and ids to remove. */
export interface MembersDelta {
  readonly add: readonly Member[]
  readonly remove: readonly string[]
  /**
   * True: every id in `add` must name a resource of the tenant, of whatever type, at the moment of the write. If one
   * does not, nothing is changed and the end is `unknownMembers`.
   */
  readonly mustExist?: boolean
}
