import type { Writable } from 'node:stream'
import type { NodeResponse } from './node-message.js'

/** How long a client may take to receive an answer, and how much may be waiting for clients. */
export interface AnswerLimits {
  /** Milliseconds for an answer, and one second more for each 64 KiB of it. */
  readonly answerMilliseconds: number
  /** Bytes of unread answers, all connections together. */
  readonly unreadAnswerBytes: number
}

const bytesPerSecond = 65_536

// A timer that is set for longer ends at once.
const longestTimer = 2_147_483_647

// Over HTTP/2 it is the stream that is written to.
type Outgoing = Pick<Writable, 'writableLength' | 'writableFinished' | 'destroy' | 'once'>

/** Answers that clients have not received yet, in the order of their age. */
export interface UnreadAnswers {
  /**
   * Call it when an answer has been ended. If a part of it is still in memory, its connection is closed when the client has
   * not received it in time, or when there are too many bytes of unread answers and this is the oldest of them.
   */
  watch(res: NodeResponse): void
}

/** Keeps the unread answers of one server within the limits. Never throws, neither here nor later on a timer. */
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
      // Not every object that is handed in as a response has a connection.
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

/** What of an ended answer is still in this process. An object that is no real response may say nothing of it. */
function unreadBytes({ writableLength, writableFinished }: Outgoing): number {
  return !writableFinished && writableLength > 0 ? writableLength : 0
}
