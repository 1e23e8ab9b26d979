/**
 * Incidents of other servers that concern tokens and tenants, by their ids in docs/threats.md: each test repeats what
 * the attacker did.
 */
import { describe, expect, test } from '@jest/globals'
import { platformPorts, tenantFromPath } from '@scimkit/core'
import { memoryProvider } from '@scimkit/memory-provider'
import { newToken } from '../../src/tokens/credential.js'
import { bearer, httpServer } from '../support/http.js'
import { mapRecords } from '../support/map-records.js'
import { serveConnections, textOf } from '../support/platform.js'

const user = { schemas: ['urn:ietf:params:scim:schemas:core:2.0:User'], userName: 'ada' }

/** Two customers with one connection each, on a server whose addresses name the tenant. */
async function twoCustomers() {
  const served = serveConnections({ tenant: tenantFromPath() })
  const { connections } = served
  const acme = await connections.create({ tenant: 'acme', name: 'Okta', token: true })
  const globex = await connections.create({ tenant: 'globex', name: 'Okta', token: true })
  const { authenticate, authorize } = connections
  const provider = memoryProvider()
  const ask = httpServer({ provider, authenticate, authorize })
  return { ...served, acme, globex, ask }
}

describe('INC-3: a token outlives the owner that it was made for, and cannot be reset', () => {
  test('every token of a connection ends with it, and a rotation ends those that are lost', async () => {
    const { connections, acme, ask, clock } = await twoCustomers()
    const { id } = acme.connection
    const lost = textOf(acme.token)
    const next = await connections.rotate(id, { graceMilliseconds: 0 })
    expect((await ask('GET', '/scim/acme/v2/Users', bearer(lost))).status).toBe(401)
    expect((await ask('GET', '/scim/acme/v2/Users', bearer(next.text))).status).toBe(200)
    await connections.decommission(id, { users: 'keep' })
    clock.pass(1_000)
    expect((await ask('GET', '/scim/acme/v2/Users', bearer(next.text))).status).toBe(401)
  })

  test('a connection cannot be moved to another tenant: a record that was moved is not valid', async () => {
    const { store, acme, ask, clock } = await twoCustomers()
    const key = `connection/${acme.connection.id}`
    const stored = store.records.get(key)
    if (stored === undefined) throw new Error('the connection is stored')
    for (const moved of [
      { ...stored, tenant: 'globex' },
      { ...stored, value: stored.value.replace('"acme"', '"globex"') },
      { ...stored, tenant: 'globex', value: stored.value.replace('"acme"', '"globex"') },
    ]) {
      store.records.set(key, moved)
      clock.pass(1_000)
      for (const tenant of ['acme', 'globex']) {
        expect((await ask('GET', `/scim/${tenant}/v2/Users`, bearer(textOf(acme.token)))).status).toBe(401)
      }
    }
  })
})

describe('INC-4: the id of a provider collides with that of another', () => {
  test('ids of connections are made by the server, and names mean nothing', async () => {
    const { connections, acme, globex, ask } = await twoCustomers()
    // Another connection with the name, and one whose name is the id, of the first.
    const same = await connections.create({ tenant: 'evil', name: 'Okta', token: true })
    const asId = await connections.create({ tenant: 'evil', name: acme.connection.id, token: true })
    const ids = [acme, globex, same, asId].map(({ connection }) => connection.id)
    expect(new Set(ids).size).toBe(4)
    await ask('POST', '/scim/acme/v2/Users', bearer(textOf(acme.token)), user)
    for (const token of [same.token, asId.token]) {
      expect((await ask('GET', '/scim/acme/v2/Users', bearer(textOf(token)))).status).toBe(401)
      const own = await ask('GET', '/scim/evil/v2/Users', bearer(textOf(token)))
      expect(JSON.parse(own.body ?? '')).toMatchObject({ totalResults: 0 })
    }
  })

  test('a host cannot choose the id of a connection', async () => {
    const { connections, acme } = await twoCustomers()
    const chosen = { tenant: 'evil', name: 'Okta', id: acme.connection.id, state: 'active', digest: 'x' }
    const { connection } = await connections.create(chosen)
    expect(connection.id).not.toBe(acme.connection.id)
    expect(await connections.get(acme.connection.id)).toMatchObject({ tenant: 'acme' })
  })
})

describe('INC-5: a record without an owner belongs to everyone', () => {
  test.each(['tenant', 'connection', 'scopes', 'digest', 'id'])(
    'a token without %s authenticates no one',
    async (field) => {
      const { store, acme, ask } = await twoCustomers()
      const key = `token/${acme.token?.id}`
      const stored = store.records.get(key)
      if (stored === undefined) throw new Error('the token is stored')
      for (const value of [undefined, null, '']) {
        store.records.set(key, { ...stored, value: JSON.stringify({ ...JSON.parse(stored.value), [field]: value }) })
        for (const tenant of ['acme', 'globex', 'null', 'undefined']) {
          const { status } = await ask('GET', `/scim/${tenant}/v2/Users`, bearer(textOf(acme.token)))
          expect([field, value, tenant, status]).toEqual([field, value, tenant, 401])
        }
      }
      store.records.set(key, stored)
      expect((await ask('GET', '/scim/acme/v2/Users', bearer(textOf(acme.token)))).status).toBe(200)
    },
  )

  test.each(['tenant', 'state', 'scopes', 'id'])(
    'a connection without %s authenticates no one and cannot be rotated',
    async (field) => {
      const { connections, store, acme, ask } = await twoCustomers()
      const { id } = acme.connection
      const stored = store.records.get(`connection/${id}`)
      if (stored === undefined) throw new Error('the connection is stored')
      for (const value of [undefined, null, '']) {
        const damaged = JSON.stringify({ ...JSON.parse(stored.value), [field]: value })
        store.records.set(`connection/${id}`, { ...stored, value: damaged })
        expect((await ask('GET', '/scim/acme/v2/Users', bearer(textOf(acme.token)))).status).toBe(401)
        for (const target of [{}, { tenant: 'globex' }, { tenant: 'acme' }]) {
          await expect(connections.rotate(id, target)).rejects.toMatchObject({ kind: 'notFound' })
        }
      }
    },
  )
})

