/** The resources that a filter matches. @see RFC 7644 §3.4.2.2; FP-F1 to FP-F10 */
import type { Json } from '../answer.js'
import { type Client, enterpriseUrn, type Made, searchUrn, uniqueName, userUrn } from '../client.js'
import { expectError, expectSame, expectStatus, namesOn } from '../expect.js'
import { must, should, type WireCase } from '../wire-case.js'

// Three users that no other case uses; they share a `userType`.
const people = {
  ann: {
    title: 'Guide',
    active: true,
    nickName: 'Annie "A" \\ O’Neil',
    profileUrl: 'https://example.com/Ann',
    name: { givenName: 'Ann', familyName: 'Jensen' },
    emails: [
      { value: 'ann@work.example', type: 'work', primary: true },
      { value: 'ann@home.example', type: 'home' },
    ],
    [enterpriseUrn]: { department: 'R&D', employeeNumber: '100' },
  },
  bob: {
    title: 'manager',
    active: false,
    displayName: 'Zoë',
    name: { familyName: 'Smith' },
    emails: [{ value: 'bob@work.example', type: 'home' }],
    x509Certificates: [{ value: 'MIIDQzCC' }],
    [enterpriseUrn]: { employeeNumber: '200' },
  },
  cyd: { nickName: '' },
} satisfies Readonly<Record<string, Json>>

type Name = keyof typeof people
const all: readonly Name[] = ['ann', 'bob', 'cyd']

interface Found {
  readonly marker: string
  readonly made: Readonly<Record<Name, Made>>
}

async function makePeople(client: Client): Promise<Found> {
  const marker = uniqueName('type')
  const make = (name: Name): Promise<Made> =>
    client.makeUser({ ...people[name], userName: uniqueName(name), externalId: `${name}-${marker}`, userType: marker })
  return { marker, made: { ann: await make('ann'), bob: await make('bob'), cyd: await make('cyd') } }
}

async function expectFound(
  client: Client,
  { marker, made }: Found,
  filter: string,
  names: readonly Name[],
): Promise<void> {
  const page = await client.find('/Users', `(${filter}) and userType eq "${marker}"`)
  const found = namesOn(page, 'id').map((id) => all.find((name) => made[name].id === id) ?? id)
  expectSame([...found].sort(), [...names].sort(), `users that match ${filter}`)
  expectSame(page.json.totalResults, names.length, 'totalResults')
}

type Row = readonly [id: string, level: typeof must, filter: string, names: readonly Name[], citation?: string]
const table = 'RFC 7644 §3.4.2.2 (table 3)'

