/** What has ended an import, in one line: what it was, and what to do. */
import { type Failure, failureOf } from '@scimkit/client'

/** It cannot begin, and the next run could not either: something else has to be mended first, and the message says what. */
export class CannotBegin extends Error {}

/** The line for something caught when so many were done. A mistake of the program itself is thrown on: its stack says where. */
export function whatWentWrong(error: unknown, done: number): string {
  if (!(error instanceof Error) || isMistake(error)) throw error
  if (error instanceof CannotBegin) return oneLine(error.message)
  const failure = failureOf(error)
  const advice = failure === undefined ? undefined : adviceOn(failure)
  const again = done > 0 ? `run it again: it goes on after ${done}` : 'run it again'
  const what = error.message.endsWith('.') ? error.message.slice(0, -1) : error.message
  return oneLine(`${what}${reasonUnder(error)}; ${advice === undefined ? '' : `${advice}, and `}${again}`)
}

function isMistake(error: Error): boolean {
  return [TypeError, RangeError, ReferenceError, SyntaxError].some((kind) => error instanceof kind)
}

function adviceOn(failure: Failure): string | undefined {
  switch (failure.kind) {
    case 'notSent':
      return 'see that the server runs, and that this is its URL'
    case 'notFound':
    case 'badAnswer':
      return 'see that the URL is the root of a SCIM server'
    case 'refused':
      if (failure.status === 401) return 'put the token that this server wants into SCIMKIT_TOKEN'
      if (failure.status === 403) return 'take a token that may do this'
      return undefined
    default:
      return undefined
  }
}

// What fetch has to say is two causes deep: ECONNREFUSED, ENOTFOUND, CERT_HAS_EXPIRED.
function reasonUnder(error: Error): string {
  let each: unknown = error.cause
  for (let depth = 0; depth < 3 && each instanceof Error; depth++) {
    if ('code' in each && typeof each.code === 'string') return ` (${each.code})`
    each = each.cause
  }
  return ''
}

// A server may say what it likes, line breaks and the terminal's own commands too.
function oneLine(text: string): string {
  return Array.from(text, (character) => (character < ' ' || character === '\u007f' ? ' ' : character)).join('')
}
