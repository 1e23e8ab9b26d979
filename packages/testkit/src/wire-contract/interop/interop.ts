/** Deviations of identity providers: accepted by default, more of them in `entra`. @see docs/identity-providers.md */
import type { Json } from '../answer.js'
import {
  type Client,
  enterpriseUrn,
  groupBody,
  groupUrn,
  type Made,
  patchUrn,
  uniqueName,
  userBody,
  userUrn,
} from '../client.js'
import { expectAttributes, expectError, expectSame, expectStatus, listAt, objectAt } from '../expect.js'
import { add, listOf, type Operations, replace } from '../patch-operations.js'
import { on, should, type WireCase } from '../wire-case.js'

const work = { value: 'work@example.com', type: 'work' }

/** A user before, the operations of one PATCH, and the expected attributes afterwards; `undefined` for absent ones. */
type Quirk = readonly [id: string, before: Json, operations: Operations, after: Json]

const quirks = (citation: string, rows: readonly Quirk[]): readonly WireCase[] =>
  rows.map(([id, before, given, after]) => {
    const operations = listOf(given)
    return should(`quirk-${id}`, `PATCH: ${JSON.stringify(operations)}`, citation, async (client) => {
      const { path } = await client.makeUser(before)
      await client.change(path, operations)
      expectAttributes(await client.get(path), after)
    })
  })

const patched: readonly WireCase[] = [
  ...quirks('RFC 7643 §2.3.2; IDP-3', [
    ['string-boolean', { active: true }, { op: 'Replace', path: 'active', value: 'False' }, { active: false }],
    ['string-boolean-without-path', { active: true }, { op: 'replace', value: { active: 'FALSE' } }, { active: false }],
    [
      'string-boolean-part',
      { emails: [work] },
      add('emails[type eq "work"].primary', 'true'),
      { emails: [{ ...work, primary: true }] },
    ],
    ['string-stays-text', {}, add('title', 'True'), { title: 'True' }],
  ]),
  ...quirks('RFC 7643 §2.3.2; RFC 7644 §3.4.2.2; IDP-4', [
    [
      'quoted-boolean-in-path',
      { roles: [{ value: 'a', primary: true }, { value: 'b' }] },
      { op: 'Replace', path: 'roles[primary eq "True"].value', value: 'c' },
      { roles: [{ value: 'c', primary: true }, { value: 'b' }] },
    ],
  ]),
  ...quirks('RFC 7644 §3.5.2; IDP-5', [
    [
      'dotted-keys',
      { name: { familyName: 'J' } },
      { op: 'replace', value: { 'name.givenName': 'B', 'name.familyName': 'K' } },
      { name: { givenName: 'B', familyName: 'K' } },
    ],
  ]),
  ...quirks('RFC 7644 §3.10; IDP-6', [
    [
      'urn-key',
      {},
      { op: 'add', value: { [`${enterpriseUrn}:department`]: 'D' } },
      { [enterpriseUrn]: { department: 'D' }, schemas: [userUrn, enterpriseUrn] },
    ],
    [
      'extension-merged',
      { [enterpriseUrn]: { division: 'X' } },
      replace(enterpriseUrn, { department: 'D' }),
      { [enterpriseUrn]: { division: 'X', department: 'D' } },
    ],
  ]),
  ...quirks('RFC 7644 §3.10; IDP-7', [
    [
      'bare-extension-name',
      {},
      [add('department', 'D'), { op: 'add', value: { division: 'X' } }],
      { [enterpriseUrn]: { department: 'D', division: 'X' } },
    ],
  ]),
  ...quirks('RFC 7643 §2.5; IDP-21, IDP-22', [
    [
      'null-and-empty',
      { title: 'A', nickName: 'N' },
      { op: 'replace', value: { title: null, favouriteColour: null } },
      { title: undefined, nickName: 'N' },
    ],
  ]),
  ...quirks('RFC 7644 §3.5.2.1; FP-P15; IDP-10', [
    [
      'add-creates-element',
      { emails: [work] },
      [
        { op: 'Add', path: 'emails[type eq "home"].value', value: 'h@example.com' },
        { op: 'Add', path: 'emails[type eq "home"].display', value: 'H' },
      ],
      { emails: [work, { type: 'home', value: 'h@example.com', display: 'H' }] },
    ],
  ]),
  ...quirks('RFC 7644 §3.5.2.2; IDP-31', [
    ['remove-with-old-value', { title: 'A' }, { op: 'Remove', path: 'title', value: 'A' }, { title: undefined }],
  ]),
  ...quirks('RFC 7644 §3.3; FP-M7; IDP-23', [
    [
      'unknown-name-in-value',
      {},
      { op: 'add', value: { favouriteColour: 'blue', title: 'A' } },
      { title: 'A', favouriteColour: undefined },
    ],
  ]),
  ...quirks('RFC 7643 §2.3.1; IDP-30', [
    [
      'stringified-role',
      {},
      add('roles', [{ value: '{"id":"1","value":"Admin"}' }]),
      { roles: [{ value: '{"id":"1","value":"Admin"}' }] },
    ],
  ]),
]

