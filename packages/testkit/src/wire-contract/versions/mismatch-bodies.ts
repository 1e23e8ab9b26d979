/**
 * The body of a 412: a plain Error message, and the machine-readable conflict only if the client requests it.
 * @see RFC 7644 §3.12; RFC 9110 §15.5.13; RFC 7240 §2, §3; ADR 32, ADR 36
 */
import type { Answer, Json } from '../answer.js'
import { bulk, expectResultError, removal, titling } from '../bulk-operations.js'
import {
  type Client,
  enterpriseUrn,
  errorUrn,
  groupUrn,
  type Headers,
  type Made,
  otherTag,
  userBody,
} from '../client.js'
import { expectError, expectPlainError, expectSame, expectStatus, expectThat, isScimJson, objectAt } from '../expect.js'
import { add, remove, replace } from '../patch-operations.js'
import { on, should, type WireCase } from '../wire-case.js'

const mismatchUrn = 'urn:scimkit:params:scim:api:messages:1.0:VersionMismatch'

/** The preference that requests the conflict. */
const asking: Headers = { Prefer: 'conflict-details' }

/** The conflict object in the body of an error. */
function detailsIn(error: Json, about: string): Json {
  expectSame(error.schemas, [errorUrn, mismatchUrn], `${about}: schemas of the error`)
  const { [mismatchUrn]: _, ...plain } = error
  expectPlainError({ ...plain, schemas: [errorUrn] }, `${about}: the error without the conflict`)
  return objectAt(error, mismatchUrn)
}

function details(answer: Answer): Json {
  const { about, json, headers } = expectStatus(answer, 412)
  expectThat(isScimJson(headers['content-type']), `${about}: expected application/scim+json`)
  expectSame(headers['preference-applied'], 'conflict-details', `${about}: Preference-Applied`)
  return detailsIn(json, about)
}

/** The ETag of a 412: the current tag. Strict tags of responses without a representation differ from those of a read. */
function expectCurrent(tag: unknown, stale: string, about: string): void {
  expectThat(typeof tag === 'string' && tag !== '' && tag !== stale, `${about}: expected the current tag, saw ${tag}`)
}

const title = (client: Client, { path }: Made, value: string, tag?: string): Promise<Answer> =>
  client.patch(path, add('title', value), tag === undefined ? {} : { ...asking, 'If-Match': tag })

type Send = (client: Client, user: Made, headers: Headers) => Promise<Answer>

const writes: readonly (readonly [string, Send])[] = [
  ['put', (client, user, headers) => client.put(user.path, userBody({ userName: user.name }), headers)],
  ['patch', (client, user, headers) => client.patch(user.path, add('title', 'Mine'), headers)],
  ['delete', (client, user, headers) => client.remove(user.path, headers)],
]

const requests: readonly (readonly [string, Send])[] = [
  ...writes,
  ['get', (client, user, headers) => client.get(user.path, headers)],
]

/** Preferences that do not request the conflict, most of them because of their syntax. */
const otherPreferences: readonly (string | readonly string[] | undefined)[] = [
  undefined,
  'return=minimal',
  'conflict-details=all',
  'x-conflict-details',
  'x="a, conflict-details"',
  'respond-async; conflict-details',
  ['return=representation', 'wait=10'],
]

/** The same preference, in the forms that RFC 7240 §2 allows. */
const askingForms: readonly (string | readonly string[])[] = [
  'conflict-details',
  'Conflict-Details',
  'return=minimal, conflict-details',
  'conflict-details; x="a, b", return=representation',
  'conflict-details=""',
  ['respond-async', 'conflict-details'],
]

