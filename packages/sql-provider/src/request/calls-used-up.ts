import { scimError } from '@scimkit/core'
import type { CallBudget } from '../driver/call-budget.js'

/**
 * The error for a request that has used all its calls: 400 for work that needs more calls than a whole request has, 503 if the
 * work can succeed in another request. The outcome is certain: the call was not made. `before` is the number of calls that the
 * request had made when this work began; undefined if it had to check the schema first.
 */
export function usedUp(calls: CallBudget | undefined, before: number | undefined, isList: boolean): Error {
  const most = calls?.most ?? 0
  if (before !== undefined && (isList || before * 2 < most)) {
    return scimError.tooMany(
      `This request needs more than ${most} database calls, the limit callsPerRequest of this server; nothing was written. Request fewer resources at once, or filter by eq on an indexed attribute.`,
    )
  }
  return scimError.overloaded(
    `The request has used its ${most} database calls (callsPerRequest); nothing was written. Send this operation again in another request.`,
  )
}
