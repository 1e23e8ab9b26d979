import type { Writable } from 'node:stream'
import type { NodeResponse } from '../node-message.js'

/** Limits for slow clients: the time to receive a response, and the bytes that may wait for all clients. */
export interface AnswerLimits {
  /** Milliseconds for a response, plus one second for each 64 KiB of it. */
  readonly answerMilliseconds: number
  /** Bytes of unread responses of all connections together. */
  readonly unreadAnswerBytes: number
}

const bytesPerSecond = 65_536

// A timer with a longer delay fires immediately.
const longestTimer = 2_147_483_647

// Over HTTP/2 the response is written to the stream.
type Outgoing = Pick<Writable, 'writableLength' | 'writableFinished' | 'destroy' | 'once'>

/** Responses that clients have not received yet, the oldest first. */
export interface UnreadAnswers {
  /**
   * Call it after the end of a response. If a part of it is still in memory, its connection is closed if the client does not
   * receive it in time, or if there are too many bytes of unread responses and this is the oldest of them.
   */
  watch(res: NodeResponse): void
}

/** Keeps the unread responses of one server within the limits. Never throws, neither here nor later in a timer. */
export function unreadAnswers({ answerMilliseconds, unreadAnswerBytes }: AnswerLimits): UnreadAnswers {
  const unread = new Map<Outgoing, number>()
  let total = 0

  function forget(res: Outgoing): void {
    total -= unread.get(res) ?? 0
    unread.delete(res)
  }

  function hangUp(res: Outgoing): void {
    forget(res)
    try {
      if (!res.writableFinished) res.destroy()
    } catch {
      // Simulated responses may have no connection.
    }
  }

  return {
    watch(response) {
      const res = 'stream' in response ? response.stream : response
      const bytes = unreadBytes(res)
      if (bytes === 0) return
      const patience = answerMilliseconds + (bytes / bytesPerSecond) * 1_000
      const timer = setTimeout(() => hangUp(res), Math.min(patience, longestTimer)).unref()
      const received = (): void => {
        clearTimeout(timer)
        forget(res)
      }
      res.once('finish', received).once('close', received)
      unread.set(res, bytes)
      total += bytes
      for (const oldest of unread.keys()) {
        if (total <= unreadAnswerBytes || oldest === res) break
        hangUp(oldest)
      }
    },
  }
}

/** The bytes of an ended response that are still in this process. A simulated response may not report them. */
function unreadBytes({ writableLength, writableFinished }: Outgoing): number {
  return !writableFinished && writableLength > 0 ? writableLength : 0
}
