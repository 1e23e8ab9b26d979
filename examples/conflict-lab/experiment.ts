/** Writers that count together, in one attribute of one user; whoever loses a race reads again and tries again. */
import { createClient } from '@scimkit/client'

/** What has happened so far. */
export interface Tally {
  /** Writes that the server has acknowledged. */
  acknowledged: number
  /** Writes whose answer was lost: they may be in the record or not. */
  unknown: number
  /** Writes that it has refused with 412. */
  conflicts: number
  /** Tries, of all writes. */
  tries: number
  /** Where the counter stands, once all is over. */
  counted: number
  /** Seconds until the last writer had its answer, once all is over. */
  took: number
  /** Acknowledged writes in each slice of time; where there were none, nothing. */
  readonly slices: number[]
}

/** The bounds of an experiment. */
export interface Bounds {
  readonly writers: number
  readonly seconds: number
}

/** Milliseconds in a slice. */
export const slice = 10

/** Runs an experiment against one server; `tally` can be looked at while it runs. Rejects if a write fails for good. */
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
        // The same client against both servers; the naive one knows PUT alone. When the time is up no other try begins.
        // The one that is on its way is let finish: a write that is cut off may be in or not, and could not be counted.
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

/** Nothing has happened yet. */
export function emptyTally(): Tally {
  return { acknowledged: 0, unknown: 0, conflicts: 0, tries: 0, counted: 0, took: 0, slices: [] }
}

/** Writes that were acknowledged and are not in the record: at least so many, as one whose answer was lost may be in. */
export function lostIn({ acknowledged, counted }: Tally): number {
  return Math.max(acknowledged - counted, 0)
}

/** Whether the record has all that was acknowledged, and beyond it nothing but writes whose answer was lost. */
export function addsUp({ acknowledged, unknown, counted }: Tally): boolean {
  return counted >= acknowledged && counted <= acknowledged + unknown
}