const plain: readonly WireCase[] = [
  ...requests.map(([name, send]) =>
    should(
      `mismatch-plain-${name}`,
      `a 412 to ${name.toUpperCase()} is a plain Error message, whatever other preferences are sent`,
      'RFC 7644 §3.12; RFC 7240 §2; ADR 36; FP-V16',
      async (client) => {
        const user = await client.makeUser()
        expectStatus(await title(client, user, 'Theirs'), 200)
        for (const Prefer of otherPreferences) {
          const refused = expectError(await send(client, user, { 'If-Match': user.tag, Prefer }), 412)
          const { about, json, headers } = refused
          expectThat(typeof json.detail === 'string', `${about}: expected a detail`)
          expectCurrent(refused.tag, user.tag, about)
          expectSame(headers['preference-applied'], undefined, `${about}: Preference-Applied`)
        }
      },
    ),
  ),
  should(
    'mismatch-plain-none-match',
    'a 412 to If-None-Match is a plain Error message',
    'RFC 7644 §3.12; ADR 36; FP-V16',
    async (client) => {
      const user = await client.makeUser()
      for (const [, send] of writes) {
        const refused = expectError(await send(client, user, { 'If-None-Match': user.tag }), 412)
        expectCurrent(refused.tag, otherTag, refused.about)
      }
    },
  ),
  should(
    'mismatch-plain-bulk',
    'in a bulk response a 412 is plain too, and version is the current tag',
    'RFC 7644 §3.7.3, §3.12; ADR 36',
    async (client) => {
      const user = await client.makeUser()
      expectStatus(await title(client, user, 'Theirs'), 200)
      for (const Prefer of otherPreferences) {
        const version = { version: user.tag }
        const operations = [titling(user.path, 'Mine', version), removal(user.path, version)]
        const answer = await bulk(client, operations, {}, { Prefer })
        for (const place of [0, 1]) {
          expectResultError(answer, place, '412')
          expectCurrent(answer.results[place]?.version, user.tag, `${answer.about}, operation ${place}`)
        }
        expectSame(answer.headers['preference-applied'], undefined, `${answer.about}: Preference-Applied`)
      }
    },
  ),
]

const onMe: readonly WireCase[] = [
  should(
    'mismatch-me',
    'a 412 at /Me is plain, and has the conflict on request',
    'RFC 7644 §3.11, §3.12; ADR 36',
    async (client) => {
      const user = await client.makeUser()
      const { tag } = expectStatus(await title(client, user, 'Theirs'), 200)
      for (const [, send] of requests) {
        const headers = { 'X-Caller': user.id, 'If-Match': user.tag }
        const me = { ...user, path: '/Me' }
        expectSame(expectError(await send(client, me, headers), 412).tag, tag, 'ETag of a 412 at /Me')
        const { current, expected } = details(await send(client, me, { ...headers, ...asking }))
        expectSame([current, expected], [tag, [user.tag]], 'current and expected at /Me')
      }
    },
  ),
]

