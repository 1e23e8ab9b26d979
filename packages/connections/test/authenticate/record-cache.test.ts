import { describe, expect, test } from '@jest/globals'
import { recordCache } from '../../src/authenticate/record-cache.js'

function cacheOf(options: Partial<{ milliseconds: number; entries: number; shared: boolean }> = {}) {
  const clock = { now: 0 }
  const loads: string[] = []
  const waiting: (() => void)[] = []
  const values = new Map<string, string>()
  let isHeld = false
  const cache = recordCache<string>(
    async (id) => {
      loads.push(id)
      const value = values.get(id)
      if (isHeld) await new Promise<void>((resolve) => waiting.push(resolve))
      return value
    },
    { milliseconds: 800, entries: 3, shared: true, ...options },
    { elapsed: () => clock.now },
  )
  const hold = () => {
    isHeld = true
  }
  const release = () => {
    isHeld = false
    for (const resume of waiting.splice(0)) resume()
  }
  return { cache, clock, loads, values, hold, release }
}

describe('the cache of records', () => {
  test('keeps a record for its time, and no absence', async () => {
    const { cache, clock, loads, values } = cacheOf()
    expect(await cache.read('a')).toBeUndefined()
    values.set('a', '1')
    expect(await cache.read('a')).toBe('1')
    values.set('a', '2')
    clock.now = 799
    expect(await cache.read('a')).toBe('1')
    clock.now = 800
    expect(await cache.read('a')).toBe('2')
    expect(loads).toEqual(['a', 'a', 'a'])
  })

  test('keeps a bounded number of records, the ones read last', async () => {
    const { cache, loads, values } = cacheOf()
    for (const id of ['a', 'b', 'c', 'd']) {
      values.set(id, id)
      await cache.read(id)
    }
    loads.length = 0
    for (const id of ['b', 'c', 'd', 'a']) await cache.read(id)
    expect(loads).toEqual(['a'])
  })

  test('one read serves all that need the record meanwhile', async () => {
    const { cache, loads, values, hold, release } = cacheOf()
    values.set('a', '1')
    hold()
    const reads = [cache.read('a'), cache.read('a'), cache.read('a')]
    release()
    expect(await Promise.all(reads)).toEqual(['1', '1', '1'])
    expect(loads).toEqual(['a'])
  })

  test('a read that began too long ago serves nothing', async () => {
    const { cache, clock, loads, values, hold, release } = cacheOf()
    values.set('a', '1')
    hold()
    const old = cache.read('a')
    clock.now = 800
    values.set('a', '2')
    const fresh = cache.read('a')
    release()
    expect([await old, await fresh, await cache.read('a')]).toEqual(['1', '2', '2'])
    expect(loads).toEqual(['a', 'a'])
  })

  test('without sharing, no request waits for the read of another', async () => {
    const { cache, loads, values, hold, release } = cacheOf({ shared: false })
    values.set('a', '1')
    hold()
    const reads = [cache.read('a'), cache.read('a')]
    release()
    await Promise.all(reads)
    expect(loads).toEqual(['a', 'a'])
  })

  test('a read in progress is not kept after a change by this process', async () => {
    const { cache, values, hold, release } = cacheOf()
    values.set('a', '1')
    hold()
    const old = cache.read('a')
    values.set('a', '2')
    cache.forget('a')
    release()
    expect(await old).toBe('1')
    expect(await cache.read('a')).toBe('2')
  })

  test('a failed read is not kept, and all that wait for it fail', async () => {
    let fails = true
    const cache = recordCache<string>(
      async () => {
        if (fails) throw new Error('gone')
        return '1'
      },
      { milliseconds: 800, entries: 3, shared: true },
      { elapsed: () => 0 },
    )
    const reads = [cache.read('a'), cache.read('a')]
    for (const read of reads) await expect(read).rejects.toThrow('gone')
    fails = false
    expect(await cache.read('a')).toBe('1')
  })

  test('without time or entries nothing is kept', async () => {
    for (const options of [{ milliseconds: 0 }, { entries: 0 }]) {
      const { cache, loads, values } = cacheOf(options)
      values.set('a', '1')
      await cache.read('a')
      await cache.read('a')
      expect(loads).toEqual(['a', 'a'])
    }
  })
})
