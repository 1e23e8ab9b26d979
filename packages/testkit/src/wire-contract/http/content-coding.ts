/** Bodies with a content coding, and the headers of a 415. @see RFC 9110 §8.4, §12.5.3, §15.5.16; RFC 7694 §3; RFC 5789 §2.2 */
import type { Answer } from '../answer.js'
import { bulkRequestUrn } from '../bulk-operations.js'
import { type Client, otherTag, patchUrn, searchUrn, userBody } from '../client.js'
import { expectError, expectSame, expectStatus, expectThat } from '../expect.js'
import { replace } from '../patch-operations.js'
import { on, should, type WireCase } from '../wire-case.js'

const citation = 'RFC 9110 §15.5.16, §12.5.3; FP-H5'
const operations = [replace('title', 'New')]

// An empty gzip member, as in RFC 1952 §2.3.
const gzip = Uint8Array.from([0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 3, 3, 0, 0, 0, 0, 0, 0, 0, 0, 0])

/** Every request with a body, with an additional header. */
async function everyBody(
  client: Client,
  at: { readonly path: string; readonly name: string },
  coding: string,
): Promise<readonly Answer[]> {
  const headers = { 'Content-Encoding': coding }
  return [
    await client.post('/Users', userBody(), headers),
    await client.put(at.path, userBody({ userName: at.name, title: 'New' }), headers),
    await client.patch(at.path, operations, headers),
    await client.post('/Users/.search', { schemas: [searchUrn], count: 0 }, headers),
    await client.post('/.search', { schemas: [searchUrn], count: 0 }, headers),
    await client.post('/Bulk', { schemas: [bulkRequestUrn], Operations: [] }, headers),
  ]
}

function expectMediaTypes(answer: Answer, name: string): void {
  const types = (answer.headers[name] ?? '').split(',').map((type) => type.trim())
  for (const type of ['application/scim+json', 'application/json']) {
    expectThat(types.includes(type), `${answer.about}: expected ${type} in ${name}, got ${types.join()}`)
  }
}

const cases: readonly WireCase[] = [
  should(
    'content-encoding-415',
    'a body with an unsupported Content-Encoding is 415, whatever its bytes are, and nothing is stored',
    citation,
    async (client) => {
      const user = await client.makeUser()
      for (const coding of ['gzip', 'GZIP', 'deflate', 'br', 'zstd', 'x-gzip', 'identity, gzip', 'gzip,', 'nonsense']) {
        for (const answer of await everyBody(client, user, coding)) {
          expectError(answer, 415)
          expectSame(answer.headers['accept-encoding'], 'identity', `${answer.about}: Accept-Encoding`)
        }
      }
      expectSame((await client.get(user.path)).json, user.json, 'the resource')
    },
  ),
  should('content-encoding-bytes-415', 'a gzip body with that Content-Encoding is 415', citation, async (client) => {
    const headers = { 'Content-Type': 'application/scim+json', 'Content-Encoding': 'gzip' }
    const answer = expectError(await client.send({ method: 'POST', path: '/Users', headers, body: gzip }), 415)
    expectSame(answer.headers['accept-encoding'], 'identity', 'Accept-Encoding')
  }),
  should(
    'content-encoding-identity',
    'identity and an empty Content-Encoding have no effect',
    'RFC 9110 §8.4',
    async (client) => {
      for (const coding of ['identity', 'Identity', '', 'identity, identity', ' ,']) {
        for (const answer of await everyBody(client, await client.makeUser(), coding))
          expectStatus(answer, [200, 201, 204])
      }
    },
  ),
  should(
    'content-encoding-before-412',
    '415 takes precedence over 404 and 412',
    'RFC 9110 §13.2.1; ADR 6',
    async (client) => {
      const { path } = await client.makeUser()
      const headers = { 'Content-Encoding': 'gzip', 'If-Match': otherTag }
      expectError(await client.put(path, userBody(), headers), 415)
      expectError(await client.patch(path, operations, headers), 415)
      expectError(await client.patch('/Users/no-such-user', operations, headers), 415)
    },
  ),
  should(
    '415-names-media-types',
    'a 415 for the media type names the supported types',
    'RFC 9110 §15.5.16',
    async (client) => {
      const { path } = await client.makeUser()
      const headers = { 'Content-Type': 'application/merge-patch+json' }
      for (const answer of [
        await client.post('/Users', userBody(), headers),
        await client.patch(path, operations, headers),
      ]) {
        expectMediaTypes(expectError(answer, 415), 'accept')
        // RFC 7694 §3: MUST NOT, because the coding is not the reason.
        expectSame(answer.headers['accept-encoding'], undefined, `${answer.about}: Accept-Encoding`)
      }
    },
  ),
  should('415-accept-patch', 'a 415 to PATCH has Accept-Patch, for either reason', 'RFC 5789 §2.2', async (client) => {
    const { path } = await client.makeUser()
    const body = { schemas: [patchUrn], Operations: operations }
    for (const headers of [
      { 'Content-Type': 'application/merge-patch+json' },
      { 'Content-Type': 'application/json-patch+json' },
      { 'Content-Encoding': 'gzip' },
    ]) {
      expectMediaTypes(expectError(await client.patch(path, operations, headers), 415), 'accept-patch')
      const other = expectError(await client.post('/Users', body, headers), 415)
      expectSame(other.headers['accept-patch'], undefined, `${other.about}: Accept-Patch`)
    }
  }),
  should(
    'content-encoding-without-body',
    'Content-Encoding of a request without a body has no effect',
    'RFC 9110 §8.4',
    async (client) => {
      const { path } = await client.makeUser()
      const headers = { 'Content-Encoding': 'gzip' }
      expectStatus(await client.get(path, headers), 200)
      expectStatus(await client.remove(path, headers), 204)
    },
  ),
]

/** Content codings. */
export const contentCoding: readonly WireCase[] = [
  ...cases,
  ...on(
    'strict',
    cases.map((one) => ({ ...one, id: `strict-${one.id}` })),
  ),
  ...on(
    'entra',
    cases.map((one) => ({ ...one, id: `entra-${one.id}` })),
  ),
]
