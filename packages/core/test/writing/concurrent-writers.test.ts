/** Many writers, concurrent writers in other processes, stores that fail, and the reports about them. */
import { describe, expect, jest, test } from '@jest/globals'
import { memoryProvider } from '@scimkit/memory-provider'
import { documentOnly, type ResourceProvider, versionMismatch } from '../../src/entry-points/provider.js'
import { rawVersion, scimError } from '../../src/index.js'
import type { JsonObject } from '../../src/json/value.js'
import { group, made, mount, serve, tenantsByToken, user } from '../support/server.js'

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

describe('a store that fails (ADR 13: 500 or 503, never 404, never "success")', () => {
  const calls = ['read', 'query', 'insert', 'replace', 'remove'] as const
  const ask = async (server: ReturnType<typeof serve>, call: (typeof calls)[number], path: string) => {
    switch (call) {
      case 'read':
        return server.get(path)
      case 'query':
        return server.get('/Users')
      case 'insert':
        return server.post('/Users', user('new'))
      case 'replace':
        return server.put(path, user('b', { title: 'T' }))
      case 'remove':
        return server.del(path)
    }
  }

  test.each(calls)('%s that throws is 500; scimError.unavailable() is 503 with Retry-After', async (call) => {
    for (const asynchronous of [true, false]) {
      const memory = memoryProvider()
      let error: unknown
      const fail = () => {
        if (asynchronous) return Promise.reject(error)
        throw error
      }
      const failing = { ...memory, [call]: fail } as ResourceProvider
      let provider = memory
      const server = serve({ provider: () => provider })
      const { path } = await made(server, user('b'))
      provider = failing
      for (const thrown of [
        new Error('disk /var/db is full'),
        'text',
        undefined,
        null,
        new TypeError('x is undefined'),
      ]) {
        error = thrown
        const answer = await ask(server, call, path)
        expect(answer).toMatchObject({ status: 500, json: { status: '500' } })
        expect(answer.text).not.toMatch(/disk|undefined|at /)
        expect(answer.headers).not.toHaveProperty('ETag')
      }
      expect(server.errors).toHaveLength(5)
      expect(server.errors[0]).toMatchObject({ message: 'disk /var/db is full' })
      error = scimError.unavailable('The store is away.', 7, new Error('connection lost'))
      expect(await ask(server, call, path)).toMatchObject({ status: 503, headers: { 'Retry-After': '7' } })
      expect(server.errors.at(-1)).toMatchObject({ message: 'connection lost' })
      expect(server.writes()).toHaveLength(1)
      expect(server.events.at(-1)).toMatchObject({ kind: 'request', status: 503 })
    }
  })

  test('a provider function that throws is 500', async () => {
    const provider = () => {
      throw new Error('no binding')
    }
    expect((await serve({ provider }).get('/Users')).status).toBe(500)
  })

  test('an index page without a total is 500: clients page by it', async () => {
    const provider: ResourceProvider = {
      ...memoryProvider(),
      query: () => ({ resources: [], totalResults: undefined }),
    }
    const server = serve({ provider })
    expect((await server.get('/Users')).status).toBe(500)
    const shape = '{ resources: array, totalResults: undefined }'
    expect(server.errors).toEqual([
      new TypeError(`provider.query returned ${shape}: expected totalResults: a whole number`),
    ])
  })

  test('an insert with a result that is valid for other writes only is 500', async () => {
    const provider: ResourceProvider = { ...memoryProvider(), insert: () => ({ kind: 'notFound' }) }
    expect((await serve({ provider }).post('/Users', user('b'))).status).toBe(500)
  })

  test('a body that breaks off is 400, and no write', async () => {
    const server = serve()
    const { path, tag } = await made(server, user('b'))
    const answer = await server.scim.handle({
      method: 'PUT',
      target: `${mount}${path}`,
      mount,
      scheme: 'https',
      host: 'scim.example',
      header: () => undefined,
      body: () => Promise.reject(new Error('aborted')),
    })
    expect(answer.status).toBe(400)
    expect(server.errors).toEqual([])
    expect((await server.get(path)).headers.ETag).toBe(tag)
  })
})

