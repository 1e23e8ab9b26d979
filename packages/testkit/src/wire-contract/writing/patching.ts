/** PATCH. @see RFC 7644 §3.5.2 */
import type { Json } from '../answer.js'
import { type Client, enterpriseUrn, groupUrn, patchUrn, uniqueName, userBody, userUrn } from '../client.js'
import {
  expectAbsent,
  expectError,
  expectOther,
  expectSame,
  expectStatus,
  expectThat,
  listAt,
  pause,
} from '../expect.js'
import { must, on, should, type WireCase } from '../wire-case.js'

const work = { value: 'work@example.com', type: 'work' }
const home = { value: 'home@example.com', type: 'home' }

interface Change {
  readonly id: string
  readonly title: string
  readonly level: typeof must
  readonly citation: string
  readonly before: Json
  readonly operations: readonly Json[]
  /** The expected attributes afterwards; `undefined` for absent ones. Values are compared as a whole. */
  readonly after: Json
}

const add = 'RFC 7644 §3.5.2.1'
const remove = 'RFC 7644 §3.5.2.2'
const replace = 'RFC 7644 §3.5.2.3'

const changes: readonly Change[] = [
  // add
  {
    id: 'add-new',
    title: 'add creates a value',
    level: must,
    citation: add,
    before: {},
    operations: [{ op: 'add', path: 'title', value: 'A' }],
    after: { title: 'A' },
  },
  {
    id: 'add-over',
    title: 'add on a single value replaces it',
    level: must,
    citation: add,
    before: { title: 'A' },
    operations: [{ op: 'add', path: 'title', value: 'B' }],
    after: { title: 'B' },
  },
  {
    id: 'add-list',
    title: 'add on a list appends',
    level: must,
    citation: add,
    before: { emails: [work] },
    operations: [{ op: 'add', path: 'emails', value: [home] }],
    after: { emails: [work, home] },
  },
  {
    id: 'add-object-to-list',
    title: 'add of a single object to a list appends it',
    level: should,
    citation: 'RFC 7644 §3.5.2.1; FP-P13',
    before: { emails: [work] },
    operations: [{ op: 'add', path: 'emails', value: home }],
    after: { emails: [work, home] },
  },
  {
    id: 'add-complex-merges',
    title: 'add on a complex value adds its sub-attributes',
    level: must,
    citation: add,
    before: { name: { givenName: 'B' } },
    operations: [{ op: 'add', path: 'name', value: { familyName: 'J' } }],
    after: { name: { givenName: 'B', familyName: 'J' } },
  },
  {
    id: 'add-sub-attribute',
    title: 'add at a sub-attribute',
    level: must,
    citation: add,
    before: {},
    operations: [{ op: 'add', path: 'name.givenName', value: 'B' }],
    after: { name: { givenName: 'B' } },
  },
  {
    id: 'add-without-path',
    title: 'add without path adds the attributes of the value, and changes no others',
    level: must,
    citation: add,
    before: { title: 'A', emails: [work] },
    operations: [{ op: 'add', value: { nickName: 'Babs', emails: [home] } }],
    after: { title: 'A', nickName: 'Babs', emails: [work, home] },
  },
  {
    id: 'add-value-path',
    title: 'add at a value path changes the matching element',
    level: must,
    citation: 'RFC 7644 §3.5.2',
    before: { emails: [work, home] },
    operations: [{ op: 'add', path: 'emails[type eq "home"].display', value: 'At home' }],
    after: { emails: [work, { ...home, display: 'At home' }] },
  },
  {
    id: 'add-extension',
    title: 'add at the URN path of an extension',
    level: must,
    citation: 'RFC 7644 §3.5.2, §3.10',
    before: {},
    operations: [{ op: 'add', path: `${enterpriseUrn}:department`, value: 'D' }],
    after: { [enterpriseUrn]: { department: 'D' }, schemas: [userUrn, enterpriseUrn] },
  },
  {
    id: 'add-extension-without-path',
    title: 'add of an extension object merges',
    level: should,
    citation: 'RFC 7644 §3.5.2; IDP-6',
    before: { [enterpriseUrn]: { division: 'X' } },
    operations: [{ op: 'add', value: { [enterpriseUrn]: { department: 'D' } } }],
    after: { [enterpriseUrn]: { division: 'X', department: 'D' } },
  },
  {
    id: 'add-core-urn',
    title: 'add at the URN path of a core attribute',
    level: must,
    citation: 'RFC 7644 §3.10',
    before: {},
    operations: [{ op: 'add', path: `${userUrn}:name.givenName`, value: 'B' }],
    after: { name: { givenName: 'B' } },
  },
  {
    id: 'add-null',
    title: 'add of null unassigns',
    level: should,
    citation: 'RFC 7643 §2.5; FP-M5',
    before: { title: 'A' },
    operations: [{ op: 'add', path: 'title', value: null }],
    after: { title: undefined },
  },
  // replace
  {
    id: 'replace-value',
    title: 'replace sets a value',
    level: must,
    citation: replace,
    before: { title: 'A' },
    operations: [{ op: 'replace', path: 'title', value: 'B' }],
    after: { title: 'B' },
  },
  {
    id: 'replace-missing',
    title: 'replace of an absent attribute adds it',
    level: must,
    citation: replace,
    before: {},
    operations: [{ op: 'replace', path: 'title', value: 'B' }],
    after: { title: 'B' },
  },
  {
    id: 'replace-list',
    title: 'replace of a list removes all old values',
    level: must,
    citation: replace,
    before: { emails: [work] },
    operations: [{ op: 'replace', path: 'emails', value: [home] }],
    after: { emails: [home] },
  },
  {
    id: 'replace-complex',
    title: 'replace of a complex value replaces the given sub-attributes',
    level: must,
    citation: replace,
    before: { name: { givenName: 'B', familyName: 'J' } },
    operations: [{ op: 'replace', path: 'name', value: { familyName: 'K' } }],
    after: { name: { givenName: 'B', familyName: 'K' } },
  },
  {
    id: 'replace-without-path',
    title: 'replace without path replaces the attributes of the value',
    level: must,
    citation: replace,
    before: { title: 'A', nickName: 'N', emails: [work] },
    operations: [{ op: 'replace', value: { title: 'B', emails: [home] } }],
    after: { title: 'B', nickName: 'N', emails: [home] },
  },
  {
    id: 'replace-value-path',
    title: 'replace at a value path replaces only the matching element',
    level: must,
    citation: `${replace}; IDP-12`,
    before: { emails: [work, home] },
    operations: [{ op: 'replace', path: 'emails[type eq "work"]', value: { type: 'work', value: 'new@example.com' } }],
    after: { emails: [{ type: 'work', value: 'new@example.com' }, home] },
  },
  {
    id: 'replace-value-path-part',
    title: 'replace at a sub-attribute of an element',
    level: must,
    citation: replace,
    before: { emails: [work, home] },
    operations: [{ op: 'replace', path: 'emails[type eq "work"].value', value: 'new@example.com' }],
    after: { emails: [{ ...work, value: 'new@example.com' }, home] },
  },
  {
    id: 'replace-value-path-and-or',
    title: 'a value path may contain and, or, not and parentheses',
    level: must,
    citation: 'RFC 7644 §3.5.2 (figure 7); erratum 7322',
    before: { emails: [work, home] },
    operations: [
      { op: 'replace', path: 'emails[(type eq "work" or type eq "fax") and not (value sw "x")].display', value: 'W' },
    ],
    after: { emails: [{ ...work, display: 'W' }, home] },
  },
  {
    id: 'replace-null',
    title: 'replace by null unassigns',
    level: must,
    citation: 'RFC 7643 §2.5',
    before: { title: 'A', nickName: 'N' },
    operations: [
      { op: 'replace', path: 'title', value: null },
      { op: 'replace', value: { nickName: null } },
    ],
    after: { title: undefined, nickName: undefined },
  },
  {
    id: 'replace-empty-list',
    title: 'replace by [] unassigns',
    level: must,
    citation: 'RFC 7643 §2.5',
    before: { emails: [work] },
    operations: [{ op: 'replace', path: 'emails', value: [] }],
    after: { emails: undefined },
  },
  // remove
  {
    id: 'remove-value',
    title: 'remove unassigns a value',
    level: must,
    citation: remove,
    before: { title: 'A' },
    operations: [{ op: 'remove', path: 'title' }],
    after: { title: undefined },
  },
  {
    id: 'remove-list',
    title: 'remove of a list removes all values',
    level: must,
    citation: remove,
    before: { emails: [work, home] },
    operations: [{ op: 'remove', path: 'emails' }],
    after: { emails: undefined },
  },
  {
    id: 'remove-element',
    title: 'remove at a value path removes the matching elements',
    level: must,
    citation: remove,
    before: { emails: [work, home] },
    operations: [{ op: 'remove', path: 'emails[type eq "work"]' }],
    after: { emails: [home] },
  },
  {
    id: 'remove-last-element',
    title: 'a list without elements is unassigned',
    level: must,
    citation: remove,
    before: { emails: [work] },
    operations: [{ op: 'remove', path: 'emails[type eq "work" and value ew "example.com"]' }],
    after: { emails: undefined },
  },
  {
    id: 'remove-part',
    title: 'remove at a sub-attribute of an element',
    level: must,
    citation: remove,
    before: { emails: [work, home] },
    operations: [{ op: 'remove', path: 'emails[type eq "work"].type' }],
    after: { emails: [{ value: work.value }, home] },
  },
  {
    id: 'remove-sub-attribute',
    title: 'remove of a sub-attribute keeps the others',
    level: must,
    citation: remove,
    before: { name: { givenName: 'B', familyName: 'J' } },
    operations: [{ op: 'remove', path: 'name.givenName' }],
    after: { name: { familyName: 'J' } },
  },
  {
    id: 'remove-extension',
    title: 'remove of an extension removes its URN from schemas',
    level: should,
    citation: 'RFC 7643 §3; RFC 7644 §3.5.2',
    before: { [enterpriseUrn]: { department: 'D' } },
    operations: [{ op: 'remove', path: enterpriseUrn }],
    after: { [enterpriseUrn]: undefined, schemas: [userUrn] },
  },
  {
    id: 'remove-extension-attribute',
    title: 'remove at the URN path of an extension',
    level: must,
    citation: 'RFC 7644 §3.5.2.2, §3.10',
    before: { [enterpriseUrn]: { department: 'D', division: 'X' } },
    operations: [{ op: 'remove', path: `${enterpriseUrn}:department` }],
    after: { [enterpriseUrn]: { division: 'X' } },
  },
  // several
  {
    id: 'in-order',
    title: 'operations are applied in the order in which they appear',
    level: must,
    citation: 'RFC 7644 §3.5.2',
    before: { title: 'A' },
    operations: [
      { op: 'replace', path: 'title', value: 'B' },
      { op: 'remove', path: 'title' },
      { op: 'add', path: 'title', value: 'C' },
    ],
    after: { title: 'C' },
  },
  {
    id: 'sees-earlier',
    title: 'a later operation sees what an earlier one did',
    level: must,
    citation: 'RFC 7644 §3.5.2; FP-P17',
    before: {},
    operations: [
      { op: 'add', path: 'emails', value: [work] },
      { op: 'replace', path: 'emails[type eq "work"].value', value: 'new@example.com' },
    ],
    after: { emails: [{ ...work, value: 'new@example.com' }] },
  },
  {
    id: 'primary-moves',
    title: 'a new primary value replaces the old primary one',
    level: must,
    citation: 'RFC 7644 §3.5.2; FP-P19; IDP-32',
    before: { emails: [{ ...work, primary: true }] },
    operations: [{ op: 'add', path: 'emails', value: [{ ...home, primary: true }] }],
    after: {
      emails: [
        { ...work, primary: false },
        { ...home, primary: true },
      ],
    },
  },
  {
    id: 'primary-moves-by-path',
    title: 'a primary value set at a value path replaces the old primary one',
    level: must,
    citation: 'RFC 7644 §3.5.2',
    before: { emails: [{ ...work, primary: true }, home] },
    operations: [{ op: 'replace', path: 'emails[type eq "home"].primary', value: true }],
    after: {
      emails: [
        { ...work, primary: false },
        { ...home, primary: true },
      ],
    },
  },
  {
    id: 'names-in-any-case',
    title: 'ops, attribute names and URNs in any case',
    level: should,
    citation: 'RFC 7643 §2.1; IDP-1, IDP-2',
    before: { emails: [work] },
    operations: [
      { op: 'Replace', path: 'EMAILS[TYPE EQ "work"].Value', value: 'new@example.com' },
      { op: 'ADD', path: `${enterpriseUrn.toUpperCase()}:DEPARTMENT`, value: 'D' },
    ],
    after: { emails: [{ ...work, value: 'new@example.com' }], [enterpriseUrn]: { department: 'D' } },
  },
]

