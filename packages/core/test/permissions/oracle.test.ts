/**
 * A caller that may not read an attribute learns nothing about its value: two servers that differ in that value alone
 * give the same answers, and do the same work. SEC-11; docs/adr/0065-rights-on-attributes.md.
 */
import { describe, expect, test } from '@jest/globals'
import type { Allowed } from '../../src/index.js'
import {
  conditions,
  guesses,
  hidden,
  neither,
  otherWrites,
  type Probe,
  reads,
  tagsWithDigest,
  unreadable,
  type World,
  worldWith,
} from './support/hidden-value.js'

type Pair = readonly World[]

const worldsWith = async (value: string, rights: Allowed, options = {}): Promise<Pair> =>
  Promise.all((hidden[value] ?? []).map((attributes) => worldWith(attributes, rights, options)))

async function answers(probe: Probe, pair: Pair) {
  return Promise.all(
    pair.map(async (world) => {
      const before = { ...world.calls }
      const answer = await probe(world)
      const calls = Object.entries(world.calls).map(([name, count]) => [
        name,
        count - before[name as keyof typeof before],
      ])
      return { answer, calls, errors: [...world.server.errors] }
    }),
  )
}

async function expectEqual(list: Readonly<Record<string, Probe>>, next: () => Promise<Pair> | Pair): Promise<void> {
  for (const [name, probe] of Object.entries(list)) {
    const [one, other] = await answers(probe, await next())
    expect({ name, ...one }).toEqual({ name, ...other })
    expect({ name, status: one?.answer.status }).not.toEqual({ name, status: 500 })
  }
}

describe.each([
  ['neither readable nor writable', neither, { ...conditions, ...guesses, ...otherWrites }],
  ['writable, not readable', unreadable, { ...conditions, ...otherWrites }],
] as const)('%s', (_, rights, writes: Readonly<Record<string, Probe>>) => {
  test.each(Object.keys(hidden))('%s: equal answers to every request', async (value) => {
    const pair = await worldsWith(value, rights)
    await expectEqual(reads, () => pair)
    await expectEqual(writes, () => worldsWith(value, rights))
  })
})

test.each(Object.keys(hidden))('%s: equal answers with strict tags too', async (value) => {
  const pair = await worldsWith(value, neither, { etag: 'strict' })
  await expectEqual(reads, () => pair)
  await expectEqual(otherWrites, () => worldsWith(value, neither, { etag: 'strict' }))
})

test('the requests do differ for a caller that may read the attributes', async () => {
  let differing = 0
  for (const value of Object.keys(hidden)) {
    const pair = await worldsWith(value, neither)
    for (const probe of Object.values(reads)) {
      const [one, other] = await answers((world) => probe({ ...world, server: asAdmin(world) }), pair)
      if (JSON.stringify(one?.answer) !== JSON.stringify(other?.answer)) differing++
    }
  }
  expect(differing).toBeGreaterThan(300)
})

function asAdmin({ server, asAdmin: headers }: Parameters<Probe>[0]) {
  return {
    ...server,
    get: (path: string, more = {}) => server.get(path, { ...headers, ...more }),
    post: (path: string, body: never, more = {}) => server.post(path, body, { ...headers, ...more }),
  }
}

test('a tag with the right digest is not confirmed: it holds as little as one with a wrong digest', async () => {
  const world = await worldWith({ nickName: 'Ada' }, neither)
  const [right = ''] = await tagsWithDigest(world)
  const wrong = right.replace(/-[0-9a-f]{16}-/u, '-0123456789abcdef-')
  expect(right).not.toEqual(world.tags[1])
  for (const [header, method] of [
    ['If-Match', 'GET'],
    ['If-None-Match', 'GET'],
    ['If-Match', 'DELETE'],
  ] as const) {
    const [one, other] = await Promise.all(
      [right, wrong].map((tag) =>
        world.server.ask({ method, target: `/scim/v2${world.path}`, headers: { [header]: tag } }),
      ),
    )
    expect(one).toEqual(other)
  }
})
