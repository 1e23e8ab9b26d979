/**
 * A host that limits which attributes a caller may read and change. What may not be read is in no response, and no
 * condition may be about it; what may not be changed does not change, in whatever form the request is.
 * @see RFC 7644 §3.12 (table 8, 403; table 9, `sensitive`), §7.5.2
 */
import type { Answer, Json } from '../answer.js'
import { bulk, expectResultError, expectStatuses, patching } from '../bulk-operations.js'
import {
  type Client,
  enterpriseUrn,
  groupBody,
  type Headers,
  type Made,
  searchUrn,
  uniqueName,
  userBody,
  userUrn,
} from '../client.js'
import { expectAbsent, expectError, expectSame, expectStatus, expectThat, listAt } from '../expect.js'
import { add, remove, replace } from '../patch-operations.js'
import { must, on, should, type WireCase } from '../wire-case.js'

const citation = 'RFC 7644 §3.12 (table 8, 403)'

const hides: Headers = { 'X-Unreadable': `User/roles, User/name.familyName, User/${enterpriseUrn}, Group/members` }
const keeps: Headers = { 'X-Unwritable': `User/roles, User/active, User/name.familyName, Group/members` }
const neither: Headers = { 'X-Unreadable': 'User/roles, Group/members', 'X-Unwritable': 'User/roles, Group/members' }

function person(attributes: Json = {}): Json {
  return {
    schemas: [userUrn, enterpriseUrn],
    active: true,
    title: 'Before',
    name: { givenName: 'Ada', familyName: 'King' },
    roles: [{ value: 'admin' }],
    [enterpriseUrn]: { department: 'Engines' },
    ...attributes,
  }
}

function makePerson(client: Client, attributes: Json = {}): Promise<Made> {
  return client.makeUser(person(attributes))
}

async function expectStays(client: Client, user: Made): Promise<void> {
  const { json, tag } = expectStatus(await client.get(user.path), 200)
  expectSame([json, tag], [user.json, user.tag], 'the resource and its ETag')
}

function expectHidden(answer: Answer, json: Json = answer.json): void {
  expectAbsent({ ...answer, json }, 'roles', enterpriseUrn)
  expectSame(json.name, { givenName: 'Ada' }, `${answer.about}: name`)
  expectSame(json.schemas, [userUrn], `${answer.about}: schemas`)
}

