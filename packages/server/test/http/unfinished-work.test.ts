/** The work that a server waits for before it closes its store. */
import { expect, test } from '@jest/globals'
import { unfinishedWork } from '../../src/http/unfinished-work.js'

const soon = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 5))

test('without work there is no wait', async () => {
  await unfinishedWork().settled(60_000)
})

test('waits for work, and for work that it has started', async () => {
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

test('waits for work without end only for the given time', async () => {
  const { waitUntil, settled } = unfinishedWork()
  waitUntil(new Promise(() => undefined))
  await settled(5)
})
