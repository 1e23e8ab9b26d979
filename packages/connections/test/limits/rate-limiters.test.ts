/** Rate limiters: in memory on any runtime, and rate-limiter-flexible in memory and in PostgreSQL. */
import { afterAll, describe, expect, test } from '@jest/globals'
import type { Rate, RateLimiter } from '@scimkit/core'
import pg from 'pg'
import { RateLimiterMemory } from 'rate-limiter-flexible'
import { memoryRateLimiter } from '../../src/index.js'
import { flexibleRateLimiter, postgresRateLimiter, processRateLimiter } from '../../src/node.js'

const url = process.env.SCIMKIT_TEST_POSTGRES
const pools: pg.Pool[] = []

async function allowed(limiter: RateLimiter, key: string, rate: Rate, requests: number, cost = 1): Promise<number> {
  const decisions = await Promise.all(Array.from({ length: requests }, () => limiter.take(key, cost, rate)))
  return decisions.filter(({ kind }) => kind === 'allowed').length
}

const makers: [string, () => RateLimiter][] = [
  ['memoryRateLimiter', () => memoryRateLimiter()],
  ['processRateLimiter', () => processRateLimiter()],
  ...(url === undefined
    ? []
    : [['postgresRateLimiter', () => postgresRateLimiter(poolOf(url))] as [string, () => RateLimiter]]),
]

function poolOf(connectionString: string): pg.Pool {
  const pool = new pg.Pool({ connectionString, max: 4 })
  pools.push(pool)
  return pool
}

afterAll(async () => {
  for (const pool of pools) await pool.end()
})

let number = 0
const newKey = (): string => `key ${Date.now()} ${++number}`

describe.each(makers)('%s', (_name, make) => {
  const slow: Rate = { perSecond: 0.5, burst: 20 }

  test('of 50 concurrent requests exactly the burst is allowed, and the others have a time to wait', async () => {
    const [limiter, key] = [make(), newKey()]
    expect(await allowed(limiter, key, slow, 50)).toBe(20)
    const decision = await limiter.take(key, 1, slow)
    expect(decision).toMatchObject({ kind: 'limited' })
    const seconds = decision.kind === 'limited' ? decision.seconds : 0
    expect(seconds).toBeGreaterThan(0)
    expect(seconds).toBeLessThanOrEqual(40)
  })

  test('keys and rates do not share an allowance', async () => {
    const [limiter, key] = [make(), newKey()]
    expect(await allowed(limiter, key, slow, 30)).toBe(20)
    expect(await allowed(limiter, newKey(), slow, 30)).toBe(20)
  })

  test('a request may cost more than one; above the burst it costs the burst', async () => {
    const [limiter, key] = [make(), newKey()]
    expect(await allowed(limiter, key, slow, 3, 7)).toBe(2)
    expect(await allowed(limiter, newKey(), slow, 2, 1_000)).toBe(1)
  })

  test('rates that are no whole number of seconds', async () => {
    for (const rate of [
      { perSecond: 3, burst: 10 },
      { perSecond: 0.7, burst: 1 },
      { perSecond: 1_000, burst: 1 },
    ]) {
      expect(await make().take(newKey(), 1, rate)).toEqual({ kind: 'allowed' })
    }
  })

  test('a long key has an allowance of its own', async () => {
    const [limiter, long] = [make(), `${newKey()}${'"'.repeat(600)}`]
    expect(await allowed(limiter, `${long}a`, slow, 30)).toBe(20)
    expect(await allowed(limiter, `${long}b`, slow, 30)).toBe(20)
  })

  test('it refills', async () => {
    const [limiter, key, fast] = [make(), newKey(), { perSecond: 100, burst: 10 }]
    expect(await allowed(limiter, key, fast, 11)).toBeLessThanOrEqual(11)
    await new Promise((resolve) => setTimeout(resolve, 150))
    expect(await allowed(limiter, key, fast, 10)).toBe(10)
  })
})

describe('memoryRateLimiter', () => {
  test('refills continuously up to the burst, and a clock that was set back refills nothing', async () => {
    let now = 0
    const limiter = memoryRateLimiter({ now: () => now })
    const rate = { perSecond: 2, burst: 4 }
    expect(await allowed(limiter, 'k', rate, 9)).toBe(4)
    expect(await limiter.take('k', 1, rate)).toEqual({ kind: 'limited', seconds: 0.5 })
    now = 500
    expect(await allowed(limiter, 'k', rate, 9)).toBe(1)
    now = 0
    expect(await allowed(limiter, 'k', rate, 9)).toBe(0)
    now = 60_000
    expect(await allowed(limiter, 'k', rate, 9)).toBe(4)
  })

  test('keeps a bounded number of keys: the key used least recently is forgotten', async () => {
    const limiter = memoryRateLimiter({ keys: 2, now: () => 0 })
    const once = { perSecond: 1, burst: 1 }
    for (const key of ['a', 'b', 'a', 'c']) await limiter.take(key, 1, once)
    expect(await limiter.take('a', 1, once)).toMatchObject({ kind: 'limited' })
    expect(await limiter.take('b', 1, once)).toEqual({ kind: 'allowed' })
    expect(() => memoryRateLimiter({ keys: 0 })).toThrow('keys')
  })
})

test('a limiter that cannot be made is made again for the next request', async () => {
  let made = 0
  const limiter = flexibleRateLimiter(async (window) => {
    made += 1
    if (made === 1) throw new Error('no connection')
    return new RateLimiterMemory(window)
  })
  await expect(limiter.take('k', 1, { perSecond: 1, burst: 1 })).rejects.toThrow('no connection')
  expect(await limiter.take('k', 1, { perSecond: 1, burst: 1 })).toEqual({ kind: 'allowed' })
})

test('a store that fails rejects; it is not a refusal', async () => {
  const pool = { query: () => Promise.reject(new Error('the server is gone')) }
  await expect(postgresRateLimiter(pool).take('k', 1, { perSecond: 1, burst: 1 })).rejects.toThrow('the server is gone')
})

const withServer = url === undefined ? test.skip : test
withServer('two processes share the allowance of PostgreSQL', async () => {
  const [one, two] = [postgresRateLimiter(poolOf(url ?? '')), postgresRateLimiter(poolOf(url ?? ''))]
  const [key, rate] = [newKey(), { perSecond: 0.1, burst: 10 }]
  expect((await allowed(one, key, rate, 7)) + (await allowed(two, key, rate, 7))).toBe(10)
})

withServer('a key that is used up costs no statements', async () => {
  let statements = 0
  const pool = poolOf(url ?? '')
  const counting = {
    query: (text: string, values?: unknown[]) => {
      statements += 1
      return pool.query(text, values)
    },
  }
  const [limiter, key, rate] = [postgresRateLimiter(counting), newKey(), { perSecond: 0.01, burst: 5 }]
  expect(await allowed(limiter, key, rate, 5)).toBe(5)
  await limiter.take(key, 1, rate)
  await limiter.take(key, 1, rate)
  const before = statements
  expect(await allowed(limiter, key, rate, 50)).toBe(0)
  expect(statements).toBe(before)
})
