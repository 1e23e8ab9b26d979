import type { Ports } from '../ports.js'

// Long enough to get work done, short enough for others not to notice.
const stretch = 10

/**
 * Lets others of this process have a turn, if it is some milliseconds since they had one. A store in memory never waits,
 * so a long request would hold up all others, and not even hear that its client has gone.
 */
export function breather({ now, sleep }: Pick<Ports, 'now' | 'sleep'>): () => Promise<void> {
  let since = now()
  return async () => {
    if (now() - since < stretch) return
    await sleep(0)
    since = now()
  }
}
