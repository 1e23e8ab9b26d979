/** The behaviour of `interop: 'strict'`: leniency of the RFCs is kept, deviations are refused. @see FP-M1 to FP-M12 */
import type { Answer, Json } from '../answer.js'
import { type Client, enterpriseUrn, groupBody, groupUrn, patchUrn, searchUrn, userBody, userUrn } from '../client.js'
import { expectAbsent, expectError, expectSame, expectStatus, listAt } from '../expect.js'
import { must, on, should, type WireCase } from '../wire-case.js'

const work = { value: 'work@example.com', type: 'work' }
const schemasNamed = 'RFC 7643 §3; RFC 7644 §3.1; FP-M9'
const oneForList = 'RFC 7643 §2.4; FP-M10'

const keeps: readonly WireCase[] = [
  must(
    'strict-names-in-any-case',
    'names in any case, in bodies, paths and filters',
    'RFC 7643 §2.1; FP-M1',
    async (client) => {
      const { USERNAME } = { USERNAME: userBody().userName }
      const made = expectStatus(
        await client.post('/Users', { Schemas: [userUrn], USERNAME, Name: { GIVENNAME: 'B' } }),
        201,
        { name: { givenName: 'B' } },
      )
      const path = `/Users/${String(made.json.id)}`
      expectStatus(await client.patch(path, [{ op: 'add', path: 'NAME.FamilyName', value: 'J' }]), 200, {
        name: { givenName: 'B', familyName: 'J' },
      })
      expectStatus(await client.find('/Users', `USERNAME EQ "${USERNAME}"`), 200, { totalResults: 1 })
      expectStatus(await client.get(`${path}?attributes=NAME`), 200, { name: { givenName: 'B' } })
    },
  ),
  must(
    'strict-op-in-any-case',
    'ops and names of the PATCH message in any case',
    'RFC 7643 §2.1; FP-M1; IDP-1, IDP-2',
    async (client) => {
      const { path } = await client.makeUser()
      const message = { SCHEMAS: [patchUrn], operations: [{ Op: 'Add', PATH: 'title', Value: 'A' }] }
      const headers = { Accept: 'application/scim+json', 'Content-Type': 'application/scim+json' }
      expectStatus(await client.send({ method: 'PATCH', path, headers, body: JSON.stringify(message) }), 200, {
        title: 'A',
      })
    },
  ),
  must('strict-urns-in-any-case', 'URNs in any case', 'RFC 7643 §2.1; FP-M1', async (client) => {
    const body = {
      ...userBody({ schemas: [userUrn.toUpperCase(), enterpriseUrn.toLowerCase()] }),
      [enterpriseUrn.toUpperCase()]: { department: 'D' },
    }
    const made = expectStatus(await client.post('/Users', body), 201, { [enterpriseUrn]: { department: 'D' } })
    const operations = [{ op: 'replace', path: `${enterpriseUrn.toUpperCase()}:department`, value: 'E' }]
    expectStatus(await client.patch(`/Users/${String(made.json.id)}`, operations), 200, {
      [enterpriseUrn]: { department: 'E' },
    })
  }),
  must('strict-read-only-ignored', 'readOnly input is ignored', 'RFC 7644 §3.3, §3.5.1; FP-M2', async (client) => {
    const made = await client.makeUser({ id: 'own', meta: { version: 'x' }, groups: [{ value: 'x' }] })
    expectAbsent(made, 'groups')
    const body = userBody({ userName: made.name, id: 'own', groups: [{ value: 'x' }], meta: {}, title: 'A' })
    expectStatus(await client.put(made.path, body), 200, { id: made.id, title: 'A' })
    expectStatus(await client.patch(made.path, [{ op: 'add', value: { groups: [{ value: 'x' }], title: 'B' } }]), 200, {
      title: 'B',
    })
  }),
  must(
    'strict-json-both-ways',
    'application/json in requests and responses',
    'RFC 7644 §3.1, §8.1; FP-M3',
    async (client) => {
      const headers = { 'Content-Type': 'application/json', Accept: 'application/json' }
      const made = expectStatus(await client.post('/Users', userBody(), headers), 201)
      expectSame(made.headers['content-type']?.split(';', 1)[0], 'application/json', 'Content-Type')
    },
  ),
  must(
    'strict-unknown-parameters',
    'unknown query parameters are ignored',
    'RFC 7644 §3.4.2; FP-M4',
    async (client) => {
      const { path } = await client.makeUser()
      expectStatus(await client.get(`${path}?aadOptscim062020&x=1`), 200)
    },
  ),
  must('strict-null-unassigns', 'null and [] unassign', 'RFC 7643 §2.5; FP-M5', async (client) => {
    const made = await client.makeUser({ title: null, emails: [], nickName: 'N', phoneNumbers: [{ value: '1' }] })
    expectAbsent(made, 'title', 'emails')
    const value = { nickName: null, phoneNumbers: [] }
    expectAbsent(
      expectStatus(await client.patch(made.path, [{ op: 'replace', value }]), 200),
      'nickName',
      'phoneNumbers',
    )
    const body = userBody({ userName: made.name, title: null, emails: [] })
    expectAbsent(expectStatus(await client.put(made.path, body), 200), 'title', 'emails')
  }),
  must('strict-pathless', 'PATCH without path', 'RFC 7644 §3.5.2; FP-M6', async (client) => {
    const { path } = await client.makeUser()
    expectStatus(await client.patch(path, [{ op: 'add', value: { title: 'A', name: { givenName: 'B' } } }]), 200, {
      title: 'A',
      name: { givenName: 'B' },
    })
    expectStatus(await client.patch(path, [{ op: 'replace', value: { [enterpriseUrn]: { department: 'D' } } }]), 200, {
      [enterpriseUrn]: { department: 'D' },
    })
  }),
  must('strict-urn-paths', 'URN paths', 'RFC 7644 §3.10; FP-M6', async (client) => {
    const { path, id } = await client.makeUser()
    const operations = [
      { op: 'add', path: `${userUrn}:name.givenName`, value: 'B' },
      { op: 'add', path: `${enterpriseUrn}:department`, value: 'D' },
    ]
    expectStatus(await client.patch(path, operations), 200, {
      name: { givenName: 'B' },
      [enterpriseUrn]: { department: 'D' },
    })
    const filter = `${enterpriseUrn}:department eq "D" and id eq "${id}"`
    expectStatus(await client.find('/Users', filter), 200, { totalResults: 1 })
  }),
  should('strict-one-object-in-add', 'one object in add', 'RFC 7644 §3.5.2.1; FP-M6; FP-P13', async (client) => {
    const { path } = await client.makeUser()
    expectSame((await client.patch(path, [{ op: 'add', path: 'emails', value: work }])).json.emails, [work], 'emails')
  }),
  must(
    'strict-remove-non-member',
    'removing a user that is not a member succeeds',
    'RFC 7644 §3.5.2.2; FP-P1',
    async (client) => {
      const { path, tag } = await client.makeGroup([await client.makeUser()])
      expectSame(
        expectStatus(await client.patch(path, [{ op: 'remove', path: 'members[value eq "unknown"]' }]), 200).tag,
        tag,
        'the ETag',
      )
    },
  ),
  must(
    'strict-no-target-400',
    'removing at a value path that matches nothing is 400 noTarget',
    'RFC 7644 §3.5.2.2, §3.12 (noTarget); FP-P2',
    async (client) => {
      const { path } = await client.makeUser({ emails: [work] })
      expectError(await client.patch(path, [{ op: 'remove', path: 'emails[type eq "fax"]' }]), 400, 'noTarget')
      expectError(
        await client.patch(path, [{ op: 'replace', path: 'emails[type eq "fax"].value', value: 'x' }]),
        400,
        'noTarget',
      )
    },
  ),
  must('strict-conditional', 'conditional requests work as in every preset', 'RFC 7644 §3.14', async (client) => {
    const { path, tag } = await client.makeUser()
    const operations = [{ op: 'add', path: 'title', value: 'A' }]
    expectStatus(await client.patch(path, operations, { 'If-Match': tag }), 200)
    expectError(await client.patch(path, operations, { 'If-Match': tag }), 412)
  }),
]

