/** What the body of a 412 tells a program, beside the words that it has for people. @see RFC 9110 §15.5.13; ADR 32 */
import type { Answer, Json } from './answer.js'
import { bulk, titling } from './bulk-operations.js'
import { type Client, enterpriseUrn, errorUrn, groupUrn, type Made, otherTag, userBody } from './client.js'
import { expectError, expectSame, expectStatus, expectThat, objectAt } from './expect.js'
import { on, should, type WireCase } from './wire-case.js'

const mismatchUrn = 'urn:scimkit:params:scim:api:messages:1.0:VersionMismatch'

/** The object of our own in the body of an error. */
function toldIn(error: Json, about: string): Json {
  expectSame(error.schemas, [errorUrn, mismatchUrn], `${about}: schemas of the error`)
  return objectAt(error, mismatchUrn)
}

function told(answer: Answer): Json {
  return toldIn(expectError(answer, 412).json, answer.about)
}

const title = (client: Client, { path }: Made, value: string, tag?: string): Promise<Answer> =>
  client.patch(path, [{ op: 'add', path: 'title', value }], tag === undefined ? {} : { 'If-Match': tag })

const writes: readonly (readonly [string, (client: Client, user: Made, tag: string) => Promise<Answer>])[] = [
  ['put', (client, user, tag) => client.put(user.path, userBody({ userName: user.name }), { 'If-Match': tag })],
  ['patch', (client, user, tag) => title(client, user, 'Mine', tag)],
  ['delete', (client, user, tag) => client.remove(user.path, { 'If-Match': tag })],
]

const always: readonly WireCase[] = [
  ...writes.map(([name, write]) =>
    should(
      `mismatch-body-${name}`,
      `a 412 to a stale ${name.toUpperCase()} tells in its body which tag is there and which was expected`,
      'RFC 9110 §15.5.13; ADR 32',
      async (client) => {
        const user = await client.makeUser()
        expectStatus(await title(client, user, 'Theirs'), 200)
        const refused = await write(client, user, user.tag)
        const { current, expected } = told(refused)
        expectThat(refused.tag !== '', `${refused.about}: expected an ETag`)
        expectSame([current, expected], [refused.tag, [user.tag]], `${refused.about}: current and expected`)
      },
    ),
  ),
  should('mismatch-body-list', 'of several tags a 412 tells all as expected', 'ADR 32', async (client) => {
    const user = await client.makeUser()
    const { tag } = await title(client, user, 'Theirs')
    await title(client, user, 'Theirs again')
    const { expected } = told(await title(client, user, 'Mine', `${user.tag}, ${tag}`))
    expectSame(expected, [user.tag, tag], 'expected, of two tags')
  }),
  should(
    'mismatch-body-none-match',
    'a 412 to If-None-Match tells which tag is there; nothing was expected',
    'RFC 9110 §13.1.2; ADR 32',
    async (client) => {
      const user = await client.makeUser()
      const headers = { 'If-None-Match': user.tag }
      const refused = await client.put(user.path, userBody({ userName: user.name }), headers)
      expectSame(told(refused), { current: refused.tag }, 'what a 412 to If-None-Match tells')
    },
  ),
  should(
    'mismatch-body-bulk',
    'in a bulk request it is told of each operation',
    'RFC 7644 §3.7.3; ADR 32',
    async (client) => {
      const user = await client.makeUser()
      expectStatus(await title(client, user, 'Theirs'), 200)
      const { results, about } = await bulk(client, [titling(user.path, 'Mine', { version: user.tag })])
      const { current, expected } = toldIn(objectAt(results[0] ?? {}, 'response'), about)
      expectSame([current, expected], [results[0]?.version, [user.tag]], `${about}: current and expected`)
    },
  ),
  should(
    'mismatch-body-nothing-there',
    'where nothing is there whose version could be told, the error is as always',
    'RFC 7644 §3.12',
    async (client) => {
      for (const refused of [
        await client.post('/Users', userBody(), { 'If-Match': otherTag }),
        await client.patch('/Users/no-such-user', [{ op: 'add', path: 'title', value: 'x' }], { 'If-Match': otherTag }),
      ]) {
        expectSame(refused.json.schemas, [errorUrn], `${refused.about}: schemas of the error`)
      }
    },
  ),
]

