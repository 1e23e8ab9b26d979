/** The tenant that a request names, compared with the tenant of its credentials; several ways to authenticate. */
import { describe, expect, test } from '@jest/globals'
import {
  type AuthenticationRequest,
  type Authenticator,
  anyAuthenticator,
  bearerScheme,
  scimError,
  type TenantResolver,
  tenantFromHeader,
  tenantFromHost,
  tenantFromPath,
  tenantId,
  withTenant,
} from '../../src/index.js'
import { mount, requestOf, serve, tenantsByToken } from '../support/server.js'

const asked = (
  parts: {
    readonly parameters?: Record<string, string>
    readonly host?: string
    readonly headers?: Record<string, string>
  } = {},
): AuthenticationRequest => ({
  method: 'GET',
  target: '/',
  mountParameters: parts.parameters,
  host: parts.host,
  header: (name) => parts.headers?.[name],
})

describe('the tenant that a request names (SEC-5)', () => {
  test.each<[string, TenantResolver, Parameters<typeof asked>[0], string | undefined]>([
    ['path', tenantFromPath(), { parameters: { tenant: 'acme' } }, 'acme'],
    ['path, other parameter', tenantFromPath('customer'), { parameters: { tenant: 'acme' } }, undefined],
    ['path, inherited name', tenantFromPath('constructor'), { parameters: { tenant: 'acme' } }, undefined],
    ['path, none', tenantFromPath(), {}, undefined],
    ['host', tenantFromHost('*.scim.example'), { host: 'Acme.SCIM.example:8443' }, 'acme'],
    ['host, the domain itself', tenantFromHost('*.scim.example'), { host: 'scim.example' }, undefined],
    ['host, two labels', tenantFromHost('*.scim.example'), { host: 'a.acme.scim.example' }, undefined],
    ['host, another domain', tenantFromHost('*.scim.example'), { host: 'acme.scim.example.evil' }, undefined],
    ['host, suffix without dot', tenantFromHost('*.scim.example'), { host: 'acmescim.example' }, undefined],
    ['host, none', tenantFromHost('*.scim.example'), {}, undefined],
    [
      'host, forwarded is not trusted',
      tenantFromHost('*.x.example'),
      { host: 'a.x.example', headers: { 'x-forwarded-host': 'b.x.example' } },
      'a',
    ],
    [
      'host, forwarded',
      tenantFromHost('*.x.example', { forwarded: true }),
      { host: 'proxy', headers: { 'x-forwarded-host': 'z.x.example, b.x.example' } },
      'b',
    ],
    [
      'host, two proxies',
      tenantFromHost('*.x.example', { forwarded: 2 }),
      { host: 'proxy', headers: { 'x-forwarded-host': 'z.x.example, b.x.example, inner' } },
      'b',
    ],
    [
      'host, no proxy',
      tenantFromHost('*.x.example', { forwarded: 0 }),
      { host: 'a.x.example', headers: { 'x-forwarded-host': 'b.x.example' } },
      'a',
    ],
    ['header', tenantFromHeader('X-Tenant'), { headers: { 'x-tenant': 'acme' } }, 'acme'],
    ['header, none', tenantFromHeader('X-Tenant'), {}, undefined],
  ])('%s', async (_name, resolver, parts, tenant) => {
    expect(await resolver(asked(parts), undefined)).toBe(tenant)
  })

  test.each(['scim.example', '*scim.example', '*.', '*.*.example', '*.scim.example:80', ''])(
    'host pattern %j is refused',
    (pattern) => {
      expect(() => tenantFromHost(pattern)).toThrow('expected a pattern like "*.scim.example"')
    },
  )

  test('a wrong number of proxies is refused', () => {
    for (const forwarded of [-1, 1.5, Number.NaN]) {
      expect(() => tenantFromHost('*.x.example', { forwarded })).toThrow('number of proxies')
    }
  })

  const byPath = withTenant(tenantFromPath(), tenantsByToken({ acme: {}, globex: {} }))
  const at = async (tenant: string | undefined, token: string) => {
    const server = serve({ authenticate: byPath })
    const request = requestOf({ target: `${mount}/Users`, headers: { authorization: `Bearer ${token}` } })
    const response = await server.scim.handle({
      ...request,
      ...(tenant !== undefined && { mountParameters: { tenant } }),
    })
    const { 'X-Request-Id': _id, ...headers } = response.headers
    return { status: response.status, headers, body: response.body }
  }

  test('a token opens its own tenant alone, and the 401 is the same for every other', async () => {
    expect((await at('acme', 'acme')).status).toBe(200)
    const other = await at('globex', 'acme')
    expect(other).toMatchObject({
      status: 401,
      headers: { 'WWW-Authenticate': 'Bearer realm="SCIM", error="invalid_token"' },
    })
    // A tenant that does not exist, a token that does not exist, a path without tenant, another letter case.
    for (const [tenant, token] of [
      ['nowhere', 'acme'],
      ['acme', 'wrong'],
      [undefined, 'acme'],
      ['ACME', 'acme'],
      ['', 'acme'],
    ] as const) {
      expect(await at(tenant, token)).toEqual(other)
    }
  })

  test('the credentials are looked up alike, whatever tenant the path names', async () => {
    let lookups = 0
    const counted: Authenticator = () => {
      lookups += 1
      return { tenant: tenantId('acme') }
    }
    const authenticate = withTenant(tenantFromPath(), counted)
    for (const tenant of ['acme', 'globex', 'nowhere']) await authenticate(asked({ parameters: { tenant } }), undefined)
    expect(lookups).toBe(3)
  })
})

describe('anyAuthenticator', () => {
  const one = tenantsByToken({ acme: {} })
  const two = tenantsByToken({ globex: {} })
  const sent = (token: string) => asked({ headers: { authorization: `Bearer ${token}` } })

  test('the first access counts; none is undefined', async () => {
    const both = anyAuthenticator(one, two)
    expect(await both(sent('acme'), undefined)).toEqual({ tenant: 'acme' })
    expect(await both(sent('globex'), undefined)).toEqual({ tenant: 'globex' })
    expect(await both(sent('wrong'), undefined)).toBeUndefined()
  })

  test('a 401 of one is not that of all; with no access it is thrown', async () => {
    const refusing: Authenticator = () => {
      throw scimError.unauthorized('Expired.')
    }
    expect(await anyAuthenticator(refusing, two)(sent('globex'), undefined)).toEqual({ tenant: 'globex' })
    await expect(anyAuthenticator(refusing, two)(sent('wrong'), undefined)).rejects.toThrow('Expired.')
  })

  test('a store that fails is not a 401', async () => {
    const failing: Authenticator = () => {
      throw scimError.unavailable('The store is not available.')
    }
    await expect(anyAuthenticator(failing, two)(sent('globex'), undefined)).rejects.toThrow('not available')
  })

  test('schemes: each once, one primary', () => {
    const basic = { type: 'httpbasic', name: 'Basic', description: 'x', primary: true } as const
    const announcing = (...schemes: NonNullable<Authenticator['schemes']>) =>
      Object.assign(() => undefined, { schemes })
    expect(anyAuthenticator(announcing(bearerScheme), announcing(bearerScheme, basic)).schemes).toEqual([
      bearerScheme,
      { ...basic, primary: false },
    ])
    expect(anyAuthenticator(() => undefined).schemes).toBeUndefined()
    expect(withTenant(tenantFromPath(), announcing(basic)).schemes).toEqual([basic])
    expect(() => anyAuthenticator()).toThrow('at least one')
  })
})
