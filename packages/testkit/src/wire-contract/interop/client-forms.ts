/**
 * Forms of requests that real clients send in place of those of RFC 7644: accepted in `lenient` and `entra`, refused in
 * `strict`. A request is applied or refused; it is never acknowledged without being applied.
 */
import type { Answer, Json } from '../answer.js'
import { bulk, bulkRequestUrn, expectResultError, membersOf, newGroup, newUser } from '../bulk-operations.js'
import { type Client, groupBody, patchUrn, searchUrn, uniqueName, userBody, userUrn } from '../client.js'
import { expectError, expectSame, expectStatus, expectThat, listAt, metaOf, namesOn } from '../expect.js'
import { add, replace } from '../patch-operations.js'
import { must, on, should, type WireCase } from '../wire-case.js'

const scimJson = 'application/scim+json'
const draftsOf = (message: string): readonly string[] => [
  `urn:ietf:params:scim:schemas:core:2.0:${message}`,
  `urn:scim:api:messages:2.0:${message}`,
  `urn:scim:schemas:core:2.0:${message}`,
]

/** The same cases for the default, and for `entra` with different ids. */
function inBoth(cases: readonly WireCase[]): readonly WireCase[] {
  return [
    ...cases,
    ...on(
      'entra',
      cases.map((one) => ({ ...one, id: `entra-${one.id}` })),
    ),
  ]
}

/** The same cases for every preset. */
function inAll(cases: readonly WireCase[]): readonly WireCase[] {
  return [
    ...inBoth(cases),
    ...on(
      'strict',
      cases.map((one) => ({ ...one, id: `strict-${one.id}` })),
    ),
  ]
}

function patchMessage(client: Client, path: string, body: unknown, headers: Json = {}): Promise<Answer> {
  const sent = { Accept: scimJson, 'Content-Type': scimJson, ...(headers as Readonly<Record<string, string>>) }
  return client.send({ method: 'PATCH', path, headers: sent, body: JSON.stringify(body) })
}

/** A request about one user with the title `Old`. */
type Send = (client: Client, at: { readonly path: string; readonly name: string }) => Promise<Answer>

const patching =
  (operation: Json, schemas: unknown = [patchUrn]): Send =>
  (client, { path }) =>
    patchMessage(client, path, { schemas, Operations: [operation] })
const replaceTitle: Json = replace('title', 'New')
const value = { title: 'New', name: { familyName: 'J' } }

// ── taken, and refused in strict ─────────────────────────────────────────────────────────────────────────────────

interface Form {
  readonly id: string
  readonly title: string
  readonly citation: string
  readonly send: Send
  readonly scimType: string
}

const titled: readonly Form[] = [
  ...draftsOf('PatchOp').map((urn, i) => ({
    id: `draft-patch-op-${i + 1}`,
    title: `a PatchOp under ${urn}`,
    citation: 'RFC 7644 §3.5.2, §8.2; FP-H14; IDP-42',
    send: patching(replaceTitle, [urn]),
    scimType: 'invalidSyntax',
  })),
  {
    id: 'patch-schemas-text',
    title: 'schemas as one text in PATCH',
    citation: 'RFC 7643 §3',
    send: patching(replaceTitle, patchUrn),
    scimType: 'invalidSyntax',
  },
  {
    id: 'put-schemas-text',
    title: 'schemas as one text in PUT',
    citation: 'RFC 7643 §3',
    send: (client, { path, name }) =>
      client.put(path, userBody({ userName: name, schemas: userUrn, title: 'New', name: { familyName: 'J' } })),
    scimType: 'invalidValue',
  },
  {
    id: 'value-in-list',
    title: 'a value without path as a list of one object',
    citation: 'RFC 7644 §3.5.2.1, §3.5.2.3; FP-H15; IDP-40',
    send: patching({ op: 'replace', value: [value] }),
    scimType: 'invalidValue',
  },
  {
    id: 'value-as-json-text',
    title: 'a value without path as the JSON text of one object',
    citation: 'RFC 7644 §3.5.2.1; FP-H15; IDP-40',
    send: patching({ op: 'Add', value: JSON.stringify(value) }),
    scimType: 'invalidValue',
  },
]

