/** POST to a collection. @see RFC 7644 §3.3; RFC 7643 §2, §3 */
import { type Client, enterpriseUrn, groupBody, groupUrn, otherTag, uniqueName, userBody, userUrn } from '../client.js'
import {
  expectAbsent,
  expectError,
  expectSame,
  expectStatus,
  expectTagIsVersion,
  expectThat,
  listAt,
  metaOf,
  objectAt,
} from '../expect.js'
import { remove, replace } from '../patch-operations.js'
import { must, on, should, type WireCase } from '../wire-case.js'

const unicode = 'Zoë 李 👩‍🚀 ÅÅ'

const answers: readonly WireCase[] = [
  must('create-201', 'a create returns 201 and the resource, with an id', 'RFC 7644 §3.3', async (client) => {
    const body = userBody({ title: 'Guide' })
    const { json } = expectStatus(await client.post('/Users', body), 201, { ...body })
    expectThat(typeof json.id === 'string' && json.id !== '', 'POST /Users: expected an id that is text')
  }),
  must(
    'create-location',
    'Location and meta.location are the URL of the new resource',
    'RFC 7644 §3.3',
    async (client) => {
      const made = await client.makeUser()
      const { location = '' } = made.headers
      expectSame(metaOf(made).location, location, 'meta.location beside the Location header')
      expectThat(location.endsWith(made.path), `Location: expected the URL of ${made.path}, got ${location}`)
      expectSame(metaOf(await client.get(made.path)).location, location, 'meta.location when it is read')
    },
  ),
  should(
    'create-location-absolute',
    'Location is an absolute URL',
    'RFC 7644 §3.3 (example); ADR 12; FP-H10',
    async (client) => {
      const { headers } = await client.makeUser()
      expectThat(
        /^https?:\/\/[^/]+\//.test(headers.location ?? ''),
        `Location: expected an absolute URL, got ${headers.location}`,
      )
    },
  ),
  must(
    'etag-on-create',
    'the response to a create has an ETag, and meta.version is the same',
    'RFC 7644 §3.14; RFC 7643 §3.1',
    async (client) => {
      expectTagIsVersion(await client.makeUser())
      expectTagIsVersion(await client.makeGroup())
    },
  ),
  must(
    'create-meta',
    'meta has resourceType, created and the same lastModified',
    'RFC 7644 §3.3.1; RFC 7643 §3.1',
    async (client) => {
      for (const [type, made] of [
        ['User', await client.makeUser()] as const,
        ['Group', await client.makeGroup()] as const,
      ]) {
        const { resourceType, created, lastModified } = metaOf(made)
        expectSame(resourceType, type, `${made.about}: meta.resourceType`)
        expectThat(!Number.isNaN(Date.parse(String(created))), `meta.created: expected a dateTime, saw ${created}`)
        expectSame(lastModified, created, 'meta.lastModified of an unchanged resource')
      }
    },
  ),
  must('create-then-read', 'a read returns the same resource as the create', 'RFC 7644 §3.3', async (client) => {
    const made = await client.makeUser({
      name: { givenName: 'Barbara' },
      emails: [{ value: 'b@example.com', type: 'work' }],
    })
    const read = expectStatus(await client.get(made.path), 200)
    expectSame(read.json, made.json, 'the resource when it is read')
    expectSame(read.tag, made.tag, 'the ETag when it is read')
  }),
  must('create-schemas', 'schemas contains the schema of the type, once', 'RFC 7643 §3', async (client) => {
    expectSame((await client.makeUser({ schemas: [userUrn, userUrn] })).json.schemas, [userUrn], 'schemas of a user')
    expectSame((await client.makeGroup()).json.schemas, [groupUrn], 'schemas of a group')
  }),
  must('create-ids-differ', 'two resources never have the same id', 'RFC 7643 §3.1', async (client) => {
    const ids = [await client.makeUser(), await client.makeUser(), await client.makeGroup()].map(({ id }) => id)
    expectSame(new Set(ids).size, 3, 'different ids')
  }),
]

