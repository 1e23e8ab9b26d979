/** The parts of the command that can be tested without a process. */
import { describe, expect, test } from '@jest/globals'
import {
  createScim,
  defaultLimits,
  interopFrom,
  interopPresets,
  interopSwitchNames,
  type ResourceProvider,
  rawVersion,
  type Stored,
  tenantId,
} from '@scimkit/core'
import { memoryProvider } from '@scimkit/memory-provider'
import { parseIndexes } from '../src/index-flag.js'
import { parseInterop } from '../src/interop-flag.js'
import { dividedLimits, parseLimit } from '../src/limit-flag.js'
import { memoryFacts } from '../src/memory-facts.js'
import { isPasswordOf } from '../src/password-hash.js'
import { passwordRecordOf } from '../src/password-record.js'
import { passwordsIn } from '../src/passwords.js'
import { forgetPasswordsOfRemoved, forgetPasswordsOfRemovedOnce } from '../src/passwords-of-removed.js'
import { seedUser, seedUsers } from '../src/seed-users.js'
import { parseStore } from '../src/store-choice.js'
import { ensureToken, storedToken } from '../src/stored-token.js'
import { newToken, tokenProblem } from '../src/token.js'
import { startLines, welcomeText } from '../src/welcome.js'

describe('--interop', () => {
  test('accepts presets, switches, and switches with no- in front', () => {
    for (const preset of interopPresets) expect(parseInterop(preset)).toEqual({ preset })
    for (const name of interopSwitchNames) {
      expect(parseInterop(name)).toEqual({ preset: 'lenient', [name]: true })
      expect(parseInterop(`strict,no-${name}`)).toEqual({ preset: 'strict', [name]: false })
      expect(interopFrom(parseInterop(`no-${name}`))[name]).toBe(false)
    }
    expect(parseInterop(' uniqueGroupDisplayName , entra')).toEqual({ preset: 'entra', uniqueGroupDisplayName: true })
  })

  test.each(['', 'entra,', 'Entra', 'no-entra', 'entra,lenient', 'toString'])('rejects %j', (text) => {
    expect(() => parseInterop(text)).toThrow(TypeError)
  })
})

describe('--limit', () => {
  test('accepts the limits of the store too, and passes them to it', () => {
    const chosen = parseLimit('groupEdges=7', parseLimit('scanWork=5', { bodyBytes: 3 }))
    expect(dividedLimits(chosen)).toEqual({ server: { bodyBytes: 3 }, store: { scanWork: 5, groupEdges: 7 } })
  })

  test('accepts every limit, one at a time', () => {
    for (const [name, value] of Object.entries(defaultLimits)) {
      expect(parseLimit(`${name}=${value}`)).toEqual({ [name]: value })
    }
    expect(parseLimit(' maxPageSize = 500 ', { bodyBytes: 5 })).toEqual({ bodyBytes: 5, maxPageSize: 500 })
  })

  test.each(['', '=', '=5', 'bodybytes=5', 'toString=5', '__proto__=5', 'nothing'])(
    'rejects %j and lists the limits',
    (text) => {
      expect(() => parseLimit(text)).toThrow(/Unknown limit.*bodyBytes, .*writeMilliseconds/)
    },
  )

  test.each(['', '0', '-1', '1.5', '1e3', '0x10', '1,000', 'many', '9'.repeat(17)])('rejects bodyBytes=%s', (value) => {
    expect(() => parseLimit(`bodyBytes=${value}`)).toThrow('bodyBytes: expected a whole number above 0')
  })

  test('rejects a limit without a value, and a duplicate', () => {
    expect(() => parseLimit('bodyBytes')).toThrow('whole number')
    expect(() => parseLimit('bodyBytes=2', { bodyBytes: 1 })).toThrow('Duplicate limit bodyBytes')
  })
})

test('a new token is long, unique and accepted', () => {
  const tokens = Array.from({ length: 100 }, newToken)
  expect(new Set(tokens).size).toBe(100)
  for (const token of tokens) expect([token.length, tokenProblem(token)]).toEqual([80, undefined])
})

