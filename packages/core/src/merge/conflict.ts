import type { JsonObject, JsonValue } from '../json/value.js'
import type { ResourceType } from '../schema/attribute.js'

/**
 * One place that both sides changed to different values. A value is undefined where a side has none.
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
 * How to resolve a conflict: one side wins, or neither (`fail`), or a function returns the value for the place that
 * `conflict.path` names: undefined or null for none. It may throw to end the merge.
 */
export type Strategy = 'mine' | 'theirs' | 'fail' | ((conflict: Conflict) => unknown)

/** A conflict that a strategy resolved, and the resolution. */
export interface Resolution extends Conflict {
  readonly by: 'mine' | 'theirs' | 'function'
  readonly value: JsonValue | undefined
}

/** The options of a merge. */
export interface MergeOptions {
  /** The resource type of the documents. Default: the core's User or Group, by the `schemas` of the base. */
  readonly type?: ResourceType
  /** For every conflict that `strategies` does not name. Default `fail`. */
  readonly strategy?: Strategy
  /**
   * By attribute, case ignored: `title`, `emails`, `emails.type`, `urn:…:User:manager`, an extension's URN. The longest
   * name wins.
   */
  readonly strategies?: Readonly<Record<string, Strategy>>
}

/** The result of a merge: a resource, or unresolved conflicts. There is no resource beside open conflicts. */
export type MergeResult = Merged | Conflicted

/** Both sides are in `resource`. */
export interface Merged {
  readonly kind: 'merged'
  /** A whole document, to be written in place of `theirs`. */
  readonly resource: JsonObject
  /** The conflicts that strategies resolved; empty if there were none. */
  readonly resolved: readonly Resolution[]
}

/** Both sides changed the same. */
export interface Conflicted {
  readonly kind: 'conflict'
  /** At least one. */
  readonly conflicts: readonly Conflict[]
  /** The conflicts that strategies resolved. */
  readonly resolved: readonly Resolution[]
  /** The merged document, with theirs in every place still open: to show to a person, not to be written. */
  readonly partial: JsonObject
}
