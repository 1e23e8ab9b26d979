/** GET and HEAD of one resource, and addresses. @see RFC 7644 §3.4.1; RFC 9110 §9.3.1, §9.3.2; RFC 3986 */
import { enterpriseUrn, userBody, userUrn } from '../client.js'
import {
  expectAbsent,
  expectError,
  expectSame,
  expectStatus,
  expectThat,
  isScimJson,
  listAt,
  metaOf,
  objectAt,
} from '../expect.js'
import { replace } from '../patch-operations.js'
import { must, should, type WireCase } from '../wire-case.js'

const reads: readonly WireCase[] = [
  must('read-200', 'a resource is read by its id', 'RFC 7644 §3.4.1', async (client) => {
    const user = await client.makeUser({ title: 'Guide' })
    expectStatus(await client.get(user.path), 200, { id: user.id, userName: user.name, title: 'Guide' })
    const group = await client.makeGroup()
    expectStatus(await client.get(group.path), 200, { id: group.id, displayName: group.name })
  }),
  must('read-unknown-404', 'an unknown id is 404', 'RFC 7644 §3.12', async (client) => {
    for (const path of ['/Users/no-such-user', '/Groups/no-such-group', '/Users/0']) {
      expectAbsent(expectError(await client.get(path), 404), 'scimType')
    }
  }),
  must('read-other-type-404', 'the id of a user is 404 as a group', 'RFC 7644 §3.4.1', async (client) => {
    const user = await client.makeUser()
    expectError(await client.get(`/Groups/${user.id}`), 404)
  }),
  must('read-id-is-case-exact', 'ids are case-sensitive', 'RFC 7643 §3.1 (caseExact)', async (client) => {
    const { id } = await client.makeUser()
    const other = id === id.toUpperCase() ? id.toLowerCase() : id.toUpperCase()
    if (other !== id) expectError(await client.get(`/Users/${other}`), 404)
  }),
  must(
    'content-location',
    'Content-Location is meta.location in every response with a resource, and in a 304',
    'RFC 7643 §3.1; RFC 9110 §8.7, §15.4.5',
    async (client) => {
      const user = await client.makeUser()
      const title = [replace('title', 'New')]
      const answers = [
        user,
        await client.get(user.path),
        await client.get(`${user.path}?attributes=meta`),
        await client.put(user.path, userBody({ userName: user.name })),
        await client.patch(user.path, title, { Prefer: 'return=representation' }),
        await client.get('/ServiceProviderConfig'),
        await client.get(`/Schemas/${userUrn}`),
      ]
      for (const answer of answers) {
        const { location } = metaOf(answer)
        expectSame(answer.headers['content-location'], location, `${answer.about}: Content-Location`)
      }
      const { tag, headers } = await client.get(user.path)
      const same = expectStatus(await client.get(user.path, { 'If-None-Match': tag }), 304)
      expectSame(same.headers['content-location'], headers['content-location'], 'Content-Location of the 304')
    },
  ),
  must(
    'references-lead-to-resources',
    'a $ref is the URL of its resource: of a member, a group, a manager',
    'RFC 7643 §2.3.7, §4.1.2, §4.2, §4.3',
    async (client) => {
      const boss = await client.makeUser()
      const user = await client.makeUser({
        schemas: [userUrn, enterpriseUrn],
        [enterpriseUrn]: { manager: { value: boss.id } },
      })
      const group = await client.makeGroup([user])
      const [member] = listAt((await client.get(group.path)).json, 'members')
      const { json } = await client.get(user.path)
      const [membership] = listAt(json, 'groups')
      const manager = objectAt(objectAt(json, enterpriseUrn), 'manager')
      for (const [reference, target] of [
        [member, user],
        [membership, group],
        [manager, boss],
      ] as const) {
        const { location } = metaOf(await client.get(target.path))
        expectSame([reference?.value, reference?.$ref], [target.id, location], `the reference to ${target.path}`)
      }
    },
  ),
  should(
    'other-protocol-version-404',
    'a path with another protocol version is 404',
    'RFC 7644 §3.13',
    async (client) => {
      for (const target of ['/v1/Users', '/v9/Users']) expectError(await client.get(target), 404)
    },
  ),
  must(
    'head-is-get-without-body',
    'HEAD has the status and headers of GET, and no body',
    'RFC 9110 §9.3.2',
    async (client) => {
      const { path } = await client.makeUser()
      for (const target of [path, '/Users?count=1', '/ServiceProviderConfig', '/Users/no-such-user', '/Nothing']) {
        const [get, head] = [await client.get(target), await client.head(target)]
        expectSame(head.status, get.status, `HEAD ${target}: status`)
        expectSame(head.body, '', `HEAD ${target}: body`)
        for (const name of ['content-type', 'etag', 'cache-control', 'vary', 'location']) {
          expectSame(head.headers[name], get.headers[name], `HEAD ${target}: ${name}`)
        }
      }
    },
  ),
]

