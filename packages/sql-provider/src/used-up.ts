import { scimError } from '@scimkit/core'
import type { CallBudget } from './driver/call-budget.js'

/**
 * The error for a request that has made all its calls: 400 for what needs more than a request of its own would have, 503
 * where another request can do what this one cannot any more. Nothing is in doubt: the call was not made. `before` is how
 * many calls the request had made when this work began; undefined if it had to look at the schema first.
 */
export function usedUp(calls: CallBudget | undefined, before: number | undefined, isList: boolean): Error {
  const most = calls?.most ?? 0
  if (before !== undefined && (isList || before * 2 < most)) {
    return scimError.tooMany(
      `This needs more than ${most} calls to the database, the limit callsPerRequest of this server; nothing was written. Ask for less at once, or filter by eq on an attribute that is indexed.`,
    )
  }
  return scimError.overloaded(
    `The ${most} calls to the database that one request may make (callsPerRequest) are used up; nothing was written. Send this operation again in another request.`,
  )
}