const rows: readonly Row[] = [
  ['eq', must, 'title eq "Guide"', ['ann']],
  ['eq-ignores-case', must, 'title eq "GUIDE"', ['ann'], 'RFC 7644 §3.4.2.2; RFC 7643 §2.2 (caseExact)'],
  [
    'eq-case-exact',
    must,
    'profileUrl eq "https://example.com/ann"',
    [],
    'RFC 7644 §3.4.2.2; RFC 7643 §2.2 (caseExact)',
  ],
  ['eq-case-exact-same', must, 'profileUrl eq "https://example.com/Ann"', ['ann'], 'RFC 7643 §2.2 (caseExact)'],
  ['ne', must, 'title ne "Guide"', ['bob', 'cyd'], 'RFC 7644 §3.4.2.2 (table 3); FP-F2'],
  ['co', must, 'title co "AG"', ['bob']],
  ['sw', must, 'title sw "gu"', ['ann']],
  ['ew', must, 'title ew "R"', ['bob']],
  ['pr', must, 'title pr', ['ann', 'bob']],
  ['pr-empty-text', must, 'nickName pr', ['ann'], 'RFC 7644 §3.4.2.2 (“non-empty”)'],
  ['pr-complex', must, 'name pr', ['ann', 'bob'], 'RFC 7644 §3.4.2.2 (“non-empty node”)'],
  ['pr-list', must, 'emails pr', ['ann', 'bob']],
  ['gt', must, 'title gt "Guide"', ['bob']],
  ['ge', must, 'title ge "guide"', ['ann', 'bob']],
  ['lt', must, 'title lt "manager"', ['ann']],
  ['le', must, 'title le "MANAGER"', ['ann', 'bob']],
  ['boolean-true', must, 'active eq true', ['ann']],
  ['boolean-false', must, 'active eq false', ['bob']],
  ['boolean-ne', should, 'active ne true', ['bob', 'cyd'], 'RFC 7644 §3.4.2.2 (table 3); FP-F2'],
  ['and', must, 'title pr and active eq true', ['ann']],
  ['or', must, 'active eq true or active eq false', ['ann', 'bob']],
  ['not', must, 'not (title pr)', ['cyd']],
  ['not-without-blank', must, 'not(title pr)', ['cyd'], 'RFC 7644 §3.4.2.2 (ABNF); erratum 7319; FP-F6'],
  ['not-of-absent', should, 'not (title eq "Guide")', ['bob', 'cyd'], 'RFC 7644 §3.4.2.2 (table 4); FP-F2'],
  [
    'precedence',
    must,
    'active eq false or active eq true and title eq "unknown"',
    ['bob'],
    'RFC 7644 §3.4.2.2 (order of operations)',
  ],
  [
    'grouping',
    must,
    '(active eq false or active eq true) and title eq "guide"',
    ['ann'],
    'RFC 7644 §3.4.2.2 (order of operations)',
  ],
  [
    'grouping-changes',
    must,
    '(active eq false or active eq true) and title eq "unknown"',
    [],
    'RFC 7644 §3.4.2.2 (order of operations)',
  ],
  [
    'operators-in-any-case',
    must,
    'TITLE EQ "Guide" OR Title Pr AND NOT (Active eq TRUE)',
    ['ann', 'bob'],
    'RFC 7644 §3.4.2.2; RFC 7643 §2.1; FP-F4',
  ],
  ['sub-attribute', must, 'name.familyName eq "jensen"', ['ann']],
  ['sub-attribute-of-list', must, 'emails.value co "@home."', ['ann']],
  ['urn', must, `${userUrn}:title eq "guide"`, ['ann'], 'RFC 7644 §3.10'],
  [
    'urn-sub-attribute',
    must,
    `${userUrn.toUpperCase()}:name.familyName sw "J"`,
    ['ann'],
    'RFC 7644 §3.10; RFC 7643 §2.1',
  ],
  ['extension', must, `${enterpriseUrn}:department eq "r&d"`, ['ann'], 'RFC 7644 §3.10'],
  ['extension-pr', must, `${enterpriseUrn}:department pr`, ['ann'], 'RFC 7644 §3.10'],
  ['value-path', must, 'emails[type eq "work"]', ['ann']],
  ['value-path-one-element', must, 'emails[type eq "work" and value co "home"]', [], 'RFC 7644 §3.4.2.2 (valuePath)'],
  ['two-paths-two-elements', must, 'emails.type eq "work" and emails.value co "home"', ['ann'], 'RFC 7644 §3.4.2.2'],
  [
    'value-path-or',
    must,
    'emails[type eq "work" or value sw "bob"]',
    ['ann', 'bob'],
    'RFC 7644 §3.4.2.2; erratum 7322',
  ],
  ['value-path-not', must, 'emails[not (type eq "home")]', ['ann'], 'RFC 7644 §3.4.2.2; erratum 7322'],
  ['value-path-and-more', must, 'emails[type eq "home"] and active eq false', ['bob']],
  ['eq-null', should, 'title eq null', ['cyd'], 'RFC 7643 §2.5; RFC 7644 §3.4.2.2; FP-F1'],
  ['ne-null', should, 'title ne null', ['ann', 'bob'], 'RFC 7643 §2.5; RFC 7644 §3.4.2.2; FP-F1'],
  ['null-of-empty-text', should, 'nickName eq null', ['bob', 'cyd'], 'RFC 7643 §2.5; RFC 7644 §3.4.2.2; FP-F1'],
  ['absent-is-not-less', should, 'title lt "zzz"', ['ann', 'bob'], 'RFC 7644 §3.4.2.2 (table 3); FP-F2'],
  ['escaped-text', must, 'nickName eq "Annie \\"A\\" \\\\ O’Neil"', ['ann'], 'RFC 7644 §3.4.2.2 (JSON string)'],
  ['unicode-escape', must, 'displayName eq "Zo\\u00eb"', ['bob'], 'RFC 7644 §3.4.2.2 (JSON string)'],
  ['decomposed-text', should, 'displayName eq "zoe\u0308"', ['bob'], 'RFC 7644 §7.8; FP-F5'],
  ['apostrophe-and-plus', should, 'nickName co "O’N" or title eq "a+b"', ['ann'], 'RFC 7644 §3.4.2.2; IDP-27'],
  ['meta-created', must, 'meta.created gt "2011-05-13T04:42:34Z"', all, 'RFC 7644 §3.4.2.2 (dateTime: chronological)'],
  ['meta-last-modified-future', must, 'meta.lastModified ge "2999-01-01T00:00:00Z"', [], 'RFC 7644 §3.4.2.2'],
  ['meta-other-zone', must, 'meta.created gt "2011-05-13T04:42:34+02:00"', all, 'RFC 7643 §2.3.5'],
  ['schemas', should, `schemas eq "${enterpriseUrn}"`, ['ann', 'bob'], 'RFC 7644 §3.4.2.2; RFC 7643 §2.4'],
  ['complex-compares-value', should, 'emails eq "ann@home.example"', ['ann'], 'RFC 7644 §3.4.2.2; FP-F8'],
  ['unknown-attribute', should, 'favouriteColour eq "blue"', [], 'RFC 7644 §3.4.2.1; FP-F7'],
  ['unknown-attribute-not', should, 'not (favouriteColour eq "blue")', all, 'RFC 7644 §3.4.2.1; FP-F7'],
  ['unknown-urn', should, 'urn:example:nothing:1.0:colour pr', [], 'RFC 7644 §3.4.2.1; FP-F7'],
]

