/**
 * The budget of work for a list that no index narrows: the comparisons of one request, over all resources.
 * @see RFC 7644 §3.4.2.2, §3.12 (`tooMany`)
 */
import { scimError } from '../errors.js'
import type { Filter } from '../filter/ast.js'
import type { Work } from '../filter/evaluation/paced.js'
import { turnsFor } from '../pacing/turns.js'
import type { Query } from './provider.js'

/** `scanWork` where the host does not set it. */
export const defaultScanWork = 2_000_000

/**
 * How many comparisons one resource costs: those of the filter, within value paths and `not` included, and one for the
 * sort; at least 1. Multiplied by the number of resources, it is what `scanWork` bounds.
 */
export function scanCost({ filter, sort }: Pick<Query, 'filter' | 'sort'>): number {
  const comparisons = (filter === undefined ? 0 : comparisonsIn(filter)) + (sort === undefined ? 0 : 1)
  return Math.max(1, comparisons)
}

function comparisonsIn(filter: Filter): number {
  switch (filter.kind) {
    case 'and':
    case 'or':
      return filter.terms.reduce((sum, term) => sum + comparisonsIn(term), 0)
    case 'not':
      return comparisonsIn(filter.term)
    case 'valuePath':
      return comparisonsIn(filter.filter)
    case 'present':
    case 'compare':
      return 1
  }
}

/** The remaining part of `scanWork` for one request, and the turns of other requests. */
export interface ScanBudget extends Work {
  /** Counts comparisons, also a fraction of one. Throws 400 tooMany once they are more than the limit. */
  spend(comparisons: number): void
}

/** The options of {@link scanBudget}. */
export interface ScanBudgetOptions {
  /** Most comparisons; see {@link scanWorkFrom}. */
  readonly scanWork: number
  /** The remedy for a client or operator, as a sentence that ends the message of the error. */
  readonly remedy?: string | (() => string)
  /** Fires when the client has disconnected: `rest` ends the request then. */
  readonly signal?: AbortSignal | undefined
}

const usualRemedy = 'Send fewer comparisons in the filter, or one with eq on an indexed attribute.'

/** A budget for one request. */
export function scanBudget({ scanWork, remedy = usualRemedy, signal }: ScanBudgetOptions): ScanBudget {
  let spent = 0
  return {
    ...turnsFor({ signal }),
    spend(comparisons) {
      spent += comparisons
      if (spent <= scanWork) return
      throw scimError.tooMany(
        `This filter and sort need more than ${scanWork} comparisons (resources × terms), the limit scanWork of this server. ${
          typeof remedy === 'string' ? remedy : remedy()
        }`,
      )
    },
  }
}

/** The option `scanWork` with its default. Throws a TypeError for a value that is not a whole number above 0. */
export function scanWorkFrom(scanWork: number = defaultScanWork): number {
  if (Number.isSafeInteger(scanWork) && scanWork > 0) return scanWork
  throw new TypeError(`scanWork: expected a whole number above 0, got ${String(scanWork)}`)
}
