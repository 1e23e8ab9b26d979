/** Writers that count together, in one attribute of one user; whoever loses a race reads again and tries again. */
import { createClient } from '@scimkit/client'

/** What has happened so far. */
export interface Tally {
  /** Writes that the server has acknowledged. */
  acknowledged: number
  /** Writes that it has refused with 412. */
  conflicts: number
  /** Attempts beyond the first of each write. */
  retries: number
  /** Where the counter stands, once all is over. */
  counted: number
  /** Acknowledged writes in each slice of time. */
  readonly slices: number[]
}

/** The bounds of an experiment. */
export interface Bounds {
  readonly writers: number
  readonly seconds: number
}

/** Milliseconds in a slice. */
export const slice = 100

/** Runs an experiment against one server; `tally` can be looked at while it runs. Rejects if a write fails for good. */
export async function experiment(url: string, { writers, seconds }: Bounds, tally: Tally): Promise<void> {
  const { users } = createClient(url)
  const { id } = await users.create({ userName: 'ada', nickName: '0' })
  const started = performance.now()
  const isOver = (): boolean => performance.now() - started > seconds * 1_000

  async function write(): Promise<void> {
    const own = createClient(url)
    while (!isOver()) {
      const result = await own.users.update(
        id,
        (user) => ({ ...user, nickName: String(Number(user.nickName) + 1) }),
        // The same client against both servers; the naive one knows PUT alone.
        { method: 'put', attempts: 1_000, backoff: { first: 4, most: 200 } },
      )
      if (result.kind !== 'success') throw new Error(`a write ended with ${result.kind}`)
      tally.acknowledged += 1
      tally.conflicts += result.conflicts.length
      tally.retries += result.attempts - 1
      const now = Math.floor((performance.now() - started) / slice)
      tally.slices[now] = (tally.slices[now] ?? 0) + 1
    }
  }

  await Promise.all(Array.from({ length: writers }, write))
  tally.counted = Number((await users.get(id)).nickName)
}

/** Nothing has happened yet. */
export function emptyTally(): Tally {
  return { acknowledged: 0, conflicts: 0, retries: 0, counted: 0, slices: [] }
}

/** Writes that were acknowledged and are not in the record. */
export function lostIn({ acknowledged, counted }: Tally): number {
  return acknowledged - counted
}
