/** The history in a database: its cost, processes with different settings, and its query plans. */
import { afterAll, describe, expect, test } from '@jest/globals'
import { createScim, type JsonObject, type RawVersion, type ResourceRef, rawVersion, tenantId } from '@scimkit/core'
import { changedSince, type MembersDelta, nextVersion } from '@scimkit/core/provider'
import { testContext } from '@scimkit/testkit'
import { openSqlite, type SqliteConnection } from '../../src/driver/sqlite/connection.js'
import { type PostgresProviderOptions, postgresProvider } from '../../src/postgres.js'
import { newestSchema } from '../../src/schema/migrations.js'
import { type SqlProvider, sqliteProvider } from '../../src/sqlite.js'
import { countingConnection } from '../support/drivers/counting-connection.js'
import { administer, describePostgres } from '../support/postgres.js'

const context = testContext(tenantId('history'))
const at = '2026-01-01T00:00:00.000Z'
const removal = { at, nonce: 'c0ffee5ca1ab' }

/** A connection that several providers use in turn, as processes share a file. */
function staying(connection: SqliteConnection): SqliteConnection {
  return { prepare: (sql) => connection.prepare(sql), exec: (sql) => connection.exec(sql), close: () => {} }
}

interface Place {
  readonly open: (history?: number) => SqlProvider
  readonly rows: (sql: string) => Promise<readonly Readonly<Record<string, unknown>>[]>
}

