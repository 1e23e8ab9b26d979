/** Requests of clients, as the cases need them. */
import type { NewConnection } from '@scimkit/connections'
import { type Claims, jwtOf, type SigningKey, signingKey, type TestAlgorithm } from './signing.js'
import { equal, type OAuthAnswer, type World } from './world.js'

export const issuerOf = (tenant: string): string => `https://scim.example/scim/${tenant}`
export const tokenPath = (tenant: string): string => `/scim/${tenant}/oauth/token`
const jwtBearer = 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer'

export type Parameters = Readonly<Record<string, string | undefined>>

/** Form-encodes the parameters that have a value. */
export function form(parameters: Parameters): string {
  const pairs = Object.entries(parameters).flatMap(([name, value]) =>
    value === undefined ? [] : [`${encodeURIComponent(name)}=${encodeURIComponent(value)}`],
  )
  return pairs.join('&')
}

const formType = { 'content-type': 'application/x-www-form-urlencoded' }

/** A token request with this body. */
export function post(
  world: World,
  tenant: string,
  body: string,
  headers: Readonly<Record<string, string>> = {},
): Promise<OAuthAnswer> {
  return world.send('POST', tokenPath(tenant), { ...formType, ...headers }, body)
}

/** A token request with an assertion. */
export function postAssertion(
  world: World,
  tenant: string,
  assertion: string,
  more: Parameters = {},
): Promise<OAuthAnswer> {
  const parameters = { grant_type: 'client_credentials', client_assertion_type: jwtBearer, client_assertion: assertion }
  return post(world, tenant, form({ ...parameters, ...more }))
}

const keys = new Map<string, Promise<SigningKey>>()

/** A key with this id, the same one in each call: an RSA key takes some time to make. */
export function keyNamed(kid: string, algorithm: TestAlgorithm = 'ES256'): Promise<SigningKey> {
  const name = `${algorithm} ${kid}`
  const key = keys.get(name) ?? signingKey(algorithm, kid)
  keys.set(name, key)
  return key
}

/** A connection whose client signs its assertions with this key. */
export async function keyClient(
  world: World,
  key: SigningKey,
  settings: Partial<NewConnection> = {},
): Promise<{ readonly id: string; readonly tenant: string }> {
  const tenant = settings.tenant ?? 'acme'
  const oauth = { keys: { kind: 'jwks', keys: [key.jwk] } } as const
  const { connection } = await world.connections.create({ name: 'Okta', oauth, ...settings, tenant })
  return { id: connection.id, tenant }
}

/** The claims of a valid assertion of a client. */
export function claimsOf(world: World, client: { readonly id: string; readonly tenant: string }): Claims {
  const seconds = Math.floor(world.now() / 1_000)
  return {
    iss: client.id,
    sub: client.id,
    aud: issuerOf(client.tenant),
    iat: seconds,
    exp: seconds + 300,
    jti: crypto.randomUUID(),
  }
}

/** The access token of a valid assertion. */
export async function accessToken(
  world: World,
  client: { readonly id: string; readonly tenant: string },
  key: SigningKey,
  more: Parameters = {},
): Promise<string> {
  const answer = await postAssertion(world, client.tenant, await jwtOf(claimsOf(world, client), key), more)
  equal(answer.status, 200, answer.text)
  return String(answer.json?.access_token)
}

/** Checks for the one response to every client that is not authenticated. */
export function refused(answer: OAuthAnswer, about = ''): void {
  equal([answer.status, answer.text], [401, invalidClientText], about)
}

export const invalidClientText = JSON.stringify({
  error: 'invalid_client',
  error_description: 'Client authentication failed.',
})

/** A request at the SCIM root of a tenant. */
export function getUsers(world: World, tenant: string, token?: string): Promise<OAuthAnswer> {
  return world.send('GET', `/scim/${tenant}/v2/Users`, token === undefined ? {} : { authorization: `Bearer ${token}` })
}
