/**
 * Leniency applies to the form of a request, never to its outcome: a request about an attribute that the server has is
 * applied or refused in every preset, and a success means that it was applied. @see ADR 35; RFC 7644 §3.5.2
 */
import type { Json } from '../answer.js'
import { type Client, enterpriseUrn, type Made, uniqueName, userBody, userUrn } from '../client.js'
import { expectAbsent, expectError, expectOther, expectSame, expectStatus, listAt } from '../expect.js'
import { add, listOf, type Operations, remove, replace } from '../patch-operations.js'
import { on, should, type WireCase } from '../wire-case.js'

const work = { value: 'work@example.com', type: 'work', primary: true }
const home = { value: 'home@example.com', type: 'home' }
const start: Json = {
  active: true,
  title: 'Guide',
  name: { givenName: 'Barbara', familyName: 'Jensen' },
  emails: [work, home],
  phoneNumbers: [{ value: '1', type: 'work' }],
  [enterpriseUrn]: { department: 'Tours', manager: { value: 'boss' } },
}

/** The attributes that differ afterwards, `undefined` for a removed one; or the scimType of the error. */
type End = Json | string

interface Row {
  readonly id: string
  readonly operations: readonly Json[]
  /** In lenient and entra. */
  readonly end: End
  readonly strict: End
}

const unchanged: Json = {}
const row = (id: string, operations: Operations, end: End, strict: End = end): Row => ({
  id,
  operations: listOf(operations),
  end,
  strict,
})
const withoutDepartment: Json = { [enterpriseUrn]: { manager: { value: 'boss' } } }
const withoutManager: Json = { [enterpriseUrn]: { department: 'Tours' } }

const empties: readonly (readonly [string, unknown])[] = [
  ['text', ''],
  ['list', []],
  ['object', {}],
  ['null', null],
]

/** The citations of a row, by a part of its id; the first match is used. */
const lines: readonly (readonly [part: string, line: string])[] = [
  ['remove-filter-beside', 'FP-P3; IDP-44'],
  ['remove-member-beside', 'FP-P3; IDP-44'],
  ['remove-missing', 'FP-P2'],
  ['remove-stale-manager', 'FP-P2; IDP-14'],
  ['misspelled', 'FP-P5'],
  ['remove-unknown-parts', 'FP-P4'],
  ['remove-unknown', 'FP-P5'],
  ['remove-unregistered', 'FP-P5'],
  ['remove-value-in-other-case', 'FP-P4, FP-P9'],
  ['remove-value-that', 'FP-P4'],
  ['remove-list-beside', 'FP-P4'],
  ['remove-parts', 'FP-P4'],
  ['dot-for-colon', 'FP-P12; IDP-39'],
  ['dotted-key', 'IDP-5'],
  ['value-path-as-key', 'IDP-5'],
  ['text-at-value-path', 'FP-P10'],
  ['json-', 'FP-P10'],
  ['empty-text', 'FP-P11'],
  ['empty-list', 'FP-P11; IDP-19'],
  ['null-for-list', 'FP-P11'],
  ['in-other-case', 'FP-P9'],
  ['elements-made-equal', 'FP-P9'],
  ['unknown-parts', 'FP-P11; IDP-53'],
  ['with-ref-alone', 'FP-P11'],
  ['-by-path', 'FP-P8'],
  ['for-string', 'IDP-47'],
  ['own-name', 'IDP-43'],
]

const lineOf = (id: string): string => `ADR 35; ${lines.find(([part]) => id.includes(part))?.[1] ?? 'FP-P20'}`

