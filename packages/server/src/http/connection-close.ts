import type { Server, ServerResponse } from 'node:http'

/**
 * Returns a function that adds `Connection: close` to every later response, also to those of requests in progress. A client
 * that receives it sends its next request on another connection. Without it, the client may send a request on a connection
 * that is about to close, and cannot determine whether it was processed.
 * @see RFC 9112 §9.6
 */
export function connectionClose(server: Server): () => void {
  const inProgress = new Set<ServerResponse>()
  let isEnding = false
  server.prependListener('request', (_, response) => {
    if (isEnding) addHeader(response)
    inProgress.add(response)
    response.once('close', () => inProgress.delete(response))
  })
  return () => {
    isEnding = true
    for (const response of inProgress) addHeader(response)
  }
}

function addHeader(response: ServerResponse): void {
  if (!response.headersSent) response.setHeader('Connection', 'close')
}