const serverMade: readonly WireCase[] = [
  must('create-id-ignored', 'an id in the body is ignored', 'RFC 7643 §3.1; RFC 7644 §3.3', async (client) => {
    const id = uniqueName('own-id')
    const made = await client.makeUser({ id })
    expectThat(made.id !== id, 'POST /Users: expected an id made by the server')
    expectStatus(await client.get(`/Users/${id}`), 404)
  }),
  must('create-meta-ignored', 'meta in the body is ignored', 'RFC 7643 §3.1; RFC 7644 §3.3', async (client) => {
    const meta = {
      version: otherTag,
      created: '1999-01-01T00:00:00Z',
      resourceType: 'Group',
      location: 'https://x.example',
    }
    const made = await client.makeUser({ meta })
    expectTagIsVersion(made)
    expectThat(made.tag !== otherTag, 'meta.version: expected one made by the server')
    expectStatus(made, 201, { meta: { resourceType: 'User' } })
    expectThat(metaOf(made).created !== meta.created, 'meta.created: expected one made by the server')
  }),
  must(
    'create-read-only-ignored',
    'readOnly attributes in the body are ignored',
    'RFC 7644 §3.3; RFC 7643 §4.1.2 (groups)',
    async (client) => {
      expectAbsent(await client.makeUser({ groups: [{ value: 'none', display: 'Tour Guides' }] }), 'groups')
    },
  ),
  should(
    'create-external-id-is-no-id',
    'an externalId is never accepted as an id',
    'RFC 7643 §3.1; SEC-3',
    async (client) => {
      const first = await client.makeUser()
      const externalId = uniqueName('external')
      await client.makeUser({ externalId })
      const second = await client.makeUser({ externalId: first.id })
      expectStatus(await client.get(first.path), 200, { id: first.id, userName: first.name })
      expectStatus(await client.get(second.path), 200, { id: second.id, externalId: first.id })
      expectStatus(await client.get(`/Users/${externalId}`), 404)
    },
  ),
]