/** The attributes of a POST and a PUT, and the expected attributes of the response. */
type Body = readonly [id: string, attributes: Json, after: Json]

const bodies = (citation: string, rows: readonly Body[]): readonly WireCase[] =>
  rows.map(([id, attributes, after]) =>
    should(`quirk-body-${id}`, `POST and PUT: ${JSON.stringify(attributes)}`, citation, async (client) => {
      const made = await client.makeUser(attributes)
      const other = await client.makeUser()
      const put = expectStatus(await client.put(other.path, userBody({ userName: other.name, ...attributes })), 200)
      for (const answer of [made, put]) expectAttributes(answer, after)
    }),
  )

const posted: readonly WireCase[] = [
  ...bodies('RFC 7643 §2.3.2; IDP-3', [
    [
      'string-boolean',
      { active: 'True', emails: [{ ...work, primary: 'false' }] },
      { active: true, emails: [{ ...work, primary: false }] },
    ],
  ]),
  ...bodies('RFC 7644 §3.10; IDP-7', [
    ['bare-extension-name', { department: 'D' }, { [enterpriseUrn]: { department: 'D' } }],
  ]),
  ...bodies('RFC 7644 §3.5.2; IDP-5', [['dotted-keys', { 'name.givenName': 'B' }, { name: { givenName: 'B' } }]]),
  ...bodies('RFC 7643 §2.4; FP-M10', [['single-for-list', { emails: work }, { emails: [work] }]]),
  ...bodies('RFC 7643 §2.4; IDP-17', [
    ['plain-text-elements', { emails: ['work@example.com'] }, { emails: [{ value: 'work@example.com' }] }],
  ]),
  ...bodies('RFC 7643 §2.5; IDP-21', [
    [
      'nulls',
      { title: null, emails: [{ ...work, display: null }], favouriteColour: null },
      { title: undefined, emails: [work] },
    ],
  ]),
  ...bodies('RFC 7644 §3.3; FP-M7; IDP-23', [
    [
      'extra-schemas',
      { schemas: [userUrn, 'urn:okta:custom:user:1.0'], 'urn:okta:custom:user:1.0': { x: 1 } },
      { schemas: [userUrn] },
    ],
  ]),
  ...bodies('RFC 7643 §3; FP-M9; IDP-45', [
    ['missing-schemas', { schemas: undefined }, { schemas: [userUrn] }],
    ['empty-schemas', { schemas: [] }, { schemas: [userUrn] }],
  ]),
]

const asManager: readonly (readonly [string, (id: string) => unknown])[] = [
  ['text', (id) => id],
  ['object', (id) => ({ value: id })],
  ['list-of-one', (id) => [{ value: id, displayName: null, $ref: null }]],
]

async function expectManager(client: Client, path: string, boss: Made): Promise<void> {
  const manager = objectAt(objectAt((await client.get(path)).json, enterpriseUrn), 'manager')
  expectSame(manager.value, boss.id, 'manager.value')
}

const managers: readonly WireCase[] = [
  ...asManager.map(([id, of]) =>
    should(
      `quirk-manager-${id}`,
      `a manager as ${id} is accepted in POST, PUT and PATCH, and returned as an object`,
      'RFC 7643 §4.3; IDP-8',
      async (client) => {
        const boss = await client.makeUser()
        const extension = { [enterpriseUrn]: { manager: of(boss.id) } }
        await expectManager(client, (await client.makeUser(extension)).path, boss)
        const user = await client.makeUser()
        expectStatus(await client.put(user.path, userBody({ userName: user.name, ...extension })), 200)
        await expectManager(client, user.path, boss)
        for (const path of [`${enterpriseUrn}:manager`, 'manager']) {
          const other = await client.makeUser()
          await client.change(other.path, [{ op: 'Add', path, value: of(boss.id) }])
          await expectManager(client, other.path, boss)
        }
      },
    ),
  ),
  ...(
    [
      ['empty-text', ''],
      ['null', null],
      ['empty-value', { value: '' }],
    ] as const
  ).map(([id, value]) =>
    should(
      `quirk-manager-cleared-by-${id}`,
      'a manager is cleared by "", null, {value: ""} and remove',
      'RFC 7643 §2.5, §4.3; IDP-9',
      async (client) => {
        const boss = await client.makeUser()
        const user = await client.makeUser({ [enterpriseUrn]: { manager: { value: boss.id }, department: 'D' } })
        await client.change(user.path, [{ op: 'Replace', path: `${enterpriseUrn}:manager`, value }])
        expectSame((await client.get(user.path)).json[enterpriseUrn], { department: 'D' }, 'the extension')
      },
    ),
  ),
]

