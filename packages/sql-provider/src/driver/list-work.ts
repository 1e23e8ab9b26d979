import type { ListWork } from './driver.js'
import { yieldToEventLoop } from './event-loop-yield.js'
import { turns } from './turns.js'

// A request waits again for each portion of its list, so this limits the number of running lists.
const waiting = 1_000

/** For a database inside this process, which is blocked during a statement: one statement at a time, then a pause. */
export function embeddedLists(): ListWork {
  return { turns: turns({ atOnce: 1, waiting, pause: yieldToEventLoop }), milliseconds: 5, comparisons: 1_000 }
}

/** For a database on the network: `atOnce` statements of lists at the same time, and larger ones. */
export function remoteLists(atOnce: number): ListWork {
  return { turns: turns({ atOnce, waiting }), milliseconds: 100, comparisons: 20_000 }
}
