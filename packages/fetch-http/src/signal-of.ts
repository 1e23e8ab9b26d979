import { memberOf } from './member-of.js'

/**
 * Aborts when the client disconnects. Deno's `request.signal` aborts after every response, and reading it prints a warning;
 * the second argument of its handlers has `completed`, which rejects if a response could not be sent.
 */
export function signalOf(request: Request, env: unknown): AbortSignal {
  const completed = memberOf(env, 'completed')
  if (!(completed instanceof Promise)) return request.signal
  const gone = new AbortController()
  completed.catch(() => gone.abort())
  return gone.signal
}