describe('password records of removed users', () => {
  const tenant = tenantId('one')
  const context = createScim({ provider: memoryProvider() }).context({ tenant })
  const ref = (id: string) => ({ type: 'User', id })
  const name = (id: string) => passwordRecordOf(tenant, ref(id))

  async function storeWith(ids: readonly string[]) {
    const provider = memoryProvider()
    const create = async (id: string) => {
      const next = {
        resource: { id, userName: id },
        version: rawVersion('1-a'),
        at: '',
        unique: [],
        members: undefined,
      }
      await provider.insert(ref(id), next, context)
    }
    for (const id of ids) await create(id)
    const facts = memoryFacts()
    return { provider, facts, create, writesAtOnce: 3 }
  }

  test('are deleted in batches, and no others', async () => {
    const store = await storeWith(['there'])
    for (let i = 0; i < 250; i++) await store.facts.swap(name(`gone${i}`), undefined, 'x')
    for (const other of [name('there'), 'password.', 'password.[1]', 'token'])
      await store.facts.swap(other, undefined, 'x')
    expect(await forgetPasswordsOfRemoved(store)).toBe(250)
    const left = (await store.facts.list('', '', 1_000)).map((fact) => fact.name)
    expect(left).toEqual(['password.', name('there'), 'password.[1]', 'records-of-removed', 'token'])
  })

  test('of a user with the same id, created in the meantime, are kept', async () => {
    const store = await storeWith([])
    await store.facts.swap(name('back'), undefined, 'old')
    const read: ResourceProvider['read'] = async (...given) => {
      const found = await store.provider.read(...given)
      await store.create('back')
      await store.facts.swap(name('back'), 'old', 'new')
      return found
    }
    expect(await forgetPasswordsOfRemoved({ ...store, provider: { ...store.provider, read } })).toBe(0)
    expect(await store.facts.read(name('back'))).toBe('new')
  })

  test('are left for the next start when the server is stopped or the store fails', async () => {
    const store = await storeWith([])
    await store.facts.swap(name('gone'), undefined, 'x')
    const stopped = AbortSignal.abort()
    expect(await forgetPasswordsOfRemovedOnce(store, stopped)).toBe(0)
    const failing = { ...store.provider, read: () => Promise.reject(new Error('no store')) }
    const running = new AbortController().signal
    await expect(forgetPasswordsOfRemovedOnce({ ...store, provider: failing }, running)).rejects.toThrow('no store')
    expect(await forgetPasswordsOfRemovedOnce(store, running)).toBe(1)
    await store.facts.swap(name('gone'), undefined, 'x')
    expect(await forgetPasswordsOfRemovedOnce(store, running)).toBe(0)
  })
})

describe('passwords', () => {
  const cheap = { N: 2, r: 8, p: 1 }
  const tenant = tenantId('one')
  const ref = { type: 'User', id: '1' }
  const context = createScim({ provider: memoryProvider() }).context({ tenant })
  const stored: Stored = { ref, version: rawVersion('1-a'), created: '', lastModified: '', resource: {} }
  const present: Pick<ResourceProvider, 'read'> = { read: () => stored }

  test('are stored by tenant and resource, until they are removed', async () => {
    const passwords = passwordsIn(memoryFacts(), present, cheap)
    await passwords.write(ref, 'Zoe\u0308 1', rawVersion('1-a'), context)
    expect(await passwords.verify(tenant, ref, 'Zo\u00eb 1')).toBe(true)
    expect(await passwords.verify(tenant, ref, 'zoë 1')).toBe(false)
    expect(await passwords.verify(tenantId('two'), ref, 'Zoë 1')).toBe(false)
    expect(await passwords.verify(tenant, { ...ref, id: '2' }, 'Zoë 1')).toBe(false)
    expect(await passwords.verify(tenant, { ...ref, id: '2' }, '')).toBe(false)
    await passwords.write(ref, undefined, rawVersion('2-a'), context)
    expect(await passwords.verify(tenant, ref, 'Zoë 1')).toBe(false)
  })

  test('are those of the last write, for any duration of the hashes', async () => {
    const passwords = passwordsIn(memoryFacts(), present, cheap)
    const generations = [3, 1, 20, 2, 19, 4]
    await Promise.all(generations.map((n) => passwords.write(ref, `password ${n}`, rawVersion(`${n}-a`), context)))
    expect(await passwords.verify(tenant, ref, 'password 20')).toBe(true)
  })

  test('that were removed are not restored by the late call of an older write', async () => {
    const passwords = passwordsIn(memoryFacts(), present, cheap)
    await passwords.write(ref, undefined, rawVersion('3-a'), context)
    await passwords.write(ref, 'too late', rawVersion('2-a'), context)
    expect(await passwords.verify(tenant, ref, 'too late')).toBe(false)
    await passwords.write(ref, 'in time', rawVersion('4-a'), context)
    expect(await passwords.verify(tenant, ref, 'in time')).toBe(true)
  })

  test('leave no record when the resource is removed, for any order of the calls', async () => {
    const facts = memoryFacts()
    let there = true
    const passwords = passwordsIn(facts, { read: () => (there ? stored : undefined) }, cheap)
    const record = () => facts.read('password.["one","User","1"]')
    await passwords.write(ref, 'a password', rawVersion('1-a'), context)
    expect(await record()).toContain('scrypt')
    there = false
    await passwords.write(ref, undefined, rawVersion('3-a'), context)
    expect(await record()).toBeUndefined()
    await passwords.write(ref, 'late', rawVersion('2-a'), context)
    expect(await record()).toBeUndefined()
    expect(await passwords.verify(tenant, ref, 'late')).toBe(false)
    await passwords.write(ref, undefined, rawVersion('3-a'), context)
    expect(await record()).toBeUndefined()
  })

  test('are stored as hashes only, each with a salt and its cost', async () => {
    const texts: string[] = []
    const facts = memoryFacts()
    const passwords = passwordsIn(
      {
        ...facts,
        swap: (name, expected, next) => {
          texts.push(`${name} ${next}`)
          return facts.swap(name, expected, next)
        },
      },
      present,
      cheap,
    )
    for (const id of ['1', '2']) await passwords.write({ ...ref, id }, 'analytical', rawVersion('1-a'), context)
    await passwords.write(ref, undefined, rawVersion('2-a'), context)
    const hashes = texts.map((text) => /scrypt\$2\$8\$1\$[\w-]{22}\$[\w-]{43}/.exec(text)?.[0])
    expect(hashes).toEqual([expect.any(String), expect.any(String), undefined])
    expect(hashes[0]).not.toBe(hashes[1])
    expect(texts.join()).not.toContain('analytical')
    expect(await isPasswordOf(hashes[0] ?? '', 'analytical')).toBe(true)
    await expect(isPasswordOf('analytical', 'analytical')).rejects.toThrow('Unknown format of a stored password hash')
  })

  test('are passed by the core after a write has succeeded, and are never in a response', async () => {
    const provider = memoryProvider()
    const passwords = passwordsIn(memoryFacts(), provider, cheap)
    const scim = createScim({ provider, secrets: passwords })
    const body = { ...seedUser(0), password: 'analytical' }
    const created = await scim.perform({ kind: 'create', type: 'User', body }, context)
    if (created.kind !== 'created') throw new Error(created.kind)
    expect(await passwords.verify(tenant, created.value.ref, 'analytical')).toBe(true)
    expect(created.value.text).not.toContain('analytical')
    await scim.perform({ kind: 'remove', ref: created.value.ref }, context)
    expect(await passwords.verify(tenant, created.value.ref, 'analytical')).toBe(false)
  })
})