const uniqueness: readonly WireCase[] = [
  must('create-duplicate-409', 'a taken userName is 409 uniqueness', 'RFC 7644 §3.3, §3.12', async (client) => {
    const { name } = await client.makeUser()
    expectError(await client.post('/Users', userBody({ userName: name })), 409, 'uniqueness')
  }),
  must(
    'create-duplicate-other-case-409',
    'a userName that differs only in case is a duplicate',
    'RFC 7643 §4.1.1',
    async (client) => {
      const { name } = await client.makeUser()
      expectError(await client.post('/Users', userBody({ userName: name.toUpperCase() })), 409, 'uniqueness')
    },
  ),
  should(
    'create-duplicate-decomposed-409',
    'composed and decomposed forms of a userName are duplicates',
    'RFC 7644 §7.8; FP-F5',
    async (client) => {
      const name = uniqueName('zo')
      await client.makeUser({ userName: `${name}ë` })
      expectError(await client.post('/Users', userBody({ userName: `${name}e\u0308` })), 409, 'uniqueness')
    },
  ),
  must(
    'create-duplicate-full-width-409',
    'full-width and half-width forms of a userName are duplicates',
    'RFC 7644 §5, §7.8; RFC 8265 §3.3.2; ADR 26',
    async (client) => {
      const name = uniqueName('ada')
      await client.makeUser({ userName: `${name}-x@example.com` })
      for (const other of [`${name}－Ｘ＠example.com`, `${name}-ｘ@example．com`]) {
        expectError(await client.post('/Users', userBody({ userName: other })), 409, 'uniqueness')
      }
    },
  ),
  must(
    'create-schemas-in-any-order',
    'the order of schemas is irrelevant, and a duplicate URN is stored once',
    'RFC 7643 §3',
    async (client) => {
      const schemas = [enterpriseUrn, userUrn, enterpriseUrn]
      const user = await client.makeUser({ schemas, [enterpriseUrn]: { department: 'D' } })
      expectSame(user.json.schemas, [userUrn, enterpriseUrn], 'schemas')
      expectSame(user.json[enterpriseUrn], { department: 'D' }, 'the extension')
      const body = { ...userBody({ userName: user.name }), schemas, [enterpriseUrn]: { department: 'D' } }
      expectSame(expectStatus(await client.put(user.path, body), 200).tag, user.tag, 'the ETag')
    },
  ),
  must('create-id-is-no-bulk-id', 'no id contains the reserved word bulkId', 'RFC 7643 §3.1', async (client) => {
    for (const { id } of [await client.makeUser(), await client.makeGroup()]) {
      expectThat(!id.toLowerCase().includes('bulkid'), `the id ${id}: expected no bulkId in it`)
    }
  }),
  must(
    'create-external-id-is-the-clients',
    'externalId has the value of the client, and none if the client sends none',
    'RFC 7643 §3.1',
    async (client) => {
      expectAbsent(await client.makeUser(), 'externalId')
      const externalId = uniqueName('Ext')
      const user = await client.makeUser({ externalId })
      expectSame((await client.get(user.path)).json.externalId, externalId, 'externalId')
      // Two resources may have the same externalId: it belongs to the client and is not unique.
      expectStatus(await client.get((await client.makeGroup([], { externalId })).path), 200, { externalId })
      expectStatus(await client.get((await client.makeUser({ externalId })).path), 200, { externalId })
    },
  ),
  should('create-element-once', 'a duplicate value in a list is stored once', 'RFC 7643 §2.4', async (client) => {
    const work = { type: 'work', value: 'a@example.com' }
    const user = await client.makeUser({ emails: [work, work, { type: 'home', value: 'a@example.com' }] })
    expectSame(listAt(user.json, 'emails').length, 2, 'the number of emails')
  }),
  must(
    'create-primary-defaults-to-false',
    'a value without primary is not the primary one',
    'RFC 7643 §2.4',
    async (client) => {
      const emails = [{ value: 'a@example.com' }, { value: 'b@example.com', primary: true }]
      const user = await client.makeUser({ emails })
      expectSame(
        listAt(user.json, 'emails').map(({ primary }) => primary === true),
        [false, true],
        'primary',
      )
      const found = await client.find(
        '/Users',
        `userName eq "${user.name}" and emails[value sw "a@" and primary eq true]`,
      )
      expectSame(found.json.totalResults, 0, 'totalResults')
    },
  ),
  should('create-group-names-repeat', 'two groups may have the same name', 'RFC 7643 §4.2; IDP-34', async (client) => {
    const { name } = await client.makeGroup()
    expectStatus(await client.post('/Groups', groupBody({ displayName: name })), 201)
  }),
  should(
    'create-name-of-the-deleted',
    'the name of a deleted user can be used again',
    'RFC 7644 §3.6',
    async (client) => {
      const user = await client.makeUser()
      expectStatus(await client.remove(user.path), 204)
      const again = expectStatus(await client.post('/Users', userBody({ userName: user.name })), 201)
      expectThat(again.json.id !== user.id, 'expected another id than that of the deleted user')
    },
  ),
]

const required: readonly (readonly [string, string, string, string, object])[] = [
  [
    'create-without-username-400',
    'a user without userName',
    'RFC 7643 §4.1.1',
    '/Users',
    { schemas: [userUrn], title: 'Guide' },
  ],
  [
    'create-null-username-400',
    'a user with userName null',
    'RFC 7643 §2.5, §4.1.1',
    '/Users',
    { schemas: [userUrn], userName: null },
  ],
  [
    'create-empty-username-400',
    'a user with an empty userName',
    'RFC 7643 §4.1.1',
    '/Users',
    { schemas: [userUrn], userName: '' },
  ],
  [
    'create-without-displayname-400',
    'a group without displayName',
    'RFC 7643 §4.2; erratum 5368',
    '/Groups',
    { schemas: [groupUrn] },
  ],
]

