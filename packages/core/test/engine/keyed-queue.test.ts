/** Writers of one resource take turns, and never depend on a writer that has been abandoned. */
import { describe, expect, test } from '@jest/globals'
import { keyedQueue } from '../../src/engine/keyed-queue.js'

const patience = 2_000

/** A queue whose timers run when the test says so. */
function queueOf() {
  const timers = new Set<() => void>()
  let now = 0
  const queue = keyedQueue(
    {
      now: () => now,
      startTimer: (_milliseconds, run) => {
        timers.add(run)
        return () => timers.delete(run)
      },
    },
    patience,
  )
  return {
    queue,
    timers,
    /** Lets the patience of all that wait now run out. */
    async runOut() {
      now += patience
      for (const run of [...timers]) {
        timers.delete(run)
        run()
        await settled()
      }
    },
  }
}

const settled = () => new Promise((resolve) => setImmediate(resolve))
const never = () => new Promise<never>(() => {})

describe('keyedQueue', () => {
  test('runs tasks with one key in the order of arrival, each after the one before it', async () => {
    const { queue, timers } = queueOf()
    const seen: string[] = []
    const task = (name: string) => async (waited: boolean) => {
      seen.push(`${name} ${waited ? 'waited' : 'at once'}`)
      await settled()
      seen.push(`${name} ends`)
    }
    await Promise.all(['a', 'b', 'c'].map((name) => queue('key', task(name))))
    expect(seen).toEqual(['a at once', 'a ends', 'b waited', 'b ends', 'c waited', 'c ends'])
    expect(timers.size).toBe(0)
  })

  test('does not let tasks with different keys wait for each other', async () => {
    const { queue } = queueOf()
    void queue('one', never)
    expect(await queue('two', async (waited) => waited)).toBe(false)
  })

  test('passes on the error of a task, and runs the next one', async () => {
    const { queue } = queueOf()
    const failing = queue('key', () => Promise.reject(new Error('lost')))
    const next = queue('key', async () => 'done')
    await expect(failing).rejects.toThrow('lost')
    expect(await next).toBe('done')
  })

  test('runs the tasks after one that never ends, one after the other, once nothing has moved for as long as the patience', async () => {
    const { queue, runOut } = queueOf()
    const seen: string[] = []
    void queue('key', never)
    const ends: (() => void)[] = []
    for (const name of ['b', 'c', 'd']) {
      void queue('key', async () => {
        seen.push(name)
        await new Promise<void>((end) => ends.push(end))
      })
    }
    await settled()
    expect(seen).toEqual([])
    await runOut()
    expect(seen).toEqual(['b'])
    ends[0]?.()
    await settled()
    expect(seen).toEqual(['b', 'c'])
    ends[1]?.()
    await settled()
    expect(seen).toEqual(['b', 'c', 'd'])
  })

  test('waits again while the tasks before make progress', async () => {
    const { queue, runOut } = queueOf()
    const ends: (() => void)[] = []
    const slow = () => queue('key', () => new Promise<void>((end) => ends.push(end)))
    void slow()
    void slow()
    const last = queue('key', async () => 'last')
    let isOver = false
    void last.then(() => {
      isOver = true
    })
    ends[0]?.()
    await settled()
    await runOut()
    expect(isOver).toBe(false)
    ends[1]?.()
    expect(await last).toBe('last')
  })

  test('a task that comes when the one before it is stuck and presumed lost does not wait for it', async () => {
    const { queue, runOut } = queueOf()
    void queue('key', never)
    const second = queue('key', async () => 'second')
    await runOut()
    expect(await second).toBe('second')
    expect(await queue('key', async (waited) => waited)).toBe(false)
  })

  test('a waiting task that its platform has ended delays the others no further', async () => {
    const { queue, timers, runOut } = queueOf()
    void queue('key', never)
    void queue('key', never)
    // The timer of an ended request never fires.
    timers.clear()
    const third = queue('key', async () => 'third')
    await runOut()
    expect(await third).toBe('third')
  })
})
