/**
 * A bulk request that reads ahead: the result may be out of date when its turn comes, and only a compare-and-swap uses
 * it.
 */
import { describe, expect, test } from '@jest/globals'
import { memoryProvider } from '@scimkit/memory-provider'
import fc from 'fast-check'
import type { ResourceProvider, Stored } from '../../src/entry-points/provider.js'
import { type ResourceRef, rawVersion, type ScimContext, scimError } from '../../src/index.js'
import type { JsonObject } from '../../src/json/value.js'
import { core, group, made, type Server, serve, user } from '../support/server.js'
import { bulk, patch, remove, replace, titled } from './support/bulk-requests.js'

const keyOf = ({ type, id }: ResourceRef): string => `${type} ${id}`

interface Reading {
  /** Memory that reads ahead like a store over a network. */
  readonly provider: ResourceProvider
  readonly told: (readonly string[])[]
  readonly counts: { ahead: number; fresh: number; replaces: number }
  /** Runs once, right after the next reading ahead: a writer in another process. */
  meanwhile(work: () => Promise<unknown>): void
}

function readingAhead(memory: ResourceProvider = memoryProvider()): Reading {
  const known = new Map<string, Stored>()
  const told: (readonly string[])[] = []
  const counts = { ahead: 0, fresh: 0, replaces: 0 }
  let next: (() => Promise<unknown>) | undefined
  return {
    told,
    counts,
    meanwhile: (work) => {
      next = work
    },
    provider: {
      ...memory,
      async willRead(refs: readonly ResourceRef[], context: ScimContext) {
        told.push(refs.map(keyOf))
        known.clear()
        for (const ref of refs) {
          const stored = await memory.read(ref, { members: 'none', derived: false }, context)
          if (stored !== undefined) known.set(keyOf(ref), stored)
        }
        const work = next
        next = undefined
        await work?.()
      },
      read(ref, needs, context) {
        const stored = needs.stale === true ? known.get(keyOf(ref)) : undefined
        if (stored === undefined) {
          counts.fresh++
          return memory.read(ref, needs, context)
        }
        known.delete(keyOf(ref))
        counts.ahead++
        return stored
      },
      replace: (...write) => {
        counts.replaces++
        return memory.replace(...write)
      },
    },
  }
}

interface Stage extends Reading {
  readonly server: Server
  /** Another process on the same store, which does not wait for this one. */
  readonly rival: Server
  readonly a: { readonly path: string; readonly tag: string }
  readonly b: { readonly path: string; readonly tag: string }
}

async function stage(limits: Parameters<typeof serve>[0] = {}): Promise<Stage> {
  const memory = memoryProvider()
  const reading = readingAhead(memory)
  const server = serve({ provider: reading.provider, ...limits })
  const rival = serve({ provider: memory })
  const [a, b] = [await made(rival, user('a', { title: 'old' })), await made(rival, user('b', { title: 'old' }))]
  return { ...reading, server, rival, a, b }
}

const titleOf = async ({ server }: Stage, { path }: { path: string }) => (await server.get(path)).json.title