const takenForms: readonly WireCase[] = titled.map(({ id, title, citation, send }) =>
  should(`form-${id}`, `${title} is accepted`, citation, async (client) => {
    const user = await client.makeUser({ title: 'Old' })
    expectStatus(await send(client, user), [200, 204])
    expectStatus(await client.get(user.path), 200, { title: 'New' })
  }),
)

const refusedForms: readonly WireCase[] = titled.map(({ id, title, citation, send, scimType }) =>
  should(`strict-form-${id}-400`, `strict: ${title} is 400, and changes nothing`, citation, async (client) => {
    const user = await client.makeUser({ title: 'Old' })
    expectError(await send(client, user), 400, scimType)
    const read = await client.get(user.path)
    expectSame([read.tag, read.json], [user.tag, user.json], 'ETag and resource afterwards')
  }),
)

// ── messages ─────────────────────────────────────────────────────────────────────────────────────────────────────

const taken: readonly WireCase[] = [
  should(
    'form-search-string-numbers',
    'startIndex and count of a search as text are read as numbers',
    'RFC 7644 §3.4.3; FP-H14; IDP-41',
    async (client) => {
      const { name } = await client.makeUser()
      const search = { schemas: [searchUrn], filter: `userName eq "${name}"` }
      const found = await client.post('/Users/.search', { ...search, startIndex: '1', count: '10' })
      expectSame(namesOn(expectStatus(found, 200)), [name], 'users')
      const none = await client.post('/.search', { ...search, startIndex: '1', count: '0' })
      expectStatus(none, 200, { totalResults: 1, itemsPerPage: 0 })
      for (const count of ['one', '1.5', '']) {
        expectError(await client.post('/Users/.search', { ...search, count }), 400, 'invalidValue')
      }
    },
  ),
  should(
    'form-bulk-bare-operations',
    'data of a PATCH in a bulk request may be the bare list of operations, with references in them',
    'RFC 7644 §3.7; FP-H15; IDP-51',
    async (client) => {
      const group = await client.makeGroup()
      const data = [add('members', [{ value: 'bulkId:a' }])]
      const answer = await bulk(client, [{ method: 'PATCH', path: group.path, data }, newUser('a')])
      expectThat(
        answer.statuses.every((status) => status === '200' || status === '201' || status === '204'),
        answer.body,
      )
      const made = answer.results.findIndex(({ method }) => method === 'POST')
      expectSame(await membersOf(client, group.path), [answer.idOf(made)], 'members')
    },
  ),
  should(
    'form-bulk-bare-operations-checked',
    'the rules of a PatchOp apply to a bare list of operations too',
    'RFC 7644 §3.5.2',
    async (client) => {
      const { path, tag } = await client.makeUser()
      const answer = await bulk(client, [
        { method: 'PATCH', path, data: [replace('active', 'maybe')] },
        { method: 'PATCH', path, data: [replace('id', 'x')] },
        { method: 'PUT', path, data: [userBody()] },
        { method: 'PATCH', path, data: ['title'] },
      ])
      for (const [place, scimType] of ['invalidValue', 'mutability', 'invalidSyntax', 'invalidSyntax'].entries()) {
        expectResultError(answer, place, '400', scimType)
      }
      expectSame((await client.get(path)).tag, tag, 'ETag')
    },
  ),
  should(
    'form-bulk-value-as-json-text',
    'references in a value that is JSON text are resolved',
    'RFC 7644 §3.7.2; IDP-40',
    async (client) => {
      const group = await client.makeGroup()
      const members = JSON.stringify({ members: [{ value: 'bulkId:a' }] })
      const data = { schemas: [patchUrn], Operations: [{ op: 'add', value: members }] }
      const answer = await bulk(client, [newUser('a'), { method: 'PATCH', path: group.path, data }])
      expectSame(await membersOf(client, group.path), [answer.idOf(0)], 'members')
    },
  ),
  should(
    'form-draft-search-request',
    'a SearchRequest under the URN of a draft',
    'RFC 7644 §3.4.3, §8.2; FP-H14; IDP-42',
    async (client) => {
      for (const urn of draftsOf('SearchRequest')) {
        expectStatus(await client.post('/Users/.search', { schemas: [urn], count: 0 }), 200)
      }
    },
  ),
  should(
    'form-draft-bulk-request',
    'a BulkRequest under the URN of a draft',
    'RFC 7644 §3.7, §8.2; FP-H14; IDP-42',
    async (client) => {
      for (const urn of draftsOf('BulkRequest')) {
        expectStatus(await client.post('/Bulk', { schemas: [urn], Operations: [] }), 200)
      }
    },
  ),
  should(
    'form-schemas-one-rule',
    'messages without schemas, with an empty list, null or one text are accepted alike',
    'RFC 7643 §3; RFC 7644 §3.1; FP-H14; IDP-45',
    async (client) => {
      const { path } = await client.makeUser()
      const each = (urn: string) => [undefined, null, [], urn, [urn]]
      for (const schemas of each(searchUrn)) {
        expectStatus(await client.post('/Users/.search', { schemas, count: 0 }), 200)
        expectStatus(await client.post('/.search', { schemas, count: 0 }), 200)
      }
      for (const schemas of each(bulkRequestUrn)) {
        expectStatus(await client.post('/Bulk', { schemas, Operations: [] }), 200)
      }
      for (const schemas of each(patchUrn)) {
        expectStatus(await patchMessage(client, path, { schemas, Operations: [replaceTitle] }), [200, 204])
      }
      for (const schemas of each(userUrn)) expectStatus(await client.post('/Users', userBody({ schemas })), 201)
    },
  ),
  should(
    'form-no-operations',
    'a PatchOp without Operations, or with an empty list, changes nothing',
    'RFC 7644 §3.5.2; IDP-33',
    async (client) => {
      const { path, tag, name } = await client.makeUser()
      for (const body of [
        { schemas: [patchUrn] },
        { schemas: [patchUrn], Operations: null },
        { schemas: [patchUrn], Operations: [] },
      ]) {
        expectSame(expectStatus(await patchMessage(client, path, body), [200, 204]).tag, tag, 'ETag')
        expectStatus(await patchMessage(client, `${path}?attributes=userName`, body), 200, { userName: name })
        expectError(await patchMessage(client, '/Users/no-such-user', body), 404)
        expectError(await patchMessage(client, path, body, { 'If-Match': 'W/"0-stale"' }), 412)
        expectSame(
          expectStatus(await patchMessage(client, path, body, { 'If-Match': tag }), [200, 204]).tag,
          tag,
          'ETag',
        )
        const inBulk = await bulk(client, [{ method: 'PATCH', path, data: body }])
        expectThat(['200', '204'].includes(String(inBulk.statuses[0])), inBulk.body)
      }
      expectSame((await client.get(path)).tag, tag, 'ETag')
    },
  ),
  should(
    'form-no-operations-but-more-400',
    'a PatchOp without operations but with other members is 400',
    'ADR 35; RFC 7644 §3.5.2',
    async (client) => {
      const user = await client.makeUser({ active: true, title: 'A' })
      const operation = replace('active', false)
      for (const body of [
        { schemas: [patchUrn], Operations: [], active: false },
        { Operations: [], active: false },
        { schemas: [patchUrn], Operations: [], Operation: [operation] },
        { schemas: [patchUrn], Operations: [], ...operation },
        { schemas: [patchUrn], active: null },
        { schemas: [patchUrn, userUrn], title: null },
        { schemas: [userUrn], active: false },
        {},
      ]) {
        expectError(await patchMessage(client, user.path, body), 400, 'invalidSyntax')
        const inBulk = await bulk(client, [{ method: 'PATCH', path: user.path, data: body }])
        expectSame(inBulk.statuses, ['400'], 'status in bulk')
      }
      expectSame((await client.get(user.path)).json, user.json, 'the resource')
    },
  ),
  should(
    'form-repeated-attributes',
    'repeated attributes, and repeated excludedAttributes, are joined',
    'RFC 7644 §3.4.2.5; IDP-49',
    async (client) => {
      const { path, name, id } = await client.makeUser({ title: 'A', nickName: 'B' })
      const of = async (query: string): Promise<Json> => expectStatus(await client.get(`${path}?${query}`), 200).json
      const chosen = await of('attributes=userName&attributes=title')
      expectSame([chosen.id, chosen.userName, chosen.title, chosen.nickName], [id, name, 'A', undefined], 'attributes')
      const rest = await of('excludedAttributes=title&excludedAttributes=nickName,emails')
      expectSame([rest.userName, rest.title, rest.nickName], [name, undefined, undefined], 'attributes')
    },
  ),
]

