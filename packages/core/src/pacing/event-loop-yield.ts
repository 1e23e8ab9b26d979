import type { Ports } from '../ports.js'

// Milliseconds: long enough to make progress, short enough not to delay other requests noticeably.
const stretch = 10

/**
 * Lets other requests of this process run, if some milliseconds have passed since their last turn. A store in memory
 * never waits, so a long request would block all others, and would not notice that its client has disconnected.
 */
export function eventLoopYield({ now, sleep }: Pick<Ports, 'now' | 'sleep'>): () => Promise<void> {
  let since = now()
  return async () => {
    if (now() - since < stretch) return
    await sleep(0)
    since = now()
  }
}