const rows: readonly Row[] = [
  ...empties.map(([name, value]) =>
    row(
      `remove-filter-beside-empty-${name}`,
      { op: 'remove', path: 'emails[type eq "home"]', value },
      { emails: [work] },
      'invalidValue',
    ),
  ),
  row(
    'remove-filter-beside-its-match',
    { op: 'remove', path: 'emails[type eq "home"]', value: [{ value: 'HOME@example.com' }] },
    { emails: [work] },
    'invalidValue',
  ),
  row(
    'remove-filter-beside-another-value',
    { op: 'remove', path: 'emails[type eq "home"]', value: [{ value: work.value }] },
    'invalidValue',
  ),
  row('remove-missing', remove('emails[type eq "fax"]'), unchanged, 'noTarget'),
  row(
    'remove-stale-manager-and-deactivate',
    [remove(`${enterpriseUrn}:manager[value eq "stale"]`), replace('active', false)],
    { active: false },
    'noTarget',
  ),
  row('remove-unknown-path', remove('emials[type eq "home"]'), 'invalidPath'),
  row('remove-unknown-part', remove('name.givenNam'), 'invalidPath'),
  row('remove-unknown-extension-attribute', remove(`${enterpriseUrn}:departmnt`), 'invalidPath'),
  row('remove-unknown-part-in-filter', remove('emails[typ eq "home"]'), 'invalidFilter'),
  row(
    'remove-unregistered-extension',
    [remove('urn:example:params:scim:schemas:extension:none:1.0:User:x'), replace('active', false)],
    { active: false },
    'invalidPath',
  ),
  row(
    'remove-value-in-other-case',
    { op: 'remove', path: 'emails', value: [{ value: 'HOME@EXAMPLE.COM' }] },
    { emails: [work] },
    'invalidValue',
  ),
  row(
    'remove-value-that-is-absent',
    { op: 'remove', path: 'emails', value: [{ value: 'x@example.com' }] },
    unchanged,
    'invalidValue',
  ),
  row('remove-list-beside-empty-text', { op: 'remove', path: 'emails', value: '' }, 'invalidValue'),
  row(
    'remove-parts-of-object',
    { op: 'remove', path: 'name', value: { givenName: 'BARBARA', familyName: 'Other' } },
    { name: { familyName: 'Jensen' } },
    'invalidValue',
  ),
  row('remove-unknown-parts-of-object', { op: 'remove', path: 'name', value: { nick: 'B' } }, 'invalidValue'),
  row(
    'remove-parts-of-extension',
    { op: 'remove', path: enterpriseUrn, value: { department: 'Tours', manager: { value: 'other' } } },
    withoutDepartment,
    'invalidValue',
  ),
  row('remove-dot-for-colon', remove(`${enterpriseUrn}.manager`), withoutManager, 'invalidPath'),
  row(
    'replace-dot-for-colon',
    [replace(`${enterpriseUrn}.department`, 'New'), replace(`${enterpriseUrn}.manager.value`, 'next')],
    { [enterpriseUrn]: { department: 'New', manager: { value: 'next' } } },
    'invalidPath',
  ),
  row('replace-core-dot-for-colon', replace(`${userUrn}.title`, 'New'), { title: 'New' }, 'invalidPath'),
  row(
    'key-dot-for-colon',
    { op: 'replace', value: { [`${enterpriseUrn}.department`]: 'New', [`${userUrn}.title`]: 'New' } },
    { title: 'New', [enterpriseUrn]: { department: 'New', manager: { value: 'boss' } } },
    'invalidValue',
  ),
  row(
    'dotted-key-in-extension',
    { op: 'replace', value: { [enterpriseUrn]: { 'manager.value': 'next' } } },
    { [enterpriseUrn]: { department: 'Tours', manager: { value: 'next' } } },
    'invalidValue',
  ),
  row(
    'value-path-as-key',
    { op: 'replace', value: { 'emails[type eq "home"].value': 'new@example.com' } },
    { emails: [work, { ...home, value: 'new@example.com' }] },
    'invalidValue',
  ),
  row('core-schema-as-text', { op: 'replace', value: { [userUrn]: 'x' } }, 'invalidValue'),
  row(
    'text-at-value-path',
    replace('emails[type eq "work"]', 'new@example.com'),
    { emails: [{ ...work, value: 'new@example.com' }, home] },
    'invalidValue',
  ),
  row('json-object-as-text', replace('emails[type eq "work"]', '{"value":"x"}'), 'invalidValue'),
  row('json-list-as-text', add('emails', '[{"value":"x"}]'), 'invalidValue'),
  row('empty-text-for-list', replace('emails', ''), 'invalidValue'),
  row('empty-text-for-list-without-path', { op: 'replace', value: { emails: '' } }, 'invalidValue'),
  row('empty-text-added-to-list', add('emails', ['']), 'invalidValue'),
  row('null-for-list', replace('emails', null), { emails: undefined }),
  row('add-in-other-case', add('emails', [{ value: 'HOME@example.com', type: 'Home' }]), unchanged),
  row(
    'elements-made-equal',
    [
      replace('phoneNumbers', [
        { value: '1', type: 'work' },
        { value: '2', type: 'work' },
      ]),
      replace('phoneNumbers[type eq "work"].value', '3'),
    ],
    { phoneNumbers: [{ value: '3', type: 'work' }] },
  ),
  row('manager-of-unknown-parts', replace(`${enterpriseUrn}:manager`, { managerId: 'x' }), 'invalidValue'),
  row('manager-of-unknown-parts-in-extension', replace(enterpriseUrn, { manager: { managerId: 'x' } }), 'invalidValue'),
  row('manager-with-ref-alone', replace(`${enterpriseUrn}:manager`, { $ref: '../Users/x' }), 'invalidValue'),
  row('manager-ref-by-path', replace(`${enterpriseUrn}:manager.$ref`, '../Users/x'), 'mutability'),
  row('manager-name-by-path', replace(`${enterpriseUrn}:manager.displayName`, 'x'), 'mutability'),
  row('object-of-unknown-parts', { op: 'replace', value: { name: { nick: 'B' } } }, 'invalidValue'),
  row('integer-for-string', replace('title', 701984), { title: '701984' }, 'invalidValue'),
  row('fraction-for-string', replace('title', 1.5), 'invalidValue'),
  row('boolean-for-string', replace('title', true), 'invalidValue'),
  row('value-under-own-name', replace('active', { active: false }), { active: false }, 'invalidValue'),
]