const changed: readonly WireCase[] = changes.map(({ id, title, level, citation, before, operations, after }) =>
  level(`patch-${id}`, title, citation, async (client) => {
    const user = await client.makeUser(before)
    const patched = expectStatus(await client.patch(user.path, operations), [200, 204])
    const read = expectStatus(await client.get(user.path), 200)
    for (const [name, value] of Object.entries(after)) {
      if (value === undefined) expectAbsent(read, name)
      else expectSame(read.json[name], value, name)
    }
    expectOther(patched.tag, user.tag, 'the ETag')
    if (patched.status === 200) expectSame(patched.json, read.json, 'the response compared with a read')
  }),
)

// ── refused requests ──────────────────────────────────────────────────────────────────────────────────────────────

interface Refusal {
  readonly id: string
  readonly title: string
  readonly level: typeof must
  readonly citation: string
  readonly operations: readonly Json[]
  readonly scimType: string | readonly string[] | undefined
}

const path = 'RFC 7644 §3.5.2, §3.12'
const refusals: readonly Refusal[] = [
  {
    id: 'unknown-op',
    title: 'an unknown op',
    level: must,
    citation: path,
    operations: [{ op: 'fly', path: 'title', value: 'x' }],
    scimType: 'invalidSyntax',
  },
  {
    id: 'no-op',
    title: 'an operation without op',
    level: must,
    citation: path,
    operations: [{ path: 'title', value: 'x' }],
    scimType: 'invalidSyntax',
  },
  {
    id: 'add-without-value',
    title: 'add without value',
    level: must,
    citation: add,
    operations: [{ op: 'add', path: 'title' }],
    scimType: ['invalidValue', 'invalidSyntax'],
  },
  {
    id: 'value-no-object',
    title: 'replace without path with a value that is not an object',
    level: must,
    citation: replace,
    operations: [{ op: 'replace', value: 'x' }],
    scimType: ['invalidValue', 'invalidSyntax'],
  },
  {
    id: 'no-operations',
    title: 'an empty list of operations',
    level: should,
    citation: 'RFC 7644 §3.5.2; IDP-33',
    operations: [],
    scimType: ['invalidValue', 'invalidSyntax'],
  },
  {
    id: 'remove-without-path',
    title: 'remove without path',
    level: must,
    citation: remove,
    operations: [{ op: 'remove' }],
    scimType: 'noTarget',
  },
  {
    id: 'remove-required',
    title: 'remove of a required attribute',
    level: must,
    citation: `${remove}; FP-P14`,
    operations: [{ op: 'remove', path: 'userName' }],
    scimType: 'mutability',
  },
  {
    id: 'remove-id',
    title: 'remove of id',
    level: must,
    citation: remove,
    operations: [{ op: 'remove', path: 'id' }],
    scimType: 'mutability',
  },
  {
    id: 'replace-id',
    title: 'replace of id',
    level: must,
    citation: 'RFC 7644 §3.5.2; SEC-1',
    operations: [{ op: 'replace', path: 'id', value: 'x' }],
    scimType: 'mutability',
  },
  {
    id: 'replace-id-urn',
    title: 'replace of id by its URN, in another case',
    level: must,
    citation: 'RFC 7644 §3.5.2; SEC-1',
    operations: [{ op: 'Replace', path: `${userUrn}:ID`, value: 'x' }],
    scimType: 'mutability',
  },
  {
    id: 'replace-meta',
    title: 'replace of meta',
    level: must,
    citation: 'RFC 7644 §3.5.2; SEC-1',
    operations: [{ op: 'replace', path: 'meta.version', value: 'x' }],
    scimType: 'mutability',
  },
  {
    id: 'other-id-in-value',
    title: 'another id in a value without path',
    level: should,
    citation: 'RFC 7644 §3.5.2; RFC 7643 §3.1; FP-P7; SEC-1',
    operations: [{ op: 'replace', value: { id: 'other' } }],
    scimType: 'mutability',
  },
  {
    id: 'replace-no-target',
    title: 'replace at a value path that matches nothing',
    level: must,
    citation: `${replace}; FP-P16`,
    operations: [{ op: 'replace', path: 'emails[type eq "fax"].value', value: 'x' }],
    scimType: 'noTarget',
  },
  {
    id: 'add-no-target',
    title: 'add at a value path of another operator than eq that matches nothing',
    level: should,
    citation: 'RFC 7644 §3.12 (noTarget); FP-P15; IDP-10',
    operations: [{ op: 'add', path: 'emails[type ne "work"].value', value: 'x' }],
    scimType: 'noTarget',
  },
  {
    id: 'bad-path',
    title: 'an invalid path',
    level: must,
    citation: path,
    operations: [{ op: 'add', path: 'title[', value: 'x' }],
    scimType: ['invalidPath', 'invalidFilter'],
  },
  {
    id: 'bad-filter',
    title: 'a value path with an invalid filter',
    level: must,
    citation: path,
    operations: [{ op: 'replace', path: 'emails[type xx "work"].value', value: 'x' }],
    scimType: ['invalidPath', 'invalidFilter'],
  },
  {
    id: 'path-number',
    title: 'a path that is not a string',
    level: must,
    citation: path,
    operations: [{ op: 'add', path: 5, value: 'x' }],
    scimType: ['invalidPath', 'invalidSyntax', 'invalidValue'],
  },
  {
    id: 'wrong-type',
    title: 'a value of the wrong type',
    level: must,
    citation: 'RFC 7643 §2.3; RFC 7644 §3.5.2; IDP-38',
    operations: [{ op: 'replace', path: 'active', value: 'maybe' }],
    scimType: 'invalidValue',
  },
  {
    id: 'empty-username',
    title: 'an empty userName',
    level: must,
    citation: 'RFC 7643 §4.1.1',
    operations: [{ op: 'replace', path: 'userName', value: '' }],
    scimType: 'invalidValue',
  },
  {
    id: 'null-username',
    title: 'a userName of null',
    level: must,
    citation: 'RFC 7643 §2.5, §4.1.1',
    operations: [{ op: 'replace', path: 'userName', value: null }],
    scimType: ['invalidValue', 'mutability'],
  },
  {
    id: 'two-new-primaries',
    title: 'two new primary values',
    level: must,
    citation: 'RFC 7643 §2.4',
    operations: [
      {
        op: 'add',
        path: 'emails',
        value: [
          { value: 'a@x', primary: true },
          { value: 'b@x', primary: true },
        ],
      },
    ],
    scimType: 'invalidValue',
  },
]

