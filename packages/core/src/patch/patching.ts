import { scimError } from '../errors.js'
import type { Reading } from '../resource/read-value.js'
import type { ResourceType } from '../schema/attribute.js'

/** How a PATCH is being applied. */
export interface Patching extends Reading {
  readonly type: ResourceType
  /** Counts the characters looked at; throws 400 tooMany when there were too many. */
  readonly work: (weight: number) => void
}

/** A counter of work for one PATCH. Throws 400 tooMany above `most`. */
export function workCounter(most: number): (weight: number) => void {
  let done = 0
  return (weight) => {
    done += weight
    if (done > most) throw scimError.tooMany('These operations look at more values than one request may.')
  }
}
