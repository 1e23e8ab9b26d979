/** The behaviour of `interop: 'strict'`: leniency of the RFCs is kept, deviations are refused. @see FP-M1 to FP-M12 */
import type { Answer, Json } from '../answer.js'
import { type Client, enterpriseUrn, groupBody, groupUrn, patchUrn, searchUrn, userBody, userUrn } from '../client.js'
import { expectAbsent, expectError, expectSame, expectStatus, listAt } from '../expect.js'
import { add, remove, replace } from '../patch-operations.js'
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
      expectStatus(await client.patch(path, add('NAME.FamilyName', 'J')), 200, {
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
    const operations = [replace(`${enterpriseUrn.toUpperCase()}:department`, 'E')]
    expectStatus(await client.patch(`/Users/${String(made.json.id)}`, operations), 200, {
      [enterpriseUrn]: { department: 'E' },
    })
  }),
  must('strict-read-only-ignored', 'readOnly input is ignored', 'RFC 7644 §3.3, §3.5.1; FP-M2', async (client) => {
    const made = await client.makeUser({ id: 'own', meta: { version: 'x' }, groups: [{ value: 'x' }] })
    expectAbsent(made, 'groups')
    const body = userBody({ userName: made.name, id: 'own', groups: [{ value: 'x' }], meta: {}, title: 'A' })
    expectStatus(await client.put(made.path, body), 200, { id: made.id, title: 'A' })
    expectStatus(await client.patch(made.path, { op: 'add', value: { groups: [{ value: 'x' }], title: 'B' } }), 200, {
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
    expectAbsent(expectStatus(await client.patch(made.path, { op: 'replace', value }), 200), 'nickName', 'phoneNumbers')
    const body = userBody({ userName: made.name, title: null, emails: [] })
    expectAbsent(expectStatus(await client.put(made.path, body), 200), 'title', 'emails')
  }),
  must('strict-pathless', 'PATCH without path', 'RFC 7644 §3.5.2; FP-M6', async (client) => {
    const { path } = await client.makeUser()
    expectStatus(await client.patch(path, { op: 'add', value: { title: 'A', name: { givenName: 'B' } } }), 200, {
      title: 'A',
      name: { givenName: 'B' },
    })
    expectStatus(await client.patch(path, { op: 'replace', value: { [enterpriseUrn]: { department: 'D' } } }), 200, {
      [enterpriseUrn]: { department: 'D' },
    })
  }),
  must('strict-urn-paths', 'URN paths', 'RFC 7644 §3.10; FP-M6', async (client) => {
    const { path, id } = await client.makeUser()
    const operations = [add(`${userUrn}:name.givenName`, 'B'), add(`${enterpriseUrn}:department`, 'D')]
    expectStatus(await client.patch(path, operations), 200, {
      name: { givenName: 'B' },
      [enterpriseUrn]: { department: 'D' },
    })
    const filter = `${enterpriseUrn}:department eq "D" and id eq "${id}"`
    expectStatus(await client.find('/Users', filter), 200, { totalResults: 1 })
  }),
  should('strict-one-object-in-add', 'one object in add', 'RFC 7644 §3.5.2.1; FP-M6; FP-P13', async (client) => {
    const { path } = await client.makeUser()
    expectSame((await client.patch(path, add('emails', work))).json.emails, [work], 'emails')
  }),
  must(
    'strict-remove-non-member',
    'removing a user that is not a member succeeds',
    'RFC 7644 §3.5.2.2; FP-P1',
    async (client) => {
      const { path, tag } = await client.makeGroup([await client.makeUser()])
      expectSame(
        expectStatus(await client.patch(path, remove('members[value eq "unknown"]')), 200).tag,
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
      expectError(await client.patch(path, remove('emails[type eq "fax"]')), 400, 'noTarget')
      expectError(await client.patch(path, replace('emails[type eq "fax"].value', 'x')), 400, 'noTarget')
    },
  ),
  must('strict-conditional', 'conditional requests work as in every preset', 'RFC 7644 §3.14', async (client) => {
    const { path, tag } = await client.makeUser()
    const operations = [add('title', 'A')]
    expectStatus(await client.patch(path, operations, { 'If-Match': tag }), 200)
    expectError(await client.patch(path, operations, { 'If-Match': tag }), 412)
  }),
]

/** A request about one existing user or group. */
type Send = (client: Client, at: { readonly path: string; readonly name: string }) => Promise<Answer>

type Refused = readonly [id: string, title: string, send: Send]

const refuses = (
  citation: string,
  scimType: string | readonly string[],
  rows: readonly Refused[],
): readonly WireCase[] =>
  rows.map(([id, title, send]) =>
    should(`strict-${id}-400`, `${title} is 400, and changes nothing`, citation, async (client) => {
      const user = await client.makeUser({ title: 'Old', active: true, emails: [work] })
      expectError(await send(client, user), 400, scimType)
      const read = await client.get(user.path)
      expectSame([read.tag, read.json], [user.tag, user.json], 'ETag and resource afterwards')
    }),
  )

const patch =
  (...operations: readonly Json[]): Send =>
  (client, { path }) =>
    client.patch(path, operations)
const patchWith =
  (schemas: unknown): Send =>
  (client, { path }) => {
    const headers = { Accept: 'application/scim+json', 'Content-Type': 'application/scim+json' }
    const body = JSON.stringify({ schemas, Operations: [add('title', 'New')] })
    return client.send({ method: 'PATCH', path, headers, body })
  }
const put =
  (attributes: Json): Send =>
  (client, { path, name }) =>
    client.put(path, userBody({ userName: name, ...attributes }))
const post =
  (attributes: Json): Send =>
  (client) =>
    client.post('/Users', userBody(attributes))
const query =
  (filter: string): Send =>
  (client) =>
    client.get(`/Users?filter=${encodeURIComponent(filter)}`)
const search =
  (body: Json): Send =>
  (client) =>
    client.post('/Users/.search', body)

const wrong = 'invalidValue'
const manager = (value: unknown): Json => ({ [enterpriseUrn]: { manager: value } })

const refused: readonly WireCase[] = [
  ...refuses('RFC 7643 §2.3.2; FP-M8; IDP-3', wrong, [
    ['string-boolean-post', 'a boolean as text in POST', post({ active: 'True' })],
    ['string-boolean-put', 'a boolean as text in PUT', put({ active: 'false' })],
    ['string-boolean-part', 'a boolean as text in a sub-attribute', post({ emails: [{ ...work, primary: 'true' }] })],
    ['string-boolean-patch', 'a boolean as text in PATCH', patch(replace('active', 'False'))],
    [
      'string-boolean-pathless',
      'a boolean as text in PATCH without path',
      patch({ op: 'replace', value: { active: 'False' } }),
    ],
  ]),
  ...refuses('RFC 7643 §2.3.2; RFC 7644 §3.4.2.2; FP-M8; IDP-4', 'invalidFilter', [
    ['quoted-boolean-filter', 'a quoted boolean in a filter', query('active eq "True"')],
    [
      'quoted-boolean-search',
      'a quoted boolean in a search',
      search({ schemas: [searchUrn], filter: 'active eq "True"' }),
    ],
  ]),
  ...refuses(
    'RFC 7643 §2.3.2; RFC 7644 §3.4.2.2; FP-M8; IDP-4',
    ['invalidFilter', 'invalidPath'],
    [
      [
        'quoted-boolean-path',
        'a quoted boolean in a PATCH path',
        patch(replace('emails[primary eq "True"].value', 'x')),
      ],
    ],
  ),
  ...refuses('RFC 7644 §3.5.2; FP-M8; IDP-5', wrong, [
    [
      'dotted-keys-patch',
      'dotted keys in PATCH without path',
      patch({ op: 'replace', value: { 'name.givenName': 'B' } }),
    ],
    ['dotted-keys-post', 'dotted keys in POST', post({ 'name.givenName': 'B' })],
    ['dotted-keys-put', 'dotted keys in PUT', put({ 'name.givenName': 'B' })],
  ]),
  ...refuses('RFC 7644 §3.10; FP-M8; IDP-7', 'invalidPath', [
    ['bare-name-path', 'a bare extension name as PATCH path', patch(add('department', 'D'))],
  ]),
  ...refuses('RFC 7644 §3.10; FP-M8; IDP-7', wrong, [
    [
      'bare-name-pathless',
      'a bare extension name in PATCH without path',
      patch({ op: 'add', value: { department: 'D' } }),
    ],
    ['bare-name-post', 'a bare extension name in POST', post({ department: 'D' })],
    ['bare-name-put', 'a bare extension name in PUT', put({ department: 'D' })],
  ]),
  ...refuses('RFC 7643 §4.3; FP-M8; IDP-8', wrong, [
    ['manager-text-post', 'a manager as text in POST', post(manager('id'))],
    ['manager-text-put', 'a manager as text in PUT', put(manager('id'))],
    ['manager-text-patch', 'a manager as text in PATCH', patch(add(`${enterpriseUrn}:manager`, 'id'))],
    [
      'manager-list-patch',
      'a manager as a list of one in PATCH',
      patch(add(`${enterpriseUrn}:manager`, [{ value: 'id' }])),
    ],
    ['manager-list-post', 'a manager as a list of one in POST', post(manager([{ value: 'id' }]))],
  ]),
  ...refuses('RFC 7644 §3.5.2.2; FP-P4; IDP-13', wrong, [
    ['remove-with-value', 'remove with a value', patch({ op: 'remove', path: 'emails', value: [work] })],
  ]),
  ...refuses('RFC 7643 §2.4; FP-M8; IDP-17', wrong, [
    ['plain-text-elements-post', 'plain text for elements in POST', post({ emails: ['a@example.com'] })],
    ['plain-text-elements-patch', 'plain text for elements in PATCH', patch(add('emails', ['a@example.com']))],
  ]),
  ...refuses('RFC 7644 §3.4.2.2 (ABNF); FP-M8; IDP-25', 'invalidFilter', [
    [
      'part-after-brackets',
      'a sub-attribute after the brackets of a filter',
      query('emails[type eq "work"].value eq "x"'),
    ],
  ]),
  ...refuses(schemasNamed, wrong, [
    ['schemas-missing-post', 'POST without schemas', post({ schemas: undefined })],
    ['schemas-null-post', 'POST with schemas null', post({ schemas: null })],
    ['schemas-empty-post', 'POST with empty schemas', post({ schemas: [] })],
    ['schemas-foreign-post', 'POST with foreign schemas', post({ schemas: [groupUrn] })],
    ['schemas-missing-put', 'PUT without schemas', put({ schemas: undefined })],
    ['schemas-empty-put', 'PUT with empty schemas', put({ schemas: [] })],
    ['schemas-foreign-put', 'PUT with foreign schemas', put({ schemas: ['urn:scim:schemas:core:1.0'] })],
  ]),
  ...(
    [
      ['missing', undefined],
      ['empty', []],
      ['foreign', [userUrn]],
    ] as const
  ).flatMap(([how, schemas]) =>
    refuses(
      schemasNamed,
      ['invalidSyntax', wrong],
      [
        [`schemas-${how}-patch`, `PATCH with ${how} schemas`, patchWith(schemas)],
        [`schemas-${how}-search`, `a search with ${how} schemas`, search({ schemas, count: 0 })],
      ],
    ),
  ),
  ...refuses(oneForList, wrong, [
    ['single-for-list-post', 'a bare value for a list in POST', post({ emails: work })],
    ['single-for-list-put', 'a bare value for a list in PUT', put({ emails: work })],
  ]),
  ...refuses('RFC 7644 §3.4.2.2 (ABNF); FP-M11', 'invalidFilter', [
    ['empty-filter', 'an empty filter', query('')],
    ['blank-filter', 'a blank filter', query('  ')],
    ['empty-filter-search', 'an empty filter in a search', search({ schemas: [searchUrn], filter: '' })],
  ]),
  ...refuses(
    'RFC 7644 §3.5.2; FP-M11; IDP-33',
    ['invalidSyntax', wrong],
    [['empty-operations', 'empty Operations', patch()]],
  ),
  ...refuses('RFC 7644 §3.5.2; FP-P8', 'mutability', [
    ['read-only-path', 'a readOnly attribute named by a PATCH path', patch(add('groups', [{ value: 'x' }]))],
    [
      'read-only-part-path',
      'a readOnly part named by a PATCH path',
      patch(replace(`${enterpriseUrn}:manager.displayName`, 'x')),
    ],
  ]),
  ...refuses('RFC 7644 §3.5.2.2', 'mutability', [
    ['remove-read-only', 'remove of a readOnly attribute', patch(remove('groups'))],
  ]),
  ...refuses('RFC 7644 §3.12 (invalidPath); FP-P6', 'invalidPath', [
    ['unknown-path', 'a PATCH path that is in no schema', patch(add('favouriteColour', 'x'))],
  ]),
]

const groups: readonly WireCase[] = [
  should(
    'strict-remove-members-with-value-400',
    'remove of members with a value is 400 invalidValue, and never empties the group',
    'RFC 7644 §3.5.2.2; FP-P4; IDP-13',
    async (client) => {
      const user = await client.makeUser()
      const group = await client.makeGroup([user])
      for (const value of [[{ value: user.id }], [], null, 'x']) {
        expectError(await client.patch(group.path, { op: 'remove', path: 'members', value }), 400, 'invalidValue')
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
      expectError(await client.patch(group.path, add('members', [user.id])), 400, 'invalidValue')
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
      expectStatus(await client.patch(group.path, add('members', members)), 200, {
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
