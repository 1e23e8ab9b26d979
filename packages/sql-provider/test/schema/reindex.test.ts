/** Keys are rebuilt in a database without locks and roll-back, on an imitation of D1 with SQLite. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, test } from '@jest/globals'
import { documentOnly } from '@scimkit/core/provider'
import { testContext } from '@scimkit/testkit'
import type { D1Database } from '../../src/d1.js'
import { d1Driver } from '../../src/driver/d1/driver.js'
import { openSqlite } from '../../src/driver/sqlite/connection.js'
import { indexesFrom } from '../../src/keys/indexes.js'
import { type SqlProvider, sqlProvider } from '../../src/provider.js'
import { sqliteProvider } from '../../src/sqlite.js'
import { fakeD1 } from '../support/edge/fake-d1.js'
import { brokenInvariants } from '../support/invariants.js'
import { person, userRef, versionOf } from '../support/people/people.js'

const indexes = { User: ['nickName'] }
const context = testContext()
const people = 120

const open = (db: D1Database, options: Parameters<typeof sqlProvider>[1] = {}): SqlProvider =>
  sqlProvider(d1Driver(db, { retryMilliseconds: 0 }), options)

/** A database whose keys were built without `indexes`; more users than fit into one portion. */
async function filled(count = people): Promise<ReturnType<typeof openSqlite>> {
  const connection = openSqlite(':memory:')
  const provider = open(fakeD1(connection))
  for (let i = 0; i < count; i++) await provider.insert(userRef(`u${i}`), person(`u${i}`, `user-${i}`), context)
  return connection
}

/** The keys are correct, and every name is still unique. */
async function ensureKeys(connection: ReturnType<typeof openSqlite>, named = indexes): Promise<void> {
  expect(await brokenInvariants(d1Driver(fakeD1(connection)), indexesFrom(named))).toEqual([])
  const [taken] = connection
    .prepare("select count(*) as n from scim_keys where path = 'userName' and unique_key = fold")
    .all() as { n: number }[]
  const [there] = connection.prepare('select count(*) as n from scim_resources').all() as { n: number }[]
  expect(Number(taken?.n)).toBe(Number(there?.n))
}

describe('rebuilt keys', () => {
  test('are complete after an interruption at any point and a continuation', async () => {
    for (let calls = 1; ; calls++) {
      const connection = await filled()
      let left = calls
      const cut = fakeD1(connection, () => {
        left -= 1
        return left < 0 ? Promise.reject(new Error('cut')) : undefined
      })
      const end = await open(cut, { indexes })
        .migrate()
        .then(() => 'whole')
        .catch(() => 'cut')
      await open(fakeD1(connection), { indexes }).migrate()
      await ensureKeys(connection)
      if (end === 'whole') return
    }
  })

  test('are complete if several processes rebuild them at once, and users are removed and written meanwhile', async () => {
    for (let round = 0; round < 10; round++) {
      const connection = await filled()
      const old = open(fakeD1(connection))
      await old.read(userRef('u0'), documentOnly, context)
      const wait = async (): Promise<void> => {
        for (let turns = Math.floor(Math.random() * 6); turns > 0; turns--) await undefined
        if (Math.random() < 0.3) await new Promise((resume) => setTimeout(resume, 0))
      }
      const rivals = Array.from({ length: 3 }, () => open(fakeD1(connection, wait), { indexes }))
      const writes = async (): Promise<void> => {
        for (let i = round; i < people; i += 17) {
          await wait()
          const next = person(`u${i}`, `renamed-${i}`, 2)
          await Promise.resolve(old.replace(userRef(`u${i}`), versionOf(1), next, context)).catch(() => undefined)
          await old.remove(userRef(`u${i + 1}`), versionOf(1), { at: next.at, nonce: '00c0ffee1dea' }, context)
        }
      }
      const [reports] = await Promise.all([Promise.all(rivals.map((rival) => rival.migrate())), writes()])
      expect(reports.every(({ reindexed }) => reindexed <= people)).toBe(true)
      await ensureKeys(connection)
    }
  })

  test('a process with the old indexes is rejected from the first call on', async () => {
    const connection = await filled(3)
    const old = open(fakeD1(connection))
    await old.read(userRef('u0'), documentOnly, context)
    const ends: unknown[] = []
    const next = open(
      fakeD1(connection, async () => {
        const noted = connection.prepare("select value from scim_meta where name = 'indexes'").all() as {
          value: string
        }[]
        if (noted[0]?.value.startsWith('{') !== true) return
        const end = old.replace(userRef('u1'), versionOf(1), person('u1', 'new name', 2), context)
        ends.push(await Promise.resolve(end).catch((error: unknown) => error))
      }),
      { indexes },
    )
    await next.migrate()
    expect(ends.length).toBeGreaterThan(0)
    for (const end of ends) expect(end).toMatchObject({ status: 503 })
    await ensureKeys(connection)
  })

  test('two processes with different indexes do not replace each other forever', async () => {
    const connection = await filled()
    const wait = () => new Promise<void>((resume) => setTimeout(resume, Math.random() * 3))
    const wanted = [indexes, { User: ['title'] }]
    const ends = await Promise.allSettled(
      wanted.map((named) => open(fakeD1(connection, wait), { indexes: named }).migrate()),
    )
    expect(ends.some(({ status }) => status === 'fulfilled')).toBe(true)
    for (const end of ends) {
      if (end.status === 'rejected') expect(end.reason).toMatchObject({ outcome: 'nothingWritten' })
    }
    await open(fakeD1(connection), { indexes }).migrate()
    await ensureKeys(connection)
  })

  test('a document with very long values is a portion of its own', async () => {
    const connection = await filled(2)
    const provider = open(fakeD1(connection))
    for (const id of ['x', 'y', 'z']) {
      const { resource, ...next } = person(id, id)
      await provider.insert(userRef(id), { ...next, resource: { ...resource, nickName: id.repeat(400_000) } }, context)
    }
    expect(await open(fakeD1(connection), { indexes }).migrate()).toMatchObject({ reindexed: 5 })
    await ensureKeys(connection)
  })
})

test('SQLite: migrations concurrent with the first requests, in one process', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'scimkit-migrate-'))
  const provider = sqliteProvider(join(folder, 'one.db'), { durability: 'normal' })
  const read = (): Promise<unknown> => Promise.resolve(provider.read({ type: 'User', id: 'x' }, documentOnly, context))
  const ends = await Promise.all([provider.migrate(), provider.migrate(), read(), read()])
  expect(ends.slice(2)).toEqual([undefined, undefined])
  await provider.close()
  rmSync(folder, { recursive: true })
})
