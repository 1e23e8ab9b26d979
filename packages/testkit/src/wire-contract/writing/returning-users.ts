/**
 * Returning people: an identity provider creates a user again whom it has deactivated before. A server may reactivate that
 * user, so that id, groups and history remain; all other duplicates stay 409.
 * @see RFC 7644 §3.3 (201, 409 uniqueness), §3.5.1; ADR 62
 */
import type { Json } from '../answer.js'
import { bulk, expectResultError, expectStatuses, newGroup } from '../bulk-operations.js'
import { type Client, groupBody, type Made, otherTag, uniqueName, userBody } from '../client.js'
import {
  expectAbsent,
  expectError,
  expectOther,
  expectSame,
  expectStatus,
  expectTagIsVersion,
  expectThat,
  listAt,
  metaOf,
} from '../expect.js'
import { replace } from '../patch-operations.js'
import { must, on, should, type WireCase } from '../wire-case.js'

const citation = 'RFC 7644 §3.3; ADR 62'

/** A user that was deactivated. */
async function leaver(client: Client, attributes: Json = {}): Promise<Made> {
  const user = await client.makeUser({ active: true, title: 'Before', ...attributes })
  await client.change(user.path, replace('active', false))
  return user
}

async function groupsOf(client: Client, path: string): Promise<readonly unknown[]> {
  return listAt(expectStatus(await client.get(path), 200).json, 'groups').map(({ value }) => value)
}

async function expectUnchanged(client: Client, { path }: Made, before: Json): Promise<void> {
  expectSame(expectStatus(await client.get(path), 200).json, before, 'the user')
}

