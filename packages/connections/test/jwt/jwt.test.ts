/** Access tokens of an issuer of the host (AUTH-8, AUTH-11, AUTH-15). */
import { describe, expect, test } from '@jest/globals'
import type { Authenticator } from '@scimkit/core'
import { type JwtOptions, jwt } from '../../src/jwt/jwt.js'
import { keyNamed } from '../contract/requests.js'
import { type Claims, jwtOf } from '../contract/signing.js'
import { clockAt, portsOf, requestWith } from '../support/platform.js'

const issuer = 'https://login.example'
const clock = clockAt()

async function authenticator(options: Partial<JwtOptions> = {}): Promise<Authenticator> {
  const key = await keyNamed('one')
  return jwt({
    issuer,
    audience: 'https://app.example',
    keys: { kind: 'jwks', keys: [key.jwk] },
    tenant: ({ tenant }) => (typeof tenant === 'string' ? tenant : undefined),
    ports: portsOf(clock),
    ...options,
  })
}

const valid = (): Claims => ({
  iss: issuer,
  aud: 'https://app.example',
  exp: clock.now / 1_000 + 300,
  sub: 'client',
  tenant: 'acme',
  scope: 'scim openid',
})

const accessWith = async (authenticate: Authenticator, claims: Claims, header: Claims = {}) =>
  authenticate(requestWith(`Bearer ${await jwtOf(claims, await keyNamed('one'), header)}`), undefined)

describe('jwt()', () => {
  test('a valid token gives tenant, caller and scopes', async () => {
    const access = { tenant: 'acme', principal: 'client', scopes: ['scim', 'openid'] }
    expect(await accessWith(await authenticator(), valid())).toEqual(access)
    expect(await accessWith(await authenticator(), valid(), { typ: 'at+jwt' })).toEqual(access)
  })

  test.each<[string, Claims]>([
    ['another issuer', { iss: `${issuer}/` }],
    ['no issuer', { iss: undefined }],
    ['another audience', { aud: 'https://other.example' }],
    ['a foreign audience too', { aud: ['https://app.example', 'https://other.example'] }],
    ['no audience', { aud: undefined }],
    ['no end', { exp: undefined }],
    ['an end in the past', { exp: 1 }],
    ['an end as text', { exp: '9999999999' }],
    ['a life of a year', { exp: clock.now / 1_000 + 31_536_000 }],
    ['not valid yet', { nbf: clock.now / 1_000 + 61 }],
    ['no tenant', { tenant: undefined }],
    ['an empty tenant', { tenant: '' }],
    ['a tenant of another type', { tenant: ['acme'] }],
  ])('%s is refused', async (_name, change) => {
    expect(await accessWith(await authenticator(), { ...valid(), ...change })).toBeUndefined()
  })

  test('another type, an unknown extension, another key and another algorithm are refused', async () => {
    const authenticate = await authenticator()
    expect(await accessWith(authenticate, valid(), { typ: 'client-authentication+jwt' })).toBeUndefined()
    expect(await accessWith(authenticate, valid(), { crit: ['x'], x: 1 })).toBeUndefined()
    expect(await accessWith(authenticate, valid(), { kid: 'other' })).toBeUndefined()
    const foreign = await jwtOf(valid(), await keyNamed('other'), { kid: 'one' })
    expect(await authenticate(requestWith(`Bearer ${foreign}`), undefined)).toBeUndefined()
    expect(await accessWith(await authenticator({ algorithms: ['RS256'] }), valid())).toBeUndefined()
    expect(await authenticate(requestWith(undefined), undefined)).toBeUndefined()
    expect(await authenticate(requestWith('Bearer x.y.z'), undefined)).toBeUndefined()
  })

  test('a function of the host that throws refuses the token', async () => {
    const errors: unknown[] = []
    const failure = new Error('no such claim')
    const tenant = (): string => {
      throw failure
    }
    const authenticate = await authenticator({ tenant, onError: (error) => errors.push(error) })
    expect(await accessWith(authenticate, valid())).toBeUndefined()
    expect(errors).toEqual([failure])
  })

  test('a token of another issuer causes no read of the key set', async () => {
    const reads: string[] = []
    const key = await keyNamed('one')
    const fetcher = async (url: string) => {
      reads.push(url)
      return { keys: [key.jwk] }
    }
    const authenticate = await authenticator({ keys: { kind: 'jwksUrl', url: `${issuer}/keys` }, fetcher })
    expect(await accessWith(authenticate, { ...valid(), iss: 'x' })).toBeUndefined()
    expect(reads).toEqual([])
    expect(await accessWith(authenticate, valid())).toBeDefined()
    expect(await accessWith(authenticate, valid())).toBeDefined()
    expect(reads).toEqual([`${issuer}/keys`])
  })

  test.each<[string, Partial<JwtOptions>]>([
    ['an empty issuer', { issuer: '' }],
    ['no audience', { audience: [] }],
    ['an empty audience', { audience: '' }],
    ['an algorithm with a shared secret', { algorithms: ['HS256'] }],
    ['no algorithms', { algorithms: [] }],
    ['a URL without a fetcher', { keys: { kind: 'issuer', issuer } }],
  ])('%s is an error of the host', async (_name, options) => {
    await expect(authenticator(options)).rejects.toThrow(TypeError)
  })
})
