import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Http2ServerRequest, Http2ServerResponse } from 'node:http2'

/** A request of node:http or node:http2, or a simulated one without a real socket, of test clients and serverless platforms. */
export type NodeRequest = IncomingMessage | Http2ServerRequest

/** The response that belongs to a {@link NodeRequest}. */
export type NodeResponse = ServerResponse | Http2ServerResponse

/** True over HTTP/2: a request has a stream, and shares the connection with others. */
export function isHttp2(req: NodeRequest): req is Http2ServerRequest {
  return req.httpVersionMajor === 2
}

/** True if the client can no longer receive data. */
export function isOver(res: NodeResponse): boolean {
  return 'stream' in res ? res.stream.destroyed : res.destroyed
}

/** True if no more of the request will come. */
export function isWhole(req: NodeRequest): boolean {
  return req.complete || req.readableEnded || req.destroyed || (isHttp2(req) && req.stream.endAfterHeaders)
}
