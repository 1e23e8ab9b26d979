/**
 * The probes of an orchestrator: is the process alive, is its store ready. They are answered before the framework, so that
 * they are the same on all frameworks, and neither authentication nor limits on SCIM requests apply to them. They answer
 * only yes or no, because the caller is not authenticated.
 */
import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http'

/** The paths of the probes, at the root of the server, whatever the base path of SCIM is. */
export const probePaths = ['/healthz', '/readyz'] as const

/** A listener that answers probes and passes every other request to `listener`. */
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
    // A request body may follow, and it is not read.
    ...(!isRead && { Allow: 'GET, HEAD', Connection: 'close' }),
  })
  response.end(isRead && method !== 'HEAD' ? text : undefined)
}
