/** What a server waits for before it closes its store. */
import { expect, test } from '@jest/globals'
import { unfinishedWork } from '../src/unfinished.js'

const soon = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 5))

test('nothing to wait for takes no time', async () => {
  await unfinishedWork().settled(60_000)
})

test('work is waited for, and what it has begun itself', async () => {
  const ended: string[] = []
  const { waitUntil, settled } = unfinishedWork()
  const work = async (name: string, then?: () => void): Promise<void> => {
    await soon()
    then?.()
    ended.push(name)
  }
  waitUntil(work('request', () => waitUntil(work('event'))))
  await settled(60_000)
  expect(ended).toEqual(['request', 'event'])
})

test('work without end is waited for as long as was said', async () => {
  const { waitUntil, settled } = unfinishedWork()
  waitUntil(new Promise(() => undefined))
  await settled(5)
})
