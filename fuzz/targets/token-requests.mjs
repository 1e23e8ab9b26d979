/** Requests to the token endpoint: a token only for the right secret, and an error of RFC 6749 §5.2 for everything else. */
import assert from 'node:assert'
import { exportJWK, generateKeyPair } from 'jose'
import { tokenServer } from '../token-server.mjs'

const { publicKey } = await generateKeyPair('ES256')
const server = await tokenServer({ ...(await exportJWK(publicKey)), kid: 'k' })

export const target = {
  name: 'token-requests',
  words: [
    ...[
      'grant_type=client_credentials',
      '&client_id=',
      '&client_secret=',
      '&scope=scim',
      '&scope=',
      '&client_assertion=',
      '&client_assertion_type=',
      'CLIENT',
      'SECRET',
      'scimsec_',
    ],
    ...[
      'Basic ',
      'BASIC',
      'Bearer ',
      '\n',
      '&&',
      '==',
      '%26',
      '%00',
      '+',
      '%',
      ';',
      '&grant_type=refresh_token',
      'urn:ietf:params:oauth:client-assertion-type:jwt-bearer',
    ],
  ],
  async check(text) {
    const { client, secret } = server.names()
    const [first = '', ...rest] = text.split('\n')
    const named = (part) =>
      part
        .replaceAll('CLIENT', client)
        .replaceAll('SECRET', secret)
        .replaceAll('BASIC', btoa(`${client}:${secret}`))
    // With a line break the first line is the Authorization header.
    const authorization = rest.length > 0 ? named(first) : undefined
    const body = named(rest.length > 0 ? rest.join('\n') : first)
    const isGranted = await server.grants(body, authorization === undefined ? {} : { authorization })
    if (!isGranted) return
    // A byte order mark is no part of the text.
    const form = new URLSearchParams(body.replace(/^\ufeff/, ''))
    assert.equal(form.get('grant_type'), 'client_credentials')
    const inBody = form.get('client_id') === client && form.get('client_secret') === secret
    const inHeader = authorization?.slice(6).trim() === btoa(`${client}:${secret}`)
    assert.ok(inBody || inHeader, `granted for ${JSON.stringify({ authorization, body })}`)
  },
}