const wrongTypes: readonly (readonly [string, object])[] = [
  ['username-object', { userName: { value: 'x' } }],
  ['title-list-of-two', { title: ['a', 'b'] }],
  ['active-number', { active: 1 }],
  ['active-word', { active: 'yes' }],
  ['name-text', { name: 'Barbara' }],
  ['emails-number', { emails: [5] }],
  ['primary-word', { emails: [{ value: 'a@example.com', primary: '+49 30 1234' }] }],
  ['certificate-not-base64', { x509Certificates: [{ value: '*not base64*' }] }],
  ['extension-text', { [enterpriseUrn]: 'x' }],
  ['username-fraction', { userName: 1.5 }],
  ['username-boolean', { userName: true }],
  ['given-name-fraction', { name: { givenName: 1.5 } }],
  ['extension-part-boolean', { [enterpriseUrn]: { department: true } }],
]

// By default an integer for a string is read as its digits: quirk-integer-for-string.
const integers: readonly (readonly [string, object])[] = [
  ['username-number', { userName: 5 }],
  ['given-name-number', { name: { givenName: 1 } }],
  ['extension-part-number', { [enterpriseUrn]: { department: 7 } }],
]

function wrongType([id, attributes]: readonly [string, object]): WireCase {
  return must(
    `create-${id}-400`,
    'a value of the wrong type is 400 invalidValue',
    'RFC 7643 §2.3; RFC 7644 §3.12',
    async (client) => {
      const body = userBody(attributes as Parameters<Client['makeUser']>[0])
      expectError(await client.post('/Users', body), 400, 'invalidValue')
    },
  )
}

const refusals: readonly WireCase[] = [
  ...required.map(([id, what, citation, collection, body]) =>
    must(id, `${what} is 400 invalidValue`, citation, async (client) => {
      expectError(await client.post(collection, body), 400, 'invalidValue')
    }),
  ),
  ...wrongTypes.map(wrongType),
  ...on('strict', integers.map(wrongType)),
  must('create-two-primaries-400', 'two primary values are 400 invalidValue', 'RFC 7643 §2.4', async (client) => {
    const emails = [
      { value: 'a@example.com', primary: true },
      { value: 'b@example.com', primary: true },
    ]
    expectError(await client.post('/Users', userBody({ emails })), 400, 'invalidValue')
  }),
  should('create-refused-leaves-nothing', 'a refused create creates nothing', 'RFC 7644 §3.3', async (client) => {
    const body = userBody({ active: 'maybe' })
    expectError(await client.post('/Users', body), 400, 'invalidValue')
    expectStatus(await client.find('/Users', `userName eq "${body.userName}"`), 200, { totalResults: 0 })
  }),
]

