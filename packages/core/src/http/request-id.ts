/** The id of a request: the client's own, if it has a form that is safe in a header and in a log. */
import type { ScimRequest } from './message.js'

const longest = 128

/**
 * The `X-Request-Id` of a request if it is 1 to 128 visible ASCII characters, else a new id. A repeated header is not:
 * its values come joined by `, `, and a space is not visible.
 */
export function requestIdOf(request: Pick<ScimRequest, 'header'>, newId: () => string): string {
  const sent = request.header('x-request-id')
  return sent !== undefined && isVisibleAscii(sent) ? sent : newId()
}

function isVisibleAscii(text: string): boolean {
  if (text.length === 0 || text.length > longest) return false
  for (let i = 0; i < text.length; i++) {
    const unit = text.charCodeAt(i)
    if (unit < 0x21 || unit > 0x7e) return false
  }
  return true
}