const reading: readonly WireCase[] = [
  must('rights-read-get', 'an attribute that may not be read is in no response to a read', citation, async (client) => {
    const user = await makePerson(client)
    expectHidden(expectStatus(await client.get(user.path, hides), 200))
    expectHidden(expectStatus(await client.get('/Me', { ...hides, 'X-Caller': user.id }), 200))
    const filter = `userName eq "${user.name}"`
    const lists = [
      await client.get(`/Users?filter=${encodeURIComponent(filter)}`, hides),
      await client.get(`/?filter=${encodeURIComponent(filter)}`, hides),
      await client.post('/.search', { schemas: [searchUrn], filter }, hides),
    ]
    for (const list of lists) {
      const [listed = {}] = listAt(expectStatus(list, 200).json, 'Resources')
      expectHidden(list, listed)
    }
    const named = `roles,name.familyName,${enterpriseUrn}:department,title`
    const asked = expectStatus(await client.get(`${user.path}?attributes=${named}`, hides), 200, { title: 'Before' })
    expectAbsent(asked, 'roles', 'name', enterpriseUrn)
  }),
  must('rights-read-write', 'nor in the response to a write', citation, async (client) => {
    const user = await makePerson(client)
    expectHidden(expectStatus(await client.patch(user.path, [replace('title', 'A')], hides), 200))
    expectHidden(expectStatus(await client.put(user.path, { ...user.json, title: 'B' }, hides), 200))
    const created = await client.post('/Users', person({ userName: uniqueName() }), hides)
    expectHidden(expectStatus(created, 201))
    await client.remove(`/Users/${String(created.json.id)}`)
  }),
  must('rights-read-members', 'members that may not be read are in no response', citation, async (client) => {
    const user = await client.makeUser()
    const group = await client.makeGroup([user])
    expectAbsent(expectStatus(await client.get(group.path, hides), 200), 'members')
    expectAbsent(
      expectStatus(await client.patch(group.path, [replace('displayName', uniqueName())], hides), 200),
      'members',
    )
    expectSame(listAt(expectStatus(await client.get(group.path), 200).json, 'members').length, 1, 'the members')
  }),
  must(
    'rights-read-conditions',
    'a filter or sort on an attribute that may not be read is refused, whatever its value is',
    'RFC 7644 §3.12 (table 9, sensitive), §7.5.2',
    async (client) => {
      await makePerson(client)
      for (const filter of [
        'roles.value eq "admin"',
        'roles.value eq "no-such-role"',
        'roles pr',
        'not (roles pr)',
        'roles[value eq "admin"]',
        'name.familyName sw "K"',
        'name pr',
        `${enterpriseUrn} pr`,
        `${enterpriseUrn}:department eq "Engines"`,
        `schemas eq "${enterpriseUrn}"`,
        'meta.version sw "W"',
      ]) {
        for (const collection of ['/Users', '/']) {
          const asked = `${collection}?filter=${encodeURIComponent(filter)}`
          expectError(await client.get(asked, hides), 403, 'sensitive')
        }
        const search = { schemas: [searchUrn], filter }
        expectError(await client.post('/Users/.search', search, hides), 400, 'invalidFilter')
      }
      for (const path of ['roles', 'name.familyName', `${enterpriseUrn}:department`]) {
        expectError(await client.get(`/Users?sortBy=${path}`, hides), 403, 'sensitive')
      }
    },
  ),
  must(
    'rights-read-patch-conditions',
    'a PATCH with a condition on an attribute that may not be read is refused, and nothing is changed',
    'RFC 7644 §3.12 (table 9, sensitive), §3.5.2',
    async (client) => {
      const user = await makePerson(client)
      for (const operation of [
        remove('roles[value eq "admin"]'),
        remove('roles[value eq "no-such-role"]'),
        replace('roles[value eq "admin"].display', 'x'),
        { ...remove('roles'), value: [{ value: 'admin' }] },
        { ...remove('roles'), value: [{ value: 'no-such-role' }] },
      ]) {
        expectError(await client.patch(user.path, [operation], hides), 403, 'sensitive')
        const answer = await bulk(client, [patching(user.path, [operation])], {}, hides)
        expectStatuses(answer, ['403'])
      }
      await expectStays(client, user)
    },
  ),
  must(
    'rights-read-put-keeps',
    'a PUT keeps attributes that the caller may not read and does not name',
    'RFC 7644 §3.5.1',
    async (client) => {
      const user = await makePerson(client)
      const seen = expectStatus(await client.get(user.path, hides), 200)
      expectStatus(await client.put(user.path, { ...seen.json, title: 'After' }, hides), 200, { title: 'After' })
      expectStatus(await client.get(user.path), 200, { ...person({ title: 'After' }) })
      const group = await client.makeGroup([user])
      expectStatus(await client.put(group.path, groupBody(), hides), 200)
      expectSame(listAt(expectStatus(await client.get(group.path), 200).json, 'members').length, 1, 'the members')
    },
  ),
  must(
    'rights-read-tags',
    'the tag of a caller that may not read every attribute has no digest of the document; it is a valid precondition',
    'RFC 7644 §3.14; RFC 9110 §8.8.3',
    async (client) => {
      const user = await makePerson(client)
      const seen = expectStatus(await client.get(user.path, hides), 200)
      expectThat(seen.tag !== user.tag, `${seen.about}: expected another tag than ${user.tag}`)
      expectStatus(await client.get(user.path, { ...hides, 'If-None-Match': seen.tag }), 304)
      // The digest of a guessed document would confirm the guess.
      expectStatus(await client.get(user.path, { ...hides, 'If-None-Match': user.tag }), 200)
      expectError(await client.patch(user.path, [replace('title', 'x')], { ...hides, 'If-Match': user.tag }), 412)
      const headers = { ...hides, 'If-Match': seen.tag }
      expectStatus(await client.patch(user.path, [replace('title', 'After')], headers), 200)
      expectError(await client.patch(user.path, [replace('title', 'Again')], headers), 412)
    },
  ),
  should(
    'rights-read-conflict-details',
    'the conflict of a 412 does not name attributes that may not be read',
    'RFC 9110 §15.5.13',
    async (client) => {
      const limits = { 'X-Unreadable': 'User/roles' }
      const user = await makePerson(client)
      const before = expectStatus(await client.get(user.path, limits), 200)
      await client.change(user.path, [replace('roles', [{ value: 'x' }]), replace('title', 'After')])
      const headers = { ...limits, 'If-Match': before.tag, Prefer: 'conflict-details' }
      const answer = expectStatus(await client.patch(user.path, [replace('title', 'Mine')], headers), 412)
      expectThat(answer.body.includes('title'), `${answer.about}: expected the readable attribute in ${answer.body}`)
      expectThat(!answer.body.includes('roles'), `${answer.about}: expected no roles in ${answer.body}`)
    },
  ),
]