const matches: readonly WireCase[] = [
  ...rows.map(([id, level, filter, names, citation = table]) =>
    level(`filter-${id}`, `${filter} finds ${names.join(', ') || 'none'}`, citation, async (client) => {
      await expectFound(client, await makePeople(client), filter, names)
    }),
  ),
  must('filter-id', 'by id, with case sensitivity', 'RFC 7643 §3.1', async (client) => {
    const found = await makePeople(client)
    await expectFound(client, found, `id eq "${found.made.bob.id}"`, ['bob'])
  }),
  must('filter-external-id', 'by externalId, with case sensitivity', 'RFC 7643 §3.1', async (client) => {
    const found = await makePeople(client)
    await expectFound(client, found, `externalId eq "bob-${found.marker}"`, ['bob'])
    await expectFound(client, found, `externalId eq "BOB-${found.marker}"`, [])
  }),
  must('filter-version', 'by meta.version', 'RFC 7643 §3.1', async (client) => {
    const found = await makePeople(client)
    await expectFound(client, found, `meta.version eq ${JSON.stringify(found.made.ann.tag)}`, ['ann'])
  }),
  should('filter-groups', 'users by their groups', 'RFC 7643 §4.1.2', async (client) => {
    const found = await makePeople(client)
    const group = await client.makeGroup([found.made.ann])
    await expectFound(client, found, `groups.value eq "${group.id}"`, ['ann'])
    await expectFound(client, found, 'groups pr', ['ann'])
  }),
  should(
    'filter-members',
    'groups by their members, by value path and by attribute name',
    'RFC 7644 §3.4.2.2; IDP-26',
    async (client) => {
      const [ann, bob] = [await client.makeUser(), await client.makeUser()]
      const [first, second] = [await client.makeGroup([ann]), await client.makeGroup([bob])]
      for (const filter of [
        `members.value eq "${ann.id}"`,
        `members[value eq "${ann.id}"]`,
        `members eq "${ann.id}"`,
      ]) {
        const page = await client.find('/Groups', `(${filter}) and (id eq "${first.id}" or id eq "${second.id}")`)
        expectSame(namesOn(page, 'id'), [first.id], filter)
      }
    },
  ),
  should('filter-manager', 'users by their manager', 'RFC 7643 §4.3; FP-F8; IDP-26', async (client) => {
    const boss = await client.makeUser()
    const user = await client.makeUser({ [enterpriseUrn]: { manager: { value: boss.id } } })
    for (const name of [`${enterpriseUrn}:manager.value`, `${enterpriseUrn}:manager`, 'manager']) {
      expectSame(namesOn(await client.find('/Users', `${name} eq "${boss.id}"`), 'id'), [user.id], name)
    }
  }),
]

