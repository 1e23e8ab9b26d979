/**
 * Runs tasks with one key one after the other, in the order of their arrival; tasks with different keys do not wait. An
 * optimisation for unconditional writers of one process, so that 64 of them need 64 writes and no retry. The guarantee
 * that no write is lost does not depend on it: the compare-and-swap alone keeps it.
 */
import type { Ports } from '../ports.js'

/** Runs a task when the tasks with the same key before it have ended. `waited` is true if the task had to wait. */
export type KeyedQueue = <Value>(key: string, task: (waited: boolean) => Promise<Value>) => Promise<Value>

interface Turn {
  begun: boolean
  /** Ends the wait; a turn that does not wait has nothing to end. */
  wake: () => void
}

interface Line {
  /** In the order of arrival; without concurrency only the first one runs. */
  readonly turns: Turn[]
  /** Counts the tasks that began or ended. */
  progress: number
  /** When that count changed, in milliseconds since 1970. */
  changed: number
}

/**
 * A new, empty queue. A task waits for those before it while they make progress: if for `patience` milliseconds none has
 * begun or ended, it runs beside them. On Workers a request that the client has abandoned may never continue, and a task
 * that waited for its end would wait forever. So no task depends on the promise or the timer of another request.
 */
export function keyedQueue({ now, startTimer }: Pick<Ports, 'now' | 'startTimer'>, patience: number): KeyedQueue {
  const lines = new Map<string, Line>()

  function lineOf(key: string): Line {
    const known = lines.get(key)
    if (known !== undefined) return known
    forgetAbandoned()
    const line: Line = { turns: [], progress: 0, changed: now() }
    lines.set(key, line)
    return line
  }

  // One look at the oldest line for each new one keeps the map small without a timer.
  function forgetAbandoned(): void {
    for (const [key, line] of lines) {
      lines.delete(key)
      if (now() - line.changed < patience) lines.set(key, line)
      return
    }
  }

  function moved(line: Line): void {
    line.progress++
    line.changed = now()
  }

  async function wait(line: Line, turn: Turn): Promise<void> {
    for (let seen: number | undefined; seen !== line.progress; ) {
      seen = line.progress
      const isWoken = await new Promise<boolean>((resolve) => {
        const stopTimer = startTimer(patience, () => resolve(false))
        turn.wake = () => {
          stopTimer()
          resolve(true)
        }
      })
      if (isWoken) return
    }
  }

  function leave(key: string, line: Line, turn: Turn): void {
    moved(line)
    // A turn that ran beside those before it has found them stuck: the turns after it do not wait for them either.
    const ended = line.turns.splice(0, line.turns.indexOf(turn) + 1)
    for (const passed of ended) if (!passed.begun) passed.wake()
    const [next] = line.turns
    if (next === undefined) {
      if (lines.get(key) === line) lines.delete(key)
    } else if (!next.begun) next.wake()
  }

  return async (key, task) => {
    const line = lineOf(key)
    const turn: Turn = { begun: false, wake: nothing }
    const waits = line.turns.push(turn) > 1
    if (waits) await wait(line, turn)
    turn.begun = true
    moved(line)
    try {
      return await task(waits)
    } finally {
      leave(key, line, turn)
    }
  }
}

function nothing(): void {}