// By default removing an absent value is not an error: applied-remove-missing.
const strictRefusals: readonly Refusal[] = [
  {
    id: 'remove-no-target',
    title: 'remove at a value path that matches nothing',
    level: should,
    citation: 'RFC 7644 §3.12 (noTarget); FP-P2',
    operations: [{ op: 'remove', path: 'emails[type eq "fax"]' }],
    scimType: 'noTarget',
  },
]

const refuse = ({ id, title, level, citation, operations, scimType }: Refusal): WireCase =>
  level(`patch-${id}-400`, `${title} is 400, and earlier operations are undone`, citation, async (client) => {
    const user = await client.makeUser({ title: 'A', emails: [work] })
    const lead = operations.length === 0 ? [] : [{ op: 'replace', path: 'title', value: 'Undone' }]
    expectError(await client.patch(user.path, [...lead, ...operations]), 400, scimType)
    const read = await client.get(user.path)
    expectSame([read.tag, read.json], [user.tag, user.json], 'ETag and resource afterwards')
  })

const refused: readonly WireCase[] = [...refusals.map(refuse), ...on('strict', strictRefusals.map(refuse))]

const messages: readonly (readonly [string, string, unknown])[] = [
  ['no-list', 'a body without Operations', { schemas: [patchUrn] }],
  ['operations-object', 'Operations that are no list', { schemas: [patchUrn], Operations: { op: 'add' } }],
  ['operation-text', 'an operation that is no object', { schemas: [patchUrn], Operations: ['add'] }],
  [
    'foreign-schemas',
    'a body that says to be something else',
    { schemas: [userUrn], Operations: [{ op: 'add', path: 'title', value: 'x' }] },
  ],
  ['array', 'a body that is a list', [{ op: 'add', path: '/title', value: 'x' }]],
]

