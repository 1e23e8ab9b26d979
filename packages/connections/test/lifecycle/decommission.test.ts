/** The end of a connection, and what happens to the users of its tenant. */
import { describe, expect, test } from '@jest/globals'
import { createScim, type Scim, type ScimContext, type ScimOptions, scimError, tenantId } from '@scimkit/core'
import type { Operation } from '@scimkit/core/operations'
import { memoryProvider } from '@scimkit/memory-provider'
import type { ConnectionError } from '../../src/lifecycle/connection-error.js'
import { serveConnections, textOf } from '../support/platform.js'

const userUrn = 'urn:ietf:params:scim:schemas:core:2.0:User'
const groupUrn = 'urn:ietf:params:scim:schemas:core:2.0:Group'

async function directory(count: number, options: Partial<ScimOptions> = {}) {
  const scim = createScim({ provider: memoryProvider(), authenticate: () => undefined, ...options })
  const acme = scim.context({ tenant: tenantId('acme') })
  const ids: string[] = []
  for (let i = 0; i < count; i++) {
    const active = i % 3 === 0 ? {} : { active: i % 3 === 1 }
    const body = { schemas: [userUrn], userName: `user-${i}`, ...active }
    const created = await scim.perform({ kind: 'create', type: 'User', body }, acme)
    if (created.kind === 'created') ids.push(created.value.ref.id)
  }
  const members = ids.map((value) => ({ value }))
  await scim.perform(
    { kind: 'create', type: 'Group', body: { schemas: [groupUrn], displayName: 'All', members } },
    acme,
  )
  const other = scim.context({ tenant: tenantId('globex') })
  await scim.perform(
    { kind: 'create', type: 'User', body: { schemas: [userUrn], userName: 'other', active: true } },
    other,
  )
  const list = async (type: string, tenant: string): Promise<readonly Record<string, unknown>[]> => {
    const found: Record<string, unknown>[] = []
    for (;;) {
      const search = { startIndex: found.length + 1, count: 200 }
      const { value } = await scim.perform({ kind: 'query', type, search }, scim.context({ tenant: tenantId(tenant) }))
      const page = (JSON.parse(value.text).Resources ?? []) as Record<string, unknown>[]
      if (page.length === 0) return found
      found.push(...page)
    }
  }
  return { scim, ids, list }
}

/** A server whose changes of users fail after so many. */
function failingAfter(scim: Scim, count: number): Pick<Scim, 'perform' | 'context'> {
  let left = count
  return {
    context: scim.context,
    perform: (operation, context) => {
      if (operation.kind !== 'query' && left-- <= 0) return Promise.reject(new Error('the process was killed'))
      return scim.perform(operation, context)
    },
  }
}

const kindOf = (action: Promise<unknown>): Promise<unknown> =>
  action.then(
    () => 'none',
    (error: ConnectionError) => error.kind,
  )

