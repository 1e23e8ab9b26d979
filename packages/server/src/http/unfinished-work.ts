import type { WaitUntil } from '@scimkit/core'

/** The work that a server has not finished, also that of clients that have disconnected. */
export interface Unfinished {
  /** Adds work to wait for. Its promise must not reject. */
  readonly waitUntil: WaitUntil
  /** Resolves when all work is finished, at the latest after `milliseconds`. */
  settled(milliseconds: number): Promise<void>
}

/** Starts without any work. */
export function unfinishedWork(): Unfinished {
  const pending = new Set<Promise<unknown>>()
  const allDone = async (): Promise<void> => {
    // Finished work may have started more work.
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