const addresses: readonly WireCase[] = [
  must('unknown-endpoint-404', 'a path without an endpoint is 404', 'RFC 7644 §3.12', async (client) => {
    const { path } = await client.makeUser()
    for (const target of ['/Nothing', '/users/x/y', `${path}/name`, '/Schemas/a/b']) {
      expectError(await client.get(target), 404)
    }
  }),
  must('path-decoded', 'a percent-encoded path is decoded', 'RFC 3986 §6.2.2.2', async (client) => {
    const { id, path } = await client.makeUser()
    const encoded = Array.from(new TextEncoder().encode(id), (byte) => `%${byte.toString(16).padStart(2, '0')}`).join(
      '',
    )
    const read = expectStatus(await client.get(`/Users/${encoded}`), 200, { id })
    expectSame(read.json, (await client.get(path)).json, 'the resource')
    expectStatus(await client.get(`/%55sers/${id}`), 200, { id })
  }),
  should(
    'path-decoded-once',
    'a percent-encoded path is decoded only once',
    'RFC 3986 §2.4; FP-H8; SEC-17',
    async (client) => {
      const { id } = await client.makeUser()
      const twice = Array.from(new TextEncoder().encode(id), (byte) => `%25${byte.toString(16).padStart(2, '0')}`).join(
        '',
      )
      expectError(await client.get(`/Users/${twice}`), 404)
    },
  ),
  ...(
    [
      ['double-slash', (id) => `/Users//${id}`],
      ['encoded-slash', (id) => `/Users%2F${id}`],
      ['parameter', (id) => `/Users/${id};x=1`],
      ['broken-encoding', (id) => `/Users/${id}%zz`],
      ['encoded-nul', (id) => `/Users/${id}%00`],
    ] as readonly (readonly [string, (id: string) => string])[]
  ).map(([name, target]) =>
    should(`path-${name}-404`, 'path traversal attempts are 404', 'RFC 3986 §3.3; FP-H8; SEC-17', async (client) => {
      const { id, path } = await client.makeUser()
      expectStatus(await client.get(target(id)), 404)
      expectStatus(await client.remove(target(id)), [404, 405])
      expectStatus(await client.get(path), 200)
    }),
  ),
  should('path-trailing-slash', 'one trailing slash is ignored', 'RFC 3986 §3.3; FP-H9; IDP-29', async (client) => {
    const { path, name } = await client.makeUser()
    expectStatus(await client.get(`${path}/`), 200)
    const filter = encodeURIComponent(`userName eq "${name}"`)
    expectStatus(await client.get(`/Users/?filter=${filter}`), 200, { totalResults: 1 })
  }),
  should('path-dangling-marks', 'a trailing ? or & is ignored', 'RFC 3986 §3.4; FP-H9; IDP-29', async (client) => {
    const { path, name } = await client.makeUser()
    expectStatus(await client.get(`${path}?`), 200)
    const filter = encodeURIComponent(`userName eq "${name}"`)
    expectStatus(await client.get(`/Users?filter=${filter}&`), 200, { totalResults: 1 })
    expectStatus(await client.get(`/Users?&&filter=${filter}&`), 200, { totalResults: 1 })
  }),
  should('query-unknown-parameters', 'unknown query parameters are ignored', 'RFC 7644 §3.4.2', async (client) => {
    const { path, name } = await client.makeUser()
    expectStatus(await client.get(`${path}?aadOptscim062020&x=%zz&x=1&x=2`), 200)
    const filter = encodeURIComponent(`userName eq "${name}"`)
    expectStatus(await client.get(`/Users?api-version=2&filter=${filter}&_=1`), 200, { totalResults: 1 })
  }),
  should(
    'query-twice-400',
    'a duplicate parameter is 400, because it is ambiguous',
    'RFC 9110 §15.5.1; FP-H4',
    async (client) => {
      expectError(await client.get('/Users?count=1&count=2'), 400)
      expectError(await client.get('/Users?filter=userName%20pr&filter=title%20pr'), 400)
    },
  ),
  should(
    'query-broken-encoding-400',
    'a parameter with a broken percent-encoding is 400',
    'RFC 3986 §2.1',
    async (client) => {
      expectError(await client.get('/Users?filter=%zz'), 400)
    },
  ),
  must(
    'query-plus-and-percent',
    'blanks in a query are %20, or + as in forms',
    'RFC 7644 §1.2, §3.4.2.2; IDP-27',
    async (client) => {
      const { name } = await client.makeUser()
      expectStatus(await client.get(`/Users?filter=userName%20eq%20%22${name}%22`), 200, { totalResults: 1 })
      expectStatus(await client.get(`/Users?filter=userName+eq+%22${name}%22`), 200, { totalResults: 1 })
    },
  ),
  must(
    'errors-are-scim-json',
    'an unknown path returns a SCIM error, not an HTML page',
    'RFC 7644 §3.12',
    async (client) => {
      for (const target of ['/Nothing', '/Users/%ff', '/Users/a/b/c']) {
        const answer = expectError(await client.get(target), 404)
        expectThat(isScimJson(answer.headers['content-type']), 'expected application/scim+json')
      }
    },
  ),
]

/** Reading resources. */
export const reading: readonly WireCase[] = [...reads, ...addresses]
