/** Nested groups: each is followed once, in portions and within a limit. */
import { afterEach, expect, it } from '@jest/globals'
import { createScim, type Operation, rawVersion, tenantId } from '@scimkit/core'
import type { Next, Stored } from '@scimkit/core/provider'
import { endOf, stopsOf } from '../../../testkit/test/support/event-loop-stops.js'
import { hostileTenant } from '../../../testkit/test/support/hostile-tenant.js'
import type { SqlProvider, SqlProviderOptions } from '../../src/provider.js'
import { sqliteProvider } from '../../src/sqlite.js'

const nested = 80
const opened: SqlProvider[] = []
const get: Operation = { kind: 'get', ref: { type: 'User', id: 'u1' } }

afterEach(async () => {
  for (const provider of opened.splice(0)) await provider.close()
})

async function tenantOf(options: SqlProviderOptions = {}) {
  const provider = sqliteProvider(':memory:', options)
  opened.push(provider)
  const scim = createScim({ provider })
  const context = scim.context({ tenant: tenantId('nested'), principal: 'idp', baseUrl: 'https://app.example/scim/v2' })
  for (const { ref, next } of hostileTenant({ users: 30, members: 5, nested }))
    await provider.insert(ref, next, context)
  return { provider, scim, context }
}

it('a user in all of them has each of them once', async () => {
  const { provider, context } = await tenantOf()
  const user = await provider.read({ type: 'User', id: 'u1' }, { members: 'none', derived: true }, context)
  const groups = user?.derived?.groups ?? []
  const inNested = groups.filter(({ value }) => value.startsWith('nested'))
  expect(inNested).toHaveLength(nested)
  expect(inNested.every(({ type }) => type === 'direct')).toBe(true)
})

it('a group in all others is not listed as its own group', async () => {
  const { provider, context } = await tenantOf()
  const group = await provider.read({ type: 'Group', id: 'nested3' }, { members: 'none', derived: true }, context)
  expect(group?.derived?.groups).toHaveLength(nested - 1)
})

it('other tasks run while they are followed', async () => {
  const { scim, context } = await tenantOf()
  const { turns, end } = await stopsOf(scim, context, get)
  expect(end).toBe('success')
  expect(turns).toBeGreaterThan(2)
})

it('more memberships than groupEdges are 400, and are not followed without groups', async () => {
  const { scim, context } = await tenantOf({ groupEdges: nested * (nested - 1) - 1 })
  const list: Operation = { kind: 'query', type: 'User', search: {} }
  expect(await endOf(scim, context, get)).toBe('400 tooMany')
  expect(await endOf(scim, context, list)).toBe('400 tooMany')
  const without = { projection: { excludedAttributes: ['groups'] } }
  expect(await endOf(scim, context, { ...get, ...without } as Operation)).toBe('success')
  const enough = await tenantOf({ groupEdges: nested * (nested - 1) })
  expect(await endOf(enough.scim, enough.context, get)).toBe('success')
})

it('a resource read by id has the same groups as in a list, for both search directions', async () => {
  const { provider, context } = await tenantOf()
  let made = 0
  const insert = async (type: 'User' | 'Group', id: string, members: readonly string[] = []): Promise<void> => {
    made += 1
    const next: Next = {
      resource: type === 'User' ? { userName: id } : { displayName: id },
      version: rawVersion(`1-${String(made).padStart(16, '0')}-000000000000`),
      at: '2026-01-01T00:00:00.000Z',
      unique: [],
      members: { add: members.map((value) => ({ value })), remove: [] },
    }
    expect((await provider.insert({ type, id }, next, context)).kind).toBe('success')
  }
  const dense = Array.from({ length: 130 }, (_, i) => `dense${i}`)
  await insert('User', 'one')
  await insert('User', 'two')
  for (const id of dense) {
    const others = dense.filter((other) => other !== id)
    await insert('Group', id, id === 'dense0' ? [...others, 'one'] : others)
  }
  // Above the dense groups, above those, and next to them.
  await insert('Group', 'above', ['dense7', 'two'])
  await insert('Group', 'higher', ['above'])
  await insert('Group', 'beside', ['two'])
  const needs = { members: 'none', derived: true } as const
  const listed = await provider.query(
    'User',
    { filter: undefined, sort: undefined, needs, page: { startIndex: 1, count: 200 } },
    context,
  )
  for (const id of ['one', 'two', 'u1']) {
    const groups = (found: Stored | undefined) =>
      (found?.derived?.groups ?? []).map(({ value, type }) => `${value} ${type}`).sort()
    const alone = groups(await provider.read({ type: 'User', id }, needs, context))
    expect(alone).toEqual(groups(listed.resources.find(({ ref }) => ref.id === id)))
    if (id === 'one') expect(alone).toHaveLength(132)
  }
})
