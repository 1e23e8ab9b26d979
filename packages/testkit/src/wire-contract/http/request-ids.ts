/** The id of a request, in every response: that of the client if it is valid. */
import type { Answer } from '../answer.js'
import { type Client, otherTag, userBody } from '../client.js'
import { expectError, expectOther, expectSame, expectStatus, expectThat } from '../expect.js'
import { replace } from '../patch-operations.js'
import { on, should, type WireCase } from '../wire-case.js'

const citation = 'ADR 52; FP-H11'

function idOf(answer: Answer): string {
  const id = answer.headers['x-request-id'] ?? ''
  expectThat(isVisible(id), `${answer.about}: expected X-Request-Id of 1 to 128 visible ASCII characters, got “${id}”`)
  return id
}

function isVisible(text: string): boolean {
  return text.length >= 1 && text.length <= 128 && [...text].every((letter) => letter >= '!' && letter <= '~')
}

/** One response of every kind that a server with default options returns. */
async function answers(client: Client, headers: Readonly<Record<string, string>>): Promise<readonly Answer[]> {
  const user = await client.makeUser()
  const patch = [replace('title', 'Countess')]
  return [
    expectStatus(await client.post('/Users', userBody(), headers), 201),
    expectStatus(await client.get(user.path, headers), 200),
    expectStatus(await client.head(user.path, headers), 200),
    expectStatus(await client.get(user.path, { ...headers, 'If-None-Match': user.tag }), 304),
    expectStatus(await client.get('/Users?count=1', headers), 200),
    expectStatus(await client.get('/ServiceProviderConfig', headers), 200),
    expectError(await client.post('/Users', '{', headers), 400),
    expectError(await client.get('/Users/no-such-user', headers), 404),
    expectError(await client.get('/Nothing', headers), 404),
    expectError(await client.remove('/Users', headers), 405),
    expectError(await client.get(user.path, { ...headers, Accept: 'text/html' }), 406),
    expectError(await client.post('/Users', userBody({ userName: user.name }), headers), 409),
    expectError(await client.patch(user.path, patch, { ...headers, 'If-Match': otherTag }), 412),
    expectError(await client.post('/Users', 'x', { ...headers, 'Content-Type': 'text/plain' }), 415),
    expectStatus(await client.remove(user.path, headers), 204),
  ]
}

const known: readonly WireCase[] = [
  should('request-id-made', 'every response has a different X-Request-Id', citation, async (client) => {
    const ids = (await answers(client, {})).map(idOf)
    expectSame(new Set(ids).size, ids.length, 'how many different ids there are')
  }),
  should('request-id-taken', 'the X-Request-Id of a request is in its response', citation, async (client) => {
    for (const answer of await answers(client, { 'X-Request-Id': 'trace/7f3a;b=1,2' })) {
      expectSame(idOf(answer), 'trace/7f3a;b=1,2', `${answer.about}: X-Request-Id`)
    }
    for (const id of ['!', '~'.repeat(128)]) {
      expectSame(idOf(await client.get('/Users?count=0', { 'X-Request-Id': id })), id, 'X-Request-Id')
    }
  }),
  should(
    'request-id-replaced',
    'an X-Request-Id that is empty, too long or not visible ASCII is replaced, and the request is carried out',
    citation,
    async (client) => {
      for (const id of ['', 'x'.repeat(129), 'two words', 'caf\u00e9', '\u00ff', 'a\tb']) {
        const answer = expectStatus(await client.get('/Users?count=0', { 'X-Request-Id': id }), 200)
        expectOther(idOf(answer), id, 'X-Request-Id')
      }
    },
  ),
  should('request-id-repeated', 'two X-Request-Id values are both replaced', citation, async (client) => {
    for (const pair of [
      ['first-id', 'second-id'],
      ['same-id', 'same-id'],
    ]) {
      const id = idOf(await client.get('/Users?count=0', { 'X-Request-Id': pair }))
      for (const sent of pair) expectThat(!id.includes(sent), `expected a new X-Request-Id, got “${id}”`)
    }
  }),
  should('traceparent-any', 'a traceparent, valid or not, does not change the response', citation, async (client) => {
    // Reads a resource of this case only, because other cases change the lists concurrently.
    const { path } = await client.makeUser()
    const plain = expectStatus(await client.get(path), 200)
    for (const traceparent of ['00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01', '00-0-0-00', 'nonsense']) {
      const answer = expectStatus(await client.get(path, { traceparent }), 200)
      expectSame(answer.json, plain.json, `${answer.about}: the body`)
    }
  }),
]

const withoutCredentials: readonly WireCase[] = [
  should('request-id-401', 'a 401 has an X-Request-Id too', citation, async (client) => {
    expectSame(idOf(expectError(await client.get('/Users', { 'X-Request-Id': 'mine' }), 401)), 'mine', 'X-Request-Id')
    idOf(expectError(await client.get('/Nothing'), 401))
    idOf(expectStatus(await client.head('/Users'), 401))
  }),
]

/** Ids of requests. */
export const requestIds: readonly WireCase[] = [...known, ...on('withoutCredentials', withoutCredentials)]
