import { describe, expect, it } from '@jest/globals'
import { yieldToEventLoop } from '../../src/driver/event-loop-yield.js'
import { turns } from '../../src/driver/turns.js'

/** A piece of work that ends when the test ends it. */
function held(): { readonly work: () => Promise<void>; readonly end: () => void } {
  let end = (): void => {}
  const promise = new Promise<void>((resolve) => {
    end = resolve
  })
  return { work: () => promise, end: () => end() }
}

describe('turns', () => {
  it('run at most atOnce at the same time, the others in the order of arrival', async () => {
    const { take } = turns({ atOnce: 2, waiting: 10 })
    const [first, second] = [held(), held()]
    const order: string[] = []
    const all = [
      take(first.work),
      take(second.work),
      take(() => void order.push('third')),
      take(() => void order.push('fourth')),
    ]
    await yieldToEventLoop()
    expect(order).toEqual([])
    second.end()
    await yieldToEventLoop()
    expect(order).toEqual(['third', 'fourth'])
    first.end()
    await Promise.all(all)
  })

  it('continue after a piece of work has failed', async () => {
    const { take } = turns({ atOnce: 1, waiting: 1 })
    await expect(take(() => Promise.reject(new Error('failed')))).rejects.toThrow('failed')
    expect(await take(() => 'next')).toBe('next')
  })

  it('pause between two pieces of work', async () => {
    let pauses = 0
    const pause = async (): Promise<void> => {
      pauses += 1
      await yieldToEventLoop()
    }
    const { take } = turns({ atOnce: 1, waiting: 1, pause })
    await take(() => {})
    await take(() => {})
    expect(pauses).toBe(2)
  })

  it('reject more than may wait', async () => {
    const { take } = turns({ atOnce: 1, waiting: 1 })
    const first = held()
    const running = take(first.work)
    const waiting = take(() => 'second')
    await expect(take(() => 'third')).rejects.toMatchObject({ outcome: 'nothingWritten' })
    first.end()
    await running
    expect(await waiting).toBe('second')
  })

  it('are abandoned when the client disconnects, before and while waiting', async () => {
    const { take } = turns({ atOnce: 1, waiting: 1 })
    const first = held()
    const running = take(first.work)
    const gone = new AbortController()
    let ran = false
    const run = (): void => {
      ran = true
    }
    const waiting = take(run, gone.signal)
    gone.abort()
    await expect(waiting).rejects.toThrow('the client has disconnected')
    await expect(take(run, gone.signal)).rejects.toThrow('the client has disconnected')
    first.end()
    await running
    expect(await take(() => 'free')).toBe('free')
    expect(ran).toBe(false)
  })
})