test('a seed user is about 1 KB, and always the same for its number', () => {
  for (const i of [0, 9, 10_000]) {
    expect(JSON.stringify(seedUser(i)).length).toBeGreaterThan(800)
    expect(JSON.stringify(seedUser(i)).length).toBeLessThan(1_200)
    expect(seedUser(i)).toEqual(seedUser(i))
  }
})

test('seeding creates missing users and does not change existing ones', async () => {
  const provider = memoryProvider()
  const scim = createScim({ provider })
  const tenant = tenantId('one')
  const context = scim.context({ tenant })
  const body = { schemas: ['urn:ietf:params:scim:schemas:core:2.0:User'], userName: 'USER3', title: 'Countess' }
  await scim.perform({ kind: 'create', type: 'User', body }, context)
  const seeding = { tenant, atOnce: 3, progress: () => undefined }
  expect(await seedUsers(provider, { ...seeding, count: 10 })).toEqual({ made: 9, skipped: 1 })
  expect(await seedUsers(provider, { ...seeding, count: 20 })).toEqual({ made: 10, skipped: 10 })
  const list = await scim.perform({ kind: 'query', type: 'User', search: { count: 0 } }, context)
  expect(list).toMatchObject({ value: { totalResults: 20 } })
})

describe('--store', () => {
  test('selects a store', () => {
    expect(parseStore('memory')).toEqual({ kind: 'memory' })
    expect(parseStore('sqlite:/var/lib/people.db')).toEqual({ kind: 'sqlite', path: '/var/lib/people.db' })
    expect(parseStore('sqlite:a b.db')).toEqual({ kind: 'sqlite', path: `${process.cwd()}/a b.db` })
    for (const url of ['postgres://scim@db.example:5432/scim', 'postgresql:///scim?host=/run/postgresql']) {
      expect(parseStore(url)).toEqual({ kind: 'postgres', url })
    }
  })
})

