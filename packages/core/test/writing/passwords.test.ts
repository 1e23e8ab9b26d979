/** Passwords are passed to the hook or nowhere. ADR 9; FP-S1, FP-S2, FP-S3, FP-S4, FP-S5. */
import { describe, expect, test } from '@jest/globals'
import { memoryProvider } from '@scimkit/memory-provider'
import { httpVersion, type RawVersion, type SecretsHook } from '../../src/index.js'
import type { JsonObject } from '../../src/json/value.js'
import type { ResourceProvider } from '../../src/provider/provider.js'
import { core, made, type Server, serve, user } from '../support/server.js'

const secret = 'Correct-Horse-1'
const second = 'Battery-Staple-2'

interface Watched extends Server {
  /** The calls of the hook, in order. */
  readonly told: { readonly id: string; readonly secret: string | undefined }[]
  /** The version after each write. */
  readonly versions: RawVersion[]
  /** All that was passed to the provider, as text. */
  readonly stored: string[]
}

function watched(write?: SecretsHook['write']): Watched {
  const stored: string[] = []
  const told: { id: string; secret: string | undefined }[] = []
  const versions: RawVersion[] = []
  const memory = memoryProvider()
  const provider: ResourceProvider = {
    ...memory,
    insert: (ref, next, context) => {
      stored.push(JSON.stringify(next))
      return memory.insert(ref, next, context)
    },
    replace: (ref, expected, next, context) => {
      stored.push(JSON.stringify(next))
      return memory.replace(ref, expected, next, context)
    },
  }
  const hook: SecretsHook = {
    write: async (ref, value, version, context) => {
      told.push({ id: ref.id, secret: value })
      versions.push(version)
      await write?.(ref, value, version, context)
    },
  }
  return { ...serve({ provider, secrets: hook }), told, versions, stored }
}

describe('without a hook', () => {
  test('a password is ignored, reported by name, and stored nowhere (Okta always sends one)', async () => {
    for (const interop of ['lenient', 'entra', 'strict'] as const) {
      const server = serve({ interop })
      const created = await server.post('/Users', user('b', { password: secret }))
      expect(created.status).toBe(201)
      const path = `/Users/${String(created.json.id)}`
      const put = await server.put(path, user('b', { Password: secret }))
      const patched = await server.patch(path, [{ op: 'replace', path: 'password', value: secret }])
      const pathless = await server.patch(path, [{ op: 'add', value: { password: secret } }])
      for (const answer of [put, patched, pathless]) {
        // Nothing else was sent, so nothing is changed.
        expect(answer).toMatchObject({ status: 200, headers: { ETag: created.headers.ETag } })
        expect(answer.text).not.toContain(secret)
      }
      expect(server.writes().map(({ ignored }) => ignored)).toEqual([
        ['password'],
        ['password'],
        ['password'],
        ['password'],
      ])
      expect(JSON.stringify(server.events)).not.toContain(secret)
    }
  })
})

