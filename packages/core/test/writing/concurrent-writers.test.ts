/** Many writers in one process, and concurrent writers in other processes. */
import { describe, expect, test } from '@jest/globals'
import { memoryProvider } from '@scimkit/memory-provider'
import { documentOnly, type ResourceProvider, versionMismatch } from '../../src/entry-points/provider.js'
import { rawVersion } from '../../src/index.js'
import type { JsonObject } from '../../src/json/value.js'
import { group, made, serve, tenantsByToken, user } from '../support/server.js'

/** Memory with a wait before every result, like a store over a network, and a count of its writes. */
function slowly(memory: ResourceProvider = memoryProvider()): ResourceProvider & { readonly replaces: () => number } {
  let replaces = 0
  const turn = () => new Promise<void>((resolve) => setImmediate(resolve))
  return {
    read: async (...args) => {
      await turn()
      return memory.read(...args)
    },
    query: async (...args) => memory.query(...args),
    insert: async (...args) => {
      await turn()
      return memory.insert(...args)
    },
    replace: async (...args) => {
      replaces++
      await turn()
      return memory.replace(...args)
    },
    remove: async (...args) => {
      await turn()
      return memory.remove(...args)
    },
    replaces: () => replaces,
  }
}

const many = Array.from({ length: 64 }, (_, i) => `w${i}`)

