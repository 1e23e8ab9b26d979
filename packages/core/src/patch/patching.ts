import { scimError } from '../errors.js'
import type { Reading } from '../resource/read-value.js'
import type { ResourceType } from '../schema/attribute.js'

/** The state of a PATCH in progress. */
export interface Patching extends Reading {
  readonly isChange: true
  readonly type: ResourceType
  /** Counts the processed characters; throws 400 tooMany above the limit. */
  readonly work: (weight: number) => void
}

/** A counter of work. Throws 400 tooMany above `most`. `shared` counts the same for several requests together. */
export function workCounter(most: number, shared?: (weight: number) => void): (weight: number) => void {
  let done = 0
  return (weight) => {
    shared?.(weight)
    done += weight
    if (done > most) throw scimError.tooMany('These operations process more values than one request may.')
  }
}