const asked: readonly WireCase[] = [
  ...requests.map(([name, send]) =>
    should(
      `mismatch-body-${name}`,
      `a 412 to a stale ${name.toUpperCase()} has the current and the expected tags in its body on request`,
      'RFC 9110 §15.5.13; RFC 7240 §2, §3; ADR 36; FP-V16',
      async (client) => {
        const user = await client.makeUser()
        expectStatus(await title(client, user, 'Theirs'), 200)
        for (const Prefer of askingForms) {
          const refused = await send(client, user, { 'If-Match': user.tag, Prefer })
          const { current, expected } = details(refused)
          expectThat(refused.tag !== '', `${refused.about}: expected an ETag`)
          expectSame([current, expected], [refused.tag, [user.tag]], `${refused.about}: current and expected`)
        }
      },
    ),
  ),
  should(
    'mismatch-body-list',
    'a 412 to several tags lists all of them as expected',
    'RFC 9110 §13.1.1; ADR 32; FP-V16',
    async (client) => {
      const user = await client.makeUser()
      const { tag } = await title(client, user, 'Theirs')
      await title(client, user, 'Theirs again')
      const { expected } = details(await title(client, user, 'Mine', `${user.tag}, ${tag}`))
      expectSame(expected, [user.tag, tag], 'expected, of two tags')
    },
  ),
  should(
    'mismatch-body-none-match',
    'a 412 to If-None-Match has the current tag and no expected one',
    'RFC 9110 §13.1.2; ADR 32',
    async (client) => {
      const user = await client.makeUser()
      const headers = { ...asking, 'If-None-Match': user.tag }
      const refused = await client.put(user.path, userBody({ userName: user.name }), headers)
      expectSame(details(refused), { current: refused.tag }, 'the conflict of a 412 to If-None-Match')
    },
  ),
  should(
    'mismatch-body-bulk',
    'the Prefer header of a bulk request applies to all its operations',
    'RFC 7644 §3.7.3; RFC 7240 §2, §3; ADR 36',
    async (client) => {
      const user = await client.makeUser()
      expectStatus(await title(client, user, 'Theirs'), 200)
      const version = { version: user.tag }
      const operations = [
        titling(user.path, 'Mine', version),
        removal('/Users/no-such-user'),
        removal(user.path, version),
      ]
      const answer = await bulk(client, operations, {}, asking)
      for (const place of [0, 2]) {
        const result = answer.results[place] ?? {}
        const { current, expected } = detailsIn(objectAt(result, 'response'), answer.about)
        expectSame([current, expected], [result.version, [user.tag]], `${answer.about}: current and expected`)
      }
      expectResultError(answer, 1, '404')
      expectSame(answer.headers['preference-applied'], 'conflict-details', `${answer.about}: Preference-Applied`)
    },
  ),
  should(
    'mismatch-body-nothing-there',
    'without a resource with a version, the error is plain, also on request of the conflict',
    'RFC 7644 §3.12; ADR 36',
    async (client) => {
      const headers = { ...asking, 'If-Match': otherTag }
      for (const refused of [
        await client.post('/Users', userBody(), headers),
        await client.patch('/Users/no-such-user', add('title', 'x'), headers),
      ]) {
        expectError(refused, [404, 412])
        expectSame(refused.headers['preference-applied'], undefined, `${refused.about}: Preference-Applied`)
      }
    },
  ),
  should(
    'mismatch-body-no-conflict',
    'without a conflict, the preference has no effect, and the return preference still applies',
    'RFC 7240 §2, §3, §4.2; ADR 36',
    async (client) => {
      const user = await client.makeUser()
      const edit = [add('title', 'Mine')]
      const Prefer = 'conflict-details, return=minimal'
      const done = expectStatus(await client.patch(user.path, edit, { 'If-Match': user.tag, Prefer }), 204)
      expectSame(done.headers['preference-applied'], 'return=minimal', `${done.about}: Preference-Applied`)
      const { results, headers, about } = await bulk(
        client,
        [titling(user.path, 'Next', { version: done.tag })],
        {},
        asking,
      )
      expectSame(
        [results[0]?.status, headers['preference-applied']],
        ['200', undefined],
        `${about}: Preference-Applied`,
      )
      const bad = await client.patch(user.path, add('active', 'perhaps'), asking)
      expectError(bad, 400)
    },
  ),
]

/** The changed names in the conflict of a refused write; checks that there are no values. */
function changedIn(refused: Answer, ...values: readonly string[]): unknown {
  for (const value of values) {
    expectThat(!refused.body.includes(value), `${refused.about}: expected names alone, saw the value ${value}`)
  }
  return details(refused).changed
}

