/** Assertions that a client signs itself. */
import { claimsOf, issuerOf, keyClient, keyNamed, postAssertion, refused } from './requests.js'
import { type Claims, encoded, encodedBytes, hmac, jwtOf, type SigningKey } from './signing.js'
import { equal, type OAuthCase, type World } from './world.js'

interface Client {
  readonly id: string
  readonly tenant: string
}

/** A change of one claim, and the reason of the refusal; `accepted` if the assertion is still valid. */
type Mutation = readonly [name: string, change: (claims: Claims, client: Client, now: number) => Claims, result: string]

const other = (value: unknown): string => String(value).toUpperCase()

/** For a text claim: changed, missing, another type, a list, another case, white space. */
function textMutations(name: string, reason: string): readonly Mutation[] {
  const to = (what: string, value: (was: unknown) => unknown): Mutation => [
    `${name}: ${what}`,
    (claims) => ({ ...claims, [name]: value(claims[name]) }),
    reason,
  ]
  return [
    to('changed', (was) => `${String(was)}x`),
    to('missing', () => undefined),
    to('null', () => null),
    to('a number', () => 7),
    to('an object', (was) => ({ value: was })),
    to('empty', () => ''),
    to('other case', (was) => (other(was) === was ? String(was).toLowerCase() : other(was))),
    to('white space', (was) => ` ${String(was)}`),
    to('white space at the end', (was) => `${String(was)} `),
  ]
}

const list = (name: string, reason: string): Mutation => [
  `${name}: a list`,
  (claims) => ({ ...claims, [name]: [claims[name]] }),
  reason,
]

const at = (name: string, what: string, seconds: (now: number) => unknown, result: string): Mutation => [
  `${name}: ${what}`,
  (claims, _client, now) => ({ ...claims, [name]: seconds(now) }),
  result,
]

/** Each change of one claim of a valid assertion. */
const mutations: readonly Mutation[] = [
  ['nothing changed', (claims) => claims, 'accepted'],
  ...textMutations('iss', 'assertion-issuer'),
  list('iss', 'assertion-issuer'),
  ...textMutations('sub', 'assertion-subject'),
  list('sub', 'assertion-subject'),
  ...textMutations('aud', 'assertion-audience'),
  list('aud', 'accepted'),
  ['aud: the token URL', (claims) => ({ ...claims, aud: `${String(claims.aud)}/oauth/token` }), 'accepted'],
  ['aud: an empty list', (claims) => ({ ...claims, aud: [] }), 'assertion-audience'],
  ['aud: a foreign one too', (claims) => ({ ...claims, aud: [claims.aud, 'https://x.example'] }), 'assertion-audience'],
  ['aud: a list of lists', (claims) => ({ ...claims, aud: [[claims.aud]] }), 'assertion-audience'],
  ['aud: another tenant', (claims) => ({ ...claims, aud: issuerOf('globex') }), 'assertion-audience'],
  ['aud: a slash more', (claims) => ({ ...claims, aud: `${String(claims.aud)}/` }), 'assertion-audience'],
  at('exp', 'missing', () => undefined, 'assertion-time'),
  at('exp', 'a text', (now) => String(now + 300), 'assertion-time'),
  at('exp', 'null', () => null, 'assertion-time'),
  at('exp', 'a list', (now) => [now + 300], 'assertion-time'),
  at('exp', 'past, within the leeway', (now) => now - 59, 'accepted'),
  at('exp', 'past', (now) => now - 60, 'assertion-time'),
  at('exp', 'negative', () => -1, 'assertion-time'),
  at('exp', 'in an hour', (now) => now + 3_600, 'accepted'),
  at('exp', 'in more than an hour', (now) => now + 3_661, 'assertion-life'),
  at('exp', 'in a year', (now) => now + 31_536_000, 'assertion-life'),
  at('exp', 'in milliseconds', (now) => now * 1_000, 'assertion-time'),
  at('iat', 'missing', () => undefined, 'accepted'),
  at('iat', 'in the future', (now) => now + 61, 'assertion-time'),
  at('iat', 'in the future, within the leeway', (now) => now + 60, 'accepted'),
  at('iat', 'a text', (now) => String(now), 'assertion-time'),
  at('iat', 'long ago', (now) => now - 86_400, 'assertion-life'),
  at('nbf', 'now', (now) => now, 'accepted'),
  at('nbf', 'in the future', (now) => now + 61, 'assertion-time'),
  at('nbf', 'null', () => null, 'assertion-time'),
  at('jti', 'missing', () => undefined, 'accepted'),
  at('jti', 'a number', () => 7, 'assertion-jti'),
  at('jti', 'empty', () => '', 'assertion-jti'),
  at('jti', 'null', () => null, 'assertion-jti'),
]