const refused: readonly WireCase[] = [
  should(
    'strict-form-search-string-numbers-400',
    'strict: numbers as text are 400',
    'RFC 7644 §3.4.3',
    async (client) => {
      for (const numbers of [{ startIndex: '1' }, { count: '10' }]) {
        expectError(await client.post('/Users/.search', { schemas: [searchUrn], ...numbers }), 400, 'invalidValue')
      }
      const body = { schemas: [bulkRequestUrn], Operations: [newUser('a')], failOnErrors: '1' }
      expectError(await client.post('/Bulk', body), 400, 'invalidValue')
    },
  ),
  should(
    'strict-form-bulk-bare-operations-400',
    'strict: a bare list of operations is not a PatchOp',
    'RFC 7644 §3.7',
    async (client) => {
      const { path, tag } = await client.makeUser()
      expectResultError(
        await bulk(client, [{ method: 'PATCH', path, data: [replaceTitle] }]),
        0,
        '400',
        'invalidSyntax',
      )
      expectSame((await client.get(path)).tag, tag, 'ETag')
    },
  ),
  should('strict-form-draft-messages-400', 'strict: URNs of drafts are 400', 'RFC 7644 §8.2', async (client) => {
    for (const urn of draftsOf('SearchRequest')) {
      expectError(await client.post('/.search', { schemas: [urn], count: 0 }), 400, 'invalidSyntax')
    }
    for (const urn of draftsOf('BulkRequest')) {
      expectError(await client.post('/Bulk', { schemas: [urn], Operations: [newUser('a')] }), 400, 'invalidSyntax')
    }
  }),
  should('strict-form-schemas-text-400', 'strict: schemas as one text is 400', 'RFC 7643 §3', async (client) => {
    expectError(await client.post('/Users', userBody({ schemas: userUrn })), 400, 'invalidValue')
    expectError(await client.post('/Groups', groupBody({ schemas: String(groupBody().schemas) })), 400, 'invalidValue')
    expectError(await client.post('/Users/.search', { schemas: searchUrn, count: 0 }), 400, 'invalidSyntax')
    expectError(await client.post('/Bulk', { schemas: bulkRequestUrn, Operations: [] }), 400, 'invalidSyntax')
  }),
  should('strict-form-single-for-list-400', 'strict: one value for a list is 400', 'RFC 7643 §2.4', async (client) => {
    const user = await client.makeUser()
    const values: Readonly<Record<string, unknown>> = {
      emails: { value: 'a@example.com' },
      phoneNumbers: { value: '1' },
      addresses: { country: 'AT' },
      roles: { value: 'r' },
      entitlements: { value: 'e' },
      x509Certificates: { value: 'AAAA' },
      photos: { value: 'https://a.example/p' },
      ims: { value: 'i' },
    }
    for (const [name, single] of Object.entries(values)) {
      for (const attributes of [{ [name]: single }, { [userUrn]: { [name]: single } }]) {
        expectError(await client.post('/Users', userBody(attributes)), 400, 'invalidValue')
        expectError(await client.put(user.path, userBody({ userName: user.name, ...attributes })), 400, 'invalidValue')
      }
      // RFC 7644 §3.5.2.1: one value is added.
      expectStatus(await client.patch(user.path, add(name, single)), 200, { [name]: [single] })
    }
    const search = { schemas: [searchUrn], attributes: 'userName' }
    expectError(await client.post('/Users/.search', search), 400, 'invalidValue')
  }),
  should(
    'strict-form-repeated-attributes-400',
    'strict: a repeated parameter is 400',
    'RFC 7644 §3.4.2.5',
    async (client) => {
      const { path } = await client.makeUser()
      expectError(await client.get(`${path}?attributes=userName&attributes=title`), 400)
      expectError(await client.get('/Users?excludedAttributes=userName&excludedAttributes=title'), 400)
    },
  ),
  should('strict-form-empty-segment-404', 'strict: //Users is 404', 'RFC 3986 §3.3', async (client) => {
    const user = await client.makeUser()
    expectError(await client.get('//Users?count=0'), 404)
    expectError(await client.get(`/${user.path}`), 404)
    expectError(await client.post('//Users', userBody()), 404)
  }),
]