async function memberIds(client: Client, path: string): Promise<readonly unknown[]> {
  return listAt((await client.get(path)).json, 'members').map(({ value }) => value)
}

const members: readonly WireCase[] = [
  should(
    'quirk-remove-members-with-value',
    'remove of members with a value removes only those members',
    'RFC 7644 §3.5.2.2; FP-P4; IDP-13',
    async (client) => {
      const [ann, bob, cyd] = [await client.makeUser(), await client.makeUser(), await client.makeUser()]
      const group = await client.makeGroup([ann, bob, cyd])
      await client.change(group.path, [{ op: 'Remove', path: 'members', value: [{ value: ann.id }] }])
      await client.change(group.path, [{ op: 'Remove', path: 'members', value: [{ value: uniqueName() }] }])
      expectSame([...(await memberIds(client, group.path))].sort(), [bob.id, cyd.id].sort(), 'members')
    },
  ),
  should(
    'quirk-remove-members-null-400',
    'remove of members with a value of null is 400, and never removes all',
    'RFC 7644 §3.5.2.2; FP-P4; IDP-13',
    async (client) => {
      const group = await client.makeGroup([await client.makeUser()])
      expectError(await client.patch(group.path, { op: 'remove', path: 'members', value: null }), 400)
      expectSame((await memberIds(client, group.path)).length, 1, 'members')
      await client.change(group.path, [{ op: 'remove', path: 'members', value: [] }])
      expectSame((await memberIds(client, group.path)).length, 1, 'members')
    },
  ),
  ...(
    [
      ['object', ({ id }) => ({ value: id })],
      ['texts', ({ id }) => [id]],
      ['loose', ({ id }) => [{ value: id, display: null, $ref: null, type: null }]],
      ['relative-ref', ({ id }) => [{ value: id, $ref: `../Users/${id}`, display: 'forged' }]],
    ] as readonly (readonly [string, (user: Made) => unknown])[]
  ).map(([id, of]) =>
    should(
      `quirk-members-${id}`,
      `members as ${id} are accepted, and the server assigns $ref and display`,
      'RFC 7643 §4.2; IDP-17',
      async (client) => {
        const user = await client.makeUser({ displayName: 'Ann' })
        const group = await client.makeGroup()
        await client.change(group.path, [{ op: 'Add', path: 'members', value: of(user) }])
        expectStatus(await client.get(group.path), 200, {
          members: [{ value: user.id, type: 'User', display: 'Ann', $ref: objectAt(user.json, 'meta').location }],
        })
        expectStatus(await client.post('/Groups', groupBody({ members: of(user) })), 201, {
          members: [{ value: user.id }],
        })
      },
    ),
  ),
  should(
    'quirk-members-without-path',
    'members in a value without path',
    'RFC 7644 §3.5.2.1; IDP-18',
    async (client) => {
      const [ann, bob] = [await client.makeUser(), await client.makeUser()]
      const group = await client.makeGroup([ann])
      await client.change(group.path, [{ op: 'Add', value: { members: [{ value: bob.id }] } }])
      expectSame([...(await memberIds(client, group.path))].sort(), [ann.id, bob.id].sort(), 'members')
      await client.change(group.path, [{ op: 'replace', value: { members: [{ value: bob.id }] } }])
      expectSame(await memberIds(client, group.path), [bob.id], 'members')
    },
  ),
]