/** The names told by a refused write, and that no value stands beside them. */
function changedIn(refused: Answer, ...values: readonly string[]): unknown {
  for (const value of values) {
    expectThat(!refused.body.includes(value), `${refused.about}: expected names alone, saw the value ${value}`)
  }
  return told(refused).changed
}

const withHistory: readonly WireCase[] = [
  should(
    'mismatch-changed',
    'a 412 names the attributes that have changed since, and no value',
    'ADR 32',
    async (client) => {
      const user = await client.makeUser({ title: 'Before-7781', nickName: 'Nick' })
      expectStatus(
        await client.patch(user.path, [
          { op: 'replace', path: 'title', value: 'After-7782' },
          { op: 'add', path: `${enterpriseUrn}:department`, value: 'Department-7783' },
        ]),
        200,
      )
      const second = expectStatus(await client.patch(user.path, [{ op: 'remove', path: 'nickName' }]), 200)
      const values = ['Before-7781', 'After-7782', 'Department-7783'] as const
      for (const [, write] of writes) {
        const names = ['nickName', 'title', `${enterpriseUrn}:department`]
        expectSame(changedIn(await write(client, user, user.tag), ...values), names, 'changed, after two writes')
      }
      const { detail } = (await title(client, user, 'Mine', user.tag)).json
      expectThat(
        String(detail).includes('title'),
        `expected the detail to name what has changed, saw ${String(detail)}`,
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
  should('mismatch-changed-put', 'a PUT has changed what differs, not what it repeats', 'ADR 32', async (client) => {
    const attributes = { title: 'A', nickName: 'Same', emails: [{ value: 'a@x.example' }] }
    const user = await client.makeUser(attributes)
    const body = userBody({ ...attributes, userName: user.name, title: 'B' })
    expectStatus(await client.put(user.path, body), 200)
    expectSame(changedIn(await title(client, user, 'Mine', user.tag)), ['title'], 'changed, by a PUT')
  }),
  should(
    'mismatch-changed-nothing',
    'a write that changes nothing makes no version, and is in no history',
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
    'what has changed since a version that is too old, or was never one of ours, is not told',
    'ADR 32',
    async (client) => {
      const user = await client.makeUser()
      for (let i = 0; i < 6; i++) await title(client, user, `Title ${i}`)
      for (const tag of [user.tag, otherTag]) {
        const { current, changed } = told(await title(client, user, 'Mine', tag))
        expectThat(typeof current === 'string', 'expected the tag that is there to be told')
        expectSame(changed, undefined, `changed, since ${tag}`)
      }
    },
  ),
  should(
    'mismatch-changed-members',
    'of a group it names members, also where a member was deleted',
    'ADR 32; reliability R8',
    async (client) => {
      const [first, second] = [await client.makeUser(), await client.makeUser()]
      const group = await client.makeGroup([first])
      const add = [{ op: 'add', path: 'members', value: [{ value: second.id }] }]
      const { tag } = expectStatus(await client.patch(group.path, add), [200, 204])
      const rename = (tag: string): Promise<Answer> =>
        client.put(group.path, { schemas: [groupUrn], displayName: group.name }, { 'If-Match': tag })
      expectSame(changedIn(await rename(group.tag), second.id), ['members'], 'changed, by a new member')
      expectStatus(await client.remove(first.path), 204)
      expectSame(changedIn(await rename(tag), first.id), ['members'], 'changed, by a member who was deleted')
    },
  ),
  should('mismatch-changed-bulk', 'in a bulk request too', 'RFC 7644 §3.7.3; ADR 32', async (client) => {
    const user = await client.makeUser()
    await title(client, user, 'Theirs')
    const { results, about } = await bulk(client, [titling(user.path, 'Mine', { version: user.tag })])
    expectSame(toldIn(objectAt(results[0] ?? {}, 'response'), about).changed, ['title'], `${about}: changed`)
  }),
]

/** The bodies of refusals for the sake of a version. */
export const mismatchBodies: readonly WireCase[] = [...always, ...on('keepsHistory', withHistory)]
