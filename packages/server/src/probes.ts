/**
 * What an orchestrator asks: is the process alive, is its store ready. Answered before the framework, so that they are the
 * same on all of them, and neither authentication nor a limit of SCIM requests comes before them. They tell nothing but
 * yes or no: whoever asks is not known.
 */
import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http'

/** The paths of the probes, at the root of the server, whatever the base path of SCIM is. */
export const probePaths = ['/healthz', '/readyz'] as const

/** A listener that answers probes itself, and gives every other request to another one. */
export function withProbes(listener: RequestListener, isReady: () => Promise<boolean>): RequestListener {
  return (request, response) => {
    switch (pathOf(request)) {
      case '/healthz':
        return answer(request, response, 200, 'ok\n')
      case '/readyz':
        return void isReady().then((ready) =>
          answer(request, response, ready ? 200 : 503, ready ? 'ready\n' : 'not ready\n'),
        )
      default:
        return listener(request, response)
    }
  }
}

function pathOf({ url = '' }: IncomingMessage): string {
  return url.split('?', 1)[0] ?? ''
}

function answer({ method }: IncomingMessage, response: ServerResponse, status: number, text: string): void {
  if (response.destroyed) return
  const isRead = method === 'GET' || method === 'HEAD'
  response.writeHead(isRead ? status : 405, {
    'Content-Type': 'text/plain; charset=utf-8',
    'Cache-Control': 'no-store',
    // A body may follow, which nobody reads.
    ...(!isRead && { Allow: 'GET, HEAD', Connection: 'close' }),
  })
  response.end(isRead && method !== 'HEAD' ? text : undefined)
}