const malformed: readonly WireCase[] = messages.map(([id, title, body]) =>
  must(`patch-message-${id}-400`, `${title} is 400 invalidSyntax`, 'RFC 7644 §3.5.2, §3.12', async (client) => {
    const user = await client.makeUser()
    const headers = { Accept: 'application/scim+json', 'Content-Type': 'application/scim+json' }
    expectError(
      await client.send({ method: 'PATCH', path: user.path, headers, body: JSON.stringify(body) }),
      400,
      'invalidSyntax',
    )
    expectSame((await client.get(user.path)).tag, user.tag, 'the ETag')
  }),
)

// ── answers ──────────────────────────────────────────────────────────────────────────────────────────────────────

const answers: readonly WireCase[] = [
  should(
    'patch-200-with-body',
    'a PATCH of a user returns 200 with the resource',
    'RFC 7644 §3.5.2; ADR 14; FP-P18',
    async (client) => {
      const { path: target, id } = await client.makeUser()
      expectStatus(await client.patch(target, [{ op: 'add', path: 'title', value: 'A' }]), 200, { id, title: 'A' })
    },
  ),
  must(
    'patch-attributes-200',
    'a PATCH with attributes or excludedAttributes is 200 with the requested attributes',
    'RFC 7644 §3.5.2',
    async (client) => {
      const { path: target, id } = await client.makeUser({ nickName: 'N' })
      const operations = [{ op: 'add', path: 'title', value: 'A' }]
      const one = expectStatus(await client.patch(`${target}?attributes=title`, operations), 200, { id, title: 'A' })
      expectAbsent(one, 'userName', 'nickName', 'meta')
      expectAbsent(
        expectStatus(await client.patch(`${target}?excludedAttributes=nickName`, operations), 200, { id }),
        'nickName',
      )
    },
  ),
  must('patch-unknown-404', 'a PATCH of an unknown id is 404', 'RFC 7644 §3.12', async (client) => {
    expectError(await client.patch('/Users/no-such-user', [{ op: 'add', path: 'title', value: 'A' }]), 404)
    expectError(await client.patch('/Users/no-such-user', []), 404)
  }),
  must('patch-duplicate-409', 'a taken name is 409, and nothing is changed', 'RFC 7644 §3.12', async (client) => {
    const [taken, user] = [await client.makeUser(), await client.makeUser()]
    const operations = [
      { op: 'add', path: 'title', value: 'A' },
      { op: 'replace', value: { userName: taken.name.toUpperCase() } },
    ]
    expectError(await client.patch(user.path, operations), 409, 'uniqueness')
    expectSame((await client.get(user.path)).json, user.json, 'the resource')
  }),
  must(
    'patch-echoed-id',
    'unchanged id, schemas and meta in a value without path are ignored',
    'RFC 7644 §3.5.2; FP-P7; SEC-1; IDP-20',
    async (client) => {
      const { path: target, id, tag } = await client.makeUser()
      const value = { id, schemas: [userUrn, 'urn:x'], meta: { version: 'forged' }, title: 'A' }
      expectStatus(await client.patch(target, [{ op: 'replace', value }]), [200, 204])
      const read = expectStatus(await client.get(target), 200, { id, title: 'A' })
      expectSame(read.json.schemas, [userUrn], 'schemas')
      expectOther(read.tag, tag, 'the ETag')
    },
  ),
  should(
    'patch-value-place-twice-400',
    'a value without path with a duplicate attribute is 400, as in a POST, because it is ambiguous',
    'RFC 7643 §2.1; RFC 7644 §3.5.2',
    async (client) => {
      const user = await client.makeUser({ name: { givenName: 'A' } })
      const [value, other] = [
        { name: { givenName: 'B' }, 'name.givenName': 'C' },
        { title: 'A', TITLE: 'B' },
      ]
      for (const twice of [value, other]) {
        for (const op of ['add', 'replace'])
          expectError(await client.patch(user.path, [{ op, value: twice }]), 400, 'invalidValue')
        expectError(await client.post('/Users', userBody(twice)), 400)
      }
      expectSame((await client.get(user.path)).tag, user.tag, 'the ETag')
    },
  ),
  must(
    'patch-read-only-ignored',
    'a readOnly attribute in the path is 400 mutability, and ignored in a value without path',
    'RFC 7644 §3.5.2; ADR 35; FP-P8',
    async (client) => {
      const user = await client.makeUser()
      expectStatus(await client.patch(user.path, [{ op: 'add', value: { groups: [{ value: 'x' }] } }]), [200, 204])
      for (const op of ['add', 'replace', 'remove']) {
        const operation = { op, path: 'groups', ...(op !== 'remove' && { value: [{ value: 'x' }] }) }
        expectError(await client.patch(user.path, [operation]), 400, 'mutability')
      }
      expectSame((await client.get(user.path)).json, user.json, 'the resource')
    },
  ),
  should(
    'patch-unknown-path-ignored',
    'a path that is in no schema changes nothing',
    'RFC 7644 §3.5.2; FP-P6; IDP-23',
    async (client) => {
      const user = await client.makeUser()
      expectStatus(await client.patch(user.path, [{ op: 'add', path: 'favouriteColour', value: 'x' }]), [200, 204])
      expectSame((await client.get(user.path)).tag, user.tag, 'the ETag')
    },
  ),
]

