/** The error that ended an import, in one line: the reason, and what to do. */
import { type Failure, failureOf } from '@scimkit/client'

/** The import cannot start, and a retry would fail too: the message names the problem to fix first. */
export class CannotStart extends Error {}

/** The line for an error after `done` users. Programming errors are rethrown, to show their stack. */
export function errorMessage(error: unknown, done: number): string {
  if (!(error instanceof Error) || isMistake(error)) throw error
  if (error instanceof CannotStart) return oneLine(error.message)
  const failure = failureOf(error)
  const advice = failure === undefined ? undefined : adviceOn(failure)
  const again = done > 0 ? `run it again: it continues after ${done}` : 'run it again'
  const what = error.message.endsWith('.') ? error.message.slice(0, -1) : error.message
  return oneLine(`${what}${reasonUnder(error)}; ${advice === undefined ? '' : `${advice}, and `}${again}`)
}

function isMistake(error: Error): boolean {
  return [TypeError, RangeError, ReferenceError, SyntaxError].some((kind) => error instanceof kind)
}

function adviceOn(failure: Failure): string | undefined {
  switch (failure.kind) {
    case 'notSent':
      return 'check that the server runs, and that this is its URL'
    case 'notFound':
    case 'invalidResponse':
      return 'check that the URL is the root of a SCIM server'
    case 'refused':
      if (failure.status === 401) return 'set SCIMKIT_TOKEN to a token of this server'
      if (failure.status === 403) return 'use a token with the permission for this'
      return undefined
    default:
      return undefined
  }
}

// The code of a fetch error is two causes deep: ECONNREFUSED, ENOTFOUND, CERT_HAS_EXPIRED.
function reasonUnder(error: Error): string {
  let each: unknown = error.cause
  for (let depth = 0; depth < 3 && each instanceof Error; depth++) {
    if ('code' in each && typeof each.code === 'string') return ` (${each.code})`
    each = each.cause
  }
  return ''
}

// The text of a server may contain line breaks and terminal control characters.
function oneLine(text: string): string {
  return Array.from(text, (character) => (character < ' ' || character === '\u007f' ? ' ' : character)).join('')
}
