import type { WaitUntil } from '@scimkit/core'

/** The work that a server has not finished, also that of clients that have gone. */
export interface Unfinished {
  /** Takes work that must not reject. */
  readonly waitUntil: WaitUntil
  /** Resolves when all of it is finished, at the latest after so many milliseconds. */
  settled(milliseconds: number): Promise<void>
}

/** No work yet. */
export function unfinishedWork(): Unfinished {
  const pending = new Set<Promise<unknown>>()
  const allDone = async (): Promise<void> => {
    // What is finished may have begun more.
    while (pending.size > 0) await Promise.all(pending)
  }
  return {
    waitUntil(work) {
      pending.add(work)
      void work.then(() => pending.delete(work))
    },
    async settled(milliseconds) {
      let timer: NodeJS.Timeout | undefined
      const late = new Promise<void>((resolve) => {
        timer = setTimeout(resolve, milliseconds)
      })
      await Promise.race([allDone(), late])
      clearTimeout(timer)
    },
  }
}
