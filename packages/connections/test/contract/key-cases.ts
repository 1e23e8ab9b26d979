/** Keys that are read from URLs. */
import type { KeySource } from '@scimkit/connections'
import { claimsOf, keyClient, keyNamed, postAssertion, refused } from './requests.js'
import { jwtOf, type SigningKey } from './signing.js'
import { equal, type OAuthCase, unreachable, type World } from './world.js'

const hour = 3_600_000

async function clientWith(world: World, keys: KeySource) {
  return keyClient(world, await keyNamed('one'), { oauth: { keys } })
}

const jwksUrl = (world: World): KeySource => ({ kind: 'jwksUrl', url: `${world.issuer.origin}/keys` })
const setOf = (...keys: readonly SigningKey[]) => ({ keys: keys.map(({ jwk }) => jwk) })

async function statusWith(world: World, client: { id: string; tenant: string }, key: SigningKey): Promise<number> {
  return (await postAssertion(world, 'acme', await jwtOf(claimsOf(world, client), key))).status
}

const rates = {
  tokenRates: { failures: { perSecond: 1_000, burst: 5_000 }, client: { perSecond: 1_000, burst: 5_000 } },
}

export const keyCases: readonly OAuthCase[] = [
  {
    id: 'keys-from-url',
    rules: ['AUTH-15'],
    title: 'a key set at a URL is read once, again after an hour, and at once for an unknown kid',
    run: async (world) => {
      const [one, two, three] = [await keyNamed('one'), await keyNamed('two'), await keyNamed('three')]
      const client = await clientWith(world, jwksUrl(world))
      world.issuer.documents.set('/keys', setOf(one))
      equal([await statusWith(world, client, one), await statusWith(world, client, one)], [200, 200])
      equal(world.issuer.reads, ['/keys'])
      world.pass(60_000)
      world.issuer.documents.set('/keys', setOf(one, two))
      equal(await statusWith(world, client, two), 200, 'rotation without a restart')
      equal(world.issuer.reads.length, 2)
      world.issuer.documents.set('/keys', setOf(one, two, three))
      equal(await statusWith(world, client, three), 401, 'once a minute at most')
      equal(world.issuer.reads.length, 2)
      world.pass(60_000)
      equal(await statusWith(world, client, three), 200)
      // A key that is removed from the set ends with the next read of the set.
      world.issuer.documents.set('/keys', setOf(two, three))
      equal(await statusWith(world, client, one), 200)
      world.pass(hour)
      equal(await statusWith(world, client, one), 401)
      equal(await statusWith(world, client, two), 200)
    },
  },
  {
    id: 'unknown-kids',
    rules: ['AUTH-15'],
    title: '1,000 unknown kids, also at the same time, cause one read',
    options: rates,
    run: async (world) => {
      const key = await keyNamed('one')
      const client = await clientWith(world, jwksUrl(world))
      world.issuer.documents.set('/keys', setOf(await keyNamed('two')))
      const ask = async (kid: string) =>
        (await postAssertion(world, 'acme', await jwtOf(claimsOf(world, client), key, { kid }))).status
      const together = await Promise.all(Array.from({ length: 50 }, (_, i) => ask(`a${i}`)))
      equal(
        together.every((status) => status === 401),
        true,
      )
      for (let i = 0; i < 950; i++) equal(await ask(`b${i}`), 401)
      equal(world.issuer.reads, ['/keys'])
    },
  },
  {
    id: 'valid-requests-together',
    rules: ['AUTH-15'],
    title: 'the first requests at the same time wait for one read, and all succeed',
    options: rates,
    run: async (world) => {
      const key = await keyNamed('one')
      const client = await clientWith(world, jwksUrl(world))
      world.issuer.documents.set('/keys', setOf(key))
      const statuses = await Promise.all(Array.from({ length: 20 }, () => statusWith(world, client, key)))
      equal(
        statuses.every((status) => status === 200),
        true,
        statuses.join(),
      )
      equal(world.issuer.reads, ['/keys'])
    },
  },
  {
    id: 'keys-of-issuer',
    rules: ['AUTH-15'],
    title: 'an issuer names its key set by RFC 8414, else by openid-configuration, and must name itself exactly',
    run: async (world) => {
      const key = await keyNamed('one')
      const { origin, documents, reads } = world.issuer
      documents.set('/keys', setOf(key))
      for (const [at, path] of [
        '/.well-known/oauth-authorization-server/a',
        '/b/.well-known/openid-configuration',
      ].entries()) {
        const issuer = `${origin}/${at === 0 ? 'a' : 'b'}`
        const client = await clientWith(world, { kind: 'issuer', issuer })
        documents.set(path, { issuer, jwks_uri: `${origin}/keys` })
        equal(await statusWith(world, client, key), 200, `${path}: ${reads.join()}`)
      }
      for (const [name, issuer] of [
        ['c', `${origin}/c/`],
        ['d', `${origin}/a`],
        ['e', undefined],
      ] as const) {
        const client = await clientWith(world, { kind: 'issuer', issuer: `${origin}/${name}` })
        documents.set(`/.well-known/oauth-authorization-server/${name}`, { issuer, jwks_uri: `${origin}/keys` })
        equal(await statusWith(world, client, key), 401, name)
      }
    },
  },
  {
    id: 'key-url-refused',
    rules: ['AUTH-15'],
    title: 'a redirect, a long body, another status and a body that is no key set are refused',
    run: async (world) => {
      const key = await keyNamed('one')
      const bodies: readonly unknown[] = [
        { redirect: '/other' },
        { ...setOf(key), padding: 'x'.repeat(524_288) },
        [],
        { keys: 'x' },
        { keys: [null, 7, [], {}] },
        { keys: [{ ...key.jwk, use: 'enc' }] },
        { keys: [{ ...key.jwk, d: 'x' }] },
        { keys: [{ ...key.jwk, alg: 'RS256' }] },
        { keys: [{ ...key.jwk, key_ops: ['sign'] }] },
        { keys: [{ ...key.jwk, kid: 'other' }] },
        { keys: [{ ...key.jwk, x: 'AAAA' }] },
      ]
      world.issuer.documents.set('/other', setOf(key))
      for (const [at, body] of bodies.entries()) {
        const client = await clientWith(world, { kind: 'jwksUrl', url: `${world.issuer.origin}/keys${at}` })
        world.issuer.documents.set(`/keys${at}`, body)
        refused(await postAssertion(world, 'acme', await jwtOf(claimsOf(world, client), key)), `body ${at}`)
      }
      equal(world.issuer.reads.includes('/other'), false)
    },
  },
  {
    id: 'unreachable-keys',
    rules: ['AUTH-16'],
    title:
      'while a key set is unreachable, kept keys are used for 24 hours and unknown ones refused; then it is read again',
    run: async (world) => {
      const [one, two] = [await keyNamed('one'), await keyNamed('two')]
      const client = await clientWith(world, jwksUrl(world))
      world.issuer.documents.set('/keys', setOf(one))
      equal(await statusWith(world, client, one), 200)
      world.issuer.documents.set('/keys', unreachable)
      for (let hours = 1; hours < 24; hours++) {
        world.pass(hour)
        equal(await statusWith(world, client, one), 200, `${hours} hours`)
      }
      equal(await statusWith(world, client, two), 401)
      world.pass(hour)
      equal(await statusWith(world, client, one), 401, '24 hours')
      world.issuer.documents.set('/keys', setOf(one, two))
      world.pass(60_000)
      equal([await statusWith(world, client, one), await statusWith(world, client, two)], [200, 200])
    },
  },
]