const reactivated: readonly WireCase[] = [
  must(
    'returning-user',
    'a POST of the userName of an inactive user replaces it: 201, same id and Location, new ETag, groups kept',
    `${citation}; RFC 7644 §3.5.1`,
    async (client) => {
      const user = await leaver(client, { nickName: 'old' })
      const group = await client.makeGroup([user])
      const before = expectStatus(await client.get(user.path), 200)
      const body = userBody({ userName: user.name.toUpperCase(), active: true, title: 'After' })
      const answer = expectStatus(await client.post('/Users', body), 201)
      expectSame(answer.json.id, user.id, 'id')
      expectSame(answer.headers.location, metaOf(answer).location, 'Location')
      expectSame(metaOf(answer).location, metaOf(before).location, 'meta.location')
      expectSame(metaOf(answer).created, metaOf(before).created, 'meta.created')
      expectTagIsVersion(answer)
      expectOther(answer.tag, before.tag, 'ETag')
      expectSame([answer.json.active, answer.json.title], [true, 'After'], 'active and title')
      expectAbsent(answer, 'nickName')
      expectSame(
        listAt(answer.json, 'groups').map(({ value }) => value),
        [group.id],
        'groups in the answer',
      )
      const after = expectStatus(await client.get(user.path), 200)
      expectSame([after.json, after.tag], [answer.json, answer.tag], 'the user, read again')
      await client
        .find('/Users', `userName eq "${user.name}"`)
        .then((found) => expectSame(found.json.totalResults, 1, 'users'))
    },
  ),
  must(
    'returning-user-without-active',
    'a body without active replaces the inactive user, which is then not inactive',
    citation,
    async (client) => {
      const user = await leaver(client)
      const answer = expectStatus(await client.post('/Users', userBody({ userName: user.name })), 201, { id: user.id })
      expectThat(answer.json.active !== false, 'active: expected no false')
    },
  ),
  must(
    'returning-user-inactive',
    'a body with active false replaces it too, and it stays inactive',
    citation,
    async (client) => {
      const user = await leaver(client)
      const body = userBody({ userName: user.name, active: false, title: 'After' })
      expectStatus(await client.post('/Users', body), 201, { id: user.id, active: false, title: 'After' })
    },
  ),
  must(
    'returning-user-active',
    'a POST of the userName of a user that is active, or has no active, is 409 uniqueness and changes nothing',
    citation,
    async (client) => {
      for (const user of [await client.makeUser({ active: true }), await client.makeUser()]) {
        const answer = await client.post('/Users', userBody({ userName: user.name, title: 'After' }))
        expectError(answer, 409, 'uniqueness')
        await expectUnchanged(client, user, user.json)
      }
    },
  ),
  must(
    'returning-user-by-name-only',
    'an inactive user with the same e-mail address or externalId is no collision: the POST creates another user',
    `${citation}; RFC 7643 §3.1 (externalId); SEC-4`,
    async (client) => {
      const common = { externalId: uniqueName(), emails: [{ value: `${uniqueName()}@example.com`, primary: true }] }
      const user = await leaver(client, common)
      const before = expectStatus(await client.get(user.path), 200).json
      const answer = expectStatus(await client.post('/Users', userBody(common)), 201)
      expectOther(answer.json.id, user.id, 'id')
      await expectUnchanged(client, user, before)
    },
  ),
  must(
    'returning-user-race',
    '8 concurrent POSTs of an inactive user: one 201, the others are decided on the state after it: 409',
    citation,
    async (client) => {
      const user = await leaver(client)
      const send = (_: unknown, i: number) =>
        client.post('/Users', userBody({ userName: user.name, active: true, title: `POST ${i}` }))
      const answers = await Promise.all(Array.from({ length: 8 }, send))
      const [won, ...others] = answers.filter(({ status }) => status === 201)
      expectSame(others.length, 0, 'further answers 201')
      expectSame(won?.json.id, user.id, 'id')
      for (const answer of answers) if (answer !== won) expectError(answer, 409, 'uniqueness')
      await expectUnchanged(client, user, won?.json ?? {})
    },
  ),
  must(
    'returning-user-refused',
    'a caller that may not replace the user gets the same 409 as without the policy, and nothing is changed',
    `${citation}; RFC 7644 §3.12 (table 8, 403)`,
    async (client) => {
      const user = await leaver(client)
      const before = expectStatus(await client.get(user.path), 200).json
      const active = await client.makeUser({ active: true })
      const refused = { 'X-Refuse': 'replace.User' }
      const answer = await client.post('/Users', userBody({ userName: user.name }), refused)
      expectError(answer, 409, 'uniqueness')
      expectSame(
        answer.body,
        (await client.post('/Users', userBody({ userName: active.name }))).body,
        'body of the 409',
      )
      await expectUnchanged(client, user, before)
      const inBulk = await bulk(client, [posting('a', user)], {}, refused)
      expectResultError(inBulk, 0, '409', 'uniqueness')
      await expectUnchanged(client, user, before)
    },
  ),
  must(
    'returning-user-in-bulk',
    'in a bulk request the POST has the location of the user, and references to its bulkId lead there',
    `${citation}; RFC 7644 §3.7.2`,
    async (client) => {
      const user = await leaver(client)
      const answer = await bulk(client, [newGroup('g', ['bulkId:a']), posting('a', user)])
      expectStatuses(answer, ['201', '201'])
      expectSame(answer.idOf(1), user.id, 'id in the location')
      expectSame(await groupsOf(client, user.path), [answer.idOf(0)], 'groups')
    },
  ),
  must(
    'returning-user-if-match',
    'If-Match with a tag on the POST is 412 as on every create; If-None-Match has no effect',
    `${citation}; RFC 9110 §13.1.1; FP-V11`,
    async (client) => {
      const user = await leaver(client)
      const before = expectStatus(await client.get(user.path), 200)
      for (const tag of [before.tag, otherTag]) {
        expectError(await client.post('/Users', userBody({ userName: user.name }), { 'If-Match': tag }), 412)
      }
      await expectUnchanged(client, user, before.json)
      const headers = { 'If-None-Match': '*' }
      expectStatus(await client.post('/Users', userBody({ userName: user.name }), headers), 201, { id: user.id })
    },
  ),
  must('returning-user-invalid', 'an invalid body is 400, and nothing is changed', citation, async (client) => {
    const user = await leaver(client)
    const before = expectStatus(await client.get(user.path), 200).json
    expectError(await client.post('/Users', userBody({ userName: user.name, active: 'perhaps' })), 400, 'invalidValue')
    await expectUnchanged(client, user, before)
  }),
  should(
    'returning-user-minimal',
    'with return=minimal the 201 has Location, ETag and no body',
    'RFC 7240 §4.2; ADR 62',
    async (client) => {
      const user = await leaver(client)
      const answer = await client.post('/Users', userBody({ userName: user.name }), { Prefer: 'return=minimal' })
      expectStatus(answer, 201)
      expectThat(answer.body === '', 'expected no body')
      const { tag, json } = expectStatus(await client.get(user.path), 200)
      expectSame(
        [answer.tag, answer.headers.location],
        [tag, metaOf({ ...answer, json }).location],
        'ETag and Location',
      )
    },
  ),
  should(
    'returning-user-okta',
    'Okta: deactivate by PUT, then POST of the returning person with password, groups and externalId: the same id, active',
    `${citation}; IDP-S3`,
    async (client) => {
      const profile = {
        userName: `${uniqueName('isaac')}@example.com`,
        name: { givenName: 'Isaac', familyName: 'Brock' },
        locale: 'en-US',
        externalId: uniqueName('00ujl'),
        groups: [],
        password: '1mz050nq',
      }
      const made = expectStatus(await client.post('/Users', userBody({ ...profile, active: true })), 201)
      const path = `/Users/${made.json.id}`
      expectStatus(await client.put(path, { ...made.json, active: false }), 200, { active: false })
      const again = expectStatus(await client.post('/Users', userBody({ ...profile, active: true })), 201)
      expectSame([again.json.id, again.json.active], [made.json.id, true], 'id and active')
      expectAbsent(again, 'password')
    },
  ),
  must('returning-group', 'types that the policy does not name are created as before', citation, async (client) => {
    const group = groupBody({ displayName: uniqueName() })
    expectStatus(await client.post('/Groups', group), 201)
    expectStatus(await client.post('/Groups', group), 201)
  }),
]

function posting(bulkId: string, user: Made): Json {
  return { method: 'POST', path: '/Users', bulkId, data: userBody({ userName: user.name, active: true }) }
}

const rejected: readonly WireCase[] = [
  must(
    'duplicate-of-inactive-user',
    'by default a POST of the userName of an inactive user is 409 uniqueness, and it stays as it is',
    citation,
    async (client) => {
      const user = await leaver(client)
      const before = expectStatus(await client.get(user.path), 200).json
      expectError(await client.post('/Users', userBody({ userName: user.name, active: true })), 409, 'uniqueness')
      await expectUnchanged(client, user, before)
    },
  ),
]

/** The policy that reactivates, and the default. */
export const returningUsers: readonly WireCase[] = [...rejected, ...on('reactivates', reactivated)]