// manager.displayName and manager.$ref are computed: the manager is compared by its id.
function comparable(name: string, value: unknown): unknown {
  if (name !== enterpriseUrn || typeof value !== 'object' || value === null || !('manager' in value)) return value
  const { manager } = value
  const id = typeof manager === 'object' && manager !== null && 'value' in manager ? manager.value : manager
  return { ...value, manager: { value: id } }
}

async function play(client: Client, operations: readonly Json[], end: End): Promise<void> {
  const user = await client.makeUser(start)
  const answer = await client.patch(user.path, operations)
  const refused = typeof end === 'string'
  if (refused) expectError(answer, 400, end)
  else expectStatus(answer, [200, 204])
  const read = expectStatus(await client.get(user.path), 200)
  const changes = refused ? unchanged : end
  for (const [name, value] of Object.entries({ ...start, ...changes })) {
    if (value === undefined) expectAbsent(read, name)
    else expectSame(comparable(name, read.json[name]), value, name)
  }
  if (Object.keys(changes).length === 0) expectSame(read.tag, user.tag, 'the ETag')
  else expectOther(read.tag, user.tag, 'the ETag')
}

const caseOf =
  (prefix: string, endOf: (row: Row) => End) =>
  (given: Row): WireCase => {
    const end = endOf(given)
    const what = typeof end === 'string' ? `is 400 ${end} and changes nothing` : 'is applied'
    const title = `PATCH ${JSON.stringify(given.operations)} ${what}`
    return should(`${prefix}-${given.id}`, title, `RFC 7644 §3.5.2; ${lineOf(given.id)}`, (client) =>
      play(client, given.operations, end),
    )
  }

// ── members ──────────────────────────────────────────────────────────────────────────────────────────────────────

interface MembersRow {
  readonly id: string
  /** Of a group of ann and bob. */
  readonly operation: (ann: Made, bob: Made) => Json
  /** The remaining members; or the scimType of the error. */
  readonly end: readonly ('ann' | 'bob')[] | string
  readonly strict: MembersRow['end']
}

const byFilter = (made: Made): string => `members[value eq "${made.id}"]`
const membersRow = (
  id: string,
  operation: MembersRow['operation'],
  end: MembersRow['end'],
  strict: MembersRow['end'] = end,
): MembersRow => ({ id, operation, end, strict })

