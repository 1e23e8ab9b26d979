import { EventEmitter } from 'node:events'
import type { ServerResponse } from 'node:http'
import { setTimeout as sleep } from 'node:timers/promises'
import { describe, expect, test } from '@jest/globals'
import { unreadAnswers } from '@scimkit/node-http'

interface Fake extends EventEmitter {
  writableLength: number
  writableFinished: boolean
  hangUps: number
}

function answer(bytes: number, destroy?: () => void): Fake & ServerResponse {
  const fake = Object.assign(new EventEmitter(), {
    writableLength: bytes,
    writableFinished: false,
    hangUps: 0,
    destroy() {
      fake.hangUps++
      destroy?.()
    },
  })
  return fake as unknown as Fake & ServerResponse
}

const limits = { answerMilliseconds: 1, unreadAnswerBytes: 1_000 }

describe('unread responses', () => {
  test('time out', async () => {
    const late = answer(100)
    unreadAnswers(limits).watch(late)
    expect(late.hangUps).toBe(0)
    await sleep(100)
    expect(late.hangUps).toBe(1)
  })

  test.each(['finish', 'close'])('that have ended with "%s" do not time out', async (event) => {
    const res = answer(100)
    unreadAnswers(limits).watch(res)
    res.emit(event)
    await sleep(100)
    expect(res.hangUps).toBe(0)
    expect(res.listenerCount('close') + res.listenerCount('finish')).toBeLessThan(2)
  })

  test('have one additional second for each 64 KiB', async () => {
    const res = answer(655_360)
    unreadAnswers({ ...limits, unreadAnswerBytes: 1_000_000 }).watch(res)
    await sleep(100)
    expect(res.hangUps).toBe(0)
    res.emit('close')
  })

  test('above the byte limit close the oldest connection, never the newest', () => {
    const unread = unreadAnswers({ ...limits, answerMilliseconds: 60_000 })
    const all = [600, 300, 300, 5_000, 10].map((bytes) => answer(bytes))
    for (const res of all.slice(0, 2)) unread.watch(res)
    expect(all.map(({ hangUps }) => hangUps)).toEqual([0, 0, 0, 0, 0])
    for (const res of all.slice(2)) unread.watch(res)
    expect(all.map(({ hangUps }) => hangUps)).toEqual([1, 1, 1, 1, 0])
    for (const res of all) res.emit('close')
  })

  test('that are in the kernel already, or on objects that do not report it, are not tracked', () => {
    const unread = unreadAnswers(limits)
    const nothing = [
      answer(0),
      Object.assign(answer(1), { writableFinished: true }),
      new EventEmitter() as ServerResponse,
    ]
    for (const res of nothing) {
      unread.watch(res)
      expect(res.listenerCount('close')).toBe(0)
    }
  })

  test('on an object that cannot be destroyed do not affect others', async () => {
    const failing = answer(100, () => {
      throw new TypeError('no socket')
    })
    const without = Object.assign(answer(100), { destroy: undefined }) as unknown as ServerResponse
    const unread = unreadAnswers(limits)
    unread.watch(failing)
    unread.watch(without)
    await sleep(100)
    expect(failing.hangUps).toBe(1)
  })
})