async function mutate(world: World, cases: readonly Mutation[], key: SigningKey): Promise<void> {
  const client = await keyClient(world, key)
  for (const [name, change, result] of cases) {
    world.pass(1_000)
    world.reasons.length = 0
    const claims = change(claimsOf(world, client), client, Math.floor(world.now() / 1_000))
    const answer = await postAssertion(world, 'acme', await jwtOf(claims, key), { client_id: client.id })
    if (result === 'accepted') equal([answer.status, world.reasons], [200, []], `${name}: ${world.reasons.join()}`)
    else {
      refused(answer, name)
      equal(world.reasons, [result], name)
    }
  }
}

/** Checks that an assertion, or one with another header, is refused for this reason. */
async function refusedFor(world: World, assertion: string, reason: string, about: string): Promise<void> {
  world.reasons.length = 0
  refused(await postAssertion(world, 'acme', assertion), about)
  equal(world.reasons, [reason], about)
}

export const assertionCases: readonly OAuthCase[] = [
  {
    id: 'client-of-assertion',
    rules: ['AUTH-7'],
    title: 'the client is client_id or the subject, and both must be one client',
    run: async (world) => {
      const key = await keyNamed('one')
      const [client, second] = [await keyClient(world, key), await keyClient(world, key)]
      const assertion = () => jwtOf(claimsOf(world, client), key).then(String)
      equal((await postAssertion(world, 'acme', await assertion())).status, 200)
      equal((await postAssertion(world, 'acme', await assertion(), { client_id: client.id })).status, 200)
      refused(await postAssertion(world, 'acme', await assertion(), { client_id: second.id }))
      refused(await postAssertion(world, 'acme', await assertion(), { client_id: 'x' }))
      refused(await postAssertion(world, 'globex', await assertion(), { client_id: client.id }))
    },
  },
  {
    id: 'algorithms',
    rules: ['AUTH-8'],
    title: 'RS256, PS256, ES256 and EdDSA are accepted, and only those of the client',
    run: async (world) => {
      for (const algorithm of ['RS256', 'PS256', 'ES256', 'EdDSA'] as const) {
        const key = await keyNamed('one', algorithm)
        const client = await keyClient(world, key)
        const answer = await postAssertion(world, 'acme', await jwtOf(claimsOf(world, client), key))
        equal(answer.status, 200, algorithm)
        const others = ['RS256', 'PS256', 'ES256', 'EdDSA'].filter((name) => name !== algorithm)
        const oauth = { keys: { kind: 'jwks', keys: [key.jwk] }, algorithms: others } as const
        const limited = await keyClient(world, key, { oauth })
        await refusedFor(world, await jwtOf(claimsOf(world, limited), key), 'assertion-algorithm', algorithm)
      }
    },
  },
  {
    id: 'signatures',
    rules: ['AUTH-8'],
    title: 'an altered byte, alg none, HS256 with the public key, and another key are refused',
    run: async (world) => {
      const key = await keyNamed('one', 'RS256')
      const client = await keyClient(world, key)
      const valid = () => jwtOf(claimsOf(world, client), key)
      const [head = '', body = '', signature = ''] = (await valid()).split('.')
      const flipped = signature.startsWith('A') ? `B${signature.slice(1)}` : `A${signature.slice(1)}`
      await refusedFor(world, `${head}.${body}.${flipped}`, 'assertion-signature', 'an altered signature')
      const later = encoded(JSON.stringify({ ...claimsOf(world, client), x: 1 }))
      await refusedFor(world, `${head}.${later}.${signature}`, 'assertion-signature', 'altered claims')
      const none = encoded(JSON.stringify({ alg: 'none' }))
      await refusedFor(world, `${none}.${body}.`, 'client-credentials', 'alg none without a signature')
      await refusedFor(world, `${none}.${body}.${signature}`, 'assertion-algorithm', 'alg none')
      for (const secret of [JSON.stringify(key.jwk), String(key.jwk.n)]) {
        const text = `${encoded(JSON.stringify({ alg: 'HS256', kid: 'one' }))}.${body}`
        const mac = encodedBytes(await hmac(new TextEncoder().encode(secret), text))
        await refusedFor(world, `${text}.${mac}`, 'assertion-algorithm', 'HS256')
      }
      const foreign = await keyNamed('other', 'RS256')
      await refusedFor(
        world,
        await jwtOf(claimsOf(world, client), foreign, { kid: 'one' }),
        'assertion-signature',
        'key',
      )
      await refusedFor(world, await jwtOf(claimsOf(world, client), foreign), 'assertion-key', 'unknown kid')
      const neighbour = await keyClient(world, foreign)
      await refusedFor(world, await jwtOf(claimsOf(world, neighbour), key), 'assertion-key', "another client's key")
      equal(
        (await postAssertion(world, 'acme', await jwtOf(claimsOf(world, client), key, { kid: undefined }))).status,
        200,
      )
    },
  },
  {
    id: 'header-members',
    rules: ['AUTH-8'],
    title: 'jku, jwk, x5u and x5c are ignored; crit, b64, other types and malformed texts are refused',
    run: async (world) => {
      const key = await keyNamed('one')
      const foreign = await keyNamed('other')
      const client = await keyClient(world, key)
      const url = `${world.issuer.origin}/foreign`
      world.issuer.documents.set('/foreign', { keys: [foreign.jwk] })
      const named = { jku: url, jwk: foreign.jwk, x5u: url, x5c: ['x'] }
      equal((await postAssertion(world, 'acme', await jwtOf(claimsOf(world, client), key, named))).status, 200)
      await refusedFor(world, await jwtOf(claimsOf(world, client), foreign, named), 'assertion-key', 'jku')
      const forged = await jwtOf(claimsOf(world, client), foreign, { ...named, kid: 'one' })
      await refusedFor(world, forged, 'assertion-signature', 'jwk')
      equal(world.issuer.reads, [], 'nothing is read')
      for (const header of [
        { crit: ['exp'], exp: 1 },
        { crit: ['b64'], b64: true },
        { crit: [] },
        { b64: false },
        { typ: 'at+jwt' },
        { typ: 7 },
        { kid: 7 },
        { kid: null },
        { alg: 7 },
      ]) {
        const assertion = await jwtOf(claimsOf(world, client), key, header)
        await refusedFor(world, assertion, 'client-credentials', JSON.stringify(header))
      }
      for (const typ of [
        'JWT',
        'jwt',
        'client-authentication+jwt',
        'application/client-authentication+jwt',
        undefined,
      ]) {
        const assertion = await jwtOf(claimsOf(world, client), key, { typ })
        equal((await postAssertion(world, 'acme', assertion)).status, 200, String(typ))
      }
    },
  },
  {
    id: 'malformed-assertions',
    rules: ['AUTH-8'],
    title: 'duplicate members, other JSON, other forms and long texts are refused before a signature is verified',
    run: async (world) => {
      const key = await keyNamed('one')
      const client = await keyClient(world, key)
      const claims = JSON.stringify(claimsOf(world, client))
      const twice = await jwtOf(`${claims.slice(0, -1)},"sub":"${client.id}"}`, key)
      await refusedFor(world, twice, 'client-credentials', 'duplicate members')
      const valid = await jwtOf(claims, key)
      const [head = '', body = '', signature = ''] = valid.split('.')
      for (const text of [
        'x',
        '..',
        `${head}.${body}`,
        `${valid}.x`,
        `${head}.${body}.${signature}=`,
        ` ${valid}`,
        `${encoded('[]')}.${body}.${signature}`,
        `${encoded('{"alg":"ES256","alg":"ES256"}')}.${body}.${signature}`,
        await jwtOf('null', key),
        await jwtOf('[]', key),
        await jwtOf(`\ufeff${claims}`, key),
        await jwtOf(`${'['.repeat(40)}${']'.repeat(40)}`, key),
        await jwtOf({ ...claimsOf(world, client), x: 'x'.repeat(16_000) }, key),
      ]) {
        await refusedFor(world, text, 'client-credentials', text.slice(0, 60))
      }
    },
  },
  {
    id: 'claims',
    rules: ['AUTH-9', 'AUTH-10', 'AUTH-11'],
    title: 'each claim of an assertion, changed, missing, of another type, a list, in another case, with white space',
    options: {
      tokenRates: { failures: { perSecond: 1_000, burst: 1_000 }, client: { perSecond: 1_000, burst: 1_000 } },
    },
    run: async (world) => mutate(world, mutations, await keyNamed('one')),
  },
  {
    id: 'jti-once',
    rules: ['AUTH-12'],
    title: 'an assertion is used once, also by requests at the same time; another client may have the same jti',
    run: async (world) => {
      const key = await keyNamed('one')
      const [client, second] = [await keyClient(world, key), await keyClient(world, key)]
      const assertion = await jwtOf({ ...claimsOf(world, client), jti: 'once' }, key)
      const answers = await Promise.all([1, 2, 3].map(() => postAssertion(world, 'acme', assertion)))
      equal(answers.map(({ status }) => status).sort(), [200, 401, 401])
      equal(world.reasons, ['assertion-jti', 'assertion-jti'])
      // Until the end of its leeway.
      world.pass(330_000)
      await refusedFor(world, assertion, 'assertion-jti', 'used')
      world.pass(30_001)
      await refusedFor(world, assertion, 'assertion-time', 'past')
      const sameJti = await jwtOf({ ...claimsOf(world, second), jti: 'once' }, key)
      equal((await postAssertion(world, 'acme', sameJti)).status, 200)
    },
  },
  {
    id: 'jti-required',
    rules: ['AUTH-12'],
    title: 'where a jti is required, an assertion without one is refused',
    options: { requireJti: true },
    run: async (world) => {
      const key = await keyNamed('one')
      const client = await keyClient(world, key)
      const { jti: _, ...claims } = claimsOf(world, client)
      await refusedFor(world, await jwtOf(claims, key), 'assertion-jti', 'no jti')
      equal((await postAssertion(world, 'acme', await jwtOf(claimsOf(world, client), key))).status, 200)
    },
  },
]
