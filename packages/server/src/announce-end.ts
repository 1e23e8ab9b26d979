import type { Server, ServerResponse } from 'node:http'

/**
 * Gives what makes every answer from then on, those under way too, say `Connection: close`. A client that is told sends
 * its next request elsewhere; one that is not sends it on a connection that is about to end, and cannot know whether it
 * was carried out.
 * @see RFC 9112 §9.6
 */
export function announcerOfEnd(server: Server): () => void {
  const underWay = new Set<ServerResponse>()
  let isEnding = false
  server.prependListener('request', (_, response) => {
    if (isEnding) announce(response)
    underWay.add(response)
    response.once('close', () => underWay.delete(response))
  })
  return () => {
    isEnding = true
    for (const response of underWay) announce(response)
  }
}

function announce(response: ServerResponse): void {
  if (!response.headersSent) response.setHeader('Connection', 'close')
}
