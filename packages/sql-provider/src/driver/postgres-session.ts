/** A connection for the time of one unit of work. Whatever happens on it, nothing waits on it for ever. */

import { pauses } from './back-off.js'
import { isFull, withPoolerHint } from './postgres-errors.js'
import type { PostgresLimits } from './postgres-options.js'
import type { PostgresClient, PostgresPool, PostgresQuery, PostgresResult } from './postgres-pool.js'
import { withinTime } from './postgres-time.js'
import { StoreFailure } from './store-failure.js'

/** One connection, ours until `end`. */
export interface Session {
  readonly client: PostgresClient
  /**
   * Runs one statement. Rejects with the server's error, or with that of the connection, which is broken from then on.
   * On a broken connection it rejects and sends nothing. A text of several statements answers with the last.
   */
  run(query: PostgresQuery, milliseconds?: number): Promise<PostgresResult>
  /** `late`: the server took too long to answer; what it does meanwhile is not known. */
  state(): 'open' | 'lost' | 'late'
  /** True if the server still answers: what it has said before was its last word on it. */
  answers(): Promise<boolean>
  /** Says that the connection is not to be used again. */
  spoil(error: unknown): void
  /** Gives the connection back, or closes it if it is broken. */
  end(): void
}

/** The server is to stop a statement by itself, and to be able to say so. */
export const grace = 2_000

/**
 * Borrows a connection from a pool; those that are stale are closed on the way. Throws a
 * {@link StoreFailure} if there is none in time.
 */
export async function borrow(
  pool: PostgresPool,
  limits: PostgresLimits,
  isStale: (client: PostgresClient) => boolean,
): Promise<Session> {
  for (;;) {
    const client = await freeConnection(pool, limits)
    if (!isStale(client)) return sessionOn(client, limits)
    client.release(new Error('made before the server was found to be gone'))
  }
}

async function freeConnection(pool: PostgresPool, { connectMilliseconds }: PostgresLimits): Promise<PostgresClient> {
  // The server may allow fewer connections than the pool: then one that is in use now will do, once it is free.
  const pause = pauses({ milliseconds: connectMilliseconds })
  for (;;) {
    const connecting = pool.connect()
    try {
      return await withinTime(connecting, connectMilliseconds, () => {
        connecting.then(
          (late) => late.release(),
          () => {},
        )
        return new Error(`no connection within ${connectMilliseconds} ms`)
      })
    } catch (error) {
      if (isFull(error) && (await pause())) continue
      throw new StoreFailure('PostgreSQL cannot be reached', 'nothingWritten', withPoolerHint(error))
    }
  }
}

function sessionOn(client: PostgresClient, { statementMilliseconds }: PostgresLimits): Session {
  let state: 'open' | 'lost' | 'late' = 'open'
  let broken: Error | undefined
  const breakOff = (error: unknown, how: 'lost' | 'late'): Error => {
    if (broken === undefined) {
      broken = error instanceof Error ? error : new Error('the connection broke', { cause: error })
      state = how
    }
    return broken
  }
  // A connection may be lost while nobody waits for an answer; without a listener that would end the process.
  const onError = (error: Error): void => {
    breakOff(error, 'lost')
  }
  client.on('error', onError)

  const session: Session = {
    client,
    async run(query, milliseconds = statementMilliseconds + grace) {
      if (broken !== undefined) throw broken
      const answer: PostgresResult | readonly PostgresResult[] = await withinTime(
        client.query(query),
        milliseconds,
        () => breakOff(new Error(`no answer within ${milliseconds} ms`), 'late'),
      )
      return lastOf(answer)
    },
    state: () => state,
    async answers() {
      try {
        await session.run({ text: ';' }, grace)
        return true
      } catch (error) {
        breakOff(error, 'lost')
        return false
      }
    },
    spoil(error) {
      breakOff(error, 'lost')
    },
    end() {
      // In this order: the pool listens to what it gets back.
      client.release(broken)
      client.removeListener('error', onError)
    },
  }
  return session
}

// A text of several statements has several answers.
function lastOf(answer: PostgresResult | readonly PostgresResult[]): PostgresResult {
  const last = isList(answer) ? answer.at(-1) : answer
  return last ?? { command: '', rowCount: null, rows: [] }
}

function isList(answer: PostgresResult | readonly PostgresResult[]): answer is readonly PostgresResult[] {
  return Array.isArray(answer)
}
