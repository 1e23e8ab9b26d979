/** Groups of very many members on SQLite: other requests run meanwhile, and see the state before or after. */
import { expect, test } from '@jest/globals'
import { type ResourceRef, rawVersion, type ScimContext, tenantId } from '@scimkit/core'
import type { Member, Next } from '@scimkit/core/provider'
import { testContext } from '@scimkit/testkit'
import { type SqlProvider, sqliteProvider } from '../../src/sqlite.js'

const ref: ResourceRef = { type: 'Group', id: 'g' }
const context: ScimContext = testContext(tenantId('large'))
const all = { members: 'all', derived: false } as const
const count = 30_000

const membersOf = (prefix: string): readonly Member[] =>
  Array.from({ length: count }, (_, i) => ({ value: `${prefix}${i}` }))

const idsOf = (members: readonly Member[] = []): readonly string[] => members.map(({ value }) => value)

function next(generation: number, add: readonly Member[], remove: readonly Member[], mustExist = false): Next {
  return {
    resource: { schemas: ['urn:ietf:params:scim:schemas:core:2.0:Group'], id: 'g', displayName: `g${generation}` },
    version: rawVersion(`${generation}-v`),
    at: '2026-01-01T00:00:00Z',
    unique: [],
    members: { add, remove: idsOf(remove), mustExist },
  }
}

/** The number of turns of the event loop during the work. */
async function turnsDuring<Result>(work: () => Promise<Result> | Result): Promise<readonly [Result, number]> {
  let turns = 0
  let isOver = false
  const tick = (): void => {
    if (isOver) return
    turns++
    setImmediate(tick)
  }
  setImmediate(tick)
  const result = await work()
  isOver = true
  return [result, turns]
}

async function withGroup(work: (provider: SqlProvider, first: readonly Member[]) => Promise<void>): Promise<void> {
  const provider = sqliteProvider(':memory:')
  try {
    const members = membersOf('a')
    await provider.insert(ref, next(1, members, []), context)
    await work(provider, members)
  } finally {
    await provider.close()
  }
}

test('writing and reading many members leave turns for other requests', () =>
  withGroup(async (provider, members) => {
    const others = membersOf('b')
    const [result, written] = await turnsDuring(() =>
      provider.replace(ref, rawVersion('1-v'), next(2, others, members), context),
    )
    expect(result.kind).toBe('success')
    const [stored, read] = await turnsDuring(() => provider.read(ref, all, context))
    expect(idsOf(stored?.members)).toEqual(idsOf(others))
    const some = [...others.slice(0, 20_000), ...members].reverse()
    const needs = { members: { only: [...idsOf(some), ...idsOf(some)] }, derived: false }
    const [named, looked] = await turnsDuring(() => provider.read(ref, needs, context))
    expect(idsOf(named?.members)).toEqual([...idsOf(others.slice(0, 20_000))].reverse())
    for (const turns of [written, read, looked]) expect(turns).toBeGreaterThan(8)
  }))

test('reads during such a write return the state before or after it, and so do concurrent writes', () =>
  withGroup(async (provider, members) => {
    const others = membersOf('b')
    const writing = provider.replace(ref, rawVersion('1-v'), next(2, others, members), context)
    const seen: Promise<readonly [string, string]>[] = []
    for (let i = 0; i < 20; i++) {
      seen.push(
        Promise.resolve(provider.read(ref, { members: { first: 3 }, derived: false }, context)).then(
          (stored) => [String(stored?.version), idsOf(stored?.members).join()] as const,
        ),
      )
      await new Promise((resume) => setTimeout(resume, 2))
    }
    const rival = provider.replace(ref, rawVersion('1-v'), next(3, [], []), context)
    expect(await writing).toMatchObject({ kind: 'success' })
    expect(await rival).toMatchObject({ kind: 'versionMismatch', current: '2-v' })
    const states = new Set((await Promise.all(seen)).map((one) => one.join(' ')))
    for (const state of states) expect(['1-v a0,a1,a2', '2-v b0,b1,b2']).toContain(state)
  }))

test('such a write that is rejected at its end has changed nothing', () =>
  withGroup(async (provider, members) => {
    const result = await provider.replace(ref, rawVersion('1-v'), next(2, membersOf('b'), members, true), context)
    expect(result.kind).toBe('unknownMembers')
    const stored = await provider.read(ref, all, context)
    expect([stored?.version, idsOf(stored?.members)]).toEqual(['1-v', idsOf(members)])
  }))

test('a group that changes during a read is returned in one state', () =>
  withGroup(async (provider, members) => {
    const reading = provider.read(ref, all, context)
    await new Promise((resume) => setTimeout(resume, 3))
    await provider.replace(ref, rawVersion('1-v'), next(2, [], members.slice(0, 15_000)), context)
    const stored = await reading
    const expected = stored?.version === '1-v' ? members : members.slice(15_000)
    expect(idsOf(stored?.members)).toEqual(idsOf(expected))
  }))
