/** PUT. @see RFC 7644 §3.5.1 */
import { enterpriseUrn, groupBody, otherTag, userBody, userUrn } from '../client.js'
import { expectAbsent, expectError, expectSame, expectStatus, expectThat, listAt, metaOf, objectAt } from '../expect.js'
import { add } from '../patch-operations.js'
import { must, should, type WireCase } from '../wire-case.js'

const replaced: readonly WireCase[] = [
  must('put-200', 'a PUT replaces values and returns 200 with the resource', 'RFC 7644 §3.5.1', async (client) => {
    const { path, name, id } = await client.makeUser({ title: 'Old', emails: [{ value: 'old@example.com' }] })
    const body = userBody({ userName: name, title: 'New', emails: [{ value: 'new@example.com' }] })
    const put = expectStatus(await client.put(path, body), 200, { id, title: 'New' })
    expectSame(put.json.emails, [{ value: 'new@example.com' }], 'emails')
    expectSame((await client.get(path)).json, put.json, 'the resource when it is read')
  }),
  should('put-clears-what-is-left-out', 'omitted attributes are cleared', 'RFC 7644 §3.5.1', async (client) => {
    const { path, name } = await client.makeUser({
      title: 'Old',
      emails: [{ value: 'a@example.com' }],
      name: { givenName: 'B' },
    })
    expectAbsent(expectStatus(await client.put(path, userBody({ userName: name })), 200), 'title', 'emails', 'name')
  }),
  must('put-null-clears', 'null and [] clear an attribute', 'RFC 7643 §2.5', async (client) => {
    const { path, name } = await client.makeUser({ title: 'Old', emails: [{ value: 'a@example.com' }] })
    expectAbsent(
      expectStatus(await client.put(path, userBody({ userName: name, title: null, emails: [] })), 200),
      'title',
      'emails',
    )
  }),
  should('put-complex-is-replaced', 'a complex value is replaced, not merged', 'RFC 7644 §3.5.1', async (client) => {
    const { path, name } = await client.makeUser({ name: { givenName: 'B', familyName: 'J' } })
    const { json } = expectStatus(await client.put(path, userBody({ userName: name, name: { givenName: 'C' } })), 200)
    expectSame(json.name, { givenName: 'C' }, 'name')
  }),
  should(
    'put-extension-goes',
    'an omitted extension is removed, and its URN from schemas',
    'RFC 7644 §3.5.1; RFC 7643 §3',
    async (client) => {
      const { path, name } = await client.makeUser({ [enterpriseUrn]: { department: 'Sales' } })
      const put = expectStatus(await client.put(path, userBody({ userName: name })), 200)
      expectAbsent(put, enterpriseUrn)
      expectSame(put.json.schemas, [userUrn], 'schemas')
    },
  ),
  should('put-extension-comes', 'a new extension is added, and its URN to schemas', 'RFC 7643 §3', async (client) => {
    const { path, name } = await client.makeUser()
    const body = { ...userBody({ userName: name }), [enterpriseUrn]: { department: 'Sales' } }
    const { json } = expectStatus(await client.put(path, body), 200)
    expectSame(objectAt(json, enterpriseUrn), { department: 'Sales' }, 'the extension')
    expectSame(json.schemas, [userUrn, enterpriseUrn], 'schemas')
  }),
  must('put-group-members', 'a PUT of a group replaces its members', 'RFC 7644 §3.5.1', async (client) => {
    const [ann, bob] = [await client.makeUser(), await client.makeUser()]
    const { path, name } = await client.makeGroup([ann])
    const { json } = expectStatus(
      await client.put(path, groupBody({ displayName: name, members: [{ value: bob.id }] })),
      200,
    )
    expectSame(
      listAt(json, 'members').map(({ value }) => value),
      [bob.id],
      'members',
    )
    expectAbsent(expectStatus(await client.put(path, groupBody({ displayName: name })), 200), 'members')
  }),
  must(
    'put-rename',
    'a user may be renamed, also to another letter case of the same name',
    'RFC 7644 §3.5.1; RFC 7643 §4.1.1',
    async (client) => {
      const { path, name } = await client.makeUser()
      expectStatus(await client.put(path, userBody({ userName: name.toUpperCase() })), 200, {
        userName: name.toUpperCase(),
      })
      expectStatus(await client.put(path, userBody({ userName: `${name}-new` })), 200, { userName: `${name}-new` })
      expectStatus(await client.post('/Users', userBody({ userName: name })), 201)
    },
  ),
  must('put-keeps-id-and-created', 'id, created and location do not change', 'RFC 7643 §3.1', async (client) => {
    const made = await client.makeUser()
    const put = expectStatus(await client.put(made.path, userBody({ userName: made.name, title: 'New' })), 200, {
      id: made.id,
    })
    for (const name of ['created', 'location', 'resourceType'])
      expectSame(metaOf(put)[name], metaOf(made)[name], `meta.${name}`)
  }),
]