const memberRows: readonly MembersRow[] = [
  ...empties.map(([name, value]) =>
    membersRow(
      `remove-member-beside-empty-${name}`,
      (ann) => ({ op: 'remove', path: byFilter(ann), value }),
      ['bob'],
      'invalidValue',
    ),
  ),
  membersRow(
    'remove-member-beside-another',
    (ann, bob) => ({ op: 'remove', path: byFilter(ann), value: [{ value: bob.id }] }),
    'invalidValue',
  ),
  membersRow('remove-member-misspelled', (ann) => remove(`memebers[value eq "${ann.id}"]`), 'invalidPath'),
  membersRow('remove-member-misspelled-filter', (ann) => remove(`members[valeu eq "${ann.id}"]`), 'invalidFilter'),
  membersRow('replace-members-empty-text', () => replace('members', ''), 'invalidValue'),
  membersRow('replace-members-empty-list', () => replace('members', []), []),
  membersRow(
    'remove-members-under-own-name',
    (ann) => ({ op: 'remove', path: 'members', value: { members: [{ value: ann.id }] } }),
    ['bob'],
    'invalidValue',
  ),
  membersRow('member-display-by-path', (ann) => replace(`${byFilter(ann)}.display`, 'x'), 'mutability'),
]

const memberCaseOf =
  (prefix: string, endOf: (row: MembersRow) => MembersRow['end']) =>
  (given: MembersRow): WireCase => {
    const end = endOf(given)
    const what = typeof end === 'string' ? `is 400 ${end} and changes nothing` : 'is applied'
    return should(
      `${prefix}-${given.id}`,
      `PATCH of a group: ${given.id} ${what}`,
      `RFC 7644 §3.5.2.2; ${lineOf(given.id)}`,
      async (client) => {
        const [ann, bob] = [await client.makeUser(), await client.makeUser()]
        const group = await client.makeGroup([ann, bob])
        const answer = await client.patch(group.path, given.operation(ann, bob))
        if (typeof end === 'string') expectError(answer, 400, end)
        else expectStatus(answer, [200, 204])
        const left = typeof end === 'string' ? ['ann', 'bob'] : end
        const ids = listAt((await client.get(group.path)).json, 'members').map(({ value }) => String(value))
        const expected = [ann, bob].filter((_, i) => left.includes(i === 0 ? 'ann' : 'bob')).map(({ id }) => id)
        expectSame([...ids].sort(), expected.sort(), 'members')
      },
    )
  }

// ── the same spellings in bodies, filters and projections ─────────────────────────────────────────────────────────

const spellings: readonly WireCase[] = [
  should(
    'applied-body-dot-for-colon',
    'a dot for the colon after the URN of a known schema, in POST and PUT',
    'RFC 7644 §3.10; ADR 35; FP-P12; IDP-39',
    async (client) => {
      const attributes = { [`${enterpriseUrn}.department`]: 'D', [`${userUrn}.title`]: 'T' }
      const made = await client.makeUser(attributes)
      expectSame([made.json.title, made.json[enterpriseUrn]], ['T', { department: 'D' }], 'the created user')
      const other = await client.makeUser()
      const put = await client.put(other.path, userBody({ userName: other.name, ...attributes }))
      expectSame(expectStatus(put, 200).json[enterpriseUrn], { department: 'D' }, 'the extension')
    },
  ),
  should(
    'applied-filter-dot-for-colon',
    'a dot for the colon in filters, sortBy, attributes and excludedAttributes',
    'RFC 7644 §3.10; ADR 35; FP-P12; IDP-39',
    async (client) => {
      const department = uniqueName('department')
      const { id } = await client.makeUser({ title: 'T', [enterpriseUrn]: { department } })
      const found = await client.find('/Users', `${enterpriseUrn}.department eq "${department}"`)
      expectSame(
        listAt(found.json, 'Resources').map((one) => one.id),
        [id],
        'the users found',
      )
      const sorted = await client.find('/Users', `id eq "${id}"`, `&sortBy=${enterpriseUrn}.department`)
      expectSame(sorted.json.totalResults, 1, 'totalResults of the sorted list')
      const shown = expectStatus(await client.get(`/Users/${id}?attributes=${enterpriseUrn}.department`), 200)
      expectSame(shown.json[enterpriseUrn], { department }, 'the extension')
      expectAbsent(shown, 'title')
      expectAbsent(
        expectStatus(await client.get(`/Users/${id}?excludedAttributes=${enterpriseUrn}.department`), 200),
        enterpriseUrn,
      )
    },
  ),
  should(
    'applied-integer-in-filter',
    'an integer for a string in POST, PUT and filters is read as its digits',
    'RFC 7643 §2.3.1; RFC 7644 §3.4.2.2; ADR 35; IDP-47',
    async (client) => {
      const number = Math.floor(Math.random() * 2 ** 50)
      const made = await client.makeUser({ [enterpriseUrn]: { employeeNumber: number } })
      expectSame(made.json[enterpriseUrn], { employeeNumber: String(number) }, 'the extension')
      const found = await client.find('/Users', `${enterpriseUrn}:employeeNumber eq ${number}`)
      expectSame(
        listAt(found.json, 'Resources').map((one) => one.id),
        [made.id],
        'the users found',
      )
      for (const value of ['1.5', 'true']) {
        expectError(await client.get(`/Users?filter=title%20eq%20${value}`), 400, 'invalidFilter')
      }
    },
  ),
  should(
    'applied-filter-in-attributes',
    'attributes=emails[type eq "work"] shows emails',
    'ADR 35; RFC 7644 §3.9',
    async (client) => {
      const { path, id } = await client.makeUser({ title: 'T', emails: [{ value: 'w@example.com', type: 'work' }] })
      const asked = encodeURIComponent('emails[type eq "work"]')
      const listed = `${path}?attributes=${encodeURIComponent('id,emails[value eq "a,b" or type eq "work"]')}`
      for (const target of [`${path}?attributes=${asked}`, `${path}?attributes=${asked}.value,id`, listed]) {
        const { json } = expectStatus(await client.get(target), 200)
        expectSame([json.id, listAt(json, 'emails')[0]?.value, json.title], [id, 'w@example.com', undefined], target)
      }
      // Excluding all of them would exceed the request.
      const { json } = expectStatus(await client.get(`${path}?excludedAttributes=${asked}`), 200)
      expectSame(listAt(json, 'emails').length, 1, 'the number of emails')
    },
  ),
]