describe('events', () => {
  test('one per request and one per write; names and ids, never values', async () => {
    const server = serve({ authenticate: tenantsByToken({ t: { principal: 'token-7' } }) })
    const headers = { authorization: 'Bearer t' }
    const created = await server.post(
      '/Users',
      user('SecretName', { title: 'SecretTitle', nothing: 'SecretThing' }),
      headers,
    )
    const id = String(created.json.id)
    expect(server.events).toEqual([
      {
        kind: 'write',
        requestId: 'id-1',
        at: '2026-01-01T00:00:00.000Z',
        operation: 'create',
        type: 'User',
        id,
        tenant: 't',
        principal: 'token-7',
        before: undefined,
        after: created.headers.ETag,
        attempts: 1,
        ignored: ['nothing'],
        skippedMembers: 0,
      },
      {
        kind: 'request',
        requestId: 'id-1',
        at: '2026-01-01T00:00:00.000Z',
        method: 'POST',
        type: 'User',
        id: undefined,
        tenant: 't',
        principal: 'token-7',
        status: 201,
        scimType: undefined,
        tag: created.headers.ETag,
        duration: 0,
      },
    ])
    const patched = await server.patch(`/Users/${id}`, [{ op: 'add', path: 'title', value: 'SecretOther' }], headers)
    await server.del(`/Users/${id}`, headers)
    expect(server.writes().slice(1)).toMatchObject([
      { operation: 'patch', id, before: created.headers.ETag, after: patched.headers.ETag },
      { operation: 'remove', id, before: patched.headers.ETag, after: undefined },
    ])
    expect(JSON.stringify(server.events)).not.toContain('Secret')
    const ofOne = server.events.filter(({ requestId }) => requestId === server.events[0]?.requestId)
    expect(ofOne.map(({ kind }) => kind)).toEqual(['write', 'request'])
  })

  test('refused requests have events too, without a write', async () => {
    const server = serve({ authenticate: tenantsByToken({ t: {} }) })
    const headers = { authorization: 'Bearer t' }
    await server.get('/Users')
    await server.get('/nowhere', headers)
    await server.get('/Users/x', headers)
    await server.get('/Users?filter=junk', headers)
    await server.get('/Schemas', headers)
    expect(server.events).toMatchObject([
      { kind: 'request', status: 401, tenant: undefined, type: 'User', id: undefined },
      { kind: 'request', status: 404, tenant: 't', type: undefined },
      // An id that no resource is known to have is only text from a URL.
      { kind: 'request', status: 404, type: 'User', id: undefined },
      { kind: 'request', status: 400, type: 'User', scimType: 'invalidFilter' },
      { kind: 'request', status: 200, type: 'Schemas', tag: expect.stringMatching(/^W\//) },
    ])
  })

  test('how long it took, by the clock given', async () => {
    const memory = memoryProvider()
    const server = serve({
      provider: {
        ...memory,
        read: (...args) => {
          server.pass(123)
          return memory.read(...args)
        },
      },
    })
    await server.get('/Users/x')
    expect(server.events.at(-1)).toMatchObject({ duration: 123, at: '2026-01-01T00:00:00.123Z' })
  })

  test('the event has the id of an existing resource only; long methods are cut', async () => {
    const server = serve()
    const { id, path, tag } = await made(server, user('b'))
    await server.get(path)
    await server.get(path, { 'if-none-match': tag })
    await server.get(path, { 'if-match': 'W/"x"' })
    await server.del(path)
    const asked = server.events.filter(({ kind }) => kind === 'request').slice(1)
    expect(asked.map((event) => event.id)).toEqual([id, id, id, id])
    await server.ask({ method: 'M'.repeat(100), target: `${mount}/Users` })
    expect(server.events.at(-1)).toMatchObject({ method: 'M'.repeat(16) })
  })

  test('a listener may be asynchronous; its rejection is reported to onError', async () => {
    const server = serve({ onEvent: (() => Promise.reject(new Error('later'))) as () => void })
    expect((await server.get('/Users')).status).toBe(200)
    await new Promise((resolve) => setImmediate(resolve))
    expect(server.errors).toMatchObject([{ message: 'later' }])
  })

  test('an onError that throws changes no response', async () => {
    const warn = jest.spyOn(console, 'warn').mockImplementation(() => undefined)
    try {
      const onError = () => {
        throw new Error('onError')
      }
      const provider = () => {
        throw new Error('store')
      }
      expect((await serve({ provider, onError }).get('/Users')).status).toBe(500)
      expect(warn).toHaveBeenCalled()
    } finally {
      warn.mockRestore()
    }
  })

  test('an onError may be asynchronous; its rejection is reported on the console and ends nothing', async () => {
    const warn = jest.spyOn(console, 'warn').mockImplementation(() => undefined)
    const unhandled = jest.fn()
    process.on('unhandledRejection', unhandled)
    try {
      const onError = (() => Promise.reject(new Error('log is full'))) as () => void
      const provider = () => {
        throw new Error('store')
      }
      expect((await serve({ provider, onError }).get('/Users')).status).toBe(500)
      await new Promise((resolve) => setTimeout(resolve, 10))
      expect(unhandled).not.toHaveBeenCalled()
      expect(warn.mock.calls.map(([message]) => String(message))).toEqual([expect.stringContaining('log is full')])
    } finally {
      process.off('unhandledRejection', unhandled)
      warn.mockRestore()
    }
  })

  test('a listener that throws changes no response, and is reported to onError', async () => {
    const server = serve({
      onEvent: () => {
        throw new Error('listener')
      },
    })
    expect((await server.post('/Users', user('b'))).status).toBe(201)
    expect(server.errors).toMatchObject([{ message: 'listener' }, { message: 'listener' }])
    expect((await server.get('/Users')).json.totalResults).toBe(1)
  })
})
