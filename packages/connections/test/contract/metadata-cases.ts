/** Metadata of issuer and SCIM root, methods and unknown paths. */
import { issuerOf, tokenPath } from './requests.js'
import { equal, type OAuthCase, type World } from './world.js'

const serverPath = (tenant: string) => `/.well-known/oauth-authorization-server/scim/${tenant}`
const resourcePath = (tenant: string) => `/.well-known/oauth-protected-resource/scim/${tenant}/v2`

export const metadataCases: readonly OAuthCase[] = [
  {
    id: 'metadata-per-tenant',
    rules: ['AUTH-1', 'AUTH-2'],
    title: 'the metadata of each tenant names its own issuer, exactly, whether the tenant exists or not',
    run: async (world) => {
      await world.connections.create({ tenant: 'acme', name: 'Okta', token: true })
      for (const tenant of ['acme', 'nowhere', 'a%20b']) {
        const answer = await world.send('GET', serverPath(tenant))
        equal([answer.status, answer.header('content-type')], [200, 'application/json'], tenant)
        equal(
          answer.json,
          {
            issuer: issuerOf(tenant),
            token_endpoint: `${issuerOf(tenant)}/oauth/token`,
            response_types_supported: ['none'],
            scopes_supported: ['scim'],
            grant_types_supported: ['client_credentials'],
            token_endpoint_auth_methods_supported: ['private_key_jwt', 'client_secret_basic', 'client_secret_post'],
            token_endpoint_auth_signing_alg_values_supported: ['RS256', 'PS256', 'ES256', 'EdDSA'],
          },
          tenant,
        )
      }
    },
  },
  {
    id: 'metadata-without-secrets',
    rules: ['AUTH-2', 'AUTH-5'],
    title: 'a server without client secrets announces keys only',
    options: { clientSecrets: false },
    run: async (world) => {
      const { json } = await world.send('GET', serverPath('acme'))
      equal(json?.token_endpoint_auth_methods_supported, ['private_key_jwt'])
    },
  },
  {
    id: 'resource-metadata',
    rules: ['AUTH-3', 'AUTH-20'],
    title: 'the metadata of the SCIM root leads to the issuer, and the challenge of a 401 to that metadata',
    run: async (world) => {
      const refused = await world.send('GET', '/scim/acme/v2/Users')
      const url = `https://scim.example${resourcePath('acme')}`
      equal(refused.header('www-authenticate'), `Bearer realm="SCIM", resource_metadata="${url}"`)
      const { status, json } = await world.send('GET', resourcePath('acme'))
      equal(
        [status, json],
        [
          200,
          {
            resource: 'https://scim.example/scim/acme/v2',
            authorization_servers: [issuerOf('acme')],
            scopes_supported: ['scim'],
            bearer_methods_supported: ['header'],
          },
        ],
      )
      const { token } = await world.connections.create({ tenant: 'acme', name: 'Okta', token: true })
      const config = await world.send('GET', '/scim/acme/v2/ServiceProviderConfig', {
        authorization: `Bearer ${token?.text}`,
      })
      equal(JSON.stringify(config.json?.authenticationSchemes).includes('"oauthbearertoken"'), true, config.text)
    },
  },
  {
    id: 'mcp-resource-metadata',
    rules: ['AUTH-3'],
    title: 'the endpoint for agents has metadata of its own, which leads to the same issuer',
    options: { mcpResource: 'https://scim.example/:tenant/mcp' },
    run: async (world) => {
      for (const tenant of ['acme', 'nowhere']) {
        const { status, json } = await world.send('GET', `/.well-known/oauth-protected-resource/${tenant}/mcp`)
        equal(
          [status, json],
          [
            200,
            {
              resource: `https://scim.example/${tenant}/mcp`,
              authorization_servers: [issuerOf(tenant)],
              scopes_supported: ['scim'],
              bearer_methods_supported: ['header'],
            },
          ],
        )
      }
      equal((await world.send('GET', resourcePath('acme'))).json?.resource, 'https://scim.example/scim/acme/v2')
    },
  },
  {
    id: 'methods',
    rules: ['AUTH-1', 'AUTH-4'],
    title: 'HEAD has no body, other methods are 405 with Allow, other paths are not answered here',
    run: async (world) => {
      const head = await world.send('HEAD', serverPath('acme'))
      equal([head.status, head.text], [200, ''])
      await notAllowed(world, 'POST', serverPath('acme'), 'GET, HEAD')
      await notAllowed(world, 'DELETE', resourcePath('acme'), 'GET, HEAD')
      await notAllowed(world, 'GET', tokenPath('acme'), 'POST')
      await notAllowed(world, 'PUT', tokenPath('acme'), 'POST')
      const others = [
        `${tokenPath('acme')}/`,
        '/scim/oauth/token',
        '/.well-known/oauth-authorization-server',
        '/oauth/token',
      ]
      for (const path of [...others, '/scim/%61cme/oauth/token', '/scim/%00/oauth/token', '/scim//oauth/token']) {
        const { status } = await world.send('POST', path)
        // A handler of all other paths refuses them without credentials.
        equal(status === 404 || status === 401, true, `${path}: ${status}`)
      }
    },
  },
]

async function notAllowed(world: World, method: string, path: string, allow: string): Promise<void> {
  const answer = await world.send(method, path)
  equal([answer.status, answer.header('allow')], [405, allow], `${method} ${path}`)
}