/** Cases for every database. */
function itHolds(there: () => Place): void {
  let ids = 0
  const newRef = (type = 'User'): ResourceRef => ({ type, id: `${type}-${++ids}` })
  const generation = (ref: ResourceRef, n: number): RawVersion => rawVersion(`${n}-${ref.id}`)

  async function insert(provider: SqlProvider, ref = newRef(), members?: MembersDelta): Promise<ResourceRef> {
    const next = { resource: { id: ref.id }, version: generation(ref, 1), at, unique: [], members }
    expect((await provider.insert(ref, next, context)).kind).toBe('success')
    return ref
  }

  /** From this generation to the next. */
  async function change(
    provider: SqlProvider,
    ref: ResourceRef,
    from: number,
    expected = generation(ref, from),
  ): Promise<void> {
    const name = `a${from}`
    const resource: JsonObject = { id: ref.id, title: name }
    const next = { resource, version: generation(ref, from + 1), at, unique: [], members: undefined, changed: [name] }
    expect((await provider.replace(ref, expected, next, context)).kind).toBe('success')
  }

  const since = async (provider: SqlProvider, ref: ResourceRef, from: number, to: number) =>
    changedSince((await provider.history?.(ref, context)) ?? [], generation(ref, to), [generation(ref, from)])

  const kept = async (ref: ResourceRef): Promise<number> => {
    const [row] = await there().rows(
      `select count(*) as n from scim_history join scim_resources using (row_id) where id = '${ref.id}'`,
    )
    return Number(row?.n)
  }

  test('a provider without the option has no history and writes none', async () => {
    const plain = there().open()
    expect(plain.history).toBeUndefined()
    expect('history' in there().open(0)).toBe(false)
    const ref = await insert(plain)
    await change(plain, ref, 1)
    expect(await kept(ref)).toBe(0)
  })

  test('a write without a history is a gap, and no change is reported across it', async () => {
    const [remembering, plain] = [there().open(5), there().open()]
    const ref = await insert(remembering)
    await change(remembering, ref, 1)
    await change(plain, ref, 2)
    expect(await since(there().open(5), ref, 1, 3)).toBeUndefined()
    await change(there().open(5), ref, 3)
    expect(await since(remembering, ref, 1, 4)).toBeUndefined()
    expect(await since(remembering, ref, 2, 4)).toBeUndefined()
    expect(await since(remembering, ref, 3, 4)).toEqual(['a3'])
  })

  test('a cascade without a history is a gap too', async () => {
    const [remembering, plain] = [there().open(5), there().open()]
    const user = await insert(remembering)
    const group = await insert(remembering, newRef('Group'), { add: [{ value: user.id }], remove: [] })
    await plain.remove(user, generation(user, 1), removal, context)
    const moved = nextVersion(generation(group, 1), removal.nonce)
    await change(remembering, group, 2, moved)
    expect(await since(remembering, group, 1, 3)).toBeUndefined()
    const history = (await remembering.history?.(group, context)) ?? []
    expect(changedSince(history, generation(group, 3), [moved])).toEqual(['a2'])
  })

  test('it is deleted with its resource, also by a process without a history', async () => {
    for (const remover of [there().open(5), there().open()]) {
      const ref = await insert(there().open(5))
      await change(there().open(5), ref, 1)
      const [before] = await there().rows('select count(*) as n from scim_history')
      expect((await remover.remove(ref, generation(ref, 2), removal, context)).kind).toBe('success')
      const [after] = await there().rows('select count(*) as n from scim_history')
      expect(Number(before?.n) - Number(after?.n)).toBe(2)
    }
  })

  test.each([
    [5, 2],
    [2, 5],
    [3, 4],
    [1, 7],
  ])('kept %d, then %d: the reported changes are right, and never more than are kept', async (first, second) => {
    const [one, two] = [there().open(first), there().open(second)]
    const ref = await insert(one)
    let last = 1
    const write = async (provider: SqlProvider, times: number): Promise<void> => {
      for (let i = 0; i < times; i++) await change(provider, ref, last++)
    }
    for (const [provider, keep] of [
      [one, first],
      [two, second],
      [one, first],
    ] as const) {
      for (let i = 0; i < 9; i++) {
        await write(provider, 1)
        const history = (await provider.history?.(ref, context)) ?? []
        expect(history.length).toBeLessThanOrEqual(keep)
        expect(history[0]?.version).toBe(generation(ref, last))
        for (let from = 1; from < last; from++) {
          const names = await since(provider, ref, from, last)
          const all = Array.from({ length: last - from }, (_, k) => `a${from + k}`).sort()
          if (names !== undefined) expect(names).toEqual(all)
        }
        if (i >= keep) expect(await since(provider, ref, last - keep, last)).toHaveLength(keep)
      }
    }
    expect(await kept(ref)).toBeLessThanOrEqual(Math.max(first, second))
  })

  test('a version in another format has no place in it', async () => {
    const provider = there().open(5)
    const ref = await insert(provider)
    const foreign = { resource: { id: ref.id }, version: rawVersion('foreign'), at, unique: [], members: undefined }
    const result = await provider.replace(ref, generation(ref, 1), { ...foreign, changed: ['x'] }, context)
    expect(result.kind).toBe('success')
    expect((await provider.history?.(ref, context))?.map(({ version }) => version)).toEqual([generation(ref, 1)])
  })

  test('a group whose version has another format reports the change of a cascade', async () => {
    const provider = there().open(5)
    const user = await insert(provider)
    const group = newRef('Group')
    const members = { add: [{ value: user.id }], remove: [] }
    const next = { resource: { id: group.id }, version: rawVersion('foreign'), at, unique: [], members }
    await provider.insert(group, next, context)
    await provider.remove(user, generation(user, 1), removal, context)
    expect(await provider.history?.(group, context)).toEqual([
      { version: `1-foreign-${removal.nonce}`, previous: 'foreign', at, changed: ['members'] },
    ])
  })
}

