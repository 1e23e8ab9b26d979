/** `attributes` and `excludedAttributes`. @see RFC 7644 §3.4.2.5, §3.9; RFC 7643 §2.2 (returned) */
import type { Json } from '../answer.js'
import { enterpriseUrn, userBody, userUrn } from '../client.js'
import { expectAbsent, expectAttributes, expectError, expectSame, expectStatus, listAt, metaOf } from '../expect.js'
import { must, should, type WireCase } from '../wire-case.js'

const start = {
  title: 'Guide',
  nickName: 'Babs',
  name: { givenName: 'B', familyName: 'J' },
  emails: [{ value: 'b@example.com', type: 'work' }],
  [enterpriseUrn]: { department: 'D', division: 'X' },
}

/** A value of `attributes`, and all attributes returned besides `schemas` and `id`. */
type Shown = readonly [level: typeof must, id: string, title: string, query: string, shown: Json]

const { title, nickName, name, emails } = start

const only: readonly Shown[] = [
  [must, 'one', 'only the requested attributes, with id and schemas', 'title', { title }],
  [must, 'several', 'several, separated by commas', 'title,nickName', { title, nickName }],
  [should, 'blanks', 'blanks around the commas are not part of the names', 'title,%20nickName', { title, nickName }],
  [must, 'any-case', 'names in any case', 'TITLE', { title }],
  [must, 'urn', 'names by URN', `${userUrn}:title`, { title }],
  [must, 'complex', 'a complex attribute as a whole', 'name', { name }],
  [must, 'sub-attribute', 'a sub-attribute alone', 'name.givenName', { name: { givenName: 'B' } }],
  [
    must,
    'sub-attribute-of-list',
    'a sub-attribute in every element',
    'emails.value',
    { emails: [{ value: 'b@example.com' }] },
  ],
  [must, 'extension', 'an extension as a whole', enterpriseUrn, { [enterpriseUrn]: start[enterpriseUrn] }],
  [
    must,
    'extension-attribute',
    'an attribute of an extension',
    `${enterpriseUrn}:department`,
    { [enterpriseUrn]: { department: 'D' } },
  ],
  [should, 'unknown', 'an unknown name returns nothing and is not an error', 'favouriteColour', {}],
  [must, 'absent', 'an attribute without a value returns nothing and is not an error', 'displayName', {}],
]

const onlyThese: readonly WireCase[] = only.map(([level, id, sentence, query, shown]) =>
  level(`attributes-${id}`, sentence, 'RFC 7644 §3.4.2.5, §3.9, §3.10', async (client) => {
    const user = await client.makeUser(start)
    const { json } = expectStatus(await client.get(`${user.path}?attributes=${query}`), 200)
    const schemas = json.schemas
    expectSame(Array.isArray(schemas) && schemas.includes(userUrn), true, 'schemas is always returned')
    expectSame(json, { schemas, id: user.id, ...shown }, `the attributes returned for attributes=${query}`)
  }),
)

/** A value of `excludedAttributes`, and the returned attributes that would differ without the exclusion. */
type Hidden = readonly [id: string, title: string, query: string, shown: Json]

const without: readonly Hidden[] = [
  ['one', 'everything except the named attributes', 'title', { title: undefined, nickName, name, emails }],
  ['several', 'several, in any case', 'TITLE,emails', { title: undefined, emails: undefined, nickName }],
  ['sub-attribute', 'a sub-attribute alone', 'name.givenName', { name: { familyName: 'J' } }],
  ['meta', 'meta', 'meta', { meta: undefined, title }],
  ['extension', 'an extension as a whole', enterpriseUrn, { [enterpriseUrn]: undefined, title }],
  [
    'extension-attribute',
    'an attribute of an extension',
    `${enterpriseUrn}:division`,
    { [enterpriseUrn]: { department: 'D' } },
  ],
  ['unknown', 'an unknown name excludes nothing', 'favouriteColour', { title, nickName }],
]

const withoutThese: readonly WireCase[] = without.map(([id, sentence, query, shown]) =>
  must(`excluded-${id}`, sentence, 'RFC 7644 §3.4.2.5, §3.9', async (client) => {
    const user = await client.makeUser(start)
    const answer = expectStatus(await client.get(`${user.path}?excludedAttributes=${query}`), 200, { id: user.id })
    expectAttributes(answer, shown)
  }),
)

