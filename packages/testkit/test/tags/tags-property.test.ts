import { describe, expect, test } from '@jest/globals'
import { memoryProvider } from '@scimkit/memory-provider'
import type { Exchange } from '@scimkit/testkit'
import { effort, seed } from '../support/effort.js'
import type { Step } from './operations.js'
import { play } from './play.js'
import { checkTags, tagServer } from './property.js'

// SCIMKIT_SEQUENCES reduces the number of sequences; a million takes one or two hours.
const runs = { short: 300, full: Number(process.env.SCIMKIT_SEQUENCES ?? 1_000_000) }[effort]
const fresh = (): Exchange => tagServer(memoryProvider(), 'default')

describe('tags', () => {
  test(`change if and only if stored state does, and are never used again (${runs} sequences, seed ${seed})`, () =>
    checkTags('memory', runs, fresh))
})

describe('the property', () => {
  const user = { type: 'User', slot: 0 } as const
  const steps: readonly Step[] = [
    { kind: 'create', target: user, document: { userName: 'ann', title: 'a' } },
    {
      kind: 'patch',
      target: user,
      operations: [{ op: 'replace', path: 'title', value: 'b' }],
      condition: 'none',
      projection: '',
      minimal: false,
    },
    {
      kind: 'patch',
      target: user,
      operations: [{ op: 'replace', path: 'title', value: 'a' }],
      condition: 'none',
      projection: '',
      minimal: false,
    },
    { kind: 'put-back', target: user, condition: 'current' },
    { kind: 'get', target: user, condition: 'none', projection: '', method: 'GET' },
  ]
  // A server with injected faults, on top of the correct one.
  const spoilt = (spoil: (tag: string, body: string) => string): Exchange => {
    const right = fresh()
    return async (request) => {
      const { status, headers, body } = await right(request)
      const { etag } = headers
      if (etag === undefined) return { status, headers, body }
      const wrong = spoil(etag, body)
      return {
        status,
        headers: { ...headers, etag: wrong },
        body: body.replaceAll(JSON.stringify(etag), JSON.stringify(wrong)),
      }
    }
  }

  test('holds without faults for the sequence that detects the faults', async () => {
    await expect(play(fresh(), steps)).resolves.toBeUndefined()
  })

  test.each<[string, Exchange]>([
    ['never move', spoilt(() => 'W/"1"')],
    ['come back with the content', spoilt((_, body) => `W/"${JSON.parse(body).title}"`)],
    ['always move', spoilt((tag) => `W/"${Math.random()}${tag.length}"`)],
  ])('detects tags that %s', async (_, exchange) => {
    await expect(play(exchange, steps)).rejects.toThrow()
  })
})