const values: readonly WireCase[] = [
  must('create-null-is-unassigned', 'null means unassigned', 'RFC 7643 §2.5', async (client) => {
    const made = await client.makeUser({ title: null, name: { givenName: null, familyName: 'J' }, emails: null })
    expectAbsent(made, 'title', 'emails')
    expectSame(made.json.name, { familyName: 'J' }, 'name')
  }),
  must('create-empty-list-is-unassigned', '[] means unassigned', 'RFC 7643 §2.5', async (client) => {
    expectAbsent(await client.makeUser({ emails: [], phoneNumbers: [] }), 'emails', 'phoneNumbers')
  }),
  must(
    'create-names-in-any-case',
    'attribute names are accepted in any case, and returned in the case of the schema',
    'RFC 7643 §2.1',
    async (client) => {
      const userName = uniqueName()
      const body = {
        SCHEMAS: [userUrn],
        USERNAME: userName,
        Name: { GIVENNAME: 'B' },
        EMails: [{ VALUE: 'b@example.com' }],
      }
      const made = expectStatus(await client.post('/Users', body), 201)
      expectStatus(made, 201, { userName, name: { givenName: 'B' }, emails: [{ value: 'b@example.com' }] })
    },
  ),
  must(
    'create-schema-urn-in-any-case',
    'schema URNs are accepted in any case',
    'RFC 7643 §2.1; RFC 8141 §3.1',
    async (client) => {
      const body = {
        ...userBody(),
        schemas: [userUrn.toUpperCase()],
        [enterpriseUrn.toLowerCase()]: { department: 'Sales' },
      }
      expectStatus(await client.post('/Users', body), 201, { [enterpriseUrn]: { department: 'Sales' } })
    },
  ),
  must(
    'create-preserves-case',
    'text keeps its letter case, also of attributes that are not caseExact',
    'RFC 7643 §7 (caseExact)',
    async (client) => {
      const userName = uniqueName('MiXeD')
      expectStatus(await client.get((await client.makeUser({ userName })).path), 200, { userName })
    },
  ),
  must('create-unicode', 'text of any script is returned as it was sent', 'RFC 7644 §3.8', async (client) => {
    const displayName = unicode
    const made = await client.makeUser({ displayName })
    expectSame((await client.get(made.path)).json.displayName, displayName, 'displayName')
  }),
  should(
    'create-empty-text',
    'empty text is accepted, and kept or cleared',
    'RFC 7643 §2.5; IDP-22',
    async (client) => {
      const { json } = await client.makeUser({ title: '', name: { middleName: '' } })
      expectThat(json.title === '' || json.title === undefined, 'title: expected "" or nothing')
    },
  ),
  must(
    'create-every-attribute',
    'every attribute of the User schema is returned',
    'RFC 7643 §4.1, §8.2',
    async (client) => {
      const whole = {
        externalId: uniqueName('external'),
        name: {
          formatted: 'Ms. B J III',
          familyName: 'J',
          givenName: 'B',
          middleName: 'J',
          honorificPrefix: 'Ms.',
          honorificSuffix: 'III',
        },
        displayName: 'Babs',
        nickName: 'Babs',
        profileUrl: 'https://login.example.com/bjensen',
        title: 'Tour Guide',
        userType: 'Employee',
        preferredLanguage: 'en-US',
        locale: 'en-US',
        timezone: 'America/Los_Angeles',
        active: false,
        emails: [
          { value: 'b@example.com', display: 'B', type: 'work', primary: true },
          { value: 'b@home.example', type: 'home' },
        ],
        phoneNumbers: [{ value: '+1-201-555-0123', type: 'work' }],
        ims: [{ value: 'babs', type: 'aim' }],
        photos: [{ value: 'https://photos.example.com/F', type: 'photo' }],
        addresses: [
          {
            streetAddress: '100 Universal\nPlaza',
            locality: 'Hollywood',
            region: 'CA',
            postalCode: '91608',
            country: 'US',
            type: 'work',
          },
        ],
        entitlements: [{ value: 'print' }],
        roles: [{ value: 'guide', primary: true }],
        x509Certificates: [{ value: 'MIIDQzCCAqygAwIBAgICEAAwDQYJKoZIhvcNAQEFBQAwTjELMAk=' }],
        [enterpriseUrn]: {
          employeeNumber: '701984',
          costCenter: '4130',
          organization: 'U',
          division: 'T',
          department: 'D',
        },
      }
      const made = await client.makeUser({ schemas: [userUrn, enterpriseUrn], ...whole })
      const { json } = await client.get(made.path)
      for (const [name, value] of Object.entries(whole)) expectSame(json[name], value, name)
      expectSame(json.schemas, [userUrn, enterpriseUrn], 'schemas')
    },
  ),
  should(
    'create-unknown-attribute-left-out',
    'an attribute that is in no schema is dropped without an error',
    'RFC 7644 §3.3; IDP-23',
    async (client) => {
      const made = await client.makeUser({
        favouriteColour: 'blue',
        emails: [{ value: 'a@example.com', colour: 'red' }],
      })
      expectAbsent(made, 'favouriteColour')
      expectSame(made.json.emails, [{ value: 'a@example.com' }], 'emails')
    },
  ),
]

