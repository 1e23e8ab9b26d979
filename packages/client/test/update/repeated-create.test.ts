/** Creates with an idempotency key: requests whose response was lost are sent again. ADR 63. */
import { describe, expect, test } from '@jest/globals'
import { createClient, ScimClientError } from '@scimkit/client'
import type { ScimOptions } from '@scimkit/core'
import { failureIn } from '../support/failure-in.js'
import {
  answer,
  base,
  bodyLost,
  cutAfter,
  dropAfter,
  dropBefore,
  dropUnseen,
  type Fault,
  faulty,
  instantPorts,
  server,
} from '../support/server.js'

const draft = { displayName: 'Guides' }

function stage(faults: readonly Fault[], options: Partial<ScimOptions> = {}) {
  const { fetch, requests, faults: queue } = faulty(server(options))
  const { ports, pauses } = instantPorts()
  queue.push(...faults)
  const scim = createClient(base, { fetch, ports })
  const sent = (): readonly (string | null)[] =>
    requests.filter(({ method }) => method === 'POST').map(({ headers }) => headers.get('idempotency-key'))
  const total = async (): Promise<number | undefined> => (await scim.groups.query({ count: 0 })).totalResults
  return { scim, sent, pauses, total }
}

describe('with a key', () => {
  test.each<readonly [string, readonly Fault[]]>([
    ['is lost', [dropAfter]],
    ['is lost, before and after the server processed it', [dropUnseen, dropAfter, dropUnseen]],
    ['is cut', [cutAfter]],
    ['is a 502 of a proxy', [answer(502), answer(504), answer(503)]],
    ['is missing because nothing was sent', [dropBefore, dropAfter]],
    ['is 429', [answer(429, { 'Retry-After': '1' })]],
  ])('a request whose response %s is sent again, and creates one resource', async (_, faults) => {
    const { scim, sent, total } = stage(faults)
    const made = await scim.groups.create(draft, { idempotencyKey: 'k-1' })
    expect(made).toMatchObject({ displayName: 'Guides' })
    expect(sent()).toEqual([...faults.map(() => 'k-1'), 'k-1'])
    expect(await total()).toBe(1)
  })

  test('a response whose body is lost is read by its Location', async () => {
    const { scim, total } = stage([bodyLost])
    expect(await scim.groups.create(draft, { idempotencyKey: 'k-1' })).toMatchObject(draft)
    expect(await total()).toBe(1)
  })

  test('the same key later, by the caller, has the same result', async () => {
    const { scim, total } = stage([])
    const [first, second] = [
      await scim.groups.create(draft, { idempotencyKey: 'k-1' }),
      await scim.groups.create(draft, { idempotencyKey: 'k-1' }),
    ]
    expect(second).toEqual(first)
    expect(await total()).toBe(1)
    const other = scim.groups.create({ displayName: 'Other' }, { idempotencyKey: 'k-1' })
    expect(await failureIn(other)).toMatchObject({ kind: 'refused', status: 422 })
  })

  test('it ends after four attempts, or as many as the caller says, with unknownOutcome', async () => {
    for (const [attempts, expected] of [
      [undefined, 4],
      [2, 2],
      [1, 1],
    ] as const) {
      const { scim, sent, pauses } = stage([dropAfter, dropAfter, dropAfter, dropAfter, dropAfter])
      const options = { idempotencyKey: 'k', ...(attempts !== undefined && { attempts }) }
      expect(await failureIn(scim.groups.create(draft, options))).toMatchObject({ kind: 'unknownOutcome' })
      expect(sent()).toHaveLength(expected)
      expect(pauses).toEqual([50, 100, 200].slice(0, expected - 1))
    }
  })

  test('a refusal after a lost response is unknownOutcome: the first request may have been carried out', async () => {
    const { scim } = stage([dropAfter, answer(401)])
    const error = await scim.groups.create(draft, { idempotencyKey: 'k' }).catch((caught: unknown) => caught)
    if (!(error instanceof ScimClientError)) throw new Error('expected a ScimClientError')
    expect(error.failure.kind).toBe('unknownOutcome')
    expect(error.cause).toMatchObject({ failure: { kind: 'refused', status: 401 } })
  })

  test.each([400, 401, 409, 422, 501])('a refusal with %s is final', async (status) => {
    const { scim, sent } = stage([answer(status)])
    expect(await failureIn(scim.groups.create(draft, { idempotencyKey: 'k' }))).toMatchObject({ status })
    expect(sent()).toHaveLength(1)
  })

  test('a server that asks for more than 30 seconds is not asked again', async () => {
    const { scim, sent, pauses } = stage([answer(503, { 'Retry-After': '31' })])
    expect(await failureIn(scim.groups.create(draft, { idempotencyKey: 'k' }))).toMatchObject({
      kind: 'unknownOutcome',
    })
    expect([sent().length, pauses.length]).toEqual([1, 0])
  })

  test('a signal ends it', async () => {
    const controller = new AbortController()
    const abort: Fault = async () => {
      controller.abort()
      throw new TypeError('fetch failed')
    }
    const { scim, sent } = stage([abort])
    const made = scim.groups.create(draft, { idempotencyKey: 'k', signal: controller.signal })
    expect(await failureIn(made)).toMatchObject({ kind: 'unknownOutcome' })
    expect(sent()).toHaveLength(1)
  })

  test.each(['', 'a b', 'ä', 'k'.repeat(257), 'a\n'])('the key %j is a TypeError, and nothing is sent', async (key) => {
    const { scim, sent } = stage([])
    await expect(scim.groups.create(draft, { idempotencyKey: key })).rejects.toThrow(TypeError)
    expect(sent()).toEqual([])
  })
})

describe('without a key', () => {
  test('a request is sent once, without the header', async () => {
    const { scim, sent } = stage([dropAfter])
    expect(await failureIn(scim.groups.create(draft))).toMatchObject({ kind: 'unknownOutcome' })
    expect(sent()).toEqual([null])
  })
})
