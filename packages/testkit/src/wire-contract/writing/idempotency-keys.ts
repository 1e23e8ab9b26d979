/** `Idempotency-Key` on POST to a collection. @see ADR 63 */
import { type Client, groupBody, type Headers, uniqueName, userBody } from '../client.js'
import { expectAbsent, expectError, expectSame, expectStatus, expectThat, listAt } from '../expect.js'
import { replace } from '../patch-operations.js'
import { on, should, type WireCase } from '../wire-case.js'

const requests = 20

function withKey(key = uniqueName('key')): Headers {
  return { 'Idempotency-Key': key }
}

async function expectCount(client: Client, displayName: unknown, expected: number): Promise<void> {
  const { json } = await client.find('/Groups', `displayName eq "${displayName}"`)
  expectSame(json.totalResults, expected, 'groups with the name')
}

const keyed: readonly WireCase[] = [
  should(
    'idempotency-same-resource',
    'the same POST with the same key is 201 with the same body, Location and ETag, and creates nothing',
    'ADR 63; FP-H17; RFC 7644 §3.3',
    async (client) => {
      const [headers, body] = [withKey(), groupBody()]
      const first = expectStatus(await client.post('/Groups', body, headers), 201)
      const second = expectStatus(await client.post('/Groups', body, headers), 201)
      expectSame(second.json, first.json, 'the body of the second response')
      expectSame(second.headers.location, first.headers.location, 'its Location')
      expectSame(second.tag, first.tag, 'its ETag')
      await expectCount(client, body.displayName, 1)
    },
  ),
  should(
    'idempotency-before-uniqueness',
    'a repeated POST of a user is 201, not 409: its userName is taken by itself; with another key it is 409',
    'ADR 63; FP-H17; RFC 7644 §3.12',
    async (client) => {
      const [headers, body] = [withKey(), userBody()]
      const first = expectStatus(await client.post('/Users', body, headers), 201)
      expectStatus(await client.post('/Users', body, headers), 201, { id: first.json.id })
      expectError(await client.post('/Users', body, withKey()), 409, 'uniqueness')
      expectError(await client.post('/Users', body), 409, 'uniqueness')
    },
  ),
  should(
    'idempotency-member-order',
    'the order of the members of a JSON object has no meaning: the same request',
    'ADR 63; FP-H17; RFC 7643 §2.3.8',
    async (client) => {
      const headers = withKey()
      const { schemas, userName } = userBody()
      const name = { givenName: 'Ada', familyName: 'Lovelace' }
      const first = expectStatus(await client.post('/Users', { schemas, userName, name }, headers), 201)
      const reversed = { name: { familyName: 'Lovelace', givenName: 'Ada' }, userName, schemas }
      expectStatus(await client.post('/Users', reversed, headers), 201, { id: first.json.id })
    },
  ),
  should(
    'idempotency-other-body-422',
    'another body with the same key is 422 without a scimType, and creates nothing',
    'ADR 63; FP-H17; RFC 7644 §3.12',
    async (client) => {
      const [headers, first, second] = [withKey(), groupBody(), groupBody()]
      expectStatus(await client.post('/Groups', first, headers), 201)
      expectError(await client.post('/Groups', second, headers), 422)
      await expectCount(client, second.displayName, 0)
    },
  ),
  should(
    'idempotency-other-type-422',
    'the same body with the same key at the endpoint of another type is 422',
    'ADR 63; FP-H17',
    async (client) => {
      const headers = withKey()
      const displayName = uniqueName()
      const body = { displayName, userName: displayName }
      expectStatus(await client.post('/Groups', body, headers), 201)
      expectError(await client.post('/Users', body, headers), 422)
    },
  ),
  should(
    'idempotency-members-order',
    'the order of the elements of a list is part of the request: another order is 422',
    'ADR 63; FP-H17',
    async (client) => {
      const headers = withKey()
      const emails = [{ value: 'a@example.com' }, { value: 'b@example.com' }]
      const body = userBody({ emails })
      expectStatus(await client.post('/Users', body, headers), 201)
      expectError(await client.post('/Users', { ...body, emails: [...emails].reverse() }, headers), 422)
    },
  ),
  should(
    'idempotency-removed-404',
    'the same POST after the removal of the resource is 404, and creates no second one',
    'ADR 63; FP-H17',
    async (client) => {
      const [headers, body] = [withKey(), groupBody()]
      const first = expectStatus(await client.post('/Groups', body, headers), 201)
      expectStatus(await client.remove(`/Groups/${first.json.id}`), 204)
      expectError(await client.post('/Groups', body, headers), 404)
      await expectCount(client, body.displayName, 0)
    },
  ),
  should(
    'idempotency-current-state',
    'the same POST after a change shows the resource as it is now, with its ETag',
    'ADR 63; FP-H17; RFC 7644 §3.14',
    async (client) => {
      const [headers, body] = [withKey(), userBody()]
      const first = expectStatus(await client.post('/Users', body, headers), 201)
      const path = `/Users/${first.json.id}`
      await client.change(path, replace('title', 'New'))
      const now = expectStatus(await client.get(path), 200)
      const second = expectStatus(await client.post('/Users', body, headers), 201, { title: 'New' })
      expectSame(second.tag, now.tag, 'the ETag of the second response')
      expectThat(second.tag !== first.tag, 'the ETag of the second response: expected another one than of the first')
      expectSame(second.headers.location, first.headers.location, 'its Location')
    },
  ),
  should(
    'idempotency-projection',
    'projection and Prefer are those of each request, and not part of what the key compares',
    'ADR 63; FP-H17; RFC 7644 §3.9; RFC 7240 §4.2',
    async (client) => {
      const [headers, body] = [withKey(), userBody({ title: 'Guide' })]
      const first = expectStatus(await client.post('/Users', body, headers), 201)
      const second = expectStatus(await client.post('/Users?attributes=userName', body, headers), 201)
      expectAbsent(second, 'title')
      const minimal = await client.post('/Users', body, { ...headers, Prefer: 'return=minimal' })
      expectStatus(minimal, 201)
      expectSame(minimal.body, '', 'the body with return=minimal')
      expectSame(minimal.tag, first.tag, 'the ETag with return=minimal')
      expectSame(minimal.headers.location, first.headers.location, 'Location with return=minimal')
    },
  ),
  should(
    'idempotency-password',
    'a password is not part of what the key compares, in any spelling of the attribute name',
    'ADR 63; FP-H17; ADR 9; FP-S1',
    async (client) => {
      const [headers, body] = [withKey(), userBody({ password: 'correct-horse-battery-staple' })]
      const first = expectStatus(await client.post('/Users', body, headers), 201)
      const { password: _, ...bare } = body
      const urn = 'urn:ietf:params:scim:schemas:core:2.0:User:password'
      for (const other of [{ password: 'another-one-1!' }, { PassWord: 'another-one-2!' }, { [urn]: 'third-1!' }, {}]) {
        expectStatus(await client.post('/Users', { ...bare, ...other }, headers), 201, { id: first.json.id })
      }
      expectError(await client.post('/Users', { ...body, title: 'Guide' }, headers), 422)
    },
  ),
  should(
    'idempotency-principal',
    'keys belong to their caller: another caller of the tenant creates its own resource with the same key',
    'ADR 63; FP-H17; SEC-5',
    async (client, ask) => {
      const [headers, body] = [withKey(), groupBody()]
      const mine = expectStatus(await client.post('/Groups', body, headers), 201)
      const theirs = expectStatus(await ask('otherPrincipal').post('/Groups', body, headers), 201)
      expectThat(theirs.json.id !== mine.json.id, 'POST by another caller: expected another id')
    },
  ),
  should(
    'idempotency-refused-request',
    'a refused create stores no key: a corrected body with the same key is 201',
    'ADR 63; FP-H17',
    async (client) => {
      const headers = withKey()
      const { name } = await client.makeUser()
      expectError(await client.post('/Users', userBody({ userName: name }), headers), 409, 'uniqueness')
      expectError(await client.post('/Users', userBody({ active: 'perhaps' }), headers), 400, 'invalidValue')
      expectStatus(await client.post('/Users', userBody(), headers), 201)
    },
  ),
  should(
    'idempotency-form-400',
    'a key that is empty, longer than 256 characters or not visible ASCII is 400, and creates nothing',
    'ADR 63; FP-H17; RFC 9110 §5.5',
    async (client) => {
      for (const key of ['', 'k'.repeat(257), 'two words', 'tab\tin it', ['one', 'another']]) {
        const body = groupBody()
        const answer = await client.post('/Groups', body, { 'Idempotency-Key': key })
        expectError(answer, 400)
        expectThat(
          String(answer.json.detail).includes('Idempotency-Key'),
          `${answer.about}: expected a detail that names the header`,
        )
        await expectCount(client, body.displayName, 0)
      }
      expectStatus(await client.post('/Groups', groupBody(), withKey('k'.repeat(256 - 40) + uniqueName())), 201)
    },
  ),
  should(
    'idempotency-precondition-412',
    'If-Match on a create is 412 also with a key, before and after its use',
    'ADR 63; FP-H17; FP-V11',
    async (client) => {
      const [headers, body] = [withKey(), groupBody()]
      const conditional = { ...headers, 'If-Match': 'W/"1"' }
      expectStatus(await client.post('/Groups', body, conditional), 412)
      expectStatus(await client.post('/Groups', body, headers), 201)
      expectStatus(await client.post('/Groups', body, conditional), 412)
    },
  ),
  should(
    'idempotency-other-methods',
    'PUT, PATCH, DELETE and searches ignore the header',
    'ADR 63; FP-H17',
    async (client) => {
      const headers = withKey()
      const made = await client.makeUser()
      const title = (value: string) => ({ ...userBody({ userName: made.name }), title: value })
      expectStatus(await client.put(made.path, title('One'), headers), 200, { title: 'One' })
      expectStatus(await client.put(made.path, title('Two'), headers), 200, { title: 'Two' })
      expectStatus(await client.patch(made.path, replace('title', 'Three'), headers), [200, 204])
      expectStatus(await client.post('/Users/.search', { filter: 'title eq "none"' }, headers), 200)
      expectStatus(await client.remove(made.path, headers), 204)
      expectStatus(await client.remove(made.path, headers), 404)
      expectStatus(await client.post('/Users', userBody(), headers), 201)
    },
  ),
  should(
    'idempotency-bulk',
    'a bulk request ignores the header: each of its creates creates',
    'ADR 63; FP-H17; RFC 7644 §3.7',
    async (client) => {
      const headers = withKey()
      const data = groupBody()
      const operation = { method: 'POST', path: '/Groups', bulkId: 'a', data }
      const body = { schemas: ['urn:ietf:params:scim:api:messages:2.0:BulkRequest'], Operations: [operation] }
      for (const _ of [1, 2]) {
        const answer = expectStatus(await client.post('/Bulk', body, headers), 200)
        expectSame(listAt(answer.json, 'Operations')[0]?.status, '201', 'status of the create')
      }
      await expectCount(client, data.displayName, 2)
      // The key is still unused.
      const single = groupBody()
      expectStatus(await client.post('/Groups', single, headers), 201)
    },
  ),
  should(
    'idempotency-race',
    `${requests} concurrent POSTs with one key create one resource, and all have its id`,
    'ADR 63; FP-H17',
    async (client) => {
      for (const [collection, body] of [
        ['/Groups', groupBody()],
        ['/Users', userBody()],
      ] as const) {
        const headers = withKey()
        const answers = await Promise.all(
          Array.from({ length: requests }, () => client.post(collection, body, headers)),
        )
        const ids = new Set(answers.map((answer) => expectStatus(answer, 201).json.id))
        expectSame(ids.size, 1, `ids of ${requests} POSTs with one key`)
        if (collection === '/Groups') await expectCount(client, body.displayName, 1)
      }
    },
  ),
]

const without: readonly WireCase[] = [
  should(
    'idempotency-unsupported-501',
    'where the store keeps no keys, a POST with the header is 501 and creates nothing; other requests ignore it',
    'ADR 63; FP-H17; ADR 35',
    async (client) => {
      const [headers, body] = [withKey(), groupBody()]
      const answer = await client.post('/Groups', body, headers)
      expectError(answer, 501)
      expectThat(
        String(answer.json.detail).includes('Idempotency-Key'),
        `${answer.about}: expected a detail that names the header`,
      )
      await expectCount(client, body.displayName, 0)
      const made = await client.makeUser()
      expectStatus(await client.get(made.path, headers), 200)
      expectStatus(await client.remove(made.path, headers), 204)
    },
  ),
]

/** All cases about the header. */
export const idempotencyKeys: readonly WireCase[] = [
  ...on(
    'idempotencyKeys',
    keyed.map((one) => (one.id === 'idempotency-principal' ? { ...one, needs: ['otherPrincipal'] as const } : one)),
  ),
  ...on('withoutIdempotencyKeys', without),
]
