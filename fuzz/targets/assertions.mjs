/** Client assertions: a text that was not signed is refused, and a signed one counts only with the right claims. @see RFC 7523 §3 */
import assert from 'node:assert'
import { CompactSign, exportJWK, generateKeyPair } from 'jose'
import { issuer, tokenServer } from '../token-server.mjs'

const { publicKey, privateKey } = await generateKeyPair('ES256')
const jwk = { ...(await exportJWK(publicKey)), kid: 'k', alg: 'ES256' }
const server = await tokenServer(jwk)
const { subtle } = globalThis.crypto
const encode = (text) => Buffer.from(text).toString('base64url')
let number = 0

export const target = {
  name: 'assertions',
  words: [
    ...[
      '"alg":"none"',
      '"alg":"HS256"',
      '"alg":"ES256"',
      '"kid":"k"',
      '"kid":"other"',
      '"crit":["exp"]',
      '"jwk":{}',
      '"jku":"https://evil.example"',
      '"typ":"JWT"',
    ],
    ...[
      '"iss":"CLIENT"',
      '"sub":"CLIENT"',
      `"aud":"${issuer}"`,
      `"aud":["${issuer}"]`,
      '"aud":[]',
      '"exp":NOW',
      '"exp":"NOW"',
      '"exp":1e20',
      '"nbf":9e9',
      '"iat":-1',
      '"jti":"JTI"',
    ],
    ...['.', '..', '=', '-', '_', 'eyJ', '{', '}', ',', '\n', 'SIGNED'],
  ],
  async check(text) {
    const { signer } = server.names()
    number += 1
    const named = text
      .replaceAll('CLIENT', signer)
      .replaceAll('NOW', String(Math.floor(Date.now() / 1000) + 300))
      .replaceAll('JTI', `j${number}`)
    const valid = await validAssertion(signer)
    const [header = '', ...rest] = named.split('\n')
    const payload = rest.join('\n')
    // Two lines are header and claims, which are signed as they are; one line is a whole assertion.
    const isSigned = payload !== ''
    const assertion = isSigned ? await signed(header, payload) : named.replaceAll('SIGNED', valid)
    const form = new URLSearchParams({
      grant_type: 'client_credentials',
      client_assertion_type: 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer',
      client_assertion: assertion,
    })
    if (!(await server.grants(form.toString()))) return
    if (!isSigned) return assert.equal(assertion, valid, 'an assertion that was not signed')
    const claims = JSON.parse(payload)
    assert.equal(claims.iss, signer)
    assert.equal(claims.sub, signer)
    for (const audience of [claims.aud].flat())
      assert.ok(audience === issuer || audience === `${issuer}/oauth/token`, audience)
    assert.equal(typeof claims.exp, 'number')
    assert.equal(JSON.parse(header).alg, 'ES256')
  },
}

async function validAssertion(client) {
  const seconds = Math.floor(Date.now() / 1000)
  number += 1
  const claims = { iss: client, sub: client, aud: issuer, exp: seconds + 300, iat: seconds, jti: `v${number}` }
  return new CompactSign(new TextEncoder().encode(JSON.stringify(claims)))
    .setProtectedHeader({ alg: 'ES256', kid: 'k' })
    .sign(privateKey)
}

// jose would refuse to sign most of these headers.
async function signed(header, payload) {
  const input = `${encode(header)}.${encode(payload)}`
  const signature = await subtle.sign({ name: 'ECDSA', hash: 'SHA-256' }, privateKey, new TextEncoder().encode(input))
  return `${input}.${Buffer.from(signature).toString('base64url')}`
}
