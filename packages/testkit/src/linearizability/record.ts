import type { Exchange } from '../exchange.js'
import { answerOf } from './answers.js'
import type { Clock } from './clock.js'
import type { HotType } from './hot-type.js'
import { messageOf } from './messages.js'
import type { HistoryAnswer, HistoryOperation, HistoryRequest } from './operation.js'

/** Something to send, and who sends it where. */
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
 * Sends one request and notes when and what came back. Never rejects: without an answer it is not known whether the
 * request was carried out. The clock is read outside of everything, so that what took effect did so in between.
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
