/** The gate: bounded, in turns between keys, nothing lost and nothing held by an entrant that has left. */
import { describe, expect, test } from '@jest/globals'
import { fairGate, type Gate, type GateOptions } from '../../src/in-flight/gate.js'
import { type Hold, holdOf } from '../../src/in-flight/lanes.js'

interface Rig {
  readonly gate: Gate
  /** Returns units of a key, those that were taken first before others. */
  leave(key: string, weight: number): void
  /** Enters; the log has a line when it has entered (`a`), or was refused (`a full own`). */
  enter(key: string, options?: { weight?: number; name?: string; signal?: AbortSignal }): Promise<void>
  readonly log: string[]
  /** Lets time pass, and runs the timers that are due. */
  tick(milliseconds?: number): Promise<void>
  /** Lets time pass without running a timer: the process is busy. */
  pass(milliseconds: number): void
  /** How many timers are set. */
  readonly timers: () => number
  /** Forgets all timers. */
  dropTimers(): void
}

const settle = async (): Promise<void> => {
  for (let turn = 0; turn < 8; turn++) await undefined
}

function rig(options: Partial<GateOptions> = {}): Rig {
  const log: string[] = []
  const timers = new Map<() => void, number>()
  let clock = 0
  const refuse: GateOptions['refuse'] = (reason, own) => new Error(`${reason}${own ? ' own' : ''}`)
  const gate = fairGate(
    { capacity: 2, share: 2, queue: 4, milliseconds: 8_000, holdMilliseconds: 60_000, refuse, ...options },
    {
      now: () => clock,
      startTimer: (milliseconds, run) => {
        timers.set(run, clock + milliseconds)
        return () => void timers.delete(run)
      },
    },
  )
  const holds: Hold[] = []
  return {
    gate,
    log,
    leave(key, weight) {
      let left = weight
      for (const hold of holds.filter((one) => one.key === key)) {
        const held = hold.weight
        gate.leave(hold, Math.min(left, held))
        // Units that were not taken are not returned.
        left -= held - hold.weight
      }
    },
    timers: () => timers.size,
    dropTimers: () => timers.clear(),
    async enter(key, { weight = 1, name = key, signal } = {}) {
      const hold = holdOf(key, weight)
      const turn = gate.enter(hold, { signal })
      holds.push(hold)
      if (turn === undefined) log.push(name)
      else
        turn.then(
          () => log.push(`${name} waited`),
          (error: Error) => log.push(`${name} ${error.message}`),
        )
      await settle()
    },
    pass(milliseconds) {
      clock += milliseconds
    },
    async tick(milliseconds = 1_000) {
      clock += milliseconds
      for (const [run, due] of timers) {
        if (due > clock) continue
        timers.delete(run)
        run()
      }
      await settle()
    },
  }
}