const everywhere: readonly WireCase[] = [
  must(
    'excluded-always',
    'attributes that are always returned cannot be excluded',
    'RFC 7644 §3.4.2.5; RFC 7643 §2.2, §3',
    async (client) => {
      const user = await client.makeUser()
      const { json } = expectStatus(await client.get(`${user.path}?excludedAttributes=id,schemas,userName`), 200)
      expectSame([json.id, json.schemas], [user.id, [userUrn]], 'id and schemas')
    },
  ),
  must(
    'attributes-and-excluded-400',
    'attributes together with excludedAttributes is 400',
    'RFC 7644 §3.9 (“mutually exclusive”)',
    async (client) => {
      const { path } = await client.makeUser()
      expectError(await client.get(`${path}?attributes=title&excludedAttributes=name`), 400)
      expectError(await client.get('/Users?attributes=title&excludedAttributes=name'), 400)
    },
  ),
  must('attributes-in-lists', 'a list returns the requested attributes', 'RFC 7644 §3.4.2.5', async (client) => {
    const user = await client.makeUser(start)
    const page = await client.find('/Users', `userName eq "${user.name}"`, '&attributes=title')
    const [one = {}] = listAt(page.json, 'Resources')
    expectSame({ ...one, schemas: [] }, { schemas: [], id: user.id, title }, 'the returned attributes')
    expectStatus(page, 200, { totalResults: 1, itemsPerPage: 1, startIndex: 1 })
  }),
  must(
    'attributes-on-create',
    'a POST returns the requested attributes and stores all of them',
    'RFC 7644 §3.9',
    async (client) => {
      const body = userBody({ title, nickName })
      const made = expectStatus(await client.post('/Users?attributes=title', body), 201, { title })
      expectAbsent(made, 'nickName', 'userName')
      expectStatus(await client.get(`/Users/${String(made.json.id)}`), 200, { nickName })
    },
  ),
  must(
    'attributes-on-put',
    'a PUT returns the requested attributes and stores all of them',
    'RFC 7644 §3.9',
    async (client) => {
      const { path, name: userName } = await client.makeUser()
      const body = userBody({ userName, title, nickName })
      expectAbsent(expectStatus(await client.put(`${path}?excludedAttributes=title`, body), 200, { nickName }), 'title')
      expectStatus(await client.get(path), 200, { title, nickName })
    },
  ),
  must('excluded-members', 'a group without its members', 'RFC 7644 §3.4.2.5', async (client) => {
    const group = await client.makeGroup([await client.makeUser()])
    expectAbsent(
      expectStatus(await client.get(`${group.path}?excludedAttributes=members`), 200, { displayName: group.name }),
      'members',
    )
    const page = await client.find('/Groups', `displayName eq "${group.name}"`, '&excludedAttributes=members')
    expectSame(listAt(page.json, 'Resources')[0]?.members, undefined, 'members in the list')
  }),
  must('attributes-members', 'only the members of a group', 'RFC 7644 §3.4.2.5', async (client) => {
    const user = await client.makeUser()
    const group = await client.makeGroup([user])
    const { json } = expectStatus(await client.get(`${group.path}?attributes=members.value`), 200)
    expectSame(
      { ...json, schemas: [] },
      { schemas: [], id: group.id, members: [{ value: user.id }] },
      'the returned attributes',
    )
  }),
  must('attributes-meta', 'only meta, and parts of it', 'RFC 7644 §3.9', async (client) => {
    const user = await client.makeUser()
    const whole = expectStatus(await client.get(`${user.path}?attributes=meta`), 200)
    expectSame(metaOf(whole), metaOf(user), 'meta')
    expectAbsent(whole, 'userName')
    const part = metaOf(await client.get(`${user.path}?attributes=meta.location`))
    expectSame(part, { location: metaOf(user).location }, 'meta')
  }),
  must('attributes-empty', 'an empty list of names is ignored', 'RFC 7644 §3.9', async (client) => {
    const user = await client.makeUser({ title })
    expectSame((await client.get(`${user.path}?attributes=`)).json, user.json, 'the resource')
    expectSame((await client.get(`${user.path}?excludedAttributes=,`)).json, user.json, 'the resource')
  }),
]

/** Projections of responses. */
export const projection: readonly WireCase[] = [...onlyThese, ...withoutThese, ...everywhere]
