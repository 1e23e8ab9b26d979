import { isArray, type JsonValue } from '../json/value.js'
import type { Attribute } from '../schema/attribute.js'
import type { Conflict, Resolution } from './conflict.js'
import { givenValue } from './given-value.js'
import type { StrategyFor } from './strategies.js'

/** A merge in progress. */
export interface Merging {
  readonly strategyFor: StrategyFor
  readonly conflicts: Conflict[]
  readonly resolved: Resolution[]
}

/** A place of the document that is being merged. */
export interface Place {
  /** With brackets: `emails[type eq "work"].value`. */
  readonly path: string
  /** Without: `emails.value`. */
  readonly plain: string
  /** Undefined where no schema knows it. */
  readonly attribute: Attribute | undefined
  /** True for one element of the attribute. */
  readonly isElement?: boolean
}

/** The values of a place on the three sides. */
export interface Versions {
  readonly base: JsonValue | undefined
  readonly mine: JsonValue | undefined
  readonly theirs: JsonValue | undefined
}

/** The elements of a list on the three sides. */
export interface Lists {
  readonly base: readonly JsonValue[]
  readonly mine: readonly JsonValue[]
  readonly theirs: readonly JsonValue[]
}

/** The value of a place whose sides disagree. While the conflict is open that is theirs. */
export function decide(merging: Merging, place: Place, versions: Versions): JsonValue | undefined {
  const conflict: Conflict = { path: place.path, ...versions }
  const strategy = merging.strategyFor(place.plain)
  if (strategy === 'fail') {
    merging.conflicts.push(conflict)
    return conflict.theirs
  }
  const by = typeof strategy === 'function' ? 'function' : strategy
  const value = typeof strategy === 'function' ? checked(place, conflict, strategy(conflict)) : conflict[strategy]
  merging.resolved.push({ ...conflict, by, value })
  return value
}

function checked(place: Place, conflict: Conflict, given: unknown): JsonValue | undefined {
  for (const side of [conflict.mine, conflict.theirs, conflict.base]) if (given === side) return side
  return givenValue(place.path, place.attribute, place.isElement ?? false, given)
}

/** The elements of a list that may be absent. */
export function elementsOf(value: JsonValue | undefined): readonly JsonValue[] {
  return isArray(value) ? value : []
}
