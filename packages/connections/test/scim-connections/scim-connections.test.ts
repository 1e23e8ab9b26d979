import { describe, expect, test } from '@jest/globals'
import { createScim, tenantId } from '@scimkit/core'
import type { Operation } from '@scimkit/core/operations'
import { memoryProvider } from '@scimkit/memory-provider'
import { scimConnections } from '../../src/scim-connections/scim-connections.js'
import { mapRecords } from '../support/map-records.js'

const user = { schemas: ['urn:ietf:params:scim:schemas:core:2.0:User'], userName: 'ada' }
const ref = { type: 'User', id: 'x' }
const patch = {
  schemas: ['urn:ietf:params:scim:api:messages:2.0:PatchOp'],
  Operations: [{ op: 'remove', path: 'title' }],
}

const reads: Operation[] = [
  { kind: 'query', type: 'User', search: {} },
  { kind: 'query', search: {} },
  { kind: 'get', ref },
  { kind: 'discover', endpoint: 'Schemas' },
]
const writes: Operation[] = [
  { kind: 'create', type: 'User', body: user },
  { kind: 'replace', ref, body: user },
  { kind: 'patch', ref, body: patch },
  { kind: 'remove', ref },
  { kind: 'bulk', request: { entries: [] } },
]

const { authorize } = scimConnections({ store: mapRecords() })

describe('permissions by scope, without other options (SEC-7)', () => {
  const outcomeOf = async (operation: Operation, scopes: readonly string[] | undefined): Promise<unknown> => {
    const scim = createScim({
      provider: memoryProvider(),
      authenticate: () => undefined,
      authorize,
      me: () => undefined,
    })
    const context = scim.context({ tenant: tenantId('acme'), ...(scopes !== undefined && { scopes }) })
    return scim.perform(operation, context).then(
      ({ kind }) => kind,
      ({ status }: { status: number }) => status,
    )
  }

  test.each<[readonly string[] | undefined, boolean, boolean]>([
    [['scim'], true, true],
    [['scim.read', 'scim'], true, true],
    [['scim.read'], true, false],
    [['SCIM'], false, false],
    [['other'], false, false],
    [[''], false, false],
    [[], false, false],
    [undefined, false, false],
  ])('scopes %j: reads %s, writes %s', async (scopes, mayRead, mayWrite) => {
    for (const operation of reads) {
      const refused = (await outcomeOf(operation, scopes)) === 403
      // A search at the root without a permitted type is an empty list.
      if (operation.kind === 'query' && operation.type === undefined && !mayRead) continue
      expect([operation.kind, refused]).toEqual([operation.kind, !mayRead])
    }
    for (const operation of writes) {
      expect([operation.kind, (await outcomeOf(operation, scopes)) === 403]).toEqual([operation.kind, !mayWrite])
    }
  })

  test('a reader may read /Me and not change it', () => {
    const ask = (operation: 'get' | 'patch') =>
      authorize(
        { kind: 'me', operation, type: undefined, id: undefined, via: 'direct' },
        createScim({ provider: memoryProvider() }).context({ tenant: tenantId('acme'), scopes: ['scim.read'] }),
      )
    expect(ask('get')).toEqual({ kind: 'allow' })
    expect(ask('patch')).toMatchObject({ kind: 'refuse' })
  })
})

describe('options', () => {
  test.each([
    { cacheMilliseconds: -1 },
    { cacheMilliseconds: 1_001 },
    { cacheMilliseconds: Number.NaN },
    { cacheEntries: -1 },
    { cacheEntries: 1.5 },
  ])('%j is refused by name', (bad) => {
    expect(() => scimConnections({ store: mapRecords(), ...bad })).toThrow(Object.keys(bad)[0])
  })
})

test('a tenant that is undefined never means all tenants', async () => {
  const connections = scimConnections({ store: mapRecords() })
  const { connection, token } = await connections.create({ tenant: 'acme', name: 'Okta', token: true })
  const { id } = connection
  const forgotten = { tenant: undefined } as unknown as { tenant: string }
  const calls = [
    connections.list(forgotten),
    connections.get(id, forgotten),
    connections.rename(id, 'x', forgotten),
    connections.setScopes(id, ['scim'], forgotten),
    connections.createToken(id, forgotten),
    connections.listTokens(id, forgotten),
    connections.revokeToken(id, token?.id ?? '', forgotten),
    connections.rotate(id, forgotten),
    connections.createSecret(id, forgotten),
    connections.suspend(id, forgotten),
    connections.resume(id, forgotten),
    connections.decommission(id, { users: 'keep', ...forgotten }),
    connections.purge(id, forgotten),
    connections.testConnection(id, forgotten),
    connections.endAccessTokens(id, forgotten),
  ]
  for (const call of calls) await expect(call).rejects.toMatchObject({ kind: 'invalid' })
  expect((await connections.get(id))?.state).toBe('active')
})