const ignored: readonly WireCase[] = [
  must('put-read-only-ignored', 'readOnly values are ignored', 'RFC 7644 §3.5.1', async (client) => {
    const user = await client.makeUser()
    const group = await client.makeGroup([user])
    const body = userBody({ userName: user.name, groups: [{ value: 'forged' }], id: 'forged' })
    const { json } = expectStatus(await client.put(user.path, body), 200, { id: user.id })
    expectSame(
      listAt(json, 'groups').map(({ value }) => value),
      [group.id],
      'groups',
    )
    expectStatus(await client.get('/Users/forged'), 404)
  }),
  should(
    'put-stale-meta-ignored',
    'a stale meta.version in the body is not a precondition',
    'RFC 7643 §3.1; FP-V24; IDP-E1',
    async (client) => {
      const { path, name } = await client.makeUser()
      const meta = { version: otherTag, created: '1999-01-01T00:00:00Z' }
      const put = expectStatus(await client.put(path, userBody({ userName: name, title: 'New', meta })), 200)
      expectThat(metaOf(put).created !== meta.created, 'meta.created: expected the server’s own')
    },
  ),
]

const refused: readonly WireCase[] = [
  must('put-unknown-404', 'a PUT never creates a resource', 'RFC 7644 §3.5.1', async (client) => {
    const body = userBody({ id: 'no-such-user' })
    expectError(await client.put('/Users/no-such-user', body), 404)
    expectStatus(await client.find('/Users', `userName eq "${body.userName}"`), 200, { totalResults: 0 })
  }),
  must('put-without-username-400', 'a PUT without a required attribute is 400', 'RFC 7644 §3.5.1', async (client) => {
    const { path, name } = await client.makeUser()
    expectError(await client.put(path, { schemas: [userUrn], title: 'New' }), 400, 'invalidValue')
    expectStatus(await client.get(path), 200, { userName: name })
  }),
  must('put-duplicate-409', 'a taken name is 409, and nothing is changed', 'RFC 7644 §3.5.1, §3.12', async (client) => {
    const [taken, user] = [await client.makeUser(), await client.makeUser({ title: 'Old' })]
    expectError(
      await client.put(user.path, userBody({ userName: taken.name.toUpperCase(), title: 'New' })),
      409,
      'uniqueness',
    )
    const read = expectStatus(await client.get(user.path), 200, { userName: user.name, title: 'Old' })
    expectSame(read.tag, user.tag, 'the ETag')
  }),
  must(
    'put-wrong-type-400',
    'a PUT with a value of the wrong type is 400, and nothing is changed',
    'RFC 7643 §2.3; RFC 7644 §3.12',
    async (client) => {
      const user = await client.makeUser({ title: 'Old' })
      expectError(
        await client.put(user.path, userBody({ userName: user.name, title: 'New', active: 5 })),
        400,
        'invalidValue',
      )
      expectSame((await client.get(user.path)).json, user.json, 'the resource')
    },
  ),
  must(
    'put-collection-405',
    'PUT, PATCH and DELETE of a collection are 405',
    'RFC 7644 §3.2; RFC 9110 §15.5.6',
    async (client) => {
      for (const answer of [
        await client.put('/Users', userBody()),
        await client.patch('/Users', add('title', 'x')),
        await client.remove('/Users'),
      ]) {
        expectError(answer, 405)
        expectThat((answer.headers.allow ?? '').includes('POST'), `${answer.about}: expected an Allow header with POST`)
      }
    },
  ),
  should(
    'put-two-keys-one-attribute-400',
    'one attribute in two spellings is 400, because it is ambiguous',
    'RFC 7643 §2.1',
    async (client) => {
      const { path, name } = await client.makeUser()
      expectError(await client.put(path, userBody({ userName: name, title: 'A', TITLE: 'B' })), 400, 'invalidValue')
    },
  ),
]

/** Replacing resources. */
export const replacing: readonly WireCase[] = [...replaced, ...ignored, ...refused]
