/**
 * A version is unique to its history: a tag that a client got before the restore of a backup is never the tag of another state
 * afterwards. On each store, over HTTP: back up, write, restore, write other data, then send the tag of the lost write. Old
 * versions without a nonce remain valid until the next change.
 */
import { copyFileSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { createScim, type EntityTags, httpVersion, type JsonObject, noAuthentication, type RawVersion, rawVersion, tenantId, versionMismatchUrn } from '@scimkit/core'
import { nextVersion, type ResourceProvider } from '@scimkit/core/provider'
import { memoryProvider } from '@scimkit/memory-provider'
import { type Exchange, testContext, viaHandler } from '@scimkit/testkit'
import { d1Provider } from '../../src/d1.js'
import { openSqlite } from '../../src/driver/sqlite/connection.js'
import { postgresProvider } from '../../src/postgres.js'
import { type SqlProvider, sqliteProvider } from '../../src/sqlite.js'
import { fakeD1 } from '../support/edge/fake-d1.js'
import { administer, describePostgres } from '../support/postgres.js'

const history = 5
const context = testContext(tenantId('default'))

/** A store, and a copy of an earlier state. */
interface Store {
  open(): ResourceProvider
  /** Copies the current state; returns the function that opens the copy. Call `open` again afterwards. */
  backUp(): Promise<() => ResourceProvider>
  /** Releases the resources of a test. */
  end(): Promise<unknown>
}

function memoryStore(): Store {
  const live = memoryProvider({ history })
  const everything = { members: 'all', derived: false } as const
  return {
    open: () => live,
    async backUp() {
      const copy = memoryProvider({ history })
      for (const type of ['User', 'Group']) {
        const all = { filter: undefined, sort: undefined, page: { startIndex: 1, count: 100 }, needs: everything }
        for (const stored of (await live.query(type, all, context)).resources) {
          const resource = 'resource' in stored ? stored.resource : JSON.parse(stored.json)
          const members = stored.members && { add: stored.members, remove: [] }
          const next = { resource, version: stored.version, at: stored.lastModified, unique: [], members }
          await copy.insert(stored.ref, next, context)
        }
      }
      return () => copy
    },
    end: async () => {},
  }
}

const folder = mkdtempSync(join(tmpdir(), 'scimkit-restored-'))
const opened: { close(): unknown }[] = []
const closeAll = async (): Promise<void> => {
  for (const one of opened.splice(0)) await one.close()
}
const closing = <Opened extends { close(): unknown }>(one: Opened): Opened => {
  opened.push(one)
  return one
}
afterAll(async () => {
  await closeAll()
  rmSync(folder, { recursive: true, force: true })
})

let files = 0
function fileStore(openFile: (file: string) => ResourceProvider): Store {
  const file = join(folder, `${++files}.db`)
  return {
    open: () => openFile(file),
    async backUp() {
      // Closed, so that all data is in the file.
      await closeAll()
      copyFileSync(file, `${file}.copy`)
      return () => openFile(`${file}.copy`)
    },
    end: closeAll,
  }
}

const sqliteStore = (): Store => fileStore((file) => closing(sqliteProvider(file, { history })))
const d1Store = (): Store => fileStore((file) => d1Provider(fakeD1(closing(openSqlite(file))), { history }))

let databases = 0
function postgresStore(url: string): Store {
  const at = (database: string): string => {
    const own = new URL(url)
    own.pathname = `/${database}`
    return own.href
  }
  const name = `${new URL(url).pathname.slice(1)}_${++databases}`
  const made = administer(url, [`create database ${name}`])
  const provider = (database: string): SqlProvider =>
    closing(postgresProvider(at(database), { history, maxConnections: 2 }))
  const waiting = (database: string): ResourceProvider => {
    const inner = provider(database)
    return { ...inner, insert: async (...given) => made.then(() => inner.insert(...given)) }
  }
  return {
    open: () => waiting(name),
    async backUp() {
      await closeAll()
      await administer(url, [`create database ${name}_copy template ${name}`])
      return () => provider(`${name}_copy`)
    },
    async end() {
      await closeAll()
      await administer(url, [`drop database ${name}`, `drop database if exists ${name}_copy`])
    },
  }
}

const json = { Accept: 'application/scim+json', 'Content-Type': 'application/scim+json' }
const urn = (name: string): string => `urn:ietf:params:scim:schemas:core:2.0:${name}`

interface Resource {
  readonly path: string
  readonly id: string
  readonly tag: string
}

/** A client of a server on a provider. */
function clientOf(provider: ResourceProvider, etag: EntityTags) {
  const scim = createScim({ provider, etag, authenticate: noAuthentication(), secrets: { write: () => undefined } })
  const exchange: Exchange = viaHandler(scim.handle)
  const send = async (method: string, path: string, body?: object, headers: Record<string, string> = {}) => {
    const answer = await exchange({
      method,
      path,
      headers: { ...json, ...headers },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    })
    return { ...answer, tag: answer.headers.etag ?? '' }
  }
  const done = async (...given: Parameters<typeof send>) => {
    const answer = await send(...given)
    if (answer.status >= 300) throw new Error(`${given[0]} ${given[1]}: ${answer.status} ${answer.body}`)
    return answer
  }
  return {
    send,
    async create(type: 'User' | 'Group', attributes: object): Promise<Resource> {
      const answer = await done('POST', `/${type}s`, { schemas: [urn(type)], ...attributes })
      const { id } = JSON.parse(answer.body)
      return { path: `/${type}s/${id}`, id, tag: answer.tag }
    },
    patch: ({ path }: Resource, ...operations: object[]) =>
      done('PATCH', path, { schemas: ['urn:ietf:params:scim:api:messages:2.0:PatchOp'], Operations: operations }),
    remove: ({ path }: Resource) => done('DELETE', path),
    tagOf: async ({ path }: Resource) => (await done('GET', path)).tag,
  }
}

type Client = ReturnType<typeof clientOf>

interface World {
  readonly ann: Resource
  readonly bob: Resource
  readonly group: Resource
}

async function populate(client: Client, number: number): Promise<World> {
  const ann = await client.create('User', { userName: `ann ${number}` })
  const bob = await client.create('User', { userName: `bob ${number}` })
  const group = await client.create('Group', { displayName: 'g', members: [{ value: ann.id }, { value: bob.id }] })
  return { ann, bob, group }
}

const add = (path: string, value: unknown) => ({ op: 'add', path, value })

/** Two changes of one state, which result in two states of the same resource. */
interface Fork {
  readonly name: string
  readonly of: (world: World) => Resource
  readonly lost: (client: Client, world: World) => Promise<unknown>
  readonly other: (client: Client, world: World) => Promise<unknown>
}

const forks: readonly Fork[] = [
  {
    name: 'document',
    of: ({ ann }) => ann,
    lost: (client, { ann }) => client.patch(ann, add('title', 'A')),
    other: (client, { ann }) => client.patch(ann, add('title', 'B')),
  },
  {
    name: 'members',
    of: ({ group }) => group,
    lost: (client, { group }) => client.patch(group, add('members', [{ value: 'x' }])),
    other: (client, { group }) => client.patch(group, add('members', [{ value: 'y' }])),
  },
  {
    name: 'cascade',
    of: ({ group }) => group,
    lost: (client, { ann }) => client.remove(ann),
    other: (client, { bob }) => client.remove(bob),
  },
  {
    name: 'password',
    of: ({ ann }) => ann,
    lost: (client, { ann }) => client.patch(ann, add('password', 'a first one of many words')),
    other: (client, { ann }) => client.patch(ann, add('password', 'a second one of many words')),
  },
  {
    name: 'document and members, with the same document again',
    of: ({ group }) => group,
    lost: (client, { group }) => client.patch(group, add('displayName', 'same'), add('members', [{ value: 'x' }])),
    other: (client, { group }) => client.patch(group, add('displayName', 'same'), add('members', [{ value: 'y' }])),
  },
  {
    name: 'several cascades and as many other writes',
    of: ({ group }) => group,
    async lost(client, { ann, bob }) {
      await client.remove(ann)
      await client.remove(bob)
    },
    async other(client, { group, bob }) {
      await client.patch(group, add('members', [{ value: 'z' }]))
      await client.remove(bob)
    },
  },
]

// The form of tags does not depend on the store, so strict ones are tested on one of them.
function itIsUnique(makeStore: () => Store, tags: readonly EntityTags[]): void {
  describe.each(tags)('after a restore, with %s tags', (etag) => {
    // Each fork has resources of its own, so that one backup is enough for all: creating and copying a database is slow.
    const worlds = new Map<Fork, World>()
    const lostTags = new Map<Fork, string>()
    let store: Store
    let now: Client
    beforeAll(async () => {
      store = makeStore()
      const first = clientOf(store.open(), etag)
      for (const [i, fork] of forks.entries()) worlds.set(fork, await populate(first, i))
      const restored = await store.backUp()

      const before = clientOf(store.open(), etag)
      for (const [fork, world] of worlds) {
        await fork.lost(before, world)
        lostTags.set(fork, await before.tagOf(fork.of(world)))
      }
      now = clientOf(restored(), etag)
    })
    afterAll(() => store.end())

    test.each(forks)('$name: the tag of the lost write is 412 and never 304', async (fork) => {
      const world = worlds.get(fork)
      const old = lostTags.get(fork)
      if (world === undefined || old === undefined) throw new Error(fork.name)
      await fork.other(now, world)
      const resource = fork.of(world)
      const { path } = resource
      const current = await now.tagOf(resource)
      expect(current).not.toBe(old)
      expect((await now.send('GET', path, undefined, { 'If-None-Match': old })).status).toBe(200)
      expect((await now.send('GET', path, undefined, { 'If-Match': old })).status).toBe(412)
      const patch = { schemas: ['urn:ietf:params:scim:api:messages:2.0:PatchOp'], Operations: [add('externalId', 'o')] }
      expect((await now.send('PATCH', path, patch, { 'If-Match': old })).status).toBe(412)
      expect((await now.send('DELETE', path, undefined, { 'If-Match': old })).status).toBe(412)
      const told = await now.send('PATCH', path, patch, { 'If-Match': old, Prefer: 'conflict-details' })
      expect(JSON.parse(told.body)[versionMismatchUrn]).toEqual({ current: expect.any(String), expected: [old] })
      expect(await now.tagOf(resource)).toBe(current)
      expect((await now.send('PATCH', path, patch, { 'If-Match': current })).status).toBe(200)
    })
  })
}

const oldUser = rawVersion('3-9f86d081884c7d659a2feaa0')
const oldGroup = rawVersion('12-2cf24dba5fb0a30e26e83b2a')
const nonce = 'c0ffee5ca1ab'
const forms = [
  oldGroup,
  `7-2cf24dba5fb0a30e-0123456789ab`,
  '1-a',
  '9-abc-def',
  'foreign',
  '-',
  'a-rather-long-foreign-version',
]

/** A user and its group, with these versions, as written by an earlier release. */
async function leave(provider: ResourceProvider, user: RawVersion, group: RawVersion, number = 1): Promise<World> {
  const at = '2026-01-01T00:00:00.000Z'
  const insert = async (type: 'User' | 'Group', version: RawVersion, attributes: JsonObject, member?: string) => {
    const id = `${type}-${number}`
    const resource = { schemas: [urn(type)], id, ...attributes }
    const members = member === undefined ? undefined : { add: [{ value: member }], remove: [] }
    await provider.insert({ type, id }, { resource, version, at, unique: [], members }, context)
    return { path: `/${type}s/${id}`, id, tag: httpVersion(version) }
  }
  const ann = await insert('User', user, { userName: 'ann' })
  return { ann, bob: ann, group: await insert('Group', group, { displayName: 'g' }, ann.id) }
}

function itTakesOldVersions(makeStore: () => Store, tags: readonly EntityTags[]): void {
  const opaque = (tag: string): string => tag.slice(tag.indexOf('"') + 1, -1)
  let store: Store
  let provider: ResourceProvider
  beforeAll(() => {
    store = makeStore()
    provider = store.open()
  })
  afterAll(() => store.end())

  test.each(tags)('versions without a nonce remain valid until the next change (%s tags)', async (etag) => {
    const world = await leave(provider, oldUser, oldGroup, 100 + tags.indexOf(etag))
    const client = clientOf(provider, etag)
    const { ann, group } = world
    const old = { ann: await client.tagOf(ann), group: await client.tagOf(group) }
    expect(opaque(old.ann)).toMatch(
      etag === 'weak' ? /^3-9f86d081884c7d659a2feaa0$/ : /^3-9f86d081884c7d659a2feaa0\.[0-9a-f]{24}$/,
    )

    // Tags from clients, on reads and on writes, also behind a proxy that compresses.
    expect((await client.send('GET', ann.path, undefined, { 'If-None-Match': old.ann })).status).toBe(304)
    expect(
      (await client.send('GET', ann.path, undefined, { 'If-None-Match': `${old.ann.slice(0, -1)}-gzip"` })).status,
    ).toBe(304)
    const put = { schemas: [urn('User')], userName: 'ann' }
    const unchanged = await client.send('PUT', ann.path, put, { 'If-Match': old.ann })
    expect([unchanged.status, unchanged.tag]).toEqual([200, old.ann])
    const changed = await client.send('PUT', ann.path, { ...put, title: 'T' }, { 'If-Match': old.ann })
    expect([changed.status, opaque(changed.tag)]).toEqual([200, expect.stringMatching(/^4-[0-9a-f]{16}-[0-9a-f]{12}/)])
    expect((await client.send('DELETE', ann.path, undefined, { 'If-Match': old.ann })).status).toBe(412)

    // Changes of members and a cascade keep the old digest, and so do the reported changes.
    const added = await client.send(
      'PATCH',
      group.path,
      { schemas: ['urn:ietf:params:scim:api:messages:2.0:PatchOp'], Operations: [add('members', [{ value: 'x' }])] },
      { 'If-Match': old.group },
    )
    expect([added.status, opaque(added.tag)]).toEqual([200, expect.stringMatching(/^13-2cf24dba5fb0a30e-[0-9a-f]{12}/)])
    expect((await client.send('DELETE', ann.path, undefined, { 'If-Match': changed.tag })).status).toBe(204)
    const shrunk = await client.tagOf(group)
    expect(opaque(shrunk)).toMatch(/^14-2cf24dba5fb0a30e-[0-9a-f]{12}/)
    const history = await provider.history?.({ type: 'Group', id: group.id }, context)
    expect(
      history?.slice(0, 2).map(({ previous, changed: names }) => [opaque(httpVersion(previous as RawVersion)), names]),
    ).toEqual([
      [expect.stringMatching(/^13-2cf24dba5fb0a30e-[0-9a-f]{12}$/), ['members']],
      [oldGroup, ['members']],
    ])
  })

  test('a cascade results in the version of nextVersion, for every format, and the history has the previous one', async () => {
    const at = '2026-01-02T00:00:00.000Z'
    for (const [i, text] of forms.entries()) {
      const version = rawVersion(text)
      const { ann, group } = await leave(provider, oldUser, version, i + 2)
      const removed = await provider.remove({ type: 'User', id: ann.id }, oldUser, { at, nonce }, context)
      expect(removed.kind).toBe('success')
      const ref = { type: 'Group', id: group.id }
      const stored = await provider.read(ref, { members: 'none', derived: false }, context)
      expect(stored?.version).toBe(nextVersion(version, nonce))
      const [newest] = (await provider.history?.(ref, context)) ?? []
      expect(newest).toEqual({ version: stored?.version, previous: version, at, changed: ['members'] })
    }
  })
}

function itHolds(makeStore: () => Store, tags: readonly EntityTags[] = ['weak']): void {
  itIsUnique(makeStore, tags)
  describe('versions without a nonce', () => itTakesOldVersions(makeStore, tags))
}

describe('versions in memory', () => itHolds(memoryStore, ['weak', 'strict']))
describe('versions in SQLite', () => itHolds(sqliteStore))
describe('versions in D1', () => itHolds(d1Store))
describePostgres('versions in PostgreSQL', (url) => itHolds(() => postgresStore(url)))