describe('a gate', () => {
  test('admits at once as many as there is room for, then in order, then refuses', async () => {
    const { leave, enter, log, timers } = rig()
    for (const name of ['1', '2']) await enter('a', { name })
    expect([log.splice(0), timers()]).toEqual([['1', '2'], 0])
    for (const name of ['3', '4', '5', '6', '7']) await enter('a', { name })
    expect(log.splice(0)).toEqual(['7 full own'])
    for (let left = 0; left < 6; left++) leave('a', 1)
    await settle()
    expect(log.splice(0)).toEqual(['3 waited', '4 waited', '5 waited', '6 waited'])
    await enter('a', { name: '8' })
    await enter('a', { name: '9' })
    expect(log).toEqual(['8', '9'])
  })

  test('keys take turns, so that the queue of one does not delay another', async () => {
    const { leave, enter, log } = rig({ capacity: 1, share: 1, queue: 100 })
    await enter('a', { name: 'a0' })
    for (const name of ['a1', 'a2', 'a3', 'a4']) await enter('a', { name })
    for (const name of ['b1', 'b2']) await enter('b', { name })
    await enter('c', { name: 'c1' })
    log.length = 0
    const keys = ['a']
    for (let turn = 0; turn < 7; turn++) {
      leave(keys.at(-1) ?? '', 1)
      await settle()
      keys.push(log.at(-1)?.slice(0, 1) ?? '')
    }
    expect(log.map((entry) => entry.split(' ')[0])).toEqual(['a1', 'b1', 'c1', 'a2', 'b2', 'a3', 'a4'])
  })

  test('a key at its share waits, and others enter before it', async () => {
    const { leave, enter, log } = rig({ capacity: 3, share: 2 })
    for (const name of ['a1', 'a2', 'a3']) await enter('a', { name })
    await enter('b')
    expect(log.splice(0)).toEqual(['a1', 'a2', 'b'])
    leave('b', 1)
    await settle()
    expect(log).toEqual([])
    leave('a', 1)
    await settle()
    expect(log).toEqual(['a3 waited'])
  })

  test('a full queue of one key makes room for another key: the newest of the longest is refused', async () => {
    const { enter, log } = rig({ capacity: 1, share: 1, queue: 4 })
    await enter('a')
    for (const name of ['a1', 'a2', 'a3', 'a4']) await enter('a', { name })
    for (const name of ['b1', 'b2', 'b3']) await enter('b', { name })
    expect(log).toEqual(['a', 'a4 full own', 'a3 full own', 'b3 full'])
  })

  test('a heavy entrant is not overtaken by light ones', async () => {
    const { leave, enter, log } = rig({ capacity: 10, share: 10 })
    await enter('a', { weight: 6, name: 'six' })
    await enter('a', { weight: 8, name: 'eight' })
    await enter('b', { weight: 1, name: 'one' })
    expect(log.splice(0)).toEqual(['six'])
    leave('a', 6)
    await settle()
    expect(log).toEqual(['eight waited', 'one waited'])
  })

  test('units may be returned in pieces', async () => {
    const { leave, enter, log } = rig({ capacity: 10, share: 10 })
    await enter('a', { weight: 10, name: 'ten' })
    await enter('a', { weight: 4, name: 'four' })
    leave('a', 3)
    await settle()
    expect(log.splice(0)).toEqual(['ten'])
    leave('a', 1)
    await settle()
    expect(log).toEqual(['four waited'])
  })

  test('a client that disconnects is removed from the queue, and its place is given to the next', async () => {
    const { leave, enter, log } = rig({ capacity: 10, share: 10 })
    await enter('a', { weight: 8, name: 'eight' })
    const client = new AbortController()
    await enter('a', { weight: 9, name: 'nine', signal: client.signal })
    await enter('a', { weight: 2, name: 'two' })
    client.abort()
    await settle()
    expect(log.splice(0)).toEqual(['eight', 'nine gone', 'two waited'])
    await enter('a', { weight: 9, name: 'late', signal: client.signal })
    expect(log.splice(0)).toEqual(['late gone'])
    leave('a', 10)
    await enter('a', { weight: 10, name: 'ten' })
    expect(log).toEqual(['ten'])
  })

  test('none waits longer than it may, and no timer is left when none waits', async () => {
    const { leave, enter, log, tick, timers } = rig({ capacity: 1, share: 1, queue: 10 })
    await enter('a')
    await enter('a', { name: 'old' })
    await tick(4_000)
    await enter('b', { name: 'young' })
    await tick(3_999)
    expect(log.splice(0)).toEqual(['a'])
    await tick(1)
    expect(log.splice(0)).toEqual(['old late own'])
    leave('a', 1)
    await settle()
    expect([log.splice(0), timers()]).toEqual([['young waited'], 0])
  })

  test('a timer that never fires, as of a request that Workers has ended, delays no other entrant', async () => {
    const { enter, log, tick, timers, dropTimers } = rig({ capacity: 1, share: 1, queue: 10 })
    await enter('a')
    await enter('a', { name: 'ended' })
    dropTimers()
    await enter('a', { name: 'next' })
    expect(timers()).toBe(1)
    await tick(8_000)
    expect(log).toContain('next late own')
  })

  test('a place that is returned before the timer runs is not given to an entrant that has waited too long', async () => {
    const { leave, enter, log, pass } = rig({ capacity: 1, share: 1 })
    await enter('a')
    await enter('a', { name: 'old' })
    pass(5_000)
    await enter('a', { name: 'young' })
    pass(5_000)
    leave('a', 1)
    await settle()
    expect(log).toEqual(['a', 'old late', 'young waited'])
  })

  test('units that are held too long are given to the next entrant, and returning them later has no effect', async () => {
    const { leave, enter, log, tick } = rig({ capacity: 2, share: 2 })
    await enter('a', { name: 'ended' })
    await tick(30_000)
    await enter('b', { name: 'working' })
    await tick(29_999)
    await enter('c', { name: 'early' })
    await tick(1)
    await enter('d', { name: 'next' })
    expect(log.splice(0)).toEqual(['ended', 'working', 'early waited'])
    leave('a', 1)
    await settle()
    expect(log).toEqual([])
    leave('b', 1)
    await settle()
    expect(log).toEqual(['next waited'])
  })

  test('units that are held too long stay taken while there is room', async () => {
    const { leave, enter, log, tick } = rig({ capacity: 2, share: 2 })
    await enter('a', { name: 'long' })
    await tick(600_000)
    await enter('a', { name: 'second' })
    leave('a', 1)
    await enter('a', { name: 'third' })
    expect(log).toEqual(['long', 'second', 'third'])
  })

  test('a place that was given to an entrant whose request was ended comes back', async () => {
    const { leave, enter, log, tick, dropTimers } = rig({ capacity: 1, share: 1 })
    await enter('a', { name: 'first' })
    await enter('a', { name: 'ended while it waited' })
    dropTimers()
    leave('a', 1)
    await tick(60_000)
    await enter('a', { name: 'next' })
    expect(log).toEqual(['first', 'ended while it waited waited', 'next'])
  })

  test('many keys that come and go leave nothing behind', () => {
    const { gate } = rig()
    for (let key = 0; key < 20_000; key++) {
      const hold = holdOf(`k${key}`, 1)
      void gate.enter(hold, {})
      gate.leave(hold)
    }
    expect(gate.enter(holdOf('a', 2), {})).toBeUndefined()
  })
})