describe('with a hook', () => {
  test('it is called once for each, after the write, and the password is nowhere else', async () => {
    const server = watched()
    const created = await server.post('/Users?attributes=password,userName', user('b', { password: secret }))
    const id = String(created.json.id)
    const path = `/Users/${id}`
    const answers = [
      created,
      await server.put(path, user('b', { password: second })),
      await server.patch(path, [{ op: 'replace', path: 'password', value: secret }]),
      await server.patch(`${path}?attributes=password`, [{ op: 'add', value: { PASSWORD: second } }]),
      await server.get(`${path}?attributes=password,${core}:password`),
      await server.get('/Users?attributes=password'),
    ]
    expect(server.told).toEqual([
      { id, secret },
      { id, secret: second },
      { id, secret },
      { id, secret: second },
    ])
    // With the version after each write, so that a host can distinguish an old one from a new one.
    expect(server.versions.map(httpVersion)).toEqual(answers.slice(0, 4).map(({ headers }) => headers.ETag))
    for (const answer of answers) {
      expect(answer.status).toBeLessThan(300)
      expect(answer.text).not.toMatch(/Horse|Staple|password/)
    }
    expect(server.stored.join()).not.toMatch(/Horse|Staple|password/i)
    expect(JSON.stringify(server.events)).not.toMatch(/Horse|Staple/)
    expect(server.writes().flatMap(({ ignored }) => ignored)).toEqual([])
  })

  test('a write that carries one is never a no-op: generation and nonce are new, the digest does not contain it', async () => {
    const server = watched()
    const { path, tag } = await made(server, user('b', { password: secret }))
    const partsOf = (given: string | undefined) => String(given).slice('W/"'.length, -1).split('-')
    const [, digest] = partsOf((await made(watched(), user('b'))).tag)
    server.pass(1_000)
    const same = await server.put(path, user('b', { password: secret }))
    expect(same.json.meta).toMatchObject({ lastModified: '2026-01-01T00:00:01.000Z' })
    const patched = await server.patch(path, [{ op: 'replace', path: 'password', value: secret }])
    const versions = [tag, same.headers.ETag, patched.headers.ETag].map(partsOf)
    expect(versions.map(([generation, of]) => [generation, of])).toEqual([
      ['1', digest],
      ['2', digest],
      ['3', digest],
    ])
    expect(new Set(versions.map(([, , nonce]) => nonce)).size).toBe(3)
  })

  test('a write without one leaves it alone', async () => {
    const server = watched()
    const { path } = await made(server, user('b'))
    await server.put(path, user('b', { title: 'T' }))
    await server.put(path, user('b', { title: 'U', password: null }))
    await server.patch(path, [{ op: 'add', path: 'title', value: 'V' }])
    expect(server.told).toEqual([])
  })

  test.each<[string, JsonObject]>([
    ['remove', { op: 'remove', path: 'password' }],
    ['replace by null', { op: 'replace', path: 'password', value: null }],
    ['replace by null without path', { op: 'replace', value: { password: null } }],
  ])('%s removes it; so does removing the user', async (_title, operation) => {
    const server = watched()
    const { path, id } = await made(server, user('b', { password: secret }))
    expect((await server.patch(path, [operation])).status).toBe(200)
    await server.del(path)
    expect(server.told).toEqual([
      { id, secret },
      { id, secret: undefined },
      { id, secret: undefined },
    ])
  })

  test('a write that does not succeed, or is refused, passes on nothing', async () => {
    const server = watched()
    await made(server, user('taken'))
    const { path } = await made(server, user('b'))
    const body = user('b', { password: secret })
    expect((await server.put(path, body, { 'if-match': 'W/"9-x"' })).status).toBe(412)
    expect((await server.put(path, { ...body, userName: 'taken' })).status).toBe(409)
    expect((await server.post('/Users', { ...body, userName: 'taken' })).status).toBe(409)
    expect((await server.put(path, { ...body, active: 'x' })).status).toBe(400)
    expect((await server.put('/Users/none', body)).status).toBe(404)
    const operations = [
      { op: 'add', path: 'password', value: secret },
      { op: 'remove', path: 'userName' },
    ]
    expect((await server.patch(path, operations)).status).toBe(400)
    expect(server.told).toEqual([])
  })

  test('a hook that is slow at first does not replace a new password by an old one', async () => {
    const done: (string | undefined)[] = []
    let release: () => void = () => undefined
    const gate = new Promise<void>((resolve) => {
      release = resolve
    })
    const server = watched(async (_ref, value) => {
      if (value === secret) await gate
      done.push(value)
    })
    const { path } = await made(server, user('b'))
    const first = server.patch(path, [{ op: 'replace', path: 'password', value: secret }])
    const next = server.patch(path, [{ op: 'replace', path: 'password', value: second }])
    await new Promise((resolve) => setTimeout(resolve, 20))
    expect(done).toEqual([])
    release()
    expect((await Promise.all([first, next])).map(({ status }) => status)).toEqual([200, 200])
    expect(done).toEqual([secret, second])
  })

  test('a hook that fails is 500, reported to onError; the rest of the write remains, and was reported before', async () => {
    const server = watched(() => Promise.reject(new Error('the vault is closed')))
    const answer = await server.post('/Users', user('b', { password: secret }))
    expect(answer).toMatchObject({ status: 500, json: { status: '500' } })
    expect(answer.text).not.toMatch(/vault|Horse/)
    expect(server.errors).toMatchObject([{ message: 'the vault is closed' }])
    expect(server.writes()).toHaveLength(1)
    expect((await server.get('/Users')).json.totalResults).toBe(1)
  })

  test.each([1, true, {}, ['x', 'y'], ''])('a password of %j is 400 invalidValue', async (password) => {
    const server = watched()
    expect(await server.post('/Users', user('b', { password }))).toMatchObject({
      status: 400,
      json: { scimType: 'invalidValue' },
    })
  })
})

describe('never an oracle: 403 sensitive in GET, 400 invalidFilter in POST searches', () => {
  const filters = [
    'password eq "x"',
    'password pr',
    'not (password pr)',
    'PASSWORD sw "a"',
    `${core}:password eq "x"`,
    'userName eq "b" or password eq "x"',
    'userName eq "b" and (title pr or not (password co "a"))',
  ]
  describe.each([true, false])('hook: %s', (hooked) => {
    const start = async (): Promise<Server> => {
      const server = hooked ? watched() : serve()
      await made(server, user('b', { password: secret }))
      return server
    }
    test.each(filters)('filter %s', async (filter) => {
      const server = await start()
      expect(await server.get(`/Users?filter=${encodeURIComponent(filter)}`)).toMatchObject({
        status: 403,
        json: { scimType: 'sensitive' },
      })
      expect(await server.post('/Users/.search', { filter })).toMatchObject({
        status: 400,
        json: { scimType: 'invalidFilter' },
      })
    })
    test('sortBy', async () => {
      const server = await start()
      expect(await server.get('/Users?sortBy=password')).toMatchObject({ status: 403, json: { scimType: 'sensitive' } })
      expect(await server.post('/Users/.search', { sortBy: 'password' })).toMatchObject({ status: 400 })
    })
    test('whether or not there is a match', async () => {
      const empty = hooked ? watched() : serve()
      expect((await empty.get('/Users?filter=password%20pr')).text).toBe(
        (await (await start()).get('/Users?filter=password%20pr')).text,
      )
    })
  })
})