describe('a concurrent writer writes after the reading ahead', () => {
  test('and the change is applied to the new state', async () => {
    const it = await stage()
    it.meanwhile(() => it.rival.patch(it.a.path, [{ op: 'replace', path: 'nickName', value: 'rival' }]))
    const { statuses } = await bulk(it.server, [titled(it.a.path, 'new'), titled(it.b.path, 'new')])
    expect(statuses).toEqual(['200', '200'])
    expect((await it.server.get(it.a.path)).json).toMatchObject({ title: 'new', nickName: 'rival' })
    // The compare-and-swap on the old version does not count as an attempt: there was no wait.
    expect(it.server.sleeps).toEqual([])
  })

  test('and a change that it has undone is not acknowledged as already done (ADR 19)', async () => {
    const it = await stage()
    it.meanwhile(() => it.rival.patch(it.a.path, [{ op: 'replace', path: 'title', value: 'rival' }]))
    const { statuses } = await bulk(it.server, [titled(it.a.path, 'old'), titled(it.b.path, 'old')])
    expect(statuses).toEqual(['200', '200'])
    expect(await titleOf(it, it.a)).toBe('old')
  })

  test('and a version that it has written is not 412', async () => {
    const it = await stage()
    const { headers } = await it.rival.patch(it.a.path, [{ op: 'replace', path: 'title', value: 'rival' }])
    const version = String(headers.ETag)
    const stale = staleServer(it)
    const { statuses } = await bulk(stale, [titled(it.a.path, 'new', { version }), remove(it.b.path)])
    expect(statuses).toEqual(['200', '204'])
  })

  test.each([
    ['PATCH', (path: string, version: string) => titled(path, 'new', { version })],
    ['PUT', (path: string, version: string) => replace(path, user('a', { title: 'new' }), { version })],
    ['DELETE', (path: string, version: string) => remove(path, { version })],
  ])('and the version from before it is 412 for %s', async (_, operation) => {
    const it = await stage()
    it.meanwhile(() => it.rival.patch(it.a.path, [{ op: 'replace', path: 'title', value: 'rival' }]))
    const { statuses } = await bulk(it.server, [operation(it.a.path, it.a.tag), titled(it.b.path, 'new')])
    expect(statuses).toEqual(['412', '200'])
    expect(await titleOf(it, it.a)).toBe('rival')
  })

  test.each([
    ['PATCH', (path: string) => titled(path, 'new')],
    ['PUT', (path: string) => replace(path, user('a'))],
    ['DELETE', (path: string) => remove(path)],
  ])('and a resource that it has removed is 404 for %s', async (_, operation) => {
    const it = await stage()
    it.meanwhile(() => it.rival.del(it.a.path))
    expect((await bulk(it.server, [operation(it.a.path), titled(it.b.path, 'new')])).statuses).toEqual(['404', '200'])
  })

  test('and a change that was impossible before is possible now', async () => {
    const it = await stage()
    const emails = [{ op: 'add', path: 'emails', value: [{ value: 'a@example.com', type: 'work' }] }]
    it.meanwhile(() => it.rival.patch(it.a.path, emails))
    const change = [{ op: 'replace', path: 'emails[type eq "work"].value', value: 'b@example.com' }]
    expect((await bulk(it.server, [patch(it.a.path, change), titled(it.b.path, 'new')])).statuses).toEqual([
      '200',
      '200',
    ])
    expect((await it.server.get(it.a.path)).json.emails).toMatchObject([{ value: 'b@example.com' }])
  })

  test('and one attempt is enough where only one is allowed', async () => {
    const it = await stage({ limits: { writeAttempts: 1 } })
    it.meanwhile(() => it.rival.patch(it.a.path, [{ op: 'replace', path: 'title', value: 'rival' }]))
    const { statuses } = await bulk(it.server, [titled(it.a.path, 'new'), titled(it.b.path, 'new')])
    expect(statuses).toEqual(['200', '200'])
  })

  test('a removal after it removes the current resource', async () => {
    const it = await stage({ limits: { writeAttempts: 1 } })
    it.meanwhile(() => it.rival.patch(it.a.path, [{ op: 'replace', path: 'title', value: 'rival' }]))
    expect((await bulk(it.server, [remove(it.a.path), remove(it.b.path)])).statuses).toEqual(['204', '204'])
  })
})

/** The same store, in which a reading ahead shows the first user in a state that never existed. */
function staleServer({ provider, a }: Stage): Server {
  const id = String(a.path.split('/').at(-1))
  const old: Stored = {
    ref: { type: 'User', id },
    version: rawVersion('1-000000000000000000000000'),
    created: '2026-01-01T00:00:00Z',
    lastModified: '2026-01-01T00:00:00Z',
    resource: { schemas: [core], id, userName: 'a' },
  }
  const read: ResourceProvider['read'] = (ref, needs, context) =>
    needs.stale === true && ref.id === id ? old : provider.read(ref, needs, context)
  return serve({ provider: { ...provider, read } })
}

describe('a write that may have been committed', () => {
  test('is not repeated', async () => {
    const it = await stage()
    let sent = 0
    const server = serve({
      provider: {
        ...it.provider,
        replace: () => {
          sent++
          throw scimError.unavailable('lost: the write may have been committed or not')
        },
      },
    })
    expect((await bulk(server, [titled(it.a.path, 'x'), titled(it.b.path, 'y')])).statuses).toEqual(['503', '503'])
    expect(sent).toBe(2)
  })
})