const nonsense: readonly (readonly [string, string])[] = [
  ['no-operator', 'title'],
  ['no-value', 'title eq'],
  ['unknown-operator', 'title is "x"'],
  ['unquoted-value', 'title eq Guide'],
  ['open-quote', 'title eq "Guide'],
  ['single-quotes', "title eq 'Guide'"],
  ['open-parenthesis', '(title pr'],
  ['closed-parenthesis', 'title pr)'],
  ['open-bracket', 'emails[type eq "work"'],
  ['nested-brackets', 'emails[type[value eq "x"]]'],
  ['dangling-and', 'title pr and'],
  ['leading-or', 'or title pr'],
  ['two-terms', 'title pr active pr'],
  ['bare-not', 'not title pr'],
  ['value-first', '"Guide" eq title'],
  ['slash-path', 'name/familyName eq "x"'],
  ['complex-compared', 'name eq "x"'],
  ['null-ordered', 'title gt null'],
]

const failing: readonly (readonly [string, string])[] = [
  ['gt-boolean', 'active gt true'],
  ['le-boolean', 'active le false'],
  ['ge-binary', 'x509Certificates.value ge "MII"'],
  ['lt-binary', 'x509Certificates[value lt "MII"]'],
]

async function expectInvalid(client: Client, filter: string): Promise<void> {
  expectError(await client.get(`/Users?filter=${encodeURIComponent(filter)}`), 400, 'invalidFilter')
  expectError(await client.post('/Users/.search', { schemas: [searchUrn], filter }), 400, 'invalidFilter')
}

const invalid: readonly WireCase[] = [
  ...nonsense.map(([id, filter]) =>
    must(`filter-${id}-400`, `${filter} is 400 invalidFilter`, 'RFC 7644 §3.4.2.2, §3.12', (client) =>
      expectInvalid(client, filter),
    ),
  ),
  ...failing.map(([id, filter]) =>
    must(`filter-${id}-400`, `${filter} is 400 invalidFilter`, `${table}; FP-F3`, (client) =>
      expectInvalid(client, filter),
    ),
  ),
  should('filter-empty-ignored', 'an empty filter is ignored', 'RFC 7644 §3.4.2.2 (ABNF); FP-F9', async (client) => {
    await client.makeUser()
    expectStatus(await client.get('/Users?filter=&count=1'), 200, { itemsPerPage: 1 })
  }),
  should(
    'filter-too-deep-400',
    'a filter nested too deeply is 400, not a crash',
    'RFC 7644 §3.4.2.2, §3.12; SEC-9',
    async (client) => {
      const deep = (depth: number): string => `${'('.repeat(depth)}title pr${')'.repeat(depth)}`
      await expectInvalid(client, deep(1_000))
      expectStatus(await client.get(`/Users?count=0&filter=${encodeURIComponent(deep(15))}`), 200)
    },
  ),
]

/** Filters. */
export const filters: readonly WireCase[] = [...matches, ...invalid]