const extensions: readonly WireCase[] = [
  must(
    'create-extension-in-schemas',
    'schemas contains the extensions that the resource has',
    'RFC 7643 §3, §3.3',
    async (client) => {
      const made = await client.makeUser({
        schemas: [userUrn, enterpriseUrn],
        [enterpriseUrn]: { department: 'Sales' },
      })
      expectSame(made.json.schemas, [userUrn, enterpriseUrn], 'schemas')
      expectSame(made.json[enterpriseUrn], { department: 'Sales' }, 'the extension')
    },
  ),
  must(
    'create-extension-without-values',
    'schemas does not contain an extension without values',
    'RFC 7643 §3',
    async (client) => {
      const made = await client.makeUser({ schemas: [userUrn, enterpriseUrn], [enterpriseUrn]: { department: null } })
      expectSame(made.json.schemas, [userUrn], 'schemas')
      expectAbsent(made, enterpriseUrn)
    },
  ),
  should(
    'create-manager-shown',
    'a manager is returned with $ref and its current displayName',
    'RFC 7643 §4.3',
    async (client) => {
      const boss = await client.makeUser({ displayName: 'The Boss' })
      const made = await client.makeUser({
        [enterpriseUrn]: { manager: { value: boss.id, displayName: 'forged', $ref: 'https://evil.example' } },
      })
      const { manager } = objectAt((await client.get(made.path)).json, enterpriseUrn)
      expectSame(manager, { value: boss.id, $ref: metaOf(boss).location, displayName: 'The Boss' }, 'manager')
      await client.change(boss.path, [replace('displayName', 'Renamed')])
      expectStatus(await client.get(made.path), 200, { [enterpriseUrn]: { manager: { displayName: 'Renamed' } } })
    },
  ),
]

const groups: readonly WireCase[] = [
  must(
    'create-group-with-members',
    'members are returned with value, type and $ref',
    'RFC 7643 §4.2',
    async (client) => {
      const [user, inner] = [await client.makeUser(), await client.makeGroup()]
      const made = await client.makeGroup([user, inner])
      const members = listAt((await client.get(made.path)).json, 'members')
      expectSame(members.length, 2, 'members')
      expectStatus(await client.get(made.path), 200, {
        members: [
          { value: user.id, type: 'User', $ref: metaOf(user).location },
          { value: inner.id, type: 'Group', $ref: metaOf(inner).location },
        ],
      })
    },
  ),
  should('create-group-member-once', 'a duplicate member is stored once', 'RFC 7643 §2.4', async (client) => {
    const user = await client.makeUser()
    expectSame(listAt((await client.makeGroup([user, user])).json, 'members').length, 1, 'members')
  }),
  should(
    'create-group-unknown-member-kept',
    'a member that does not exist yet is kept',
    'RFC 7643 §4.2; IDP-35',
    async (client) => {
      const value = uniqueName('not-yet')
      expectStatus(await client.post('/Groups', groupBody({ members: [{ value }] })), 201, { members: [{ value }] })
    },
  ),
  should(
    'user-groups-follow',
    'User.groups contains the groups with the user as member',
    'RFC 7643 §4.1.2',
    async (client) => {
      const user = await client.makeUser()
      const group = await client.makeGroup([user])
      const groups = [{ value: group.id, display: group.name, type: 'direct', $ref: metaOf(group).location }]
      expectStatus(await client.get(user.path), 200, { groups })
      await client.change(group.path, [remove('members')])
      expectAbsent(await client.get(user.path), 'groups')
    },
  ),
]

/** Creating resources. */
export const creating: readonly WireCase[] = [
  ...answers,
  ...serverMade,
  ...uniqueness,
  ...refusals,
  ...values,
  ...extensions,
  ...groups,
]
