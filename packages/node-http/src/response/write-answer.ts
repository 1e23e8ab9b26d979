import type { ServerResponse } from 'node:http'
import type { Http2ServerResponse } from 'node:http2'
import type { ScimResponse } from '@scimkit/core/adapter'
import { isOver, isWhole, type NodeRequest, type NodeResponse } from '../node-message.js'
import { drain } from './drain.js'

/**
 * Writes a response unchanged, without the additions of a framework. Does nothing if the client has disconnected, or if
 * other code, a time-out for example, has responded already.
 */
export function writeAnswer(req: NodeRequest, res: NodeResponse, answer: ScimResponse): void {
  if (res.headersSent || isOver(res)) return
  res.removeHeader('X-Powered-By')
  res.statusCode = answer.status
  for (const [name, value] of Object.entries(answer.headers)) res.setHeader(name, value)
  if ('stream' in res) answerStream(req, res, answer.body)
  else if (isWhole(req)) end(res, answer.body)
  else answerEarly(req, res, answer.body)
}

function end(res: NodeResponse, body: string | null): void {
  if (body === null) res.end()
  else res.end(body)
}

// The stream of a response may end before that of its request, whose rest is read so that the client can send it.
function answerStream(req: NodeRequest, res: Http2ServerResponse, body: string | null): void {
  end(res, body)
  if (!isWhole(req)) drain(req, () => undefined)
}

/**
 * Responds to a client that is still sending. A connection closed with unread bytes is reset, and a reset may overtake the
 * response, so the response stays open until the rest was received; its Content-Length shows that it is complete.
 */
function answerEarly(req: NodeRequest, res: ServerResponse, body: string | null): void {
  if (body !== null) {
    res.setHeader('Content-Length', Buffer.byteLength(body))
    res.write(body)
  } else {
    res.flushHeaders()
  }
  drain(req, () => res.end())
}
