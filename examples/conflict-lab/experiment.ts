/** Concurrent writers that increment one attribute of one user; after a conflict a writer reads again and retries. */
import { createClient } from '@scimkit/client'

/** The statistics so far. */
export interface Tally {
  /** Writes that the server has acknowledged. */
  acknowledged: number
  /** Writes whose response was lost: they may have been applied or not. */
  unknown: number
  /** Writes that it has refused with 412. */
  conflicts: number
  /** Attempts of all writes. */
  tries: number
  /** The final value of the counter. */
  counted: number
  /** Seconds until the last writer received its response. */
  took: number
  /** Acknowledged writes in each time slice; absent if there were none. */
  readonly slices: number[]
}

/** The limits of an experiment. */
export interface Bounds {
  readonly writers: number
  readonly seconds: number
}

/** Milliseconds in a slice. */
export const slice = 10

/** Runs an experiment against one server; `tally` can be read meanwhile. Rejects if a write fails permanently. */
export async function experiment(url: string, { writers, seconds }: Bounds, tally: Tally): Promise<void> {
  const { users } = createClient(url)
  const { id } = await users.create({ userName: 'ada', nickName: '0' })
  const started = performance.now()
  const left = (): number => started + seconds * 1_000 - performance.now()

  async function write(): Promise<void> {
    const own = createClient(url)
    while (left() > 0) {
      const result = await own.users.update(
        id,
        (user) => ({ ...user, nickName: String(Number(user.nickName) + 1) }),
        // The same client for both servers; the naive one supports only PUT. After the time limit no new attempt begins.
        // A request in flight is not aborted: an aborted write may be applied or not, and could not be counted.
        { method: 'put', time: left(), attempts: Number.POSITIVE_INFINITY, backoff: { first: 4, most: 200 } },
      )
      tally.tries += result.attempts
      tally.conflicts += result.conflicts.length
      if (result.kind === 'gaveUp' && result.reason === 'time') return
      if (result.kind === 'outcomeUnknown') tally.unknown += 1
      else if (result.kind === 'success') acknowledge()
      else throw new Error(`a write ended with ${result.kind}`)
    }
  }

  function acknowledge(): void {
    tally.acknowledged += 1
    const now = Math.floor((performance.now() - started) / slice)
    tally.slices[now] = (tally.slices[now] ?? 0) + 1
  }

  await Promise.all(Array.from({ length: writers }, write))
  tally.took = (performance.now() - started) / 1_000
  tally.counted = Number((await users.get(id)).nickName)
}

/** Empty statistics. */
export function emptyTally(): Tally {
  return { acknowledged: 0, unknown: 0, conflicts: 0, tries: 0, counted: 0, took: 0, slices: [] }
}

/** A lower bound of acknowledged writes that are not in the record, because writes with a lost response may be in it. */
export function lostIn({ acknowledged, counted }: Tally): number {
  return Math.max(acknowledged - counted, 0)
}

/** True if the record has all acknowledged writes, and otherwise only writes whose response was lost. */
export function addsUp({ acknowledged, unknown, counted }: Tally): boolean {
  return counted >= acknowledged && counted <= acknowledged + unknown
}
