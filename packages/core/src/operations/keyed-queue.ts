/**
 * Lets tasks with one key run one after the other, in the order they came; tasks with different keys do not wait.
 * A courtesy between unconditional writers of one process, so that 64 of them need 64 writes and no retry. That no
 * write is lost does not depend on it: the compare-and-swap alone sees to that.
 */
export type KeyedQueue = <Value>(key: string, task: (waited: boolean) => Promise<Value>) => Promise<Value>

/** A new, empty queue. `waited` tells a task whether another one ran before it, so that what it knew may be stale. */
export function keyedQueue(): KeyedQueue {
  const last = new Map<string, Promise<unknown>>()
  return async (key, task) => {
    const before = last.get(key)
    const mine = before === undefined ? task(false) : before.then(() => task(true))
    // The chain must go on whatever becomes of one task.
    const settled = mine.then(nothing, nothing)
    last.set(key, settled)
    try {
      return await mine
    } finally {
      if (last.get(key) === settled) last.delete(key)
    }
  }
}

function nothing(): void {}
