import type { Clock, HistoryAnswer, HistoryOperation, HistoryRequest } from '@scimkit/linearizability'
import type { Exchange } from '../exchange.js'
import { answerOf } from './answers.js'
import type { HotType } from './hot-type.js'
import { messageOf } from './messages.js'

/** A request, its client and its server. */
export interface Sending {
  readonly client: number
  readonly server: number
  readonly exchange: Exchange
  readonly type: HotType
  readonly request: HistoryRequest
  /** The spelling of the user's name; undefined for groups. */
  readonly userName: string | undefined
}

/**
 * Sends one request and records its times and its response. Never rejects: without a response the outcome is unknown. The
 * clock is read before and after everything else, so that the effect lies between the two times.
 */
export async function record(sending: Sending, now: Clock): Promise<HistoryOperation> {
  const { client, server, type, request, userName } = sending
  const message = messageOf(type, request, userName)
  const invoked = now()
  let answer: HistoryAnswer
  let returned: number
  try {
    const response = await sending.exchange(message)
    returned = now()
    answer = answerOf(type, request, response)
  } catch (error) {
    returned = now()
    answer = { kind: 'unknown', why: error instanceof Error ? error.message : String(error) }
  }
  return { client, server, invoked, returned, request, answer }
}
