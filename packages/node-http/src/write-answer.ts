import type { IncomingMessage, ServerResponse } from 'node:http'
import type { ScimResponse } from '@scimkit/core'
import { drain } from './drain.js'

/**
 * Writes an answer as it is, past everything a framework would add. Does nothing if the client has gone, or if
 * somebody else, a time-out for example, has answered already.
 */
export function writeAnswer(req: IncomingMessage, res: ServerResponse, answer: ScimResponse): void {
  if (res.headersSent || res.destroyed) return
  res.removeHeader('X-Powered-By')
  res.statusCode = answer.status
  for (const [name, value] of Object.entries(answer.headers)) res.setHeader(name, value)
  if (req.complete) res.end(answer.body ?? undefined)
  else answerEarly(req, res, answer.body)
}

/**
 * Answers a client that is still sending. A connection closed on unread bytes is reset, and a reset may overtake the
 * answer, so the response stays open until the rest has come; the client knows from its length that it is whole.
 */
function answerEarly(req: IncomingMessage, res: ServerResponse, body: string | null): void {
  if (body !== null) {
    res.setHeader('Content-Length', Buffer.byteLength(body))
    res.write(body)
  } else {
    res.flushHeaders()
  }
  drain(req, () => res.end())
}