const writing: readonly WireCase[] = [
  must(
    'rights-write-create',
    'a create with a value of an attribute that may not be changed is refused',
    citation,
    async (client) => {
      for (const given of [{ roles: [{ value: 'x' }] }, { active: false }, { name: { familyName: 'x' } }]) {
        const userName = uniqueName()
        const answer = expectError(await client.post('/Users', userBody({ userName, ...given }), keeps), 403)
        expectThat(
          String(answer.json.detail).includes(Object.keys(given)[0] ?? ''),
          'expected the name of the attribute',
        )
        expectStatus(await client.find('/Users', `userName eq "${userName}"`), 200, { totalResults: 0 })
      }
    },
  ),
  must(
    'rights-write-patch',
    'a PATCH that changes an attribute that may not be changed is refused, and nothing is changed',
    citation,
    async (client) => {
      const user = await makePerson(client)
      for (const operation of [
        replace('active', false),
        { op: 'replace', value: { active: false, title: 'x' } },
        { op: 'replace', value: { [userUrn]: { active: false } } },
        add('roles', [{ value: 'x' }]),
        remove('roles'),
        remove('roles[value eq "admin"]'),
        remove('name'),
        replace('name.familyName', 'x'),
      ]) {
        const title = replace('title', 'x')
        expectError(await client.patch(user.path, [title, operation], keeps), 403)
        expectError(await client.patch('/Me', [title, operation], { ...keeps, 'X-Caller': user.id }), 403)
        const answer = await bulk(client, [patching(user.path, [title, operation])], {}, keeps)
        expectStatuses(answer, ['403'])
        expectResultError(answer, 0, '403')
      }
      await expectStays(client, user)
      expectStatus(await client.patch(user.path, [replace('active', true), replace('title', 'After')], keeps), 200)
    },
  ),
  must(
    'rights-write-put',
    'a PUT keeps what it does not name and may not change; another value is refused',
    `RFC 7644 §3.5.1; ${citation}`,
    async (client) => {
      const user = await makePerson(client)
      const whole = person({ userName: user.name })
      for (const given of [{ active: false }, { roles: [] }, { name: { givenName: 'Ada', familyName: 'x' } }]) {
        expectError(await client.put(user.path, { ...whole, ...given }, keeps), 403)
      }
      await expectStays(client, user)
      const { roles: _, active: __, ...rest } = whole
      expectStatus(await client.put(user.path, { ...rest, title: 'After' }, keeps), 200, {
        ...whole,
        title: 'After',
      })
    },
  ),
  must('rights-write-members', 'members that may not be changed do not change', citation, async (client) => {
    const [one, two] = [await client.makeUser(), await client.makeUser()]
    const group = await client.makeGroup([one])
    for (const operation of [
      add('members', [{ value: two.id }]),
      remove('members'),
      remove(`members[value eq "${one.id}"]`),
      { op: 'replace', value: { members: [] } },
    ]) {
      expectError(await client.patch(group.path, [operation], keeps), 403)
    }
    expectError(await client.put(group.path, groupBody({ members: [{ value: two.id }] }), keeps), 403)
    await expectStays(client, group)
    expectStatus(await client.put(group.path, groupBody(), keeps), 200)
    expectSame(listAt(expectStatus(await client.get(group.path), 200).json, 'members').length, 1, 'the members')
  }),
  must(
    'rights-neither',
    'a write that names an attribute that may be neither read nor changed is refused whatever its value is',
    citation,
    async (client) => {
      const user = await makePerson(client)
      for (const roles of [[{ value: 'admin' }], [{ value: 'no-such-role' }], [], null]) {
        const bodies = [
          await client.put(user.path, person({ userName: user.name, roles }), neither),
          await client.patch(user.path, [{ op: 'replace', value: { roles } }], neither),
          await client.patch(user.path, [replace('roles', roles)], neither),
          await client.patch(user.path, [remove('roles')], neither),
        ].map((answer) => expectError(answer, 403).body)
        expectSame(new Set(bodies).size, 1, 'the number of different responses')
      }
      await expectStays(client, user)
    },
  ),
]

/** The cases. */
export const attributeRights: readonly WireCase[] = on('authorizes', [...reading, ...writing])
