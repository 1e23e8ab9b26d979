/** The authenticator for one bearer token, and credentials in the Authorization header. */
import { describe, expect, test } from '@jest/globals'
import { type AuthenticationRequest, bearerCredentials } from '../../src/access/authenticate.js'
import { bearerToken, noAuthentication } from '../../src/access/bearer-token.js'

const token = 'a'.repeat(32)

const asking = (authorization?: string): AuthenticationRequest => ({
  method: 'GET',
  target: '/Users',
  header: (name) => (name === 'authorization' ? authorization : undefined),
})

describe('bearerToken (SEC-18)', () => {
  test.each(['', 'short', 'a'.repeat(31)])(
    'a token of %j is refused at start, with the command for a good one',
    (weak) => {
      expect(() => bearerToken(weak)).toThrow('openssl rand -hex 32')
      // Never with the token itself.
      if (weak !== '') expect(() => bearerToken(weak)).not.toThrow(weak)
    },
  )

  test('accepts a client with the token, for its tenant, and names no token', async () => {
    const access = await bearerToken(token, { tenant: 't' })(asking(`Bearer ${token}`), undefined)
    expect(access).toMatchObject({ tenant: 't' })
    expect(JSON.stringify(access)).not.toContain(token)
    expect(await bearerToken(token)(asking(`Bearer ${token}`), undefined)).toMatchObject({ tenant: 'default' })
  })

  test.each([undefined, '', 'Bearer', `Bearer ${token}a`, `Bearer ${token.slice(1)}`, `Basic ${token}`])(
    '%j is rejected',
    async (authorization) => {
      expect(await bearerToken(token)(asking(authorization), undefined)).toBeUndefined()
    },
  )

  test('a token may come from the environment of a request; without one there every request is rejected (ToolJet 16217)', async () => {
    const authenticate = bearerToken((native: { readonly TOKEN?: string | undefined }) => native.TOKEN)
    expect(await authenticate(asking(`Bearer ${token}`), { TOKEN: token })).toBeDefined()
    expect(await authenticate(asking(`Bearer ${'b'.repeat(32)}`), { TOKEN: 'b'.repeat(32) })).toBeDefined()
    expect(await authenticate(asking(`Bearer ${token}`), { TOKEN: 'b'.repeat(32) })).toBeUndefined()
    for (const native of [{}, { TOKEN: '' }, { TOKEN: undefined }]) {
      for (const authorization of [`Bearer ${token}`, 'Bearer ', '', undefined]) {
        expect(await authenticate(asking(authorization), native)).toBeUndefined()
      }
    }
    await expect(authenticate(asking(`Bearer ${token}`), { TOKEN: 'short' })).rejects.toThrow(TypeError)
  })

  test('a bad tenant is refused at start', () => {
    expect(() => bearerToken(token, { tenant: '' })).toThrow(TypeError)
    expect(() => noAuthentication({ tenant: '' })).toThrow(TypeError)
  })
})

test('noAuthentication accepts every request, and announces no scheme', async () => {
  const authenticate = noAuthentication({ tenant: 't' })
  expect(await authenticate(asking(), undefined)).toEqual({ tenant: 't' })
  expect(authenticate.schemes).toEqual([])
  expect(bearerToken(token).schemes).toMatchObject([{ type: 'oauthbearertoken' }])
})

test.each<[string | undefined, string | undefined]>([
  ['Bearer abc', 'abc'],
  ['bEARER abc', 'abc'],
  ['Bearer   abc', 'abc'],
  ['Bearer aA0-._~+/==', 'aA0-._~+/=='],
  ['Bearer =', undefined],
  ['Bearer a=b', undefined],
  ['Bearer a b', undefined],
  ['Bearer a,b', undefined],
  ['Bearer a\u00e9', undefined],
  ['Bearer a\r\nX: y', undefined],
  ['Bearer', undefined],
  ['Bearer ', undefined],
  ['Bearerabc', undefined],
  ['', undefined],
  [undefined, undefined],
])('credentials of %j: %j (RFC 6750 §2.1)', (header, expected) => {
  expect(bearerCredentials(header)).toBe(expected)
})
