/** A connection for the time of one unit of work. Every wait on it has a time limit. */

import { pauses } from '../back-off.js'
import { StoreFailure } from '../store-failure.js'
import { isFull, withPoolerHint } from './errors.js'
import type { PostgresLimits } from './options.js'
import type { PostgresClient, PostgresPool, PostgresQuery, PostgresResult } from './pool.js'
import { withinTime } from './within-time.js'

/** One borrowed connection, until `end`. */
export interface Session {
  readonly client: PostgresClient
  /**
   * Runs one statement. Rejects with the server's error, or with that of the connection, which is broken from then on. On a
   * broken connection it rejects and sends nothing. For a text of several statements it returns the result of the last.
   */
  run(query: PostgresQuery, milliseconds?: number): Promise<PostgresResult>
  /** `late`: the server took too long to answer, and may still be running the statement. */
  state(): 'open' | 'lost' | 'late'
  /** Rejects with the reason when the connection breaks. */
  readonly broken: Promise<never>
  /** True if the server still answers: then its previous error is the final outcome. */
  answers(): Promise<boolean>
  /** Marks the connection as broken: it is not used again. */
  spoil(error: unknown): void
  /** Gives the connection back, or closes it if it is broken. */
  end(): void
}

/** Extra milliseconds in which the server can stop a statement by itself and report that. */
export const grace = 2_000

/**
 * Borrows a connection from a pool, and closes the stale connections that the pool returns first. Throws a {@link StoreFailure}
 * if no connection is free in time.
 */
export async function borrow(
  pool: PostgresPool,
  limits: PostgresLimits,
  isStale: (client: PostgresClient) => boolean,
): Promise<Session> {
  for (;;) {
    const client = await freeConnection(pool, limits)
    if (!isStale(client)) return sessionOn(client, limits)
    client.release(new Error('opened before the server was found unavailable'))
  }
}

async function freeConnection(pool: PostgresPool, { connectMilliseconds }: PostgresLimits): Promise<PostgresClient> {
  // The server may allow fewer connections than the pool: then wait until a connection in use is free.
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
      throw new StoreFailure('cannot connect to PostgreSQL', 'nothingWritten', withPoolerHint(error))
    }
  }
}

function sessionOn(client: PostgresClient, { statementMilliseconds }: PostgresLimits): Session {
  let state: 'open' | 'lost' | 'late' = 'open'
  let broken: Error | undefined
  let announce: (error: Error) => void = () => {}
  const brokenOff = new Promise<never>((_, reject) => {
    announce = reject
  })
  // Mostly, only a statement waits for the connection.
  brokenOff.catch(() => {})
  const breakOff = (error: unknown, how: 'lost' | 'late'): Error => {
    if (broken === undefined) {
      broken = error instanceof Error ? error : new Error('the connection broke', { cause: error })
      state = how
      announce(broken)
    }
    return broken
  }
  // A connection may be lost while no statement is pending; without a listener the error event would end the process.
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
    broken: brokenOff,
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
      // In this order: the pool adds its own listener at release.
      client.release(broken)
      client.removeListener('error', onError)
    },
  }
  return session
}

// A text of several statements has several results.
function lastOf(answer: PostgresResult | readonly PostgresResult[]): PostgresResult {
  const last = isList(answer) ? answer.at(-1) : answer
  return last ?? { command: '', rowCount: null, rows: [] }
}

function isList(answer: PostgresResult | readonly PostgresResult[]): answer is readonly PostgresResult[] {
  return Array.isArray(answer)
}
