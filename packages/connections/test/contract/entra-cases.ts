/** Assertions of another issuer: Entra workload identity federation, with two tenants and one key set. */
import { accessToken, claimsOf, form, getUsers, keyNamed, postAssertion, refused } from './requests.js'
import { type Claims, jwtOf, type SigningKey } from './signing.js'
import { equal, type OAuthCase, type World } from './world.js'

const tenantA = 'aaaaaaaa-0000-0000-0000-00000000000a'
const tenantB = 'bbbbbbbb-0000-0000-0000-00000000000b'
const application = 'cccccccc-0000-0000-0000-00000000000c'
const object = 'dddddddd-0000-0000-0000-00000000000d'

const audiences = [`api://${application}/.default`, `api://${application}`, application]

const issuerAt = (world: World, tenant: string) => `${world.issuer.origin}/${tenant}/v2.0`

async function entraClient(world: World, customer: string, tenant: string, more: object = {}) {
  const { connection } = await world.connections.create({
    tenant: customer,
    name: 'Entra',
    oauth: {
      algorithms: ['RS256'],
      trust: {
        issuer: issuerAt(world, tenant),
        audiences,
        subject: object,
        objectId: object,
        applicationId: application,
        tenantId: tenant,
        keys: { kind: 'jwksUrl', url: `${world.issuer.origin}/${tenant}/discovery/v2.0/keys` },
        ...more,
      },
    },
  })
  return { id: connection.id, tenant: customer }
}

/** The claims of a token of Entra. */
function entraClaims(world: World, tenant: string): Claims {
  const seconds = Math.floor(world.now() / 1_000)
  return {
    aud: audiences[0],
    iss: issuerAt(world, tenant),
    iat: seconds,
    nbf: seconds,
    exp: seconds + 3_900,
    azp: application,
    azpacr: '1',
    oid: object,
    rh: '1.AAA.',
    sub: object,
    tid: tenant,
    uti: 'xxx',
    ver: '2.0',
  }
}

/** Both tenants have one key set. */
async function shareKeys(world: World): Promise<SigningKey> {
  const key = await keyNamed('entra', 'RS256')
  for (const tenant of [tenantA, tenantB]) {
    world.issuer.documents.set(`/${tenant}/discovery/v2.0/keys`, { keys: [key.jwk] })
  }
  return key
}

type Change = readonly [name: string, change: (claims: Claims) => Claims, reason: string]

const to = (name: string, what: string, value: (was: unknown) => unknown, reason: string): Change => [
  `${name}: ${what}`,
  (claims) => ({ ...claims, [name]: value(claims[name]) }),
  reason,
]

const every = (name: string, reason: string): readonly Change[] => [
  to(name, 'changed', (was) => `${String(was)}x`, reason),
  to(name, 'missing', () => undefined, reason),
  to(name, 'null', () => null, reason),
  to(name, 'a number', () => 2, reason),
  to(name, 'a list', (was) => [was, was, 'x'], reason),
  to(name, 'white space', (was) => `${String(was)} `, reason),
]

const otherCase = (name: string, reason: string): Change =>
  to(name, 'other case', (was) => String(was).toUpperCase(), reason)

const rates = {
  tokenRates: { failures: { perSecond: 1_000, burst: 1_000 }, client: { perSecond: 1_000, burst: 1_000 } },
}

async function tryChanges(world: World, changes: readonly Change[]): Promise<void> {
  const key = await shareKeys(world)
  const client = await entraClient(world, 'acme', tenantA)
  for (const [name, change, reason] of changes) {
    world.reasons.length = 0
    const assertion = await jwtOf(change(entraClaims(world, tenantA)), key)
    const answer = await postAssertion(world, 'acme', assertion, { client_id: client.id })
    if (reason === 'accepted') equal([answer.status, world.reasons], [200, []], name)
    else {
      refused(answer, name)
      equal(world.reasons, [reason], name)
    }
  }
}