const strictSpellings: readonly WireCase[] = [
  should(
    'strict-dot-for-colon-400',
    'a dot for the colon is 400 in bodies, filters, sortBy, attributes and excludedAttributes',
    'ADR 35; RFC 7644 §3.10',
    async (client) => {
      const name = `${enterpriseUrn}.department`
      expectError(await client.post('/Users', userBody({ [name]: 'D' })), 400, 'invalidValue')
      expectError(await client.get(`/Users?filter=${encodeURIComponent(`${name} eq "D"`)}`), 400, 'invalidFilter')
      for (const parameter of ['sortBy', 'attributes', 'excludedAttributes']) {
        expectError(await client.get(`/Users?${parameter}=${name}`), 400, 'invalidPath')
      }
    },
  ),
  should(
    'strict-integer-in-filter-400',
    'an integer for a string in a filter is 400',
    'RFC 7643 §2.3.1; RFC 7644 §3.4.2.2; ADR 35; IDP-47',
    async (client) => {
      expectError(await client.get('/Users?filter=title%20eq%20701984'), 400, 'invalidFilter')
    },
  ),
]

// A PUT of the GET response is a no-op, whatever state a PATCH left.
const noOps: readonly WireCase[] = [
  should(
    'applied-put-of-get',
    'a PUT of the GET response changes nothing, after changes that make elements equal',
    'ADR 35; RFC 7643 §2.4; RFC 7644 §3.5.1',
    async (client) => {
      const { path } = await client.makeUser(start)
      const operations = [
        replace('emails.type', 'other'),
        replace('emails[value pr].value', 'one@example.com'),
        add('emails', [{ value: 'ONE@example.com', type: 'Other' }]),
      ]
      await client.change(path, operations)
      const read = expectStatus(await client.get(path), 200)
      expectSame(expectStatus(await client.put(path, read.json), 200).tag, read.tag, 'the ETag')
    },
  ),
]

const lenient = (row: Row): End => row.end
const strict = (row: Row): End => row.strict
const inStrict = [
  ...rows.map(caseOf('strict-applied', strict)),
  ...memberRows.map(memberCaseOf('strict-applied', (row) => row.strict)),
  ...strictSpellings,
]

/** Requests that are applied or refused, in each preset. */
export const appliedOrRefused: readonly WireCase[] = [
  ...rows.map(caseOf('applied', lenient)),
  ...memberRows.map(memberCaseOf('applied', (row) => row.end)),
  ...spellings,
  ...noOps,
  ...on('entra', rows.map(caseOf('entra-applied', lenient))),
  ...on('entra', memberRows.map(memberCaseOf('entra-applied', (row) => row.end))),
  ...on('strict', inStrict),
]