describe('64 writers at once on one resource (house.md, principle 4)', () => {
  test('unconditional ones queue: all succeed, one attempt each, nothing lost, no sleep', async () => {
    const provider = slowly()
    const server = serve({ provider })
    const { path } = await made(server, group('G'))
    const answers = await Promise.all(
      many.map((value) => server.patch(path, [{ op: 'add', path: 'members', value: [{ value }] }])),
    )
    expect(answers.map(({ status }) => status)).toEqual(many.map(() => 200))
    expect(new Set(answers.map(({ headers }) => headers.ETag)).size).toBe(64)
    const { json, headers } = await server.get(path)
    expect((json.members as readonly JsonObject[]).map(({ value }) => value).sort()).toEqual([...many].sort())
    expect(headers.ETag).toMatch(/^W\/"65-/)
    expect(
      server
        .writes()
        .slice(1)
        .map(({ attempts }) => attempts),
    ).toEqual(many.map(() => 1))
    expect(provider.replaces()).toBe(64)
    expect(server.sleeps).toEqual([])
  })

  test('If-Match: * is unconditional too; PUTs and PATCHes of a user do not lose either', async () => {
    const server = serve({ provider: slowly() })
    const { path } = await made(server, user('b'))
    const answers = await Promise.all(
      many.map((value, i) =>
        i % 2 === 0
          ? server.patch(path, [{ op: 'add', path: 'emails', value: [{ value }] }], { 'if-match': '*' })
          : server.patch(path, [{ op: 'add', path: 'roles', value: { value } }]),
      ),
    )
    expect(answers.every(({ status }) => status === 200)).toBe(true)
    const { json } = await server.get(path)
    expect(json.emails).toHaveLength(32)
    expect(json.roles).toHaveLength(32)
    expect(server.sleeps).toEqual([])
  })

  test('with one tag exactly one wins; 63 are 412 with the tag that won', async () => {
    const server = serve({ provider: slowly() })
    const { path, tag } = await made(server, user('b'))
    const answers = await Promise.all(many.map((title) => server.put(path, user('b', { title }), { 'if-match': tag })))
    const winners = answers.filter(({ status }) => status === 200)
    expect(winners).toHaveLength(1)
    const losers = answers.filter(({ status }) => status === 412)
    expect(losers).toHaveLength(63)
    const [winner] = winners
    for (const { headers } of losers) expect(headers.ETag).toBe(winner?.headers.ETag)
    expect(await server.get(path)).toMatchObject({ json: winner?.json, headers: { ETag: winner?.headers.ETag } })
  })

  test('of 64 creates of one name one is 201', async () => {
    const server = serve({ provider: slowly() })
    const answers = await Promise.all(many.map((_, i) => server.post('/Users', user(i % 2 ? 'Name' : 'nAME'))))
    expect(answers.filter(({ status }) => status === 201)).toHaveLength(1)
    expect(answers.filter(({ status }) => status === 409)).toHaveLength(63)
  })

  test('of 64 removals one is 204, 63 are 404', async () => {
    const server = serve({ provider: slowly() })
    const { path } = await made(server, user('b'))
    const statuses = (await Promise.all(many.map(() => server.del(path)))).map(({ status }) => status)
    expect(statuses.filter((status) => status === 204)).toHaveLength(1)
    expect(statuses.filter((status) => status === 404)).toHaveLength(63)
  })

  test('one that fails does not block the others; resources and tenants do not wait for each other', async () => {
    const server = serve({ provider: slowly(), authenticate: tenantsByToken({ a: {}, b: {} }) })
    const a = { authorization: 'Bearer a' }
    const path = `/Users/${String((await server.post('/Users', user('b'), a)).json.id)}`
    const bad = [{ op: 'replace', path: 'active', value: 'x' }]
    const good = [{ op: 'replace', path: 'active', value: true }]
    const answers = await Promise.all([bad, good, bad, good].map((operations) => server.patch(path, operations, a)))
    expect(answers.map(({ status }) => status)).toEqual([400, 200, 400, 200])
  })
})

/** A store that other processes write to all the time: each compare-and-swap loses, each read finds a newer state. */
function contested(wins = Number.POSITIVE_INFINITY): ResourceProvider & { attempts: number } {
  const memory = memoryProvider()
  const provider = {
    attempts: 0,
    ...memory,
    replace: async (...args: Parameters<ResourceProvider['replace']>) => {
      provider.attempts++
      const [ref, expected, next, context] = args
      if (provider.attempts >= wins) return memory.replace(...args)
      const current = rawVersion(`${provider.attempts}-writer`)
      const there = await memory.read(ref, documentOnly, context)
      if (there === undefined || !('resource' in there)) throw new Error('the concurrent writer finds nothing')
      const resource = { ...there.resource, title: `writer ${provider.attempts}` }
      const result = await memory.replace(ref, expected, { ...next, resource, version: current }, context)
      expect(result).toMatchObject({ kind: 'success' })
      return versionMismatch(expected, current)
    },
    remove: (...[, expected]: Parameters<ResourceProvider['remove']>) => {
      provider.attempts++
      return versionMismatch(expected, rawVersion(`${provider.attempts}-writer`))
    },
  }
  return provider
}

describe('concurrent writers in other processes', () => {
  const patch = [{ op: 'add', path: 'nickName', value: 'n' }]

  test('an unconditional write is tried 10 times with jitter of 5 to 250 ms, then 503 with Retry-After', async () => {
    const provider = contested()
    const server = serve({ provider })
    const { path } = await made(server, user('b'))
    for (const ask of [
      () => server.patch(path, patch),
      () => server.put(path, user('b', { nickName: 'n' })),
      () => server.del(path),
    ]) {
      provider.attempts = 0
      server.sleeps.length = 0
      const answer = await ask()
      expect(answer).toMatchObject({ status: 503, headers: { 'Retry-After': '1' }, json: { status: '503' } })
      expect(answer.headers).not.toHaveProperty('ETag')
      expect(provider.attempts).toBe(10)
      expect(server.sleeps).toHaveLength(9)
      for (const pause of server.sleeps) {
        expect(pause).toBeGreaterThanOrEqual(5)
        expect(pause).toBeLessThanOrEqual(250)
      }
    }
    // No write of this process was reported as committed.
    expect(server.writes()).toHaveLength(1)
  })

  test.each([
    [0, 5],
    [0.999_999, 250],
  ])('full jitter: with %d of chance the longest pause is near %d ms', async (chance, longest) => {
    const sleeps: number[] = []
    const ports = { random: () => chance, sleep: async (ms: number) => void sleeps.push(ms) }
    const server = serve({ provider: contested(), ports })
    const { path } = await made(server, user('b'))
    await server.patch(path, patch)
    expect(sleeps).toHaveLength(9)
    expect(Math.max(...sleeps)).toBeCloseTo(longest, 0)
    expect([...sleeps].sort((x, y) => x - y)).toEqual(sleeps)
  })

  test('time is bounded as well: 3 seconds in all', async () => {
    const provider = contested()
    let now = 0
    const sleep = async () => {
      now += 1_000
    }
    const ports = { now: () => now, sleep }
    const server = serve({ provider, ports })
    const { path } = await made(server, user('b'))
    expect((await server.patch(path, patch)).status).toBe(503)
    expect(provider.attempts).toBe(4)
  })

  test('one that succeeds at last returns the current state, and the number of attempts', async () => {
    const server = serve({ provider: contested(3) })
    const { path } = await made(server, user('b'))
    const { status, json } = await server.patch(path, patch)
    // The change was applied again to the state of the concurrent writers.
    expect({ status, title: json.title, nickName: json.nickName }).toEqual({
      status: 200,
      title: 'writer 2',
      nickName: 'n',
    })
    const last = server.writes().at(-1)
    expect(last?.operation).toBe('patch')
    expect(last?.attempts).toBe(3)
  })

  test('with a tag a lost compare-and-swap is 412 at once, with the current version', async () => {
    const provider = contested()
    const server = serve({ provider })
    const { path, tag } = await made(server, user('b'))
    const answer = await server.patch(path, patch, { 'if-match': tag })
    expect(answer).toMatchObject({ status: 412, headers: { ETag: 'W/"1-writer"' } })
    expect(provider.attempts).toBe(1)
    expect(server.sleeps).toEqual([])
    const gone = await server.del(path, { 'if-match': (await server.get(path)).headers.ETag ?? '' })
    expect(gone.status).toBe(412)
  })

  test('If-None-Match is checked against the new version too', async () => {
    const server = serve({ provider: contested() })
    const { path } = await made(server, user('b'))
    expect((await server.patch(path, patch, { 'if-none-match': 'W/"2-writer"' })).status).toBe(412)
  })

  test('a concurrent writer that removes it: 404', async () => {
    const memory = memoryProvider()
    const provider: ResourceProvider = { ...memory, replace: () => ({ kind: 'notFound' }) }
    const server = serve({ provider })
    const { path, tag } = await made(server, user('b'))
    expect((await server.patch(path, patch)).status).toBe(404)
    expect((await server.put(path, user('c'), { 'if-match': tag })).status).toBe(404)
  })
})
