/** The keys of cursors: one for all processes, rotated without an invalid cursor in between. */
import { describe, expect, test } from '@jest/globals'
import { createScim, noAuthentication } from '@scimkit/core'
import { viaHandler } from '@scimkit/testkit'
import { openSqlite } from '../../src/driver/sqlite/connection.js'
import { cursorKeysIn } from '../../src/facts/cursor-key.js'
import type { Facts } from '../../src/facts/facts.js'
import { sqliteProvider } from '../../src/sqlite.js'

/** Facts in memory, with the number of their reads. */
function factsInMemory(): Facts & { readonly reads: () => number } {
  const texts = new Map<string, string>()
  let reads = 0
  return {
    reads: () => reads,
    read: async (name) => texts.get(name),
    async swap(name, expected, next) {
      if (texts.get(name) !== expected) return false
      texts.set(name, next)
      return true
    },
    remove: async (name) => texts.delete(name),
    async list(prefix, after, count) {
      reads += 1
      return [...texts]
        .filter(([name]) => name.startsWith(prefix) && name > after)
        .slice(0, count)
        .map(([name, text]) => ({ name, text }))
    },
  }
}

describe('keys of cursors', () => {
  test('are rotated without a time in which a process receives a cursor that it cannot open', async () => {
    const facts = factsInMemory()
    let time = 1_000_000
    const processes = Array.from({ length: 3 }, () => cursorKeysIn(facts, () => time))
    const [rotating = cursorKeysIn(facts)] = processes
    const first = (await rotating.read())[0]
    const sealing = new Set<string | undefined>()
    for (let second = 0; second < 4_000; second++, time += 1_000) {
      if (second === 5) await rotating.rotate({ cursorSeconds: 3_600 })
      // Each process reads at other times.
      const keys: (readonly string[])[] = []
      for (const [number, one] of processes.entries()) {
        if (second % (number + 1) === 0) keys.push(await one.read())
      }
      for (const [key] of keys) {
        sealing.add(key)
        for (const open of keys) expect(open).toContain(key)
      }
      if (second === 5 + 30) expect(keys[0]?.[0]).not.toBe(first)
      if (second === 3_600) expect(keys[0]).toContain(first)
    }
    expect(sealing.size).toBe(2)
    const last = await Promise.all(processes.map((one) => one.read()))
    for (const keys of last) expect(keys).toEqual([last[0]?.[0]])
    expect(last[0]).not.toContain(first)
  })

  test('are read from the database at most once in ten seconds', async () => {
    const facts = factsInMemory()
    let time = 1_000_000
    const keys = cursorKeysIn(facts, () => time)
    for (let read = 0; read < 100; read++, time += 99) await keys.read()
    expect(facts.reads()).toBe(1)
    time += 1_000
    await keys.read()
    expect(facts.reads()).toBe(2)
  })

  test('that several processes rotate at once are all kept, and one seals', async () => {
    const facts = factsInMemory()
    let time = 1_000_000
    const processes = Array.from({ length: 4 }, () => cursorKeysIn(facts, () => time))
    const [first] = await (processes[0] ?? cursorKeysIn(facts)).read()
    await Promise.all(processes.map((one) => one.rotate()))
    time += 60_000
    const all = await Promise.all(processes.map((one) => one.read()))
    for (const keys of all) expect(keys).toEqual(all[0])
    expect(new Set(all[0]).size).toBe(5)
    expect(all[0]?.[0]).not.toBe(first)
  })

  test('of a life of 0 seconds close at the time from which the new key seals', async () => {
    const facts = factsInMemory()
    let time = 1_000_000
    const keys = cursorKeysIn(facts, () => time)
    const [first] = await keys.read()
    const { sealsFrom, earlierUntil } = await keys.rotate({ cursorSeconds: 0 })
    expect(earlierUntil).toBe(sealsFrom)
    time = Date.parse(sealsFrom) - 1
    expect((await keys.read())[0]).toBe(first)
    time += 1
    expect(await keys.read()).not.toContain(first)
    for (const cursorSeconds of [-1, 0.5, Number.NaN]) {
      await expect(keys.rotate({ cursorSeconds })).rejects.toBeInstanceOf(TypeError)
    }
  })

  test('open the cursors of a server that has them, and then no longer', async () => {
    const connection = openSqlite(':memory:')
    const provider = sqliteProvider(connection)
    const open = (other: typeof provider = provider) =>
      viaHandler(createScim({ provider: other, authenticate: noAuthentication() }).handle)
    const body = (userName: string) =>
      JSON.stringify({ schemas: ['urn:ietf:params:scim:schemas:core:2.0:User'], userName })
    const headers = { 'Content-Type': 'application/scim+json' }
    for (const name of ['a', 'b', 'c']) await open()({ method: 'POST', path: '/Users', headers, body: body(name) })
    const page = async (cursor: string) => open()({ method: 'GET', path: `/Users?cursor=${cursor}&count=1` })
    const cursor = JSON.parse((await page('')).body).nextCursor as string
    await provider.rotateCursorKey()
    expect((await page(cursor)).status).toBe(200)
    // As if the longest life of a cursor had passed.
    connection.exec(
      `update scim_meta set value = json_set(value, '$[0].from', 0, '$[1].until', 1) where name = 'provider.cursor_keys'`,
    )
    await provider.rotateCursorKey()
    expect((await page(cursor)).status).toBe(400)
    await provider.close()
  })
})
