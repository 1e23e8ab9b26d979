/** A create with an idempotency key: the same request may be sent again, because the server carries it out once. */
import { failureOf, ScimClientError } from '../failure.js'
import { exchange } from '../wire/exchange.js'
import type { RequestMessage } from '../wire/request.js'
import type { ResponseMessage } from '../wire/response.js'
import type { Wire } from '../wire/wire.js'
import { backoffDelay } from './backoff.js'

/** How often a create with a key is sent, unless the caller says otherwise. */
export const defaultCreateAttempts = 4

const backoff = { first: 100, most: 5_000 }

// A server that asks for more time gets it from the caller, who may send the same key again.
const longestPause = 30_000

const longestKey = 256

// The server has not processed the request, and may do so later.
const refusedForNow: readonly number[] = [408, 425, 429]

/** Throws a TypeError for a key that no server accepts: an error of the caller, found before anything is sent. */
export function checkedKey(key: string): string {
  const isValid = key.length > 0 && key.length <= longestKey && [...key].every((one) => one >= '!' && one <= '~')
  if (!isValid) throw new TypeError(`idempotencyKey: expected 1 to ${longestKey} visible ASCII characters`)
  return key
}

/**
 * Sends the request until there is a response, at most `attempts` times. Throws the error of the last attempt; if the
 * outcome of an earlier one is unknown, `unknownOutcome`, with the last error as its cause.
 */
export async function repeatedCreate(wire: Wire, message: RequestMessage, attempts: number): Promise<ResponseMessage> {
  const { signal } = message
  const { random, sleep } = wire.ports
  let uncertain: ScimClientError | undefined
  for (let tried = 1; ; tried++) {
    try {
      return await exchange(wire, message)
    } catch (error) {
      const failure = failureOf(error)
      if (error instanceof ScimClientError && failure?.kind === 'unknownOutcome') uncertain = error
      const pause = backoffDelay(tried - 1, backoff, random, askedBy(error))
      if (tried >= attempts || !mayBeRepeated(error) || signal?.aborted || pause > longestPause) {
        throw withUncertainty(error, uncertain)
      }
      await sleep(pause, signal)
    }
  }
}

function mayBeRepeated(error: unknown): boolean {
  const failure = failureOf(error)
  switch (failure?.kind) {
    case 'unknownOutcome':
    case 'notSent':
      return true
    case 'refused':
      return refusedForNow.includes(failure.status)
    default:
      return false
  }
}

function askedBy(error: unknown): number | undefined {
  const failure = failureOf(error)
  if (failure?.kind === 'unknownOutcome') return failure.response?.retryAfter
  return failure?.kind === 'refused' ? failure.retryAfter : undefined
}

// A refusal of the last attempt does not mean that the first one was not carried out.
function withUncertainty(error: unknown, uncertain: ScimClientError | undefined): unknown {
  if (uncertain === undefined || uncertain === error) return error
  return new ScimClientError(uncertain.message, uncertain.failure, error)
}