describe('the history in SQLite', () => {
  const connection = openSqlite(':memory:')
  afterAll(() => {
    connection.close()
  })
  itHolds(() => ({
    open: (history) => sqliteProvider(staying(connection), history === undefined ? {} : { history }),
    rows: async (sql) => connection.prepare(sql).all() as readonly Record<string, unknown>[],
  }))

  test.each([-1, 1.5, 1_001, Number.NaN])('%d is not a valid number of versions', (history) => {
    expect(() => sqliteProvider(staying(connection), { history })).toThrow(TypeError)
  })

  test('a database with the previous schema gets the table, and keeps its data', async () => {
    const old = openSqlite(':memory:')
    const before = sqliteProvider(staying(old))
    const ref = { type: 'User', id: 'old' }
    const next = { resource: { id: 'old' }, version: rawVersion('1-a'), at, unique: [], members: undefined }
    await before.insert(ref, next, context)
    old.exec('drop trigger scim_history_goes')
    old.exec('drop table scim_history')
    old.exec("update scim_meta set value = '1' where name = 'schema'")
    const after = sqliteProvider(staying(old), { history: 3 })
    expect(await after.migrate()).toMatchObject({ from: 1, to: newestSchema })
    expect(await after.history?.(ref, context)).toEqual([])
    const replaced = { ...next, version: rawVersion('2-b'), changed: ['title'] }
    await after.replace(ref, rawVersion('1-a'), replaced, context)
    expect(changedSince((await after.history?.(ref, context)) ?? [], rawVersion('2-b'), [rawVersion('1-a')])).toEqual([
      'title',
    ])
    old.close()
  })
})

describePostgres('the history in PostgreSQL', (url) => {
  const opened: SqlProvider[] = []
  afterAll(async () => {
    for (const provider of opened) await provider.close()
  })
  itHolds(() => ({
    open: (history) => {
      const options: PostgresProviderOptions = { maxConnections: 1, ...(history !== undefined && { history }) }
      const provider = postgresProvider(url, options)
      opened.push(provider)
      return provider
    },
    rows: (sql) => administer(url, [sql]),
  }))
})

describe('the cost of a write, in statements', () => {
  async function costs(history: number): Promise<readonly number[]> {
    const counting = countingConnection(openSqlite(':memory:'))
    const provider = sqliteProvider(counting.connection, { history })
    await provider.migrate()
    const scim = createScim({ provider })
    const mine = scim.context({ tenant: tenantId('default') })
    const schemas = (name: string): string[] => [`urn:ietf:params:scim:schemas:core:2.0:${name}`]
    const statements: number[] = []
    const counted = async <Outcome extends { readonly kind: string }>(
      work: () => Promise<Outcome>,
    ): Promise<Outcome> => {
      counting.taken()
      const outcome = await work()
      statements.push(counting.taken().statements)
      return outcome
    }
    const create = async (type: string, body: JsonObject): Promise<ResourceRef> => {
      const outcome = await counted(() => scim.perform({ kind: 'create', type, body }, mine))
      if (outcome.kind !== 'created') throw new Error(outcome.kind)
      return outcome.value.ref
    }
    const user = await create('User', { schemas: schemas('User'), userName: 'ada' })
    const group = await create('Group', { schemas: schemas('Group'), displayName: 'g', members: [{ value: user.id }] })
    const put = (title: string) => () =>
      scim.perform({ kind: 'replace', ref: user, body: { schemas: schemas('User'), userName: 'ada', title } }, mine)
    await counted(put('A'))
    await counted(put('A'))
    await counted(() =>
      scim.perform(
        {
          kind: 'patch',
          ref: group,
          prefer: 'minimal',
          body: {
            schemas: ['urn:ietf:params:scim:api:messages:2.0:PatchOp'],
            Operations: [{ op: 'add', path: 'members', value: [{ value: 'x' }] }],
          },
        },
        mine,
      ),
    )
    await counted(() =>
      scim.perform(
        { kind: 'remove', ref: user, precondition: { match: [rawVersion('0-x')], noneMatch: undefined } },
        mine,
      ),
    )
    await counted(() => scim.perform({ kind: 'remove', ref: user }, mine))
    await provider.close()
    return statements
  }

  test('is the same without a history as before this feature; with a history, one more', async () => {
    // Create a user, create a group, PUT, PUT that changes nothing, PATCH of members, 412, DELETE with a cascade.
    expect(await costs(0)).toEqual([4, 5, 5, 4, 7, 1, 7])
    expect(await costs(20)).toEqual([5, 6, 6, 4, 8, 2, 8])
  })
})
