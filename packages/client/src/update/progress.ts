/** The state that the attempts of an update share. */
import type { JsonObject } from '@scimkit/core/json'
import type { Failure } from '../failure.js'

/** A write with an unknown outcome: it may have been applied, or may still be applied. */
export interface UncertainWrite {
  readonly expected: string | undefined
  readonly written: JsonObject
  readonly failure: Failure
}

/** The concurrent change that a 412 reported. */
export interface ConcurrentChange {
  readonly tag: string
  readonly changed: readonly string[]
}

/** The state that an attempt inherits from the attempts before it. */
export interface Progress {
  /** The input and the result of the first call of the change function. */
  readonly origin?: { readonly base: JsonObject; readonly mine: JsonObject }
  readonly uncertain?: UncertainWrite | undefined
  /** The current tag and the attributes changed since `origin.base`, if the server reported both. */
  readonly concurrent?: ConcurrentChange | undefined
  /** The tag of the last read. */
  readonly current?: string | undefined
}