test('--index returns attributes in the spelling of their schemas, each once', () => {
  const urn = 'urn:ietf:params:scim:schemas:extension:enterprise:2.0:User'
  const texts = [
    'User:NAME.familyname',
    'user:name.familyName',
    `User:${urn}:Department`,
    'User:costCenter',
    'Group:externalId',
  ]
  expect(parseIndexes([...texts, 'User:emails.type'])).toEqual({
    User: ['name.familyName', `${urn}:department`, `${urn}:costCenter`, 'emails.type'],
    Group: ['externalId'],
  })
  expect(parseIndexes([])).toEqual({})
})

describe('the token', () => {
  const sends = (token: string | undefined) => ({
    header: (name: string) => (name === 'authorization' && token ? `Bearer ${token}` : undefined),
  })

  test('is generated once, and only its hash is stored', async () => {
    const facts = memoryFacts()
    const first = await ensureToken(facts, false)
    if (first.kind !== 'generated') throw new Error(first.kind)
    expect(await ensureToken(facts, false)).toEqual({ kind: 'stored' })
    const kept = await facts.read('token.sha256')
    expect(kept).toMatch(/^[0-9a-f]{64}$/)
    expect(first.token).not.toContain(kept)
  })

  test('is one for any number of concurrent starts', async () => {
    const facts = memoryFacts()
    const news = await Promise.all(Array.from({ length: 8 }, () => ensureToken(facts, false)))
    expect(news.map(({ kind }) => kind).sort()).toEqual([...Array.from({ length: 7 }, () => 'concurrent'), 'generated'])
    const others = await Promise.all(Array.from({ length: 8 }, () => ensureToken(facts, true)))
    expect(others.filter(({ kind }) => kind === 'generated')).toHaveLength(1)
  })

  test('authenticates clients that send it, and no client while none is stored', async () => {
    const facts = memoryFacts()
    const authenticate = storedToken(facts, { tenant: 'one' })
    const ask = async (token?: string) => (await authenticate({ ...sends(token) } as never, undefined))?.tenant
    expect([await ask(), await ask(newToken())]).toEqual([undefined, undefined])
    const news = await ensureToken(facts, false)
    if (news.kind !== 'generated') throw new Error(news.kind)
    expect([await ask(news.token), await ask(newToken()), await ask(`${news.token}x`), await ask()]).toEqual([
      'one',
      undefined,
      undefined,
      undefined,
    ])
  })
})

test('the welcome has the settings for identity providers, in colour only if requested', () => {
  const made = newToken()
  const facts = { url: 'http://127.0.0.1:3000/scim/v2', place: '/data/people.db', durable: true, entra: false }
  const plain = welcomeText({ ...facts, token: { kind: 'generated', token: made } }, false)
  for (const words of [
    'Tenant URL',
    'Secret Token',
    'base URL',
    'userName',
    'HTTP Header',
    facts.url,
    made,
    facts.place,
  ]) {
    expect(plain).toContain(words)
  }
  expect(plain).toContain('shown only once')
  // At the next start the user of this one exists already.
  const nameIn = (text: string) => /"userName":"([^"]+)"/.exec(text)?.[1]
  expect(nameIn(plain)).not.toBe(nameIn(welcomeText({ ...facts, token: { kind: 'stored' } }, false)))
  expect(plain).not.toContain('\u001b')
  expect(welcomeText({ ...facts, token: { kind: 'generated', token: made } }, true)).toContain('\u001b')
  expect(welcomeText({ ...facts, token: { kind: 'none' } }, false)).not.toContain('"Authorization')
  const given = welcomeText({ ...facts, token: { kind: 'given', token: made } }, false)
  expect([given.includes(made), given.includes('shown only once')]).toEqual([true, false])
  for (const kind of ['stored', 'concurrent'] as const) {
    const later = welcomeText({ ...facts, token: { kind } }, false)
    for (const words of ['--new-token', 'Bearer $SCIM_TOKEN', "SCIM_TOKEN='"]) expect(later).toContain(words)
  }
  expect(welcomeText({ ...facts, place: 'memory', durable: false, token: { kind: 'none' } }, false)).toContain(
    'in memory',
  )
})

test('a log begins with the location of the data and the new token', () => {
  const facts = { place: '/data/people.db', durable: true }
  expect(startLines({ ...facts, token: { kind: 'generated', token: 't' } }).slice(0, 2)).toEqual([
    'data /data/people.db',
    'token t',
  ])
  expect(startLines({ ...facts, token: { kind: 'given', token: 't' } })).toEqual(['data /data/people.db'])
  expect(startLines({ ...facts, token: { kind: 'stored' } })[1]).toContain('--new-token')
  expect(startLines({ ...facts, token: { kind: 'concurrent' } })[1]).toContain('Another process')
  expect(startLines({ place: 'memory', durable: false, token: { kind: 'generated', token: 't' } })).toEqual(['token t'])
})
