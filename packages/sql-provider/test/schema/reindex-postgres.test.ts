/** Reindexing and schema changes in PostgreSQL while processes with the old indexes or schema are running. */
import { afterAll, expect, test } from '@jest/globals'
import { ScimError } from '@scimkit/core'
import { testContext } from '@scimkit/testkit'
import { Kysely, PostgresDialect } from 'kysely'
import pg from 'pg'
import type { Driver } from '../../src/driver/driver.js'
import { kyselyDriver } from '../../src/driver/kysely/driver.js'
import { postgresDriver } from '../../src/driver/postgres/driver.js'
import { indexesFrom } from '../../src/keys/indexes.js'
import { type SqlProvider, sqlProvider } from '../../src/provider.js'
import { pausedDriver } from '../support/drivers/paused-driver.js'
import { brokenInvariants } from '../support/invariants.js'
import { person, userRef, versionOf } from '../support/people/people.js'
import { administer, describePostgres } from '../support/postgres.js'

const indexes = { User: ['nickName'] }
const at = '2026-01-02T00:00:00.000Z'

const throughKysely = (url: string): Driver => {
  const pool = new pg.Pool({ connectionString: url, max: 5 })
  pool.on('error', () => {})
  const db = new Kysely<never>({ dialect: new PostgresDialect({ pool }) })
  return { ...kyselyDriver(db, { dialect: 'postgres' }), close: () => db.destroy() }
}

