import { memberOf } from './member-of.js'

/**
 * Aborts when the client goes away. Deno's `request.signal` aborts after every answer, and a warning is printed when it is
 * read; the second argument of its handlers has `completed`, which rejects when an answer could not be sent.
 */
export function signalOf(request: Request, env: unknown): AbortSignal {
  const completed = memberOf(env, 'completed')
  if (!(completed instanceof Promise)) return request.signal
  const gone = new AbortController()
  completed.catch(() => gone.abort())
  return gone.signal
}
