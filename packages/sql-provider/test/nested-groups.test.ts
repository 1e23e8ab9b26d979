/** Groups nested in each other: each is followed once, in portions and within a limit. */
import { afterEach, expect, it } from '@jest/globals'
import { createScim, type Operation, tenantId } from '@scimkit/core'
import { endOf, stopsOf } from '../../testkit/test/support/event-loop-stops.js'
import { hostileTenant } from '../../testkit/test/support/hostile-tenant.js'
import type { SqlProvider, SqlProviderOptions } from '../src/provider.js'
import { sqliteProvider } from '../src/sqlite.js'

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

it('a user in all of them has each once', async () => {
  const { provider, context } = await tenantOf()
  const user = await provider.read({ type: 'User', id: 'u1' }, { members: 'none', derived: true }, context)
  const groups = user?.derived?.groups ?? []
  const inNested = groups.filter(({ value }) => value.startsWith('nested'))
  expect(inNested).toHaveLength(nested)
  expect(inNested.every(({ type }) => type === 'direct')).toBe(true)
})

it('a group in all others is not in itself', async () => {
  const { provider, context } = await tenantOf()
  const group = await provider.read({ type: 'Group', id: 'nested3' }, { members: 'none', derived: true }, context)
  expect(group?.derived?.groups).toHaveLength(nested - 1)
})

it('others run while they are followed', async () => {
  const { scim, context } = await tenantOf()
  const { turns, end } = await stopsOf(scim, context, get)
  expect(end).toBe('success')
  expect(turns).toBeGreaterThan(2)
})

it('more memberships than groupEdges are 400, and none of them without groups', async () => {
  const { scim, context } = await tenantOf({ groupEdges: nested * (nested - 1) - 1 })
  const list: Operation = { kind: 'query', type: 'User', search: {} }
  expect(await endOf(scim, context, get)).toBe('400 tooMany')
  expect(await endOf(scim, context, list)).toBe('400 tooMany')
  const without = { projection: { excludedAttributes: ['groups'] } }
  expect(await endOf(scim, context, { ...get, ...without } as Operation)).toBe('success')
  const enough = await tenantOf({ groupEdges: nested * (nested - 1) })
  expect(await endOf(enough.scim, enough.context, get)).toBe('success')
})
