/** Cases for requests by a process whose keys or schema version are not those of the database; for each store. */
import { expect, test } from '@jest/globals'
import { defaultLimits, ScimError, tenantId } from '@scimkit/core'
import { interopFrom, parseFilter } from '@scimkit/core/filter'
import type { Page, Query } from '@scimkit/core/provider'
import { resolvePath } from '@scimkit/core/schema'
import { testContext } from '@scimkit/testkit'
import type { SqlProvider, SqlProviderOptions } from '../../src/provider.js'
import { newestSchema } from '../../src/schema/migrations.js'
import { person, userRef, versionOf } from './people/people.js'
import { types } from './query/types.js'

/** A database: providers on it, and a function to change its metadata. */
export interface KeysDatabase {
  open(options?: SqlProviderOptions): SqlProvider
  /** Runs one statement directly, without a provider. */
  ask(sql: string): Promise<void>
}

const context = testContext(tenantId('keys'))
const interop = interopFrom('lenient')
const named = { indexes: { User: ['nickName', 'title'] } }
const others = { indexes: { User: ['title'] } }

interface Asked {
  readonly filter?: string
  readonly sortBy?: string
}

function ask(provider: SqlProvider, { filter, sortBy }: Asked): Promise<Page> {
  const path = sortBy === undefined ? undefined : resolvePath(types.User, sortBy, interop)
  const query: Query = {
    filter: filter === undefined ? undefined : parseFilter(filter, types.User, interop, defaultLimits),
    sort: path && { path, descending: false },
    page: { startIndex: 1, count: 10 },
    needs: { members: 'none', derived: false },
  }
  return Promise.resolve(provider.query('User', query, context))
}

const byKeys: readonly Asked[] = [
  { filter: 'nickName eq "ada"' },
  { filter: 'userName eq "nobody"' },
  { filter: 'nickName sw "ad"' },
  { filter: 'not (nickName eq "nobody") and nickName pr' },
  { filter: 'userName pr and displayName eq "x"' },
  { sortBy: 'nickName' },
]
const withoutKeys: readonly Asked[] = [
  {},
  { filter: 'meta.created gt "2020-01-01T00:00:00Z"' },
  { filter: 'id eq "a"' },
]

/** Binds the cases. `make` gives an empty database. */
export function bindKeysOfOthers(make: () => Promise<KeysDatabase>): void {
  async function atWork(): Promise<{ readonly database: KeysDatabase; readonly provider: SqlProvider }> {
    const database = await make()
    const provider = database.open(named)
    const ada = person('a', 'ada')
    await provider.insert(userRef('a'), { ...ada, resource: { ...ada.resource, nickName: 'ada' } }, context)
    for (const asked of [...byKeys, ...withoutKeys]) await ask(provider, asked)
    return { database, provider }
  }

  async function ensureRefused(provider: SqlProvider): Promise<void> {
    for (const asked of byKeys) {
      const error: unknown = await ask(provider, asked).catch((thrown: unknown) => thrown)
      expect([asked, error instanceof ScimError && error.status]).toEqual([asked, 503])
      expect((error as ScimError).cause).toMatchObject({ message: expect.stringMatching(/^The keys in the database/) })
    }
    for (const asked of withoutKeys) expect((await ask(provider, asked)).totalResults).toBe(1)
    expect(await provider.read(userRef('a'), { members: 'none', derived: false }, context)).toBeDefined()
  }

  test('another process has rebuilt the keys for another list of indexes: 503, and never an empty list', async () => {
    const { database, provider } = await atWork()
    await database.open(others).migrate()
    await ensureRefused(provider)
  })

  test('a newer version has changed the schema: 503, and never an empty list', async () => {
    const { database, provider } = await atWork()
    await database.ask("update scim_meta set value = '999' where name = 'schema'")
    await database.ask('delete from scim_keys')
    await ensureRefused(provider)
  })

  test('a newer version has changed the schema: no write is stored, and the log names both versions', async () => {
    const { database, provider } = await atWork()
    await database.ask("update scim_meta set value = '999' where name = 'schema'")
    const removal = { at: '2026-01-02T00:00:00.000Z', nonce: '00c0ffee1dea' }
    const writes = [
      // A version that is not the current one: this process does not know the format of versions in that schema.
      () => provider.remove(userRef('a'), versionOf(2), removal, context),
      () => provider.insert(userRef('b'), person('b', 'bob'), context),
      () => provider.replace(userRef('a'), versionOf(1), person('a', 'ada', 2), context),
      () => provider.remove(userRef('a'), versionOf(1), removal, context),
    ]
    for (const write of writes) {
      const error: unknown = await Promise.resolve(write()).catch((thrown: unknown) => thrown)
      expect(error instanceof ScimError && error.status).toBe(503)
      expect((error as ScimError).cause).toMatchObject({
        message: expect.stringMatching(/schema 999.*this process needs schema \d+/),
      })
    }
    const needs = { members: 'none', derived: false } as const
    expect(await provider.read(userRef('a'), needs, context)).toMatchObject({ version: versionOf(1) })
    expect(await provider.read(userRef('b'), needs, context)).toBeUndefined()
    await database.ask(`update scim_meta set value = '${newestSchema}' where name = 'schema'`)
    const ends = [{ kind: 'versionMismatch' }, { kind: 'success' }, { kind: 'success' }, { kind: 'versionMismatch' }]
    for (const [i, write] of writes.entries()) expect(await write()).toMatchObject(ends[i] ?? {})
  })

  test('keys are being rebuilt: 503, and never a part of the list', async () => {
    const { database, provider } = await atWork()
    await database.ask(`update scim_meta set value = '{"making":"","after":0,"by":"x"}' where name = 'indexes'`)
    await ensureRefused(provider)
  })
}
