/** Whether the store is ready, determined in bounded time. */
import { describe, expect, jest, test } from '@jest/globals'
import { readiness } from '../../src/http/readiness.js'

const noReport = (): void => undefined

const readyWhen = (check: () => Promise<void>) => readiness({ check, onFailure: noReport, freshFor: 0, patience: 50 })

describe('readiness', () => {
  test('checks the store once for concurrent callers', async () => {
    const check = jest.fn(() => new Promise<void>((resolve) => setTimeout(resolve, 10)))
    const isReady = readyWhen(check)
    expect(await Promise.all(Array.from({ length: 50 }, isReady))).toEqual(Array(50).fill(true))
    expect(check).toHaveBeenCalledTimes(1)
    await isReady()
    expect(check).toHaveBeenCalledTimes(2)
  })

  test('reuses a result for a short time, so that probes cause no load on the store', async () => {
    const check = jest.fn(async () => undefined)
    const isReady = readiness({ check, onFailure: noReport, freshFor: 60_000 })
    for (let i = 0; i < 50; i++) expect(await isReady()).toBe(true)
    expect(check).toHaveBeenCalledTimes(1)
  })

  test('a check that hangs is not started twice, and its result counts', async () => {
    let finish: () => void = noReport
    const check = jest.fn(
      () =>
        new Promise<void>((resolve) => {
          finish = resolve
        }),
    )
    const isReady = readyWhen(check)
    expect([await isReady(), await isReady()]).toEqual([false, false])
    expect(check).toHaveBeenCalledTimes(1)
    finish()
    await new Promise((next) => setTimeout(next, 1))
    check.mockImplementation(async () => undefined)
    expect(await isReady()).toBe(true)
  })

  test('reports a failure when it begins, not with every probe', async () => {
    const reported: unknown[] = []
    let error: Error | undefined
    const check = async (): Promise<void> => {
      if (error !== undefined) throw error
    }
    const isReady = readiness({ check, onFailure: (one) => reported.push(one), freshFor: 0 })
    const answers: boolean[] = []
    for (error of [undefined, new Error('a'), new Error('b'), undefined, new Error('c')]) answers.push(await isReady())
    expect(answers).toEqual([true, false, false, true, false])
    expect(reported).toEqual([new Error('a'), new Error('c')])
  })
})