// ── the same in every preset ─────────────────────────────────────────────────────────────────────────────────────

const everywhere: readonly WireCase[] = [
  must(
    'patch-partial-resource-400',
    'part of a resource sent as a PATCH is 400: a success would acknowledge a change that was not made',
    'RFC 7644 §3.5.2; FP-H16',
    async (client) => {
      const user = await client.makeUser({ active: true })
      for (const body of [
        { active: false },
        { schemas: [userUrn], active: false },
        { schemas: [userUrn] },
        { schemas: [patchUrn], active: false },
        { schemas: [patchUrn], Operation: [replaceTitle] },
        { schemas: [patchUrn], Operations: {} },
        { schemas: [patchUrn], Operations: '[]' },
        {},
      ]) {
        expectError(await patchMessage(client, user.path, body), 400, 'invalidSyntax')
      }
      expectSame((await client.get(user.path)).json, user.json, 'the resource')
    },
  ),
  must(
    'patch-wrapped-value-400',
    'a value without path that is not exactly one object is 400',
    'RFC 7644 §3.5.2.1',
    async (client) => {
      const user = await client.makeUser()
      const depth = `${'{"a":'.repeat(500)}1${'}'.repeat(500)}`
      const texts = ['', 'title', '{', '[]', '[{"title":"a"}]', 'null', '"{}"', '{"title":"a","title":"b"}', depth]
      const prototypes = ['{"__proto__":{"title":"a"}}', '{"name":{"constructor":{"a":1}}}']
      const lists = [[], [{ title: 'a' }, { title: 'b' }], [[{ title: 'a' }]], ['{"title":"a"}'], [null]]
      for (const wrong of [...texts, ...prototypes, ...lists]) {
        expectError(await client.patch(user.path, { op: 'replace', value: wrong }), 400, 'invalidValue')
      }
      expectSame((await client.get(user.path)).json, user.json, 'the resource')
    },
  ),
  should(
    'query-names-any-case',
    'names of query parameters ignore case, percent-encoded or not',
    'RFC 3986 §6.2.2; ADR 11',
    async (client) => {
      const { name, path } = await client.makeUser({ title: 'A' })
      await client.makeUser()
      const filter = encodeURIComponent(`userName eq "${name}"`)
      for (const parameter of ['filter', 'Filter', 'FILTER', '%66ilter', '%46ILTER', 'filter+', '%20filter']) {
        expectSame(namesOn(await client.get(`/Users?${parameter}=${filter}`)), [name], `${parameter}: users`)
      }
      expectSame(namesOn(await client.get(`/?FILTER=${filter}`)), [name], 'users')
      expectStatus(await client.get(`/Users?Filter=${filter}&COUNT=0`), 200, { totalResults: 1, itemsPerPage: 0 })
      const shown = expectStatus(await client.get(`${path}?ATTRIBUTES=title`), 200)
      expectSame([shown.json.title, shown.json.userName === undefined], ['A', true], 'attributes')
      expectError(await client.get('/Schemas?Filter=id%20pr'), 403)
    },
  ),
  should(
    'query-two-spellings-400',
    'two spellings of one parameter are 400',
    'RFC 7644 §3.4.2; ADR 11',
    async (client) => {
      for (const query of [
        'filter=userName%20pr&Filter=title%20pr',
        'count=1&Count=1',
        'startIndex=1&startindex=1',
        'attributes=userName&Attributes=title',
        'attributes=userName&%41ttributes=title',
        'excludedAttributes=userName&excludedattributes=title',
        'filter=userName%20pr&%66ilter=title%20pr',
      ]) {
        expectError(await client.get(`/Users?${query}`), 400)
      }
    },
  ),
  should(
    'filter-of-100-terms',
    'one filter may look up 100 e-mail addresses',
    'RFC 7644 §3.4.2.2, §3.4.3',
    async (client) => {
      const suffix = uniqueName().slice(-12)
      const address = (i: number): string => `user.with.a.long.name.${i}.${suffix}@department.of.example.com`
      const { name } = await client.makeUser({ emails: [{ value: address(99), type: 'work' }] })
      const filter = Array.from({ length: 100 }, (_, i) => `emails.value eq "${address(i)}"`).join(' or ')
      expectThat(filter.length > 4_096 && filter.length < 16_384, `${filter.length} characters`)
      const found = expectStatus(await client.post('/Users/.search', { schemas: [searchUrn], filter }), 200)
      expectSame(namesOn(found), [name], 'users')
      const longest = `userName eq "${'x'.repeat(16_384 - 14)}"`
      expectStatus(await client.post('/Users/.search', { schemas: [searchUrn], filter: longest }), 200, {
        totalResults: 0,
      })
      const tooLong = { schemas: [searchUrn], filter: `${longest.slice(0, -1)}x"` }
      expectError(await client.post('/Users/.search', tooLong), 400, 'invalidFilter')
    },
  ),
]

