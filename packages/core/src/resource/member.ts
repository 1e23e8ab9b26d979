/** One row of a group's membership, as stored: the id, and the type of the member if it is known. */
export interface Member {
  /** The id of the member. Unique in its group. */
  readonly value: string
  /** `User` or `Group`; a provider that finds the resource returns its true type. */
  readonly type?: string
  /** The member's own name, looked up when it is read; never stored, never part of a version. */
  readonly display?: string
}

/**
 * The members that a request needs: none, all, only those with these ids, the first so many in stable order, or all if
 * there are no more than so many. If there are more than `upTo`, none of them are read and `Stored.members` is absent.
 */
export type MembersNeed =
  | 'none'
  | 'all'
  | { readonly only: readonly string[] }
  | { readonly first: number }
  | { readonly upTo: number }

/** The changes of a write to the members: rows to add (their ids are not there yet) and ids to remove. */
export interface MembersDelta {
  readonly add: readonly Member[]
  readonly remove: readonly string[]
  /**
   * True: every id in `add` must name a resource of the tenant, of whatever type, at the moment of the write. If one
   * does not, nothing is changed and the result is `unknownMembers`.
   */
  readonly mustExist?: boolean
}
