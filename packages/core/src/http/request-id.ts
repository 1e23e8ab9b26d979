/** The id and the trace that connect the log lines of one request: the client's own if they are valid. */
import { isVisible } from '../ascii.js'
import type { TraceParent } from '../context.js'
import type { ScimRequest } from './adapter-interface.js'
import { traceParentOf } from './trace-parent.js'

const longest = 128

/** The identity of a request. */
export interface Identity {
  readonly requestId: string
  readonly trace: TraceParent | undefined
}

/**
 * The identity of a request. Never throws: an adapter that cannot read headers fails where they are needed, as a 500.
 */
export function identityOf(request: Pick<ScimRequest, 'header'>, newId: () => string): Identity {
  try {
    return { requestId: requestIdOf(request, newId), trace: traceParentOf(request) }
  } catch {
    return { requestId: newId(), trace: undefined }
  }
}

/**
 * The `X-Request-Id` of a request if it is 1 to 128 visible ASCII characters, else a new id. A repeated header is not:
 * its values come joined by `, `, and a space is not visible.
 */
function requestIdOf(request: Pick<ScimRequest, 'header'>, newId: () => string): string {
  const sent = request.header('x-request-id')
  return sent !== undefined && isVisible(sent, longest) ? sent : newId()
}
