import type { Scim } from '@scimkit/core'
import type { NodeRequest, NodeResponse } from './node-message.js'
import { type Mounted, scimRequest } from './scim-request.js'
import { type UnreadAnswers, unreadAnswers } from './unread-answers.js'
import { writeAnswer } from './write-answer.js'

/**
 * Answers one request, whatever happens; never rejects, so an adapter has nothing to hand to its framework's error
 * page. `native` is what the host's `authenticate` and `provider` functions are given.
 */
export async function answerRequest(
  scim: Scim,
  req: NodeRequest,
  res: NodeResponse,
  mounted: Mounted,
  native: unknown,
): Promise<void> {
  try {
    writeAnswer(req, res, await scim.handle(scimRequest(req, res, mounted), native))
    if (res.writableLength > 0) unreadAnswersOf(scim).watch(res)
  } catch {
    // Only an answer that Node will not write gets here; a broken connection is the one honest thing left to say.
    res.destroy()
  }
}

const unreadOf = new WeakMap<Scim, UnreadAnswers>()

function unreadAnswersOf(scim: Scim): UnreadAnswers {
  const known = unreadOf.get(scim)
  if (known !== undefined) return known
  const unread = unreadAnswers(scim.limits)
  unreadOf.set(scim, unread)
  return unread
}