interface Refused {
  readonly id: string
  readonly title: string
  readonly citation: string
  readonly scimType: string | readonly string[]
  /** A request about one existing user or group. */
  readonly send: (client: Client, at: { readonly path: string; readonly name: string }) => Promise<Answer>
}

const patch =
  (...operations: readonly Json[]): Refused['send'] =>
  (client, { path }) =>
    client.patch(path, operations)
const put =
  (attributes: Json): Refused['send'] =>
  (client, { path, name }) =>
    client.put(path, userBody({ userName: name, ...attributes }))
const post =
  (attributes: Json): Refused['send'] =>
  (client) =>
    client.post('/Users', userBody(attributes))
const query =
  (filter: string): Refused['send'] =>
  (client) =>
    client.get(`/Users?filter=${encodeURIComponent(filter)}`)
const search =
  (body: Json): Refused['send'] =>
  (client) =>
    client.post('/Users/.search', body)

const wrong = 'invalidValue'
const manager = (value: unknown): Json => ({ [enterpriseUrn]: { manager: value } })

const refuses: readonly Refused[] = [
  {
    id: 'string-boolean-post',
    title: 'a boolean as text in POST',
    citation: 'RFC 7643 §2.3.2; FP-M8; IDP-3',
    scimType: wrong,
    send: post({ active: 'True' }),
  },
  {
    id: 'string-boolean-put',
    title: 'a boolean as text in PUT',
    citation: 'RFC 7643 §2.3.2; FP-M8; IDP-3',
    scimType: wrong,
    send: put({ active: 'false' }),
  },
  {
    id: 'string-boolean-part',
    title: 'a boolean as text in a sub-attribute',
    citation: 'RFC 7643 §2.3.2; FP-M8; IDP-3',
    scimType: wrong,
    send: post({ emails: [{ ...work, primary: 'true' }] }),
  },
  {
    id: 'string-boolean-patch',
    title: 'a boolean as text in PATCH',
    citation: 'RFC 7643 §2.3.2; FP-M8; IDP-3',
    scimType: wrong,
    send: patch({ op: 'replace', path: 'active', value: 'False' }),
  },
  {
    id: 'string-boolean-pathless',
    title: 'a boolean as text in PATCH without path',
    citation: 'RFC 7643 §2.3.2; FP-M8; IDP-3',
    scimType: wrong,
    send: patch({ op: 'replace', value: { active: 'False' } }),
  },
  {
    id: 'quoted-boolean-filter',
    title: 'a quoted boolean in a filter',
    citation: 'RFC 7643 §2.3.2; RFC 7644 §3.4.2.2; FP-M8; IDP-4',
    scimType: 'invalidFilter',
    send: query('active eq "True"'),
  },
  {
    id: 'quoted-boolean-search',
    title: 'a quoted boolean in a search',
    citation: 'RFC 7643 §2.3.2; RFC 7644 §3.4.2.2; FP-M8; IDP-4',
    scimType: 'invalidFilter',
    send: search({ schemas: [searchUrn], filter: 'active eq "True"' }),
  },
  {
    id: 'quoted-boolean-path',
    title: 'a quoted boolean in a PATCH path',
    citation: 'RFC 7643 §2.3.2; RFC 7644 §3.4.2.2; FP-M8; IDP-4',
    scimType: ['invalidFilter', 'invalidPath'],
    send: patch({ op: 'replace', path: 'emails[primary eq "True"].value', value: 'x' }),
  },
  {
    id: 'dotted-keys-patch',
    title: 'dotted keys in PATCH without path',
    citation: 'RFC 7644 §3.5.2; FP-M8; IDP-5',
    scimType: wrong,
    send: patch({ op: 'replace', value: { 'name.givenName': 'B' } }),
  },
  {
    id: 'dotted-keys-post',
    title: 'dotted keys in POST',
    citation: 'RFC 7644 §3.5.2; FP-M8; IDP-5',
    scimType: wrong,
    send: post({ 'name.givenName': 'B' }),
  },
  {
    id: 'dotted-keys-put',
    title: 'dotted keys in PUT',
    citation: 'RFC 7644 §3.5.2; FP-M8; IDP-5',
    scimType: wrong,
    send: put({ 'name.givenName': 'B' }),
  },
  {
    id: 'bare-name-path',
    title: 'a bare extension name as PATCH path',
    citation: 'RFC 7644 §3.10; FP-M8; IDP-7',
    scimType: 'invalidPath',
    send: patch({ op: 'add', path: 'department', value: 'D' }),
  },
  {
    id: 'bare-name-pathless',
    title: 'a bare extension name in PATCH without path',
    citation: 'RFC 7644 §3.10; FP-M8; IDP-7',
    scimType: wrong,
    send: patch({ op: 'add', value: { department: 'D' } }),
  },
  {
    id: 'bare-name-post',
    title: 'a bare extension name in POST',
    citation: 'RFC 7644 §3.10; FP-M8; IDP-7',
    scimType: wrong,
    send: post({ department: 'D' }),
  },
  {
    id: 'bare-name-put',
    title: 'a bare extension name in PUT',
    citation: 'RFC 7644 §3.10; FP-M8; IDP-7',
    scimType: wrong,
    send: put({ department: 'D' }),
  },
  {
    id: 'manager-text-post',
    title: 'a manager as text in POST',
    citation: 'RFC 7643 §4.3; FP-M8; IDP-8',
    scimType: wrong,
    send: post(manager('id')),
  },
  {
    id: 'manager-text-put',
    title: 'a manager as text in PUT',
    citation: 'RFC 7643 §4.3; FP-M8; IDP-8',
    scimType: wrong,
    send: put(manager('id')),
  },
  {
    id: 'manager-text-patch',
    title: 'a manager as text in PATCH',
    citation: 'RFC 7643 §4.3; FP-M8; IDP-8',
    scimType: wrong,
    send: patch({ op: 'add', path: `${enterpriseUrn}:manager`, value: 'id' }),
  },
  {
    id: 'manager-list-patch',
    title: 'a manager as a list of one in PATCH',
    citation: 'RFC 7643 §4.3; FP-M8; IDP-8',
    scimType: wrong,
    send: patch({ op: 'add', path: `${enterpriseUrn}:manager`, value: [{ value: 'id' }] }),
  },
  {
    id: 'manager-list-post',
    title: 'a manager as a list of one in POST',
    citation: 'RFC 7643 §4.3; FP-M8; IDP-8',
    scimType: wrong,
    send: post(manager([{ value: 'id' }])),
  },
  {
    id: 'remove-with-value',
    title: 'remove with a value',
    citation: 'RFC 7644 §3.5.2.2; FP-P4; IDP-13',
    scimType: wrong,
    send: patch({ op: 'remove', path: 'emails', value: [work] }),
  },
  {
    id: 'plain-text-elements-post',
    title: 'plain text for elements in POST',
    citation: 'RFC 7643 §2.4; FP-M8; IDP-17',
    scimType: wrong,
    send: post({ emails: ['a@example.com'] }),
  },
  {
    id: 'plain-text-elements-patch',
    title: 'plain text for elements in PATCH',
    citation: 'RFC 7643 §2.4; FP-M8; IDP-17',
    scimType: wrong,
    send: patch({ op: 'add', path: 'emails', value: ['a@example.com'] }),
  },
  {
    id: 'part-after-brackets',
    title: 'a sub-attribute after the brackets of a filter',
    citation: 'RFC 7644 §3.4.2.2 (ABNF); FP-M8; IDP-25',
    scimType: 'invalidFilter',
    send: query('emails[type eq "work"].value eq "x"'),
  },
  {
    id: 'schemas-missing-post',
    title: 'POST without schemas',
    citation: schemasNamed,
    scimType: wrong,
    send: post({ schemas: undefined }),
  },
  {
    id: 'schemas-null-post',
    title: 'POST with schemas null',
    citation: schemasNamed,
    scimType: wrong,
    send: post({ schemas: null }),
  },
  {
    id: 'schemas-empty-post',
    title: 'POST with empty schemas',
    citation: schemasNamed,
    scimType: wrong,
    send: post({ schemas: [] }),
  },
  {
    id: 'schemas-foreign-post',
    title: 'POST with foreign schemas',
    citation: schemasNamed,
    scimType: wrong,
    send: post({ schemas: [groupUrn] }),
  },
  {
    id: 'schemas-missing-put',
    title: 'PUT without schemas',
    citation: schemasNamed,
    scimType: wrong,
    send: put({ schemas: undefined }),
  },
  {
    id: 'schemas-empty-put',
    title: 'PUT with empty schemas',
    citation: schemasNamed,
    scimType: wrong,
    send: put({ schemas: [] }),
  },
  {
    id: 'schemas-foreign-put',
    title: 'PUT with foreign schemas',
    citation: schemasNamed,
    scimType: wrong,
    send: put({ schemas: ['urn:scim:schemas:core:1.0'] }),
  },
  ...(
    [
      ['missing', undefined],
      ['empty', []],
      ['foreign', [userUrn]],
    ] as const
  ).flatMap(([how, schemas]): readonly Refused[] => [
    {
      id: `schemas-${how}-patch`,
      title: `PATCH with ${how} schemas`,
      citation: schemasNamed,
      scimType: ['invalidSyntax', wrong],
      send: (client, { path }) => {
        const headers = { Accept: 'application/scim+json', 'Content-Type': 'application/scim+json' }
        const body = JSON.stringify({ schemas, Operations: [{ op: 'add', path: 'title', value: 'New' }] })
        return client.send({ method: 'PATCH', path, headers, body })
      },
    },
    {
      id: `schemas-${how}-search`,
      title: `a search with ${how} schemas`,
      citation: schemasNamed,
      scimType: ['invalidSyntax', wrong],
      send: search({ schemas, count: 0 }),
    },
  ]),
  {
    id: 'single-for-list-post',
    title: 'a bare value for a list in POST',
    citation: oneForList,
    scimType: wrong,
    send: post({ emails: work }),
  },
  {
    id: 'single-for-list-put',
    title: 'a bare value for a list in PUT',
    citation: oneForList,
    scimType: wrong,
    send: put({ emails: work }),
  },
  {
    id: 'empty-filter',
    title: 'an empty filter',
    citation: 'RFC 7644 §3.4.2.2 (ABNF); FP-M11',
    scimType: 'invalidFilter',
    send: query(''),
  },
  {
    id: 'blank-filter',
    title: 'a blank filter',
    citation: 'RFC 7644 §3.4.2.2 (ABNF); FP-M11',
    scimType: 'invalidFilter',
    send: query('  '),
  },
  {
    id: 'empty-filter-search',
    title: 'an empty filter in a search',
    citation: 'RFC 7644 §3.4.2.2 (ABNF); FP-M11',
    scimType: 'invalidFilter',
    send: search({ schemas: [searchUrn], filter: '' }),
  },
  {
    id: 'empty-operations',
    title: 'empty Operations',
    citation: 'RFC 7644 §3.5.2; FP-M11; IDP-33',
    scimType: ['invalidSyntax', wrong],
    send: patch(),
  },
  {
    id: 'read-only-path',
    title: 'a readOnly attribute named by a PATCH path',
    citation: 'RFC 7644 §3.5.2; FP-P8',
    scimType: 'mutability',
    send: patch({ op: 'add', path: 'groups', value: [{ value: 'x' }] }),
  },
  {
    id: 'read-only-part-path',
    title: 'a readOnly part named by a PATCH path',
    citation: 'RFC 7644 §3.5.2; FP-P8',
    scimType: 'mutability',
    send: patch({ op: 'replace', path: `${enterpriseUrn}:manager.displayName`, value: 'x' }),
  },
  {
    id: 'remove-read-only',
    title: 'remove of a readOnly attribute',
    citation: 'RFC 7644 §3.5.2.2',
    scimType: 'mutability',
    send: patch({ op: 'remove', path: 'groups' }),
  },
  {
    id: 'unknown-path',
    title: 'a PATCH path that is in no schema',
    citation: 'RFC 7644 §3.12 (invalidPath); FP-P6',
    scimType: 'invalidPath',
    send: patch({ op: 'add', path: 'favouriteColour', value: 'x' }),
  },
]

