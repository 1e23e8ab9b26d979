/** Stored records that are damaged permit nothing. */
import { describe, expect, test } from '@jest/globals'
import type { StoredRecord } from '@scimkit/core/provider'
import type { ConnectionRecord, TokenRecord } from '../../src/records/connection.js'
import { connectionIn, tokenIn, useIn } from '../../src/records/read-records.js'

const connection: ConnectionRecord = {
  id: 'conn-1',
  tenant: 'acme',
  name: 'Okta',
  state: 'active',
  scopes: ['scim'],
  created: '2026-01-01T00:00:00.000Z',
  oauth: {
    secrets: [{ id: 's1', digest: 'd', created: '2026-01-01T00:00:00.000Z', expires: undefined }],
    keys: { kind: 'jwksUrl', url: 'https://idp.example/keys' },
    algorithms: ['RS256'],
    trust: {
      issuer: 'https://login.example/t/v2.0',
      audiences: ['api://a'],
      subject: 'object',
      objectId: 'object',
      applicationId: 'app',
      tenantId: 't',
      keys: { kind: 'issuer', issuer: 'https://login.example/t/v2.0' },
    },
    accessTokenSeconds: 3600,
  },
  generation: 1,
  tokens: ['t1'],
  users: undefined,
}

const token: TokenRecord = {
  id: 't1',
  connection: 'conn-1',
  tenant: 'acme',
  issued: 'oauth',
  audience: 'mcp',
  digest: 'd'.repeat(43),
  scopes: ['scim'],
  created: '2026-01-01T00:00:00.000Z',
  expires: 1_800_000_000_000,
  generation: 1,
  secret: 's1',
}

function storedConnection(value: object, tenant = 'acme'): StoredRecord {
  return { kind: 'connection', id: 'conn-1', tenant, revision: 3, expires: undefined, value: JSON.stringify(value) }
}

function storedToken(value: object, tenant = 'acme', expires: number | undefined = token.expires): StoredRecord {
  return { kind: 'token', id: 't1', tenant, revision: 3, expires, value: JSON.stringify(value) }
}