describe('decommission', () => {
  test('ends all credentials as one unit, and keeps the users', async () => {
    const { connections, store, accessWith } = serveConnections()
    const { scim, list } = await directory(3)
    const made = await connections.create({ tenant: 'acme', name: 'Okta', token: true, oauth: { secret: true } })
    const second = await connections.createToken(made.connection.id)
    const writes = store.writes.length
    const result = await connections.decommission(made.connection.id, { users: 'keep', scim })
    expect(result).toMatchObject({ connection: { state: 'decommissioned', oauth: undefined }, changed: 0, failed: [] })
    expect(store.writes.length - writes).toBe(1)
    for (const text of [textOf(made.token), second.text]) expect(await accessWith(text)).toBeUndefined()
    expect((await list('User', 'acme')).map(({ active }) => active)).toEqual([undefined, true, false])
    for (const action of [
      connections.resume(made.connection.id),
      connections.createToken(made.connection.id),
      connections.createSecret(made.connection.id),
      connections.rename(made.connection.id, 'Other'),
    ]) {
      expect(await kindOf(action)).toBe('state')
    }
  })

  test('deactivates all users of the tenant, each once, and leaves groups and other tenants alone', async () => {
    const { connections } = serveConnections()
    const { scim, ids, list } = await directory(250)
    const groups = JSON.stringify(await list('Group', 'acme'))
    const { connection } = await connections.create({ tenant: 'acme', name: 'Okta' })
    const result = await connections.decommission(connection.id, { users: 'deactivate', scim })
    // A third of them was inactive before.
    expect(result).toMatchObject({
      connection: { state: 'decommissioned', users: 'deactivate' },
      changed: 167,
      failed: [],
    })
    const users = await list('User', 'acme')
    expect(users.map(({ active }) => active)).toEqual(ids.map(() => false))
    expect(JSON.stringify(await list('Group', 'acme'))).toBe(groups)
    expect((await list('User', 'globex')).map(({ active }) => active)).toEqual([true])
  })

  test('removes all users of the tenant', async () => {
    const { connections } = serveConnections()
    const { scim, list } = await directory(130)
    const { connection } = await connections.create({ tenant: 'acme', name: 'Okta' })
    const result = await connections.decommission(connection.id, { users: 'remove', scim })
    expect(result).toMatchObject({ connection: { state: 'decommissioned' }, changed: 130 })
    expect(await list('User', 'acme')).toEqual([])
    expect(await list('User', 'globex')).toHaveLength(1)
    const [group] = await list('Group', 'acme')
    expect(group?.members ?? []).toEqual([])
  })

  test.each([0, 1, 37, 100, 101, 249])('continues after it was stopped at change %i', async (after) => {
    const { connections, accessWith, store, clock } = serveConnections()
    const { scim, list, ids } = await directory(250)
    const { connection, token } = await connections.create({ tenant: 'acme', name: 'Okta', token: true })
    const killed = connections.decommission(connection.id, { users: 'deactivate', scim: failingAfter(scim, after) })
    const isComplete = after >= 167
    if (!isComplete) await expect(killed).rejects.toThrow('killed')
    else await killed
    // The order and the end of the credentials are stored before the first user is changed.
    expect(await accessWith(textOf(token))).toBeUndefined()
    const another = serveConnections({ store, clock })
    const state = isComplete ? 'decommissioned' : 'decommissioning'
    expect(await another.connections.get(connection.id)).toMatchObject({ state, users: 'deactivate' })
    const results = await another.connections.resumeDecommissions(scim)
    expect(results.map((one) => one.connection.state)).toEqual(isComplete ? [] : ['decommissioned'])
    expect((await list('User', 'acme')).map(({ active }) => active)).toEqual(ids.map(() => false))
    expect(await another.connections.resumeDecommissions(scim)).toEqual([])
  })

  test('a store of records that fails before the end is continued as well', async () => {
    const { connections, store } = serveConnections()
    const { scim, list } = await directory(5)
    const { connection } = await connections.create({ tenant: 'acme', name: 'Okta' })
    let writes = 0
    store.beforeWrite = () => {
      if (++writes === 2) throw new Error('the process was killed')
    }
    await expect(connections.decommission(connection.id, { users: 'deactivate', scim })).rejects.toThrow('killed')
    expect((await list('User', 'acme')).every(({ active }) => active === false)).toBe(true)
    expect(await connections.resumeDecommissions(scim)).toMatchObject([{ connection: { state: 'decommissioned' } }])
  })

  test('two processes may continue at once', async () => {
    const { connections, store, clock } = serveConnections()
    const { scim, list } = await directory(60)
    const { connection } = await connections.create({ tenant: 'acme', name: 'Okta' })
    await connections.decommission(connection.id, { users: 'remove' })
    const another = serveConnections({ store, clock })
    await Promise.all([connections.resumeDecommissions(scim), another.connections.resumeDecommissions(scim)])
    expect(await list('User', 'acme')).toEqual([])
    expect(await connections.get(connection.id)).toMatchObject({ state: 'decommissioned' })
  })

  test('hooks decide: a user that a hook keeps is reported, and the others are changed', async () => {
    const { connections } = serveConnections()
    const { scim, list } = await directory(250, {
      hooks: {
        User: {
          before: (change) => {
            if (change.kind !== 'create' && change.before?.userName === 'user-1') {
              throw scimError.forbidden('The last administrator stays active.')
            }
          },
        },
      } as ScimOptions['hooks'] & object,
    })
    const { connection } = await connections.create({ tenant: 'acme', name: 'Okta' })
    const result = await connections.decommission(connection.id, { users: 'deactivate', scim })
    expect(result).toMatchObject({
      connection: { state: 'decommissioning' },
      changed: 166,
      failed: [{ reason: '403: The last administrator stays active.' }],
    })
    const active = (await list('User', 'acme')).filter((user) => user.active !== false)
    expect(active.map(({ userName }) => userName)).toEqual(['user-1'])
    expect((await connections.testConnection(connection.id)).lastError?.reason).toBe('1 users could not be changed')
  })

  test('a hook that undoes the change does not make it endless', async () => {
    const { connections } = serveConnections()
    const { scim } = await directory(5)
    const undone: Pick<Scim, 'perform' | 'context'> = {
      context: scim.context,
      perform: ((operation: Operation, context: ScimContext) =>
        scim.perform(
          operation.kind === 'patch' ? { kind: 'get', ref: operation.ref } : operation,
          context,
        )) as Scim['perform'],
    }
    const { connection } = await connections.create({ tenant: 'acme', name: 'Okta' })
    const result = await connections.decommission(connection.id, { users: 'deactivate', scim: undone })
    expect(result.connection.state).toBe('decommissioning')
    expect(result.failed).toHaveLength(4)
  })

  test('works where the host requires If-Match', async () => {
    const { connections } = serveConnections()
    const { scim, list } = await directory(10, { requireIfMatch: 'always' })
    const { connection } = await connections.create({ tenant: 'acme', name: 'Okta' })
    await connections.decommission(connection.id, { users: 'deactivate', scim })
    expect((await list('User', 'acme')).every(({ active }) => active === false)).toBe(true)
  })

  test('refuses to change the users of a tenant with another connection, unless it is asked for', async () => {
    const { connections } = serveConnections()
    const { scim, list } = await directory(3)
    const { connection } = await connections.create({ tenant: 'acme', name: 'Okta', token: true })
    const other = await connections.create({ tenant: 'acme', name: 'Entra' })
    for (const users of ['deactivate', 'remove'] as const) {
      expect(await kindOf(connections.decommission(connection.id, { users, scim }))).toBe('otherConnections')
    }
    expect(await connections.get(connection.id)).toMatchObject({ state: 'active' })
    expect(await list('User', 'acme')).toHaveLength(3)
    await connections.decommission(other.connection.id, { users: 'keep', scim })
    await connections.decommission(connection.id, { users: 'deactivate', scim })
    expect((await list('User', 'acme')).every(({ active }) => active === false)).toBe(true)
    const third = await connections.create({ tenant: 'acme', name: 'Okta' })
    await connections.create({ tenant: 'acme', name: 'Entra' })
    await connections.decommission(third.connection.id, { users: 'remove', allUsers: true, scim })
    expect(await list('User', 'acme')).toEqual([])
  })

  test('purge removes the record of a decommissioned connection only', async () => {
    const { connections, store } = serveConnections()
    const { connection } = await connections.create({ tenant: 'acme', name: 'Okta', token: true })
    expect(await kindOf(connections.purge(connection.id))).toBe('state')
    await connections.decommission(connection.id, { users: 'keep' })
    await connections.purge(connection.id)
    expect(store.records.size).toBe(0)
    expect(await kindOf(connections.purge(connection.id))).toBe('notFound')
  })
})
