import type { Scim } from '@scimkit/core'
import type { NodeRequest, NodeResponse } from './node-message.js'
import { type Mounted, scimRequest } from './request/scim-request.js'
import { type UnreadAnswers, unreadAnswers } from './response/unread-answers.js'
import { writeAnswer } from './response/write-answer.js'

/**
 * Handles one request and always writes a response; never rejects, so an adapter passes no errors to its framework.
 * `native` is the request object that the host's `authenticate` and `provider` functions receive.
 * @example
 * ```ts
 * import { createServer } from 'node:http'
 * import { createScim, noAuthentication } from '@scimkit/core'
 * import { memoryProvider } from '@scimkit/memory-provider'
 * import { answerRequest } from '@scimkit/node-http'
 *
 * const scim = createScim({ provider: memoryProvider(), authenticate: noAuthentication() })
 * createServer((req, res) => {
 *   const place = { target: req.url ?? '/', mount: '', parsedBody: () => undefined }
 *   void answerRequest(scim, req, res, place, req)
 * })
 * ```
 */
export async function answerRequest<Native>(
  scim: Pick<Scim<Native>, 'handle' | 'limits'>,
  req: NodeRequest,
  res: NodeResponse,
  mounted: Mounted,
  native: Native,
): Promise<void> {
  try {
    writeAnswer(req, res, await scim.handle(scimRequest(req, res, mounted), native))
    if (res.writableLength > 0) unreadAnswersOf(scim).watch(res)
  } catch {
    // Only a response that Node refuses to write gets here; closing the connection is the only way to report that.
    res.destroy()
  }
}

const unreadOf = new WeakMap<object, UnreadAnswers>()

function unreadAnswersOf(scim: Pick<Scim, 'limits'>): UnreadAnswers {
  const known = unreadOf.get(scim)
  if (known !== undefined) return known
  const unread = unreadAnswers(scim.limits)
  unreadOf.set(scim, unread)
  return unread
}