export const entraCases: readonly OAuthCase[] = [
  {
    id: 'federated-token',
    rules: ['AUTH-7', 'AUTH-26'],
    title: 'a token of Entra gets an access token for our client_id, also a second time; without client_id it does not',
    options: { scopeAliases: { 'api://x/.default': 'scim' } },
    run: async (world) => {
      const key = await shareKeys(world)
      const client = await entraClient(world, 'acme', tenantA)
      const assertion = await jwtOf(entraClaims(world, tenantA), key)
      for (const scope of [undefined, 'scim', 'api://x/.default']) {
        const { status, json, text } = await postAssertion(world, 'acme', assertion, { client_id: client.id, scope })
        equal([status, json?.expires_in, json?.scope], [200, 3_600, 'scim'], text)
        equal((await getUsers(world, 'acme', String(json?.access_token))).status, 200)
      }
      refused(await postAssertion(world, 'acme', assertion))
      const exchange = 'urn:ietf:params:oauth:grant-type:token-exchange'
      const body = form({ grant_type: exchange, subject_token: assertion, client_id: client.id })
      const headers = { 'content-type': 'application/x-www-form-urlencoded' }
      const answer = await world.send('POST', '/scim/acme/oauth/token', headers, body)
      equal([answer.status, answer.json?.error], [400, 'unsupported_grant_type'])
    },
  },
  {
    id: 'federated-jti',
    rules: ['AUTH-12', 'AUTH-24'],
    title: 'a token of Entra has no jti and may come again; one with a jti may not',
    run: async (world) => {
      const key = await shareKeys(world)
      const client = await entraClient(world, 'acme', tenantA)
      const assertion = await jwtOf({ ...entraClaims(world, tenantA), jti: 'x' }, key)
      equal((await postAssertion(world, 'acme', assertion, { client_id: client.id })).status, 200)
      refused(await postAssertion(world, 'acme', assertion, { client_id: client.id }))
    },
  },
  {
    id: 'federated-issuer',
    rules: ['AUTH-21'],
    title: 'the issuer is the configured text, and no other form of it',
    options: rates,
    run: async (world) =>
      tryChanges(world, [
        ...every('iss', 'assertion-issuer'),
        to('iss', 'without /v2.0', (was) => String(was).slice(0, -5), 'assertion-issuer'),
        to('iss', 'a slash more', (was) => `${String(was)}/`, 'assertion-issuer'),
        to('iss', 'the form of version 1.0', () => `https://sts.windows.net/${tenantA}/`, 'assertion-issuer'),
        otherCase('iss', 'assertion-issuer'),
      ]),
  },
  {
    id: 'federated-audience',
    rules: ['AUTH-22'],
    title: 'each configured audience is accepted, and no other',
    options: rates,
    run: async (world) =>
      tryChanges(world, [
        ...audiences.map((audience) => to('aud', audience, () => audience, 'accepted')),
        to('aud', 'a list of two', () => audiences.slice(0, 2), 'accepted'),
        ...every('aud', 'assertion-audience'),
        otherCase('aud', 'assertion-audience'),
        to('aud', 'our issuer', () => 'https://scim.example/scim/acme', 'assertion-audience'),
      ]),
  },
  {
    id: 'federated-subject',
    rules: ['AUTH-23'],
    title: 'subject, object and tenant are the configured ones, and the tenant is that of the issuer',
    options: rates,
    run: async (world) =>
      tryChanges(world, [
        ...every('sub', 'assertion-subject'),
        otherCase('sub', 'assertion-subject'),
        ...every('oid', 'assertion-object'),
        otherCase('oid', 'assertion-object'),
        ...every('tid', 'assertion-tenant'),
        otherCase('tid', 'assertion-tenant'),
        to('tid', 'tenant B', () => tenantB, 'assertion-tenant'),
      ]),
  },
  {
    id: 'federated-tenant-of-issuer',
    rules: ['AUTH-21', 'AUTH-23'],
    title:
      'for an issuer of Entra the tenant is required without being configured; version 1.0 if its issuer is configured',
    options: rates,
    run: async (world) => {
      const key = await shareKeys(world)
      const keys = { kind: 'jwks', keys: [key.jwk] } as const
      for (const [issuer, ver] of [
        [`https://login.microsoftonline.com/${tenantA}/v2.0`, '2.0'],
        [`https://sts.windows.net/${tenantA}/`, '1.0'],
      ] as const) {
        const client = await entraClient(world, 'acme', tenantA, { issuer, tenantId: undefined, keys })
        const statusOf = async (change: Claims) => {
          const claims = { ...entraClaims(world, tenantA), iss: issuer, ver, ...change }
          return (await postAssertion(world, 'acme', await jwtOf(claims, key), { client_id: client.id })).status
        }
        equal(await statusOf({}), 200, issuer)
        for (const change of [
          { tid: undefined },
          { tid: tenantB },
          { tid: [tenantA] },
          { ver: '3.0' },
          { ver: undefined },
        ]) {
          equal(await statusOf(change), 401, JSON.stringify([issuer, change]))
        }
      }
    },
  },
  {
    id: 'federated-application',
    rules: ['AUTH-24', 'AUTH-11'],
    title: 'the application in azp or appid, the version, and the times',
    options: rates,
    run: async (world) =>
      tryChanges(world, [
        ...every('azp', 'assertion-application'),
        otherCase('azp', 'assertion-application'),
        ['appid instead', ({ azp, ...claims }) => ({ ...claims, appid: azp }), 'accepted'],
        ['appid too, another', (claims) => ({ ...claims, appid: 'x' }), 'assertion-application'],
        ...every('ver', 'assertion-version'),
        to('ver', '1.0', () => '1.0', 'assertion-version'),
        ['exp: a day', (claims) => ({ ...claims, exp: Number(claims.iat) + 86_400 }), 'accepted'],
        ['exp: more than a day', (claims) => ({ ...claims, exp: Number(claims.iat) + 86_461 }), 'assertion-life'],
        ['exp: missing', ({ exp: _, ...claims }) => claims, 'assertion-time'],
        ['exp: past', (claims) => ({ ...claims, exp: Number(claims.iat) - 60 }), 'assertion-time'],
      ]),
  },
  {
    id: 'federated-tenants',
    rules: ['AUTH-23', 'AUTH-25'],
    title: "with one key set, a token of tenant B is refused at A's client and at A's address",
    run: async (world) => {
      const key = await shareKeys(world)
      const a = await entraClient(world, 'acme', tenantA)
      const b = await entraClient(world, 'globex', tenantB)
      const ofB = await jwtOf(entraClaims(world, tenantB), key)
      equal((await postAssertion(world, 'globex', ofB, { client_id: b.id })).status, 200)
      refused(await postAssertion(world, 'acme', ofB, { client_id: a.id }))
      refused(await postAssertion(world, 'acme', ofB, { client_id: b.id }))
      refused(await postAssertion(world, 'globex', ofB, { client_id: a.id }))
      const disguised = await jwtOf({ ...entraClaims(world, tenantB), iss: issuerAt(world, tenantA) }, key)
      refused(await postAssertion(world, 'acme', disguised, { client_id: a.id }))
    },
  },
  {
    id: 'federated-rotation',
    rules: ['AUTH-25'],
    title: 'a new key of Entra is used without a restart; another algorithm than RS256 is refused',
    run: async (world) => {
      await shareKeys(world)
      const client = await entraClient(world, 'acme', tenantA)
      const next = await keyNamed('next', 'RS256')
      const pss = await keyNamed('entra', 'PS256')
      world.issuer.documents.set(`/${tenantA}/discovery/v2.0/keys`, { keys: [next.jwk, pss.jwk] })
      const ask = async (key: SigningKey) =>
        (await postAssertion(world, 'acme', await jwtOf(entraClaims(world, tenantA), key), { client_id: client.id }))
          .status
      equal([await ask(next), await ask(pss)], [200, 401])
    },
  },
  {
    id: 'federated-and-own-keys',
    rules: ['AUTH-7', 'AUTH-9'],
    title: 'a client with keys of its own and a trust: the issuer of the assertion decides which keys verify it',
    run: async (world) => {
      const entra = await shareKeys(world)
      const own = await keyNamed('own')
      const client = await entraClient(world, 'acme', tenantA)
      const trust = (await world.connections.get(client.id))?.oauth?.trust
      await world.connections.setOAuth(client.id, { trust, keys: { kind: 'jwks', keys: [own.jwk] } })
      await accessToken(world, client, own)
      const crossed = await jwtOf(entraClaims(world, tenantA), own)
      refused(await postAssertion(world, 'acme', crossed, { client_id: client.id }))
      refused(await postAssertion(world, 'acme', await jwtOf(claimsOf(world, client), entra), { client_id: client.id }))
    },
  },
]