const withHistory: readonly WireCase[] = [
  should(
    'mismatch-changed',
    'a 412 names the attributes that changed since the expected version, without values',
    'RFC 9110 §15.5.13; ADR 32; FP-V17',
    async (client) => {
      const user = await client.makeUser({ title: 'Before-7781', nickName: 'Nick' })
      expectStatus(
        await client.patch(user.path, [
          replace('title', 'After-7782'),
          add(`${enterpriseUrn}:department`, 'Department-7783'),
        ]),
        200,
      )
      const second = expectStatus(await client.patch(user.path, remove('nickName')), 200)
      const values = ['Before-7781', 'After-7782', 'Department-7783'] as const
      for (const [, send] of requests) {
        const names = ['nickName', 'title', `${enterpriseUrn}:department`]
        const refused = await send(client, user, { ...asking, 'If-Match': user.tag })
        expectSame(changedIn(refused, ...values), names, 'changed, after two writes')
      }
      const { detail } = (await title(client, user, 'Mine', user.tag)).json
      expectThat(
        String(detail).includes('title'),
        `expected the detail to name the changed attributes, saw ${String(detail)}`,
      )
      const third = await title(client, user, 'Third')
      expectSame(changedIn(await title(client, user, 'Mine', second.tag)), ['title'], 'changed, since a later version')
      expectSame(
        changedIn(await title(client, user, 'Mine', `${user.tag}, ${second.tag}`)),
        ['title'],
        'changed, since the newest of two versions',
      )
      expectStatus(await title(client, user, 'Mine', third.tag), 200)
    },
  ),
  should(
    'mismatch-changed-put',
    'the changed names of a PUT are the attributes that differ, not the repeated ones',
    'RFC 9110 §15.5.13; ADR 32; FP-V17',
    async (client) => {
      const attributes = { title: 'A', nickName: 'Same', emails: [{ value: 'a@x.example' }] }
      const user = await client.makeUser(attributes)
      const body = userBody({ ...attributes, userName: user.name, title: 'B' })
      expectStatus(await client.put(user.path, body), 200)
      expectSame(changedIn(await title(client, user, 'Mine', user.tag)), ['title'], 'changed, by a PUT')
    },
  ),
  should(
    'mismatch-changed-nothing',
    'a write that changes nothing creates no version and no history entry',
    'RFC 7644 §3.5.2.1; ADR 32',
    async (client) => {
      const user = await client.makeUser({ title: 'A' })
      expectSame((await title(client, user, 'A')).tag, user.tag, 'the tag after a write that changed nothing')
      await title(client, user, 'B')
      expectSame(changedIn(await title(client, user, 'Mine', user.tag)), ['title'], 'changed')
    },
  ),
  should(
    'mismatch-changed-unknown',
    'for a version that is too old or unknown, no changed names are returned',
    'RFC 9110 §15.5.13; ADR 32; FP-V17',
    async (client) => {
      const user = await client.makeUser()
      for (let i = 0; i < 6; i++) await title(client, user, `Title ${i}`)
      for (const tag of [user.tag, otherTag]) {
        const { current, changed } = details(await title(client, user, 'Mine', tag))
        expectThat(typeof current === 'string', 'expected the current tag')
        expectSame(changed, undefined, `changed, since ${tag}`)
      }
    },
  ),
  should(
    'mismatch-changed-members',
    'a change of group members is named members, also after a member was deleted',
    'RFC 9110 §15.5.13; RFC 7643 §4.2; ADR 32; FP-V17; REL-8',
    async (client) => {
      const [first, second] = [await client.makeUser(), await client.makeUser()]
      const group = await client.makeGroup([first])
      const { tag } = await client.change(group.path, add('members', [{ value: second.id }]))
      const rename = (tag: string): Promise<Answer> =>
        client.put(group.path, { schemas: [groupUrn], displayName: group.name }, { ...asking, 'If-Match': tag })
      expectSame(changedIn(await rename(group.tag), second.id), ['members'], 'changed, by a new member')
      expectStatus(await client.remove(first.path), 204)
      expectSame(changedIn(await rename(tag), first.id), ['members'], 'changed, by a deleted member')
    },
  ),
  should(
    'mismatch-changed-bulk',
    'changed names are in a bulk response too',
    'RFC 7644 §3.7.3; ADR 32',
    async (client) => {
      const user = await client.makeUser()
      await title(client, user, 'Theirs')
      const { results, about } = await bulk(client, [titling(user.path, 'Mine', { version: user.tag })], {}, asking)
      expectSame(detailsIn(objectAt(results[0] ?? {}, 'response'), about).changed, ['title'], `${about}: changed`)
    },
  ),
]

/** The bodies of 412 responses. */
export const mismatchBodies: readonly WireCase[] = [
  ...plain,
  ...asked,
  ...on('me', onMe),
  ...on('keepsHistory', withHistory),
]