describePostgres('rebuilding keys in PostgreSQL', (url) => {
  const context = testContext()
  const opened: SqlProvider[] = []
  const open = (driver: Driver, options: Parameters<typeof sqlProvider>[1] = {}): SqlProvider => {
    const provider = sqlProvider(driver, options)
    opened.push(provider)
    return provider
  }
  afterAll(async () => {
    for (const provider of opened) await provider.close()
  })

  /** A running provider with the old indexes, and two users. */
  async function atWork(driver: Driver): Promise<SqlProvider> {
    await administer(url, ['drop schema public cascade', 'create schema public'])
    const provider = open(driver)
    await provider.insert(userRef('a'), person('a', 'alice'), context)
    await provider.insert(userRef('b'), person('b', 'bob'), context)
    return provider
  }

  /** Rebuilds the keys, and begins `work`, which has 200 ms, before the statements that match `where`. */
  async function migrateAround<End>(driver: Driver, where: RegExp, work: () => Promise<End>): Promise<End> {
    let begun: Promise<End> | undefined
    const slow = pausedDriver(driver, (statements) => {
      if (begun !== undefined || !statements.some(({ sql }) => where.test(sql))) return undefined
      begun = work()
      begun.catch(() => {})
      return new Promise((resume) => setTimeout(resume, 200))
    })
    await open(slow, { indexes }).migrate()
    if (begun === undefined) throw new Error(`nothing fits ${where}`)
    return begun
  }

  const places = [
    ['when it begins', /to_regclass|pg_class/],
    ['when it deletes keys', /^delete from "scim_keys"/],
    ['when it ends', /^insert into "scim_meta"/],
  ] as const

  const ways = [
    ['the driver', postgresDriver],
    ['serializable writes', (to: string) => postgresDriver(to, { isolation: 'serializable' })],
    ['Kysely', throughKysely],
  ] as const
  const cases = places.flatMap(([when, where]) => ways.map(([how, make]) => ({ when, where, how, make })))

  test.each(cases)('a write is committed before or rejected, $when, through $how', async ({ where, how, make }) => {
    const old = await atWork(make(url))
    const ends = await migrateAround(how === 'Kysely' ? throughKysely(url) : postgresDriver(url), where, () =>
      Promise.allSettled([
        old.remove(userRef('a'), versionOf(1), { at, nonce: '00c0ffee1dea' }, context),
        old.replace(userRef('b'), versionOf(1), person('b', 'robert', 2), context),
        old.insert(userRef('c'), person('c', 'carol'), context),
      ]),
    )
    const reader = postgresDriver(url)
    expect(await brokenInvariants(reader, indexesFrom(indexes))).toEqual([])
    const names = (await administer(url, ['select id from scim_resources order by id'])).map(({ id }) => id)
    await reader.close()
    const [removal, replacement, insertion] = ends
    expect(names).toEqual([
      ...(removal.status === 'fulfilled' ? [] : ['a']),
      'b',
      ...(insertion.status === 'fulfilled' ? ['c'] : []),
    ])
    for (const end of [replacement, insertion]) {
      if (end.status === 'rejected') expect(end.reason).toMatchObject({ status: 503 })
    }
    const next = open(postgresDriver(url), { indexes })
    const renamed = replacement.status === 'fulfilled'
    const again = await next.insert(userRef('d'), person('d', 'bob'), context)
    expect(again.kind).toBe(renamed ? 'success' : 'duplicate')
  })

  test.each(ways)(
    'writes that waited for the schema change of a newer version are rejected, through %s',
    async (_, make) => {
      const old = await atWork(make(url))
      const newer = new pg.Client({ connectionString: url })
      await newer.connect()
      await newer.query('begin; lock table scim_resources in exclusive mode')
      const writes = Promise.allSettled([
        old.remove(userRef('a'), versionOf(1), { at, nonce: '00c0ffee1dea' }, context),
        old.replace(userRef('b'), versionOf(1), person('b', 'robert', 2), context),
        old.insert(userRef('c'), person('c', 'carol'), context),
      ])
      const waiting = "select 1 from pg_locks where not granted and relation = 'scim_resources'::regclass"
      while ((await administer(url, [waiting])).length < 3) await new Promise((resume) => setTimeout(resume, 10))
      await newer.query("update scim_meta set value = '999' where name = 'schema'; commit")
      await newer.end()
      for (const end of await writes) expect(end).toMatchObject({ status: 'rejected', reason: { status: 503 } })
      const names = await administer(url, ['select id, version from scim_resources order by id'])
      expect(names).toEqual(['a', 'b'].map((id) => ({ id, version: versionOf(1) })))
    },
  )

  test('a write that reaches its time limit is 503, and nothing is written', async () => {
    const old = await atWork(postgresDriver(url, { lockMilliseconds: 20, busyMilliseconds: 40 }))
    const failure = await migrateAround(postgresDriver(url), /^insert into "scim_meta"/, async () =>
      old.insert(userRef('c'), person('c', 'carol'), context),
    ).catch((error: unknown) => error)
    expect(failure).toBeInstanceOf(ScimError)
    expect(failure).toMatchObject({ status: 503, message: expect.stringContaining('nothing was written') })
    expect(await administer(url, ["select id from scim_resources where id = 'c'"])).toEqual([])
  })

  test('wrong keys of earlier versions are corrected', async () => {
    await atWork(postgresDriver(url))
    await administer(url, [
      `insert into scim_keys (row_id, tenant, type, path, sorts, kind, fold, unique_key)
        select 99, tenant, type, path, sorts, kind, 'gone', 'gone' from scim_keys where fold = 'alice'`,
      `insert into scim_keys (row_id, tenant, type, path, sorts, kind, fold, unique_key)
        select row_id, tenant, type, path, sorts, kind, 'robert', 'robert' from scim_keys where fold = 'bob'`,
    ])
    const next = open(postgresDriver(url), { indexes })
    expect(await next.migrate()).toMatchObject({ reindexed: 2 })
    const reader = postgresDriver(url)
    expect(await brokenInvariants(reader, indexesFrom(indexes))).toEqual([])
    await reader.close()
    for (const name of ['gone', 'robert']) {
      expect(await next.insert(userRef(name), person(name, name), context)).toMatchObject({ kind: 'success' })
    }
    expect(await next.insert(userRef('d'), person('d', 'bob'), context)).toMatchObject({ kind: 'duplicate' })
  })
})
