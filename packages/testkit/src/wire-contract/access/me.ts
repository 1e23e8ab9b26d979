/** /Me, with a host function that maps subjects to resources. @see RFC 7644 §3.11 */
import type { Answer } from '../answer.js'
import { type Client, type Headers, type Made, otherTag, uniqueName, userBody } from '../client.js'
import { expectError, expectSame, expectStatus, metaOf } from '../expect.js'
import { remove, replace } from '../patch-operations.js'
import { must, on, should, type WireCase } from '../wire-case.js'

const citation = 'RFC 7644 §3.11'

/** A user, and the headers that authenticate a request as this user. */
async function caller(client: Client): Promise<{ readonly user: Made; readonly as: Headers }> {
  const user = await client.makeUser({ title: 'Countess' })
  return { user, as: { 'X-Caller': user.id } }
}

function expectLocated(answer: Answer, user: Made): Answer {
  expectSame(answer.headers.location, metaOf(user).location, `${answer.about}: Location`)
  return answer
}

const cases: readonly WireCase[] = [
  must(
    'me-get',
    'GET /Me returns the resource of the subject, with its permanent location',
    citation,
    async (client) => {
      const { user, as } = await caller(client)
      const mine = expectLocated(expectStatus(await client.get('/Me', as), 200), user)
      expectSame([mine.json, mine.tag], [user.json, user.tag], 'resource and tag')
      const part = expectLocated(expectStatus(await client.get('/Me?attributes=title', as), 200), user)
      expectSame(Object.keys(part.json).sort(), ['id', 'schemas', 'title'], 'the returned attributes')
      expectLocated(expectStatus(await client.head('/Me', as), 200), user)
      expectLocated(expectStatus(await client.get('/Me', { ...as, 'If-None-Match': user.tag }), 304), user)
    },
  ),
  must('me-put', 'PUT /Me replaces the resource of the subject', citation, async (client) => {
    const { user, as } = await caller(client)
    const answer = await client.put('/Me', userBody({ userName: user.name, title: 'Lady' }), as)
    expectLocated(expectStatus(answer, 200, { id: user.id, title: 'Lady' }), user)
    expectStatus(await client.get(user.path), 200, { title: 'Lady' })
  }),
  must('me-patch', 'PATCH /Me changes the resource of the subject', citation, async (client) => {
    const { user, as } = await caller(client)
    const answer = await client.patch('/Me', replace('title', 'Lady'), as)
    expectLocated(expectStatus(answer, [200, 204]), user)
    expectStatus(await client.get(user.path), 200, { title: 'Lady' })
  }),
  must('me-delete', 'DELETE /Me removes the resource of the subject', citation, async (client) => {
    const { user, as } = await caller(client)
    expectLocated(expectStatus(await client.remove('/Me', as), 204), user)
    expectError(await client.get(user.path), 404)
    expectError(await client.get('/Me', as), 404)
  }),
  must('me-preconditions', 'preconditions apply to /Me as to the resource', citation, async (client) => {
    const { user, as } = await caller(client)
    const stale = { ...as, 'If-Match': otherTag }
    for (const answer of [
      await client.get('/Me', stale),
      await client.put('/Me', userBody({ userName: user.name }), stale),
      await client.patch('/Me', remove('title'), stale),
      await client.remove('/Me', stale),
    ]) {
      expectLocated(expectError(answer, 412), user)
      expectSame(answer.tag, user.tag, `${answer.about}: ETag`)
    }
    const edit = [remove('title')]
    expectLocated(expectStatus(await client.patch('/Me', edit, { ...as, 'If-Match': user.tag }), 200), user)
  }),
  must('me-errors-located', 'an error at /Me has the location too', citation, async (client) => {
    const { user, as } = await caller(client)
    expectLocated(expectError(await client.patch('/Me', { op: 'move' }, as), 400), user)
    const other = await client.makeUser()
    const taken = await client.patch('/Me', replace('userName', other.name), as)
    expectLocated(expectError(taken, 409, 'uniqueness'), user)
  }),
  should('me-without-resource-404', '/Me of a subject without a resource is 404', citation, async (client) => {
    for (const as of [{}, { 'X-Caller': uniqueName('unknown') }]) {
      expectError(await client.get('/Me', as), 404)
      expectError(await client.put('/Me', userBody(), as), 404)
      expectError(await client.patch('/Me', remove('title'), as), 404)
      expectError(await client.remove('/Me', as), 404)
    }
  }),
  should('me-post-501', 'POST /Me is 501 and creates nothing', citation, async (client) => {
    const { as } = await caller(client)
    expectError(await client.post('/Me', userBody(), as), 501)
  }),
  should('me-no-more', 'a path below /Me is 404', citation, async (client) => {
    const { as } = await caller(client)
    for (const path of ['/Me/.search', '/Me/x', '/me']) expectError(await client.get(path, as), [404, 405])
  }),
]

/** /Me. */
export const me: readonly WireCase[] = on('me', cases)