const segments: readonly WireCase[] = [
  should(
    'form-empty-segment',
    'one empty path segment directly below the mount is ignored; locations are the usual ones',
    'RFC 3986 §3.3; FP-H8; IDP-50',
    async (client) => {
      const made = expectStatus(await client.post('//Users', userBody()), 201)
      const path = `/Users/${String(made.json.id)}`
      expectSame(made.headers.location, metaOf(made).location, 'Location')
      expectThat(!String(made.headers.location).replace('://', '').includes('//'), `Location: ${made.headers.location}`)
      const read = expectStatus(await client.get(`/${path}`), 200)
      expectSame(read.json, (await client.get(path)).json, 'the resource')
      expectStatus(await client.get(`//Users?filter=id%20eq%20%22${String(made.json.id)}%22`), 200, { totalResults: 1 })
      expectStatus(await client.post('//Users/.search', { schemas: [searchUrn], count: 0 }), 200)
      expectStatus(await client.post('//.search', { schemas: [searchUrn], count: 0 }), 200)
      expectStatus(await client.get('//Schemas'), 200)
      expectStatus(await client.post('//Bulk', { schemas: [bulkRequestUrn], Operations: [] }), 200)
      expectStatus(await client.remove(`/${path}`), 204)
      expectError(await client.get(path), 404)
    },
  ),
  should('form-empty-segment-404', 'other empty segments are 404', 'RFC 3986 §3.3', async (client) => {
    const { path, id } = await client.makeUser()
    for (const wrong of ['///Users', `//${path}`, `/Users//${id}`, `${path}//`, '/Users//', `//Users//${id}`]) {
      expectError(await client.get(wrong), 404)
    }
  }),
  should(
    'form-empty-segment-bulk',
    'one empty segment in the path of a bulk operation is ignored too',
    'RFC 7644 §3.7',
    async (client) => {
      const { path, tag } = await client.makeUser()
      const answer = await bulk(client, [
        { method: 'DELETE', path: `/${path}` },
        { ...newGroup('a'), path: '//Groups' },
      ])
      for (const place of [0, 1]) expectResultError(answer, place, '404')
      expectSame((await client.get(path)).tag, tag, 'ETag')
      expectSame(listAt(answer.json, 'Operations').length, 2, 'results')
    },
  ),
]

/** Forms of requests. */
export const clientForms: readonly WireCase[] = [
  ...inBoth([...takenForms, ...taken, ...segments]),
  ...on('strict', [...refusedForms, ...refused]),
  ...inAll(everywhere),
]
