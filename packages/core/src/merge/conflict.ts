import type { JsonObject, JsonValue } from '../json.js'
import type { ResourceType } from '../schema/attribute.js'

/**
 * One place that both sides changed, each to something else. A value is undefined where a side has none.
 * @see RFC 7644 §3.5.2, figure 7 (the notation of paths)
 */
export interface Conflict {
  /**
   * `title`, `name.familyName`, `urn:…:User:department`, `emails[type eq "work"].value`; with nothing after the brackets
   * an element that one side changed and the other removed; `emails[primary eq true]`: which element is primary.
   */
  readonly path: string
  readonly base: JsonValue | undefined
  readonly mine: JsonValue | undefined
  readonly theirs: JsonValue | undefined
}

/**
 * What becomes of a conflict: one side wins, or nobody (`fail`), or a function says the value for the place that
 * `conflict.path` names: undefined or null for none. It may throw to give up.
 */
export type Strategy = 'mine' | 'theirs' | 'fail' | ((conflict: Conflict) => unknown)

/** A conflict that a strategy ended, and with what. */
export interface Resolution extends Conflict {
  readonly by: 'mine' | 'theirs' | 'function'
  readonly value: JsonValue | undefined
}

/** How to merge. */
export interface MergeOptions {
  /** What the documents are. Default: the core's User or Group, as the `schemas` of the base say. */
  readonly type?: ResourceType
  /** For every conflict that `strategies` does not name. Default `fail`. */
  readonly strategy?: Strategy
  /**
   * By attribute, case ignored: `title`, `emails`, `emails.type`, `urn:…:User:manager`, an extension's URN. The longest
   * name wins.
   */
  readonly strategies?: Readonly<Record<string, Strategy>>
}

/** What came of a merge: a resource, or conflicts that nobody has decided. There is no resource beside open conflicts. */
export type MergeResult = Merged | Conflicted

/** Both sides are in `resource`. */
export interface Merged {
  readonly kind: 'merged'
  /** A whole document: what to write in place of `theirs`. */
  readonly resource: JsonObject
  /** The conflicts that strategies decided; empty if there were none. */
  readonly resolved: readonly Resolution[]
}

/** Both sides changed the same. */
export interface Conflicted {
  readonly kind: 'conflict'
  /** At least one. */
  readonly conflicts: readonly Conflict[]
  /** The conflicts that strategies did decide. */
  readonly resolved: readonly Resolution[]
  /** What was merged, with theirs in every place still open: to show to a person, not to be written. */
  readonly partial: JsonObject
}
