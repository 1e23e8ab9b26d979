import type { Attribute, AttributePath } from '../schema/attribute.js'

/**
 * A filter, parsed and resolved against one resource type: providers push it down and `evaluate` runs it. One meaning
 * has one form: `emails[type eq "work"].value eq "x"` is `emails[type eq "work" and value eq "x"]` (one element must
 * satisfy both), `emails eq "x"` is `emails.value eq "x"`, and an `and` is never a term of an `and`.
 * @see RFC 7644 §3.4.2.2
 */
export type Filter = AndFilter | OrFilter | NotFilter | PresentFilter | CompareFilter | ValuePathFilter

/** All terms hold; at least two, none of them an `and`. */
export interface AndFilter {
  readonly kind: 'and'
  readonly terms: readonly Filter[]
}

/** Some term holds; at least two, none of them an `or`. */
export interface OrFilter {
  readonly kind: 'or'
  readonly terms: readonly Filter[]
}

/** The term does not hold. */
export interface NotFilter {
  readonly kind: 'not'
  readonly term: Filter
}

/** `pr`: the attribute has a non-empty value. */
export interface PresentFilter {
  readonly kind: 'present'
  readonly path: FilterPath
}

/** The comparison operators that take a value. */
export type CompareOperator = 'eq' | 'ne' | 'co' | 'sw' | 'ew' | 'gt' | 'ge' | 'lt' | 'le'

/**
 * One comparison. Inside a {@link ValuePathFilter} the path names a sub-attribute of the element.
 * It holds if any value of the attribute satisfies it; with no value at all only `ne` and `eq null` hold. So for
 * several values `ne "x"` is "one of them is not x", which is not the same as `not (… eq "x")`.
 */
export interface CompareFilter {
  readonly kind: 'compare'
  readonly path: FilterPath
  readonly operator: CompareOperator
  /**
   * Already of the attribute's type: a boolean for boolean attributes, a number for numbers, text otherwise.
   * `null` only with `eq` and `ne`, where it means "has no value" and "has one".
   */
  readonly value: string | number | boolean | null
  /**
   * The comparison key of text: `caseKey(value)` or the exact key by the attribute's caseExact; for dateTime the
   * instant in milliseconds since 1970, but its text for `co`, `sw` and `ew`; numbers and booleans as they are. Stores
   * compare their key columns with this.
   */
  readonly key: string | number | boolean | null
}

/**
 * `attr[filter]`: one element of the attribute satisfies the filter; paths inside are relative to the element.
 * There is no value path in the filter. A simple attribute's element has the one part `value`: a path without `sub`.
 */
export interface ValuePathFilter {
  readonly kind: 'valuePath'
  readonly path: FilterPath
  readonly filter: Filter
}

/**
 * The attribute of a term. A term on an unknown attribute (`known: false`) is false, whatever its operator. Inside
 * brackets `attribute` is still the attribute before them, `sub` the part of the element, `text` the part's name.
 */
export type FilterPath = KnownPath | { readonly known: false; readonly text: string }

/** A path that the resource type has. */
export interface KnownPath extends AttributePath {
  readonly known: true
  /**
   * The leaf whose type and case rules apply: `sub`, or `attribute` if that is simple; undefined for an extension or
   * complex attribute as a whole, which supports only presence (`pr`, `eq null`, `ne null`).
   */
  readonly compared: Attribute | undefined
}