describe('INC-15: the key can be read and rotated again without authentication', () => {
  test('no function returns a token or a client secret after it was made, and SCIM has no address for them', async () => {
    const { connections, acme, ask } = await twoCustomers()
    const { id } = acme.connection
    const secret = await connections.createSecret(id)
    const shown = [
      await connections.get(id),
      await connections.list(),
      await connections.listTokens(id),
      await connections.testConnection(id),
    ]
    const text = JSON.stringify(shown)
    expect(text).toContain(acme.token?.id)
    expect(text).not.toContain(textOf(acme.token).slice(21))
    expect(text).not.toContain(secret.text.slice(20))
    expect(text).not.toContain('digest')
    for (const path of ['connections', `connections/${id}`, 'tokens', 'Connections', 'ServiceProviderConfig']) {
      const { body } = await ask('GET', `/scim/acme/v2/${path}`, bearer(textOf(acme.token)))
      expect(body).not.toContain(id)
    }
  })
})

describe('INC-17: an unset secret and an empty token are equal', () => {
  test.each(['Bearer ', 'Bearer', 'Bearer undefined', 'Bearer null', 'Bearer scim_', '', 'bearer  '])(
    '%j is 401',
    async (authorization) => {
      const { ask } = await twoCustomers()
      expect((await ask('GET', '/scim/acme/v2/Users', { authorization })).status).toBe(401)
    },
  )

  test('a stored digest that is empty is equal to nothing', async () => {
    const { store, acme, ask } = await twoCustomers()
    const key = `token/${acme.token?.id}`
    const stored = store.records.get(key)
    if (stored === undefined) throw new Error('the token is stored')
    store.records.set(key, { ...stored, value: JSON.stringify({ ...JSON.parse(stored.value), digest: '' }) })
    expect((await ask('GET', '/scim/acme/v2/Users', bearer(textOf(acme.token)))).status).toBe(401)
  })
})

describe("INC-20: tokens for another tenant, and answers that reveal another tenant's accounts", () => {
  test('a token acts in its own tenant only, and every refusal is the same response', async () => {
    const { acme, ask, connections, globex } = await twoCustomers()
    await ask('POST', '/scim/acme/v2/Users', bearer(textOf(acme.token)), user)
    const suspended = await connections.create({ tenant: 'globex', name: 'Entra', token: true })
    await connections.suspend(suspended.connection.id)
    const unknown = await newToken(platformPorts)
    const refusals = [
      await ask('GET', '/scim/globex/v2/Users', bearer(textOf(acme.token))),
      await ask('GET', '/scim/nowhere/v2/Users', bearer(textOf(acme.token))),
      await ask('GET', '/scim/globex/v2/Users', bearer(textOf(suspended.token))),
      await ask('GET', '/scim/acme/v2/Users', bearer(unknown.text)),
      await ask('GET', '/scim/acme/v2/Users', bearer('a'.repeat(70))),
      await ask('POST', '/scim/globex/v2/Users', bearer(textOf(acme.token)), user),
      await ask('DELETE', '/scim/globex/v2/Users/x', bearer(textOf(acme.token))),
    ]
    for (const refusal of refusals) {
      expect(refusal).toEqual(refusals[0])
      expect(refusal.status).toBe(401)
      expect(refusal.headers['WWW-Authenticate']).toBe('Bearer realm="SCIM", error="invalid_token"')
    }
    // A name that is taken in one tenant is free in another.
    expect((await ask('POST', '/scim/globex/v2/Users', bearer(textOf(globex.token)), user)).status).toBe(201)
  })

  test("an administrator of one tenant makes no token for another tenant's connection", async () => {
    const { connections, acme } = await twoCustomers()
    const { id } = acme.connection
    for (const settings of [{ tenant: 'globex' }, { tenant: '' }]) {
      await expect(connections.createToken(id, settings)).rejects.toMatchObject({ kind: 'notFound' })
      await expect(connections.rotate(id, settings)).rejects.toMatchObject({ kind: 'notFound' })
    }
    expect(await connections.listTokens(id)).toHaveLength(1)
  })
})

describe('a store of another server', () => {
  test('a record under the wrong id gives no one the rights of another', async () => {
    const store = mapRecords()
    const { connections, accessWith } = serveConnections({ store })
    const one = await connections.create({ tenant: 'acme', name: 'Okta', token: true })
    const two = await connections.create({ tenant: 'globex', name: 'Okta', token: true })
    const other = store.records.get(`token/${two.token?.id}`)
    if (other === undefined) throw new Error('the token is stored')
    store.records.set(`token/${one.token?.id}`, other)
    expect(await accessWith(textOf(one.token))).toBeUndefined()
  })
})