// ── members ──────────────────────────────────────────────────────────────────────────────────────────────────────

async function expectMembers(client: Client, target: string, ids: readonly string[]): Promise<void> {
  const members = listAt((await client.get(target)).json, 'members').map(({ value }) => String(value))
  expectSame([...members].sort(), [...ids].sort(), `members of ${target}`)
}

const members: readonly WireCase[] = [
  must(
    'patch-members-add',
    'add appends members, and does not duplicate existing ones',
    'RFC 7644 §3.5.2.1',
    async (client) => {
      const [ann, bob] = [await client.makeUser(), await client.makeUser()]
      const group = await client.makeGroup([ann])
      const value = [{ value: ann.id }, { value: bob.id }]
      expectStatus(await client.patch(group.path, [{ op: 'add', path: 'members', value }]), [200, 204])
      await expectMembers(client, group.path, [ann.id, bob.id])
      const { tag } = await client.get(group.path)
      expectSame(
        (await client.patch(group.path, [{ op: 'add', path: 'members', value }])).tag,
        tag,
        'the ETag after no change',
      )
    },
  ),
  must('patch-members-remove', 'remove at a value path removes that member', 'RFC 7644 §3.5.2.2', async (client) => {
    const [ann, bob] = [await client.makeUser(), await client.makeUser()]
    const group = await client.makeGroup([ann, bob])
    expectStatus(await client.patch(group.path, [{ op: 'remove', path: `members[value eq "${ann.id}"]` }]), [200, 204])
    await expectMembers(client, group.path, [bob.id])
  }),
  must(
    'patch-members-remove-non-member',
    'remove of a user that is not a member succeeds and changes nothing',
    'RFC 7644 §3.5.2.2; FP-P1; IDP-14',
    async (client) => {
      const group = await client.makeGroup([await client.makeUser()])
      const answer = await client.patch(group.path, [{ op: 'remove', path: `members[value eq "${uniqueName()}"]` }])
      expectSame(expectStatus(answer, [200, 204]).tag, group.tag, 'the ETag')
    },
  ),
  must('patch-members-remove-all', 'remove of members removes all', 'RFC 7644 §3.5.2.2; IDP-15', async (client) => {
    const group = await client.makeGroup([await client.makeUser(), await client.makeUser()])
    expectStatus(await client.patch(group.path, [{ op: 'remove', path: 'members' }]), [200, 204])
    await expectMembers(client, group.path, [])
  }),
  must('patch-members-replace', 'replace of members keeps only the given ones', 'RFC 7644 §3.5.2.3', async (client) => {
    const [ann, bob] = [await client.makeUser(), await client.makeUser()]
    const group = await client.makeGroup([ann])
    expectStatus(
      await client.patch(group.path, [{ op: 'replace', path: 'members', value: [{ value: bob.id }] }]),
      [200, 204],
    )
    await expectMembers(client, group.path, [bob.id])
    expectStatus(await client.patch(group.path, [{ op: 'replace', path: 'members', value: [] }]), [200, 204])
    await expectMembers(client, group.path, [])
  }),
  must(
    'patch-rename-keeps-members',
    'a rename without path keeps the members',
    'RFC 7644 §3.5.2.3; IDP-18',
    async (client) => {
      const ann = await client.makeUser()
      const group = await client.makeGroup([ann])
      const value = { id: group.id, displayName: `${group.name}-new` }
      expectStatus(await client.patch(group.path, [{ op: 'replace', value }]), [200, 204])
      expectStatus(await client.get(group.path), 200, value)
      await expectMembers(client, group.path, [ann.id])
    },
  ),
  should(
    'patch-large-group-204',
    'a PATCH of a group with more than 100 members returns 204 with the ETag',
    'RFC 7644 §3.5.2; ADR 14; FP-P18',
    async (client) => {
      const value = Array.from({ length: 101 }, (_, i) => ({ value: uniqueName(`m${i}`) }))
      const group = await client.makeGroup()
      const patched = expectStatus(await client.patch(group.path, [{ op: 'add', path: 'members', value }]), 204)
      expectSame(patched.body, '', 'the body of a 204')
      expectSame((await client.get(group.path)).tag, patched.tag, 'the ETag')
    },
  ),
  must(
    'patch-large-group-attributes-200',
    'a PATCH of a large group returns 200 if attributes are requested',
    'RFC 7644 §3.5.2',
    async (client) => {
      const value = Array.from({ length: 101 }, (_, i) => ({ value: uniqueName(`m${i}`) }))
      const group = await client.makeGroup([], { members: value })
      const operations = [{ op: 'add', path: 'members', value: [{ value: uniqueName() }] }]
      const some = expectStatus(await client.patch(`${group.path}?attributes=displayName`, operations), 200, {
        displayName: group.name,
      })
      expectAbsent(some, 'members')
      const all = expectStatus(await client.patch(`${group.path}?attributes=members`, operations), 200)
      expectThat(listAt(all.json, 'members').length === 102, 'expected all 102 members')
    },
  ),
  should(
    'patch-members-many-operations',
    'a hundred operations with one member each are one change',
    'RFC 7644 §3.5.2; IDP-P5',
    async (client) => {
      const group = await client.makeGroup()
      const ids = Array.from({ length: 100 }, (_, i) => uniqueName(`m${i}`))
      const operations = ids.map((value) => ({ op: 'add', path: 'members', value: [{ value }] }))
      expectStatus(await client.patch(group.path, operations), [200, 204])
      await expectMembers(client, group.path, ids)
      const removals = ids.slice(1).map((id) => ({ op: 'remove', path: `members[value eq "${id}"]` }))
      expectStatus(await client.patch(group.path, removals), [200, 204])
      await expectMembers(client, group.path, ids.slice(0, 1))
    },
  ),
  should(
    'patch-members-at-once',
    'sixteen concurrent requests that add members each receive the tag of their own change',
    'RFC 7644 §3.14; FP-V14',
    async (client) => {
      const group = await client.makeGroup()
      const ids = Array.from({ length: 16 }, (_, i) => uniqueName(`m${i}`))
      const answers = await Promise.all(
        ids.map(async (value, i) => {
          await pause(i % 3)
          return client.patch(group.path, [{ op: 'add', path: 'members', value: [{ value }] }])
        }),
      )
      for (const answer of answers) expectStatus(answer, [200, 204])
      expectSame(new Set([group.tag, ...answers.map(({ tag }) => tag)]).size, 17, 'different tags')
      await expectMembers(client, group.path, ids)
    },
  ),
  must(
    'patch-group-required',
    'displayName of a group cannot be removed',
    'RFC 7643 §4.2; erratum 5368',
    async (client) => {
      const group = await client.makeGroup()
      expectError(await client.patch(group.path, [{ op: 'remove', path: 'displayName' }]), 400, 'mutability')
      expectError(
        await client.patch(group.path, [{ op: 'remove', path: `${groupUrn}:displayName` }]),
        400,
        'mutability',
      )
    },
  ),
]

// RFC 7644 §3.5.2 requires at least one operation. lenient and entra treat none as no change: see client-forms.ts.
const strictOnly: readonly string[] = ['patch-no-operations-400', 'patch-message-no-list-400']

/** Partial changes of resources. */
export const patching: readonly WireCase[] = [
  ...changed,
  ...[...refused, ...malformed].flatMap((one) => (strictOnly.includes(one.id) ? on('strict', [one]) : [one])),
  ...answers,
  ...members,
]
