/** A token endpoint in this process, with one connection that has a client secret and one that signs assertions. */
import assert from 'node:assert'
import { memoryRateLimiter, memoryRecords, scimConnections } from '@scimkit/connections'

export const issuer = 'https://scim.example/scim/acme'
/** After so many tokens the server is replaced, so that memory stays bounded. */
const mostTokens = 500

/** Starts a server. `jwk` is the public key of the connection that signs assertions. */
export async function tokenServer(jwk) {
  const errors = []
  const unlimited = { perSecond: 1e9, burst: 1e9 }
  const start = async () => {
    const connections = scimConnections({
      store: memoryRecords(),
      issuer: 'https://scim.example/scim/:tenant',
      rateLimiter: memoryRateLimiter(),
      tokenRates: { client: unlimited, failures: unlimited },
      onError: (error) => errors.push(error),
    })
    const { connection, secret } = await connections.create({ tenant: 'acme', name: 'secret', oauth: { secret: true } })
    const signer = await connections.create({
      tenant: 'acme',
      name: 'keys',
      oauth: { keys: { kind: 'jwks', keys: [jwk] } },
    })
    return { connections, client: connection.id, secret: secret.text, signer: signer.connection.id }
  }
  let server = await start()
  let tokens = 0
  return {
    names: () => server,
    /** Sends a token request; checks what holds for each answer. True if a token was granted. */
    async grants(body, headers = {}) {
      if (tokens > mostTokens) {
        server = await start()
        tokens = 0
      }
      const all = { 'content-type': 'application/x-www-form-urlencoded', ...headers }
      const response = await server.connections.tokenEndpoint.handle({
        method: 'POST',
        target: '/scim/acme/oauth/token',
        mount: '',
        scheme: 'https',
        host: 'scim.example',
        header: (name) => all[name],
        body: async () => ({ kind: 'bytes', bytes: new TextEncoder().encode(body) }),
      })
      assert.deepEqual(errors, [])
      assert.ok([200, 400, 401, 413, 415].includes(response.status), `status ${response.status}: ${response.body}`)
      assert.match(response.headers['Cache-Control'], /no-store/)
      const json = JSON.parse(response.body)
      if (response.status !== 200) {
        assert.equal(typeof json.error, 'string')
        assert.equal(json.access_token, undefined)
        return false
      }
      tokens += 1
      assert.equal(json.token_type, 'Bearer')
      assert.ok(json.expires_in >= 3600)
      return true
    },
  }
}