describe('records of connections and tokens (SEC-7, INC-5)', () => {
  test('a complete record is read back', () => {
    expect(connectionIn(storedConnection(connection))).toEqual({ record: connection, revision: 3 })
    expect(tokenIn(storedToken(token))).toEqual({ record: token, revision: 3 })
  })

  const damages: readonly (readonly [string, unknown])[] = [
    ['missing', undefined],
    ['null', null],
    ['empty', ''],
    ['a list', []],
    ['an object', {}],
    ['a number', -1],
    ['true', true],
  ]

  const required = ['id', 'tenant', 'name', 'state', 'scopes', 'created', 'generation', 'tokens'] as const
  test.each(required.flatMap((field) => damages.map(([form, value]) => [field, form, value] as const)))(
    'a connection whose %s is %s is invalid',
    (field, _form, value) => {
      // A connection may have no tokens.
      if (field === 'tokens' && Array.isArray(value)) return
      expect(connectionIn(storedConnection({ ...connection, [field]: value }))).toBeUndefined()
    },
  )

  const ofToken = [
    'id',
    'tenant',
    'connection',
    'issued',
    'digest',
    'scopes',
    'created',
    'expires',
    'generation',
  ] as const
  test.each(ofToken.flatMap((field) => damages.map(([form, value]) => [field, form, value] as const)))(
    'a token whose %s is %s is invalid',
    (field, _form, value) => {
      expect(tokenIn(storedToken({ ...token, [field]: value }))).toBeUndefined()
    },
  )

  test('a token without an audience is for SCIM; one with another is invalid', () => {
    expect(tokenIn(storedToken({ ...token, audience: undefined }))).toMatchObject({ record: { audience: 'scim' } })
    for (const audience of [null, '', 'SCIM', ['mcp'], 'api', 1]) {
      expect([audience, tokenIn(storedToken({ ...token, audience }))]).toEqual([audience, undefined])
    }
  })

  test('scopes that are not texts are invalid', () => {
    for (const scopes of [[''], [null], ['scim', ''], ['scim', 1], 'scim']) {
      expect(connectionIn(storedConnection({ ...connection, scopes }))).toBeUndefined()
      expect(tokenIn(storedToken({ ...token, scopes }))).toBeUndefined()
    }
  })

  test('a record of another tenant, or of the whole server, is invalid', () => {
    for (const tenant of ['globex', '']) {
      expect(connectionIn(storedConnection(connection, tenant))).toBeUndefined()
      expect(tokenIn(storedToken(token, tenant))).toBeUndefined()
    }
    expect(connectionIn(storedConnection({ ...connection, tenant: '' }, ''))).toBeUndefined()
    expect(tokenIn(storedToken({ ...token, tenant: '' }, ''))).toBeUndefined()
  })

  test('a token whose expiry differs from that of the stored record is invalid', () => {
    expect(tokenIn(storedToken(token, 'acme', 1))).toBeUndefined()
    const endless = { ...token, issued: 'static', expires: undefined, generation: undefined, secret: undefined }
    expect(tokenIn({ ...storedToken(endless), expires: undefined })).toMatchObject({ record: { expires: undefined } })
    expect(tokenIn(storedToken(endless))).toBeUndefined()
  })

  test.each(['', 'null', '[]', '"scim"', '{', '{"id":"t1"', '1', '{"__proto__":{"tenant":"acme"}}'])(
    'the value %j is invalid',
    (value) => {
      expect(tokenIn({ ...storedToken(token), value })).toBeUndefined()
      expect(connectionIn({ ...storedConnection(connection), value })).toBeUndefined()
    },
  )

  test('a record of another kind is invalid', () => {
    expect(tokenIn({ ...storedToken(token), kind: 'connection' })).toBeUndefined()
    expect(connectionIn({ ...storedConnection(connection), kind: 'token' })).toBeUndefined()
    expect(useIn({ ...storedToken({}), kind: 'token' })).toBeUndefined()
  })

  test('OAuth settings with a damaged part make the connection invalid', () => {
    const { oauth } = connection
    if (oauth === undefined || oauth.trust === undefined) throw new Error('the sample has a trust')
    const bad: unknown[] = [
      'secret',
      [],
      { ...oauth, secrets: undefined },
      { ...oauth, secrets: [{ id: 's1', created: 'x' }] },
      { ...oauth, secrets: [{ id: 's1', digest: '', created: 'x' }] },
      { ...oauth, keys: { kind: 'jwksUrl' } },
      { ...oauth, keys: { kind: 'other', url: 'https://idp.example' } },
      { ...oauth, keys: { kind: 'jwks', keys: ['x'] } },
      { ...oauth, algorithms: undefined },
      { ...oauth, accessTokenSeconds: '3600' },
      ...(['issuer', 'audiences', 'subject', 'keys'] as const).map((field) => ({
        ...oauth,
        trust: { ...oauth.trust, [field]: undefined },
      })),
      { ...oauth, trust: { ...oauth.trust, audiences: [] } },
      { ...oauth, trust: { ...oauth.trust, tenantId: '' } },
    ]
    for (const value of bad) {
      expect(connectionIn(storedConnection({ ...connection, oauth: value }))).toBeUndefined()
    }
  })

  test('a use without a last error is valid, a damaged one is not', () => {
    const use = (value: object): StoredRecord => ({ ...storedToken(value), kind: 'use' })
    expect(useIn(use({}))).toEqual({ record: { lastUsed: undefined, lastError: undefined }, revision: 3 })
    expect(useIn(use({ lastError: { at: 'x', reason: 'expired' } }))?.record.lastError).toEqual({
      at: 'x',
      reason: 'expired',
    })
    expect(useIn(use({ lastError: { at: 'x' } }))).toBeUndefined()
  })
})
