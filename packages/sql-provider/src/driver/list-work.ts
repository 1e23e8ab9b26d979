import { breath } from './breath.js'
import type { ListWork } from './driver.js'
import { turns } from './turns.js'

// A request waits for each portion of its list again, so this bounds how many lists are under way.
const waiting = 1_000

/** For a database inside this process, which does nothing else during a statement: one at a time, with a pause after it. */
export function embeddedLists(): ListWork {
  return { turns: turns({ atOnce: 1, waiting, pause: breath }), milliseconds: 5, comparisons: 1_000 }
}

/** For a database on the network: so many statements of lists at the same time, and larger ones. */
export function remoteLists(atOnce: number): ListWork {
  return { turns: turns({ atOnce, waiting }), milliseconds: 100, comparisons: 20_000 }
}