const others: readonly WireCase[] = [
  should(
    'quirk-message-names',
    'operations, Op, Path and Value in any case',
    'RFC 7643 §2.1; IDP-2',
    async (client) => {
      const { path } = await client.makeUser()
      const message = { Schemas: [patchUrn.toUpperCase()], operations: [{ OP: 'Add', Path: 'title', VALUE: 'A' }] }
      const headers = { Accept: 'application/scim+json', 'Content-Type': 'application/scim+json' }
      expectStatus(await client.send({ method: 'PATCH', path, headers, body: JSON.stringify(message) }), [200, 204])
      expectStatus(await client.get(path), 200, { title: 'A' })
    },
  ),
  should(
    'quirk-filter-quoted-boolean',
    'active eq "True" in a filter',
    'RFC 7643 §2.3.2; RFC 7644 §3.4.2.2; IDP-4',
    async (client) => {
      const { name } = await client.makeUser({ active: true })
      expectStatus(await client.find('/Users', `userName eq "${name}" and active eq "True"`), 200, { totalResults: 1 })
      expectStatus(await client.find('/Users', `userName eq "${name}" and active eq "false"`), 200, { totalResults: 0 })
    },
  ),
  should(
    'quirk-filter-part-after-brackets',
    'emails[type eq "work"].value eq "x" in a filter',
    'RFC 7644 §3.4.2.2 (ABNF); IDP-25',
    async (client) => {
      const { name } = await client.makeUser({ emails: [work, { value: 'h@example.com', type: 'home' }] })
      const found = (value: string) =>
        client.find('/Users', `userName eq "${name}" and emails[type eq "work"].value eq "${value}"`)
      expectStatus(await found('work@example.com'), 200, { totalResults: 1 })
      expectStatus(await found('h@example.com'), 200, { totalResults: 0 })
    },
  ),
  should(
    'quirk-filter-bare-extension-name',
    'department eq "x" in a filter',
    'RFC 7644 §3.10; IDP-7',
    async (client) => {
      const department = uniqueName('department')
      const { id } = await client.makeUser({ [enterpriseUrn]: { department } })
      expectStatus(await client.find('/Users', `department eq "${department}"`), 200, {
        totalResults: 1,
        Resources: [{ id }],
      })
    },
  ),
  should(
    'quirk-foreign-schemas-400',
    'schemas without the schema of the endpoint are 400',
    'RFC 7643 §3; IDP-24',
    async (client) => {
      expectError(await client.post('/Users', userBody({ schemas: [enterpriseUrn] })), 400, 'invalidValue')
      expectError(await client.post('/Users', userBody({ schemas: [groupUrn] })), 400, 'invalidValue')
    },
  ),
]

const entra: readonly WireCase[] = [
  should(
    'entra-replace-creates-element',
    'in entra replace at a value path without a match creates the element',
    'RFC 7644 §3.5.2.3; FP-P16; IDP-11',
    async (client) => {
      const { path } = await client.makeUser({ emails: [work] })
      await client.change(path, [{ op: 'Replace', path: 'emails[type eq "home"].value', value: 'h@example.com' }])
      expectSame((await client.get(path)).json.emails, [work, { type: 'home', value: 'h@example.com' }], 'emails')
    },
  ),
  should(
    'entra-remove-missing-is-no-op',
    'in entra remove at a value path without a match succeeds',
    'RFC 7644 §3.5.2.2; FP-P2; IDP-14',
    async (client) => {
      const { path, tag } = await client.makeUser({ emails: [work] })
      const answer = await client.patch(path, { op: 'Remove', path: 'emails[type eq "fax"]' })
      expectSame(expectStatus(answer, [200, 204]).tag, tag, 'the ETag')
    },
  ),
  should(
    'entra-foreign-schemas',
    'in entra schemas without the schema of the endpoint are accepted',
    'RFC 7643 §3; IDP-24',
    async (client) => {
      const made = expectStatus(await client.post('/Users', userBody({ schemas: ['urn:scim:schemas:core:1.0'] })), 201)
      expectSame(made.json.schemas, [userUrn], 'schemas')
    },
  ),
  should('entra-still-conditional', 'in entra a stale write is 412 too', 'RFC 7644 §3.14', async (client) => {
    const { path, tag } = await client.makeUser()
    await client.change(path, [{ op: 'Replace', path: 'active', value: 'False' }], { 'If-Match': tag })
    expectError(await client.patch(path, { op: 'Replace', path: 'active', value: 'True' }, { 'If-Match': tag }), 412)
  }),
]

const groupNames: readonly WireCase[] = [
  should(
    'unique-group-names-409',
    'with unique group names, a duplicate in any letter case is 409',
    'RFC 7643 §4.2; IDP-34',
    async (client) => {
      const { name } = await client.makeGroup()
      expectError(await client.post('/Groups', groupBody({ displayName: name.toUpperCase() })), 409, 'uniqueness')
      const other = await client.makeGroup()
      expectError(await client.patch(other.path, replace('displayName', name)), 409, 'uniqueness')
      await client.change(other.path, [replace('displayName', other.name.toUpperCase())])
    },
  ),
]

/** Interoperability. */
export const interop: readonly WireCase[] = [
  ...patched,
  ...posted,
  ...managers,
  ...members,
  ...others,
  ...on('entra', entra),
  ...on('uniqueGroupNames', groupNames),
]
