/** Facts of the host: written by compare-and-swap, and separate from those of the provider. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, test } from '@jest/globals'
import { dialectOf } from '../../src/dialect/dialects.js'
import { openSqlite } from '../../src/driver/sqlite/connection.js'
import { sqliteDriver } from '../../src/driver/sqlite/driver.js'
import { type Facts, factsIn } from '../../src/facts/facts.js'
import { indexesFrom } from '../../src/keys/indexes.js'
import { migrate } from '../../src/schema/migrate.js'
import type { Store } from '../../src/store/store.js'

const folder = mkdtempSync(join(tmpdir(), 'scimkit-facts-'))
const open: Store[] = []
afterAll(async () => {
  for (const { driver } of open) await driver.close()
  rmSync(folder, { recursive: true })
})

async function storeAt(name: string): Promise<Store> {
  const driver = sqliteDriver(openSqlite(join(folder, name)), { durability: 'normal' })
  const store: Store = {
    dialect: dialectOf('sqlite'),
    driver,
    indexes: indexesFrom(),
    scanLimit: 1_000,
    scanWork: 1_000,
    groupEdges: 1_000,
    history: 0,
    outbox: 'off',
    built: new Map(),
  }
  open.push(store)
  await migrate(store)
  return store
}

const factsOf = (store: Store): Facts =>
  factsIn(store, async <Value>(work: () => Value | Promise<Value>): Promise<Awaited<Value>> => await work())

describe('facts', () => {
  test('are written only with the current text as the expected one', async () => {
    const facts = factsOf(await storeAt('one.db'))
    expect(await facts.read('token')).toBeUndefined()
    expect(await facts.swap('token', 'something', 'a')).toBe(false)
    expect(await facts.swap('token', undefined, 'a')).toBe(true)
    expect(await facts.swap('token', undefined, 'b')).toBe(false)
    expect(await facts.swap('token', 'b', 'c')).toBe(false)
    expect(await facts.swap('other', undefined, 'z')).toBe(true)
    expect(await facts.swap('token', 'a', "it's £ 5")).toBe(true)
    expect(await facts.read('token')).toBe("it's £ 5")
    expect(await facts.read('other')).toBe('z')
    expect(await facts.remove('other', 'y')).toBe(false)
    expect(await facts.remove('other', 'z')).toBe(true)
    expect(await facts.remove('other', 'z')).toBe(false)
    expect(await facts.read('other')).toBeUndefined()
  })

  test('with one name are written by one of several concurrent swaps, on any connection', async () => {
    const handles = [factsOf(await storeAt('two.db')), factsOf(await storeAt('two.db'))]
    for (let round = 0; round < 20; round++) {
      const names = Array.from({ length: 8 }, (_, i) => `swap ${i}`)
      const before = await handles[0]?.read('token')
      const won = await Promise.all(
        names.map(async (name, i) => handles[i % 2]?.swap('token', before, `${round} ${name}`)),
      )
      expect(won.filter(Boolean)).toHaveLength(1)
      expect(await handles[1]?.read('token')).toBe(`${round} ${names[won.indexOf(true)]}`)
    }
  })

  test('are listed by prefix, in portions and in order, and never those of the provider', async () => {
    const facts = factsOf(await storeAt('list.db'))
    for (const name of ['b.2', 'b.10', 'a', 'b.', 'c', 'b']) await facts.swap(name, undefined, `of ${name}`)
    expect(await facts.list('b.', '', 2)).toEqual([
      { name: 'b.', text: 'of b.' },
      { name: 'b.10', text: 'of b.10' },
    ])
    expect(await facts.list('b.', 'b.10', 2)).toEqual([{ name: 'b.2', text: 'of b.2' }])
    expect(await facts.list('b.', 'b.2', 2)).toEqual([])
    expect((await facts.list('', '', 10)).map(({ name }) => name)).toEqual(['a', 'b', 'b.', 'b.10', 'b.2', 'c'])
  })

  test('are separate from the facts of the provider', async () => {
    const store = await storeAt('three.db')
    const facts = factsOf(store)
    expect(await facts.read('schema')).toBeUndefined()
    expect(await facts.swap('schema', undefined, '999')).toBe(true)
    expect(await facts.swap('indexes', undefined, 'none')).toBe(true)
    expect(await migrate(store)).toMatchObject({ reindexed: 0 })
    expect(await facts.read('schema')).toBe('999')
  })
})
