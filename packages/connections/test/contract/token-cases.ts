/** Token requests: parameters, client secrets, scopes, access tokens, limits. */
import {
  accessToken,
  claimsOf,
  form,
  getUsers,
  keyClient,
  keyNamed,
  type Parameters,
  post,
  postAssertion,
  refused,
  tokenPath,
} from './requests.js'
import { jwtOf } from './signing.js'
import { equal, type OAuthCase, type World } from './world.js'

const grant = { grant_type: 'client_credentials' }

async function secretClient(world: World, scopes?: readonly string[]) {
  const settings = { tenant: 'acme', name: 'Entra', oauth: { secret: true } }
  const { connection, secret } = await world.connections.create({ ...settings, ...(scopes && { scopes }) })
  return { id: connection.id, tenant: 'acme', secret: secret?.text ?? '', secretId: secret?.id ?? '' }
}

const basic = (id: string, secret: string) => ({ authorization: `Basic ${btoa(`${id}:${secret}`)}` })

const invalidRequest = async (world: World, body: string, headers: Readonly<Record<string, string>> = {}) => {
  const answer = await post(world, 'acme', body, headers)
  equal([answer.status, answer.json?.error, answer.header('cache-control')], [400, 'invalid_request', 'no-store'], body)
}

export const tokenCases: readonly OAuthCase[] = [
  {
    id: 'token-response',
    rules: ['AUTH-4', 'AUTH-17'],
    title: 'an assertion gets a new bearer token each time, which works at the SCIM root of its tenant only',
    run: async (world) => {
      const key = await keyNamed('one')
      const client = await keyClient(world, key)
      const answer = await postAssertion(world, 'acme', await jwtOf(claimsOf(world, client), key), {
        client_id: client.id,
      })
      const { access_token: token, ...rest } = answer.json ?? {}
      equal([answer.status, rest], [200, { token_type: 'Bearer', expires_in: 3_600, scope: 'scim' }], answer.text)
      equal([answer.header('cache-control'), answer.header('content-type')], ['no-store', 'application/json'])
      const other = await accessToken(world, client, key)
      equal(other !== token, true, 'a new token')
      equal((await getUsers(world, 'acme', String(token))).status, 200)
      equal((await getUsers(world, 'globex', String(token))).status, 401)
    },
  },
  {
    id: 'access-token-life',
    rules: ['AUTH-17'],
    title: 'an access token is valid for its seconds, and then 401 invalid_token',
    run: async (world) => {
      const key = await keyNamed('one')
      const client = await keyClient(world, key)
      const token = await accessToken(world, client, key)
      world.pass(3_599_000)
      equal((await getUsers(world, 'acme', token)).status, 200)
      world.pass(2_000)
      const answer = await getUsers(world, 'acme', token)
      equal(answer.status, 401)
      equal(answer.header('www-authenticate')?.includes('error="invalid_token"'), true)
      const oauth = { keys: { kind: 'jwks', keys: [key.jwk] }, accessTokenSeconds: 21_600 } as const
      const long = await keyClient(world, key, { oauth })
      const longer = await postAssertion(world, 'acme', await jwtOf(claimsOf(world, long), key))
      equal(longer.json?.expires_in, 21_600)
    },
  },
  {
    id: 'client-secret',
    rules: ['AUTH-5'],
    title: 'a client secret in the header or in the body, form-encoded; several live, until each ends',
    run: async (world) => {
      const client = await secretClient(world)
      const second = await world.connections.createSecret(client.id, { expires: world.now() + 1_000 })
      const inBody = (secret: string) =>
        post(world, 'acme', form({ ...grant, client_id: client.id, client_secret: secret }))
      equal((await inBody(client.secret)).status, 200)
      equal((await inBody(second.text)).status, 200)
      equal((await post(world, 'acme', form(grant), basic(client.id, client.secret))).status, 200)
      const encoded = client.secret.split('_').join('%5F')
      equal((await post(world, 'acme', form(grant), basic(client.id, encoded))).status, 200)
      world.pass(1_000)
      refused(await inBody(second.text))
      refused(await inBody(`${client.secret}x`))
      refused(await inBody(''.padEnd(client.secret.length, 'x')))
      const byHeader = await post(world, 'acme', form(grant), basic(client.id, second.text))
      refused(byHeader)
      equal(byHeader.header('www-authenticate'), 'Basic realm="SCIM", charset="UTF-8"')
      equal((await inBody(second.text)).header('www-authenticate'), undefined)
      equal(world.reasons.at(-1), 'client-secret-expired')
    },
  },
  {
    id: 'no-client-secrets',
    rules: ['AUTH-5'],
    title: 'a server without client secrets refuses valid ones',
    options: { clientSecrets: false },
    run: async (world) => {
      const client = await secretClient(world)
      refused(await post(world, 'acme', form({ ...grant, client_id: client.id, client_secret: client.secret })))
      refused(await post(world, 'acme', form(grant), basic(client.id, client.secret)))
    },
  },
  {
    id: 'parameters',
    rules: ['AUTH-6'],
    title: 'one authentication method, no parameter twice, nothing from the query, unknown ones ignored',
    run: async (world) => {
      const client = await secretClient(world)
      const parameters = { ...grant, client_id: client.id, client_secret: client.secret }
      const body = form(parameters)
      equal((await post(world, 'acme', `${body}&baseAddress=x&scope=`)).status, 200)
      await invalidRequest(world, `${body}&client_id=${client.id}`)
      await invalidRequest(world, `${body}&grant_type=client_credentials`)
      await invalidRequest(world, `${body}&x=1&x=2`)
      await invalidRequest(world, `${body}&scope=&scope=`)
      await invalidRequest(world, body, basic(client.id, client.secret))
      await invalidRequest(world, `${body}&client_assertion=x&client_assertion_type=x`)
      await invalidRequest(world, form({ ...parameters, grant_type: undefined }))
      await invalidRequest(world, form({ ...parameters, client_id: undefined }))
      await invalidRequest(world, form({ ...grant, client_assertion: 'x' }))
      await invalidRequest(world, body, { 'content-type': 'application/json' })
      await invalidRequest(world, body, { 'content-type': 'text/plain' })
      await invalidRequest(world, body, { 'content-encoding': 'gzip' })
      refused(await post(world, 'acme', form({ ...grant, client_id: 'other' }), basic(client.id, client.secret)))
      const query = `${tokenPath('acme')}?client_id=${client.id}&client_secret=${client.secret}`
      const headers = { 'content-type': 'application/x-www-form-urlencoded' }
      refused(await world.send('POST', query, headers, form(grant)))
    },
  },
  {
    id: 'grant-types',
    rules: ['AUTH-13', 'AUTH-26'],
    title: 'other grants, token exchange among them, are unsupported_grant_type',
    run: async (world) => {
      const client = await secretClient(world)
      const exchange = 'urn:ietf:params:oauth:grant-type:token-exchange'
      for (const grant_type of [exchange, 'refresh_token', 'password', 'CLIENT_CREDENTIALS', 'client_credentials ']) {
        const answer = await post(
          world,
          'acme',
          form({ grant_type, client_id: client.id, client_secret: client.secret }),
        )
        equal([answer.status, answer.json?.error], [400, 'unsupported_grant_type'], grant_type)
      }
    },
  },
  {
    id: 'scopes',
    rules: ['AUTH-26', 'AUTH-4'],
    title: 'no scope means scim; others are those asked for and allowed; aliases are never wider',
    options: { scopeAliases: { 'api://app/.default': 'scim' } },
    run: async (world) => {
      const full = await secretClient(world)
      const reader = await secretClient(world, ['scim.read'])
      const scopeOf = async ({ id, secret }: { id: string; secret: string }, scope: string | undefined) => {
        const parameters: Parameters = { ...grant, client_id: id, client_secret: secret, scope }
        const { status, json } = await post(world, 'acme', form(parameters))
        return status === 200 ? json?.scope : json?.error
      }
      equal(await scopeOf(full, undefined), 'scim')
      equal(await scopeOf(full, 'scim'), 'scim')
      equal(await scopeOf(full, 'scim.read'), 'scim.read')
      equal(await scopeOf(full, 'scim openid'), 'scim')
      equal(await scopeOf(full, 'api://app/.default'), 'scim')
      equal(await scopeOf(full, 'openid'), 'invalid_scope')
      equal(await scopeOf(full, 'SCIM'), 'invalid_scope')
      equal(await scopeOf(full, 'constructor'), 'invalid_scope')
      equal(await scopeOf(reader, undefined), 'scim.read')
      equal(await scopeOf(reader, 'scim'), 'scim.read')
      equal(await scopeOf(reader, 'api://app/.default'), 'scim.read')
    },
  },
  {
    id: 'same-refusal',
    rules: ['AUTH-13'],
    title:
      'an unknown client, another tenant, a suspended one and a bad secret get the same response; the reasons differ',
    run: async (world) => {
      const client = await secretClient(world)
      const ask = (tenant: string, id: string, secret: string) =>
        post(world, tenant, form({ ...grant, client_id: id, client_secret: secret }))
      refused(await ask('acme', 'x'.repeat(22), client.secret))
      refused(await ask('acme', 'ö', client.secret))
      refused(await ask('globex', client.id, client.secret))
      refused(await ask('acme', client.id, 'secret'))
      refused(await post(world, 'acme', form(grant)))
      await world.connections.suspend(client.id)
      refused(await ask('acme', client.id, client.secret))
      await world.connections.resume(client.id)
      await world.connections.decommission(client.id, { users: 'keep' })
      refused(await ask('acme', client.id, client.secret))
      equal(world.reasons, [
        'client-unknown',
        'client-unknown',
        'client-tenant',
        'client-secret',
        'client-credentials',
        'client-suspended',
        'client-decommissioned',
      ])
    },
  },
  {
    id: 'limits',
    rules: ['AUTH-14'],
    title: 'too many failed requests are 429, and a valid one is not; too many tokens of one client are 429',
    options: { tokenRates: { failures: { perSecond: 1, burst: 5 }, client: { perSecond: 1, burst: 3 } } },
    run: async (world) => {
      const key = await keyNamed('one')
      const client = await keyClient(world, key)
      const bad = await jwtOf(claimsOf(world, client), await keyNamed('other'), { kid: 'one' })
      const statuses: number[] = []
      for (let i = 0; i < 7; i++) statuses.push((await postAssertion(world, 'acme', bad)).status)
      equal(statuses, [401, 401, 401, 401, 401, 429, 429])
      const limited = await postAssertion(world, 'acme', bad)
      equal([limited.status, limited.header('retry-after')], [429, '1'])
      for (let i = 0; i < 3; i++) await accessToken(world, client, key)
      const assertion = await jwtOf(claimsOf(world, client), key)
      const tooMany = await postAssertion(world, 'acme', assertion)
      equal([tooMany.status, tooMany.header('retry-after')], [429, '1'])
      world.pass(1_000)
      equal((await postAssertion(world, 'acme', assertion)).status, 200, 'a refused assertion is not used')
    },
  },
  {
    id: 'body-size',
    rules: ['AUTH-14'],
    title: 'a body above 64 KiB is 413',
    run: async (world) => {
      const client = await secretClient(world)
      const body = form({ ...grant, client_id: client.id, client_secret: client.secret })
      equal((await post(world, 'acme', `${body}&x=`.padEnd(65_536, 'x'))).status, 200)
      equal((await post(world, 'acme', `${body}&x=`.padEnd(65_537, 'x'))).status, 413)
    },
  },
  {
    id: 'scim-challenges',
    rules: ['AUTH-18'],
    title: 'at SCIM URLs: no token 401 without code, a bad one 401 invalid_token, no scope 403 insufficient_scope',
    run: async (world) => {
      const { token } = await world.connections.create({ tenant: 'acme', name: 'x', scopes: ['other'], token: true })
      const error = async (sent: string | undefined) => {
        const answer = await getUsers(world, 'acme', sent)
        const challenge = answer.header('www-authenticate') ?? ''
        const code = challenge.split('error="')[1]?.split('"')[0]
        return [answer.status, code, answer.json?.schemas, challenge.includes('scope="scim"')]
      }
      const scimError = ['urn:ietf:params:scim:api:messages:2.0:Error']
      equal(await error(undefined), [401, undefined, scimError, false])
      equal(await error('nonsense'), [401, 'invalid_token', scimError, false])
      equal(await error(token?.text), [403, 'insufficient_scope', scimError, true])
    },
  },
  {
    id: 'removal-ends-tokens',
    rules: ['AUTH-19'],
    title: 'within a second of the removal of keys, secret or client, its access tokens are refused',
    run: async (world) => {
      const key = await keyNamed('one')
      const removals: readonly ((id: string) => Promise<unknown>)[] = [
        (id) => world.connections.setOAuth(id, undefined),
        (id) => world.connections.suspend(id),
        (id) => world.connections.decommission(id, { users: 'keep' }),
        (id) => world.connections.endAccessTokens(id),
      ]
      for (const [at, remove] of removals.entries()) {
        const client = await keyClient(world, key)
        const token = await accessToken(world, client, key)
        equal((await getUsers(world, 'acme', token)).status, 200)
        await remove(client.id)
        world.pass(1_000)
        equal((await getUsers(world, 'acme', token)).status, 401, `removal ${at}`)
      }
      const client = await secretClient(world)
      const body = form({ ...grant, client_id: client.id, client_secret: client.secret })
      const token = String((await post(world, 'acme', body)).json?.access_token)
      equal((await getUsers(world, 'acme', token)).status, 200)
      await world.connections.revokeSecret(client.id, client.secretId)
      world.pass(1_000)
      equal((await getUsers(world, 'acme', token)).status, 401)
      refused(await post(world, 'acme', body))
    },
  },
  {
    id: 'token-audience',
    rules: ['AUTH-3', 'AUTH-17'],
    title:
      'a token for the tools of agents is not accepted at SCIM, and a resource that the server has not is invalid_target',
    options: { mcpResource: 'https://scim.example/:tenant/mcp' },
    run: async (world) => {
      const key = await keyNamed('one')
      const client = await keyClient(world, key)
      const scimRoot = 'https://scim.example/scim/acme/v2'
      for (const resource of [undefined, scimRoot, `${scimRoot}/`]) {
        const token = await accessToken(world, client, key, { resource })
        equal((await getUsers(world, 'acme', token)).status, 200, resource)
      }
      const unknown = await getUsers(world, 'acme', 'scim_unknown')
      for (const resource of ['https://scim.example/acme/mcp', 'https://scim.example/acme/mcp/']) {
        const answer = await getUsers(world, 'acme', await accessToken(world, client, key, { resource }))
        equal(
          [answer.status, answer.text, answer.header('www-authenticate')],
          [401, unknown.text, unknown.header('www-authenticate')],
        )
      }
      const wrong = [
        'https://scim.example',
        `${scimRoot}/Users`,
        'https://scim.example/globex/mcp',
        'mcp',
        `${scimRoot}#x`,
      ]
      for (const resource of wrong) {
        const answer = await postAssertion(world, 'acme', await jwtOf(claimsOf(world, client), key), { resource })
        equal(
          [answer.status, answer.json?.error, answer.json?.access_token],
          [400, 'invalid_target', undefined],
          resource,
        )
      }
    },
  },
  {
    id: 'token-audience-alone',
    rules: ['AUTH-3'],
    title: 'without an endpoint for agents there are no tokens for one, and no metadata of it',
    run: async (world) => {
      const key = await keyNamed('one')
      const client = await keyClient(world, key)
      const resource = 'https://scim.example/acme/mcp'
      const answer = await postAssertion(world, 'acme', await jwtOf(claimsOf(world, client), key), { resource })
      equal([answer.status, answer.json?.error], [400, 'invalid_target'])
      // The path is not of this handler: what answers it is the host, or SCIM at the root.
      const { status, json } = await world.send('GET', '/.well-known/oauth-protected-resource/acme/mcp')
      equal([status === 404 || status === 401, json?.resource], [true, undefined])
    },
  },
]