describe('the reads', () => {
  test('200 changes of 200 users: two readings ahead and nothing else', async () => {
    const it = await stage()
    const all = await Promise.all(Array.from({ length: 200 }, (_, i) => made(it.rival, user(`u${i}`))))
    const operations = all.map(({ path }, i) => (i % 3 === 0 ? remove(path) : titled(path, 'new')))
    expect(new Set((await bulk(it.server, operations)).statuses)).toEqual(new Set(['200', '204']))
    expect(it.told.map((refs) => refs.length)).toEqual([100, 100])
    expect(it.counts).toMatchObject({ ahead: 200, fresh: 0 })
  })

  test('one operation alone reads nothing ahead, and a resource is announced once', async () => {
    const it = await stage()
    await bulk(it.server, [titled(it.a.path, 'x')])
    expect(it.told).toEqual([])
    await bulk(it.server, [titled(it.a.path, 'y'), titled(it.b.path, 'y'), titled(it.a.path, 'z')])
    expect(it.told.map((refs) => refs.length)).toEqual([2])
    expect(await titleOf(it, it.a)).toBe('z')
  })

  test('a reading ahead that fails has no effect: each operation reads for itself', async () => {
    const it = await stage()
    const server = serve({
      provider: {
        ...it.provider,
        willRead: () => {
          throw new Error('no')
        },
      },
    })
    expect((await bulk(server, [titled(it.a.path, 'x'), titled(it.b.path, 'y')])).statuses).toEqual(['200', '200'])
  })

  test('a missing resource costs one read', async () => {
    const it = await stage()
    const { statuses } = await bulk(it.server, [titled('/Users/nobody', 'x'), titled(it.a.path, 'x')])
    expect(statuses).toEqual(['404', '200'])
    expect(it.counts.fresh).toBe(1)
  })
})

describe('any bulk request', () => {
  test('ends as it does without reading ahead', async () => {
    const one = fc.record({
      kind: fc.constantFrom('title', 'put', 'remove', 'leave', 'join'),
      on: fc.nat(4),
      version: fc.constantFrom('none', 'first', 'wrong'),
    })
    await fc.assert(
      fc.asyncProperty(fc.array(one, { maxLength: 14 }), async (plan) => {
        const ends: unknown[] = []
        for (const provider of [memoryProvider(), readingAhead().provider]) {
          const server = serve({ provider })
          const users = [await made(server, user('u0')), await made(server, user('u1')), await made(server, user('u2'))]
          const ids = users.map(({ path }) => path.split('/').at(-1) ?? '')
          const all = [...users, await made(server, group('g0', ids)), await made(server, group('g1', ids.slice(0, 1)))]
          const operations = plan.map(({ kind, on, version }): JsonObject => {
            const { path = '', tag = '' } = all[on] ?? {}
            const more =
              version === 'none' ? {} : { version: version === 'first' ? tag : 'W/"0-000000000000000000000000"' }
            const isUser = on < 3
            if (kind === 'remove') return remove(path, more)
            if (kind === 'put') return replace(path, isUser ? user(`u${on}`) : group(`g${on - 3}`, ids.slice(1)), more)
            if (isUser || kind === 'title') return titled(path, kind, more)
            const member = { op: kind === 'join' ? 'add' : 'remove', path: 'members', value: [{ value: ids[1] ?? '' }] }
            return patch(path, [member], more)
          })
          const { statuses } = await bulk(server, operations)
          const states = await Promise.all(all.map(({ path }) => server.get(path)))
          ends.push({ statuses, states: states.map(({ status, json }) => [status, json.title, membersIn(json, ids)]) })
        }
        expect(ends[1]).toEqual(ends[0])
      }),
      { numRuns: 150 },
    )
  })
})

function membersIn({ members = [] }: JsonObject, ids: readonly string[]): readonly number[] {
  return (members as readonly JsonObject[]).map(({ value }) => ids.indexOf(String(value)))
}