const refused: readonly WireCase[] = refuses.map(({ id, title, citation: from, scimType, send }) =>
  should(`strict-${id}-400`, `${title} is 400, and changes nothing`, from, async (client) => {
    const user = await client.makeUser({ title: 'Old', active: true, emails: [work] })
    expectError(await send(client, user), 400, scimType)
    const read = await client.get(user.path)
    expectSame([read.tag, read.json], [user.tag, user.json], 'ETag and resource afterwards')
  }),
)

const groups: readonly WireCase[] = [
  should(
    'strict-remove-members-with-value-400',
    'remove of members with a value is 400 invalidValue, and never empties the group',
    'RFC 7644 §3.5.2.2; FP-P4; IDP-13',
    async (client) => {
      const user = await client.makeUser()
      const group = await client.makeGroup([user])
      for (const value of [[{ value: user.id }], [], null, 'x']) {
        expectError(await client.patch(group.path, [{ op: 'remove', path: 'members', value }]), 400, 'invalidValue')
      }
      const read = await client.get(group.path)
      expectSame([read.tag, listAt(read.json, 'members').length], [group.tag, 1], 'ETag and members')
    },
  ),
  should(
    'strict-members-texts-400',
    'members as plain texts are 400 invalidValue',
    'RFC 7643 §2.4; FP-M8; IDP-17',
    async (client) => {
      const [user, group] = [await client.makeUser(), await client.makeGroup()]
      expectError(await client.post('/Groups', groupBody({ members: [user.id] })), 400, 'invalidValue')
      expectError(
        await client.put(group.path, groupBody({ displayName: group.name, members: [user.id] })),
        400,
        'invalidValue',
      )
      expectError(
        await client.patch(group.path, [{ op: 'add', path: 'members', value: [user.id] }]),
        400,
        'invalidValue',
      )
    },
  ),
  should(
    'strict-members-object-400',
    'members as one object are 400 in POST and PUT, and accepted in add',
    oneForList,
    async (client) => {
      const [user, group] = [await client.makeUser(), await client.makeGroup()]
      const members = { value: user.id }
      expectError(await client.post('/Groups', groupBody({ members })), 400, 'invalidValue')
      expectError(await client.put(group.path, groupBody({ displayName: group.name, members })), 400, 'invalidValue')
      expectStatus(await client.patch(group.path, [{ op: 'add', path: 'members', value: members }]), 200, {
        members: [members],
      })
    },
  ),
  should(
    'strict-bare-name-in-filter',
    'a bare extension name in a filter matches nothing, or is 400',
    'RFC 7644 §3.10; FP-F7; IDP-7',
    async (client) => {
      const { id } = await client.makeUser({ [enterpriseUrn]: { department: 'D' } })
      const answer = await client.get(`/Users?filter=${encodeURIComponent(`department eq "D" and id eq "${id}"`)}`)
      if (answer.status === 200) expectSame(answer.json.totalResults, 0, 'totalResults')
      else expectError(answer, 400, 'invalidFilter')
    },
  ),
  should(
    'strict-content-type-415',
    'a body without Content-Type is 415',
    'RFC 7644 §3.1; RFC 9110 §8.3; FP-M12; IDP-46',
    async (client) => {
      expectError(await client.post('/Users', userBody(), { 'Content-Type': undefined }), 415)
    },
  ),
]

/** Strictness. */
export const strict: readonly WireCase[] = on('strict', [...keeps, ...refused, ...groups])
