/** Authentication, and isolation of tenants. @see RFC 7644 §2; RFC 6750 §3; SEC-5, SEC-6, SEC-26 */
import type { Answer } from '../answer.js'
import { type Client, groupBody, uniqueName, userBody } from '../client.js'
import { expectAbsent, expectError, expectSame, expectStatus, expectThat, listAt } from '../expect.js'
import { add } from '../patch-operations.js'
import { must, on, should, type WireCase } from '../wire-case.js'

function expectChallenge(answer: Answer): void {
  expectError(answer, 401)
  const challenge = answer.headers['www-authenticate'] ?? ''
  expectThat(
    /^(Bearer|Basic|DPoP|Digest)\b/i.test(challenge),
    `${answer.about}: expected WWW-Authenticate with a scheme, got “${challenge}”`,
  )
}

async function everything(client: Client): Promise<readonly Answer[]> {
  return [
    await client.get('/Users'),
    await client.get('/Users/no-such-user'),
    await client.post('/Users', userBody()),
    await client.post('/Users', '{'),
    await client.post('/Users', '{}', { 'Content-Type': 'text/plain' }),
    await client.put('/Users/no-such-user', userBody()),
    await client.patch('/Groups/no-such-group', []),
    await client.remove('/Users/no-such-user', { 'If-Match': 'garbage' }),
    await client.remove('/Users'),
    await client.get('/Nothing'),
    await client.get('/Users?filter=nonsense'),
    await client.post('/Bulk', {}),
  ]
}

const withoutCredentials: readonly WireCase[] = [
  must(
    '401-with-challenge',
    'a request without credentials is 401, and WWW-Authenticate names a scheme',
    'RFC 7644 §2; RFC 9110 §15.5.2',
    async (client) => {
      expectChallenge(await client.get('/Users'))
    },
  ),
  should(
    '401-before-anything-else',
    '401 takes precedence over 400, 404, 405, 412, 415 and 501, so that it reveals nothing',
    'RFC 7644 §2; SEC-6',
    async (client) => {
      for (const answer of await everything(client)) expectChallenge(answer)
    },
  ),
  should(
    '401-discovery',
    'discovery requires credentials too',
    'RFC 7644 §2; RFC 7643 §5; FP-H7; SEC-26',
    async (client) => {
      for (const path of ['/ServiceProviderConfig', '/ResourceTypes', '/Schemas'])
        expectChallenge(await client.get(path))
    },
  ),
  should('401-head', 'HEAD is 401 too, without a body', 'RFC 9110 §9.3.2', async (client) => {
    const answer = expectStatus(await client.head('/Users'), 401)
    expectSame([answer.body, answer.headers['www-authenticate'] !== undefined], ['', true], 'body and challenge')
  }),
]

const strangers: readonly WireCase[] = [
  must('401-wrong-token', 'an invalid token is 401 with error="invalid_token"', 'RFC 6750 §3, §3.1', async (client) => {
    const answer = await client.get('/Users')
    expectChallenge(answer)
    expectThat(
      (answer.headers['www-authenticate'] ?? '').includes('error="invalid_token"'),
      'expected error="invalid_token"',
    )
  }),
  should(
    '401-wrong-token-writes-nothing',
    'a write with an invalid token changes nothing',
    'RFC 7644 §2',
    async (client, ask) => {
      const body = userBody()
      expectChallenge(await client.post('/Users', body))
      expectStatus(await ask('exchange').find('/Users', `userName eq "${body.userName}"`), 200, { totalResults: 0 })
    },
  ),
]

// The first client belongs to the other tenant; `ask('exchange')` to the tenant that owns the data.
const tenants: readonly WireCase[] = [
  should('tenant-404', 'a resource of another tenant is 404', 'RFC 7644 §6; SEC-5', async (client, ask) => {
    const owner = ask('exchange')
    const user = await owner.makeUser({ title: 'Mine' })
    const nothing = await client.get('/Users/no-such-user')
    for (const answer of [
      await client.get(user.path),
      await client.get(user.path, { 'If-None-Match': user.tag }),
      await client.put(user.path, userBody()),
      await client.patch(user.path, add('title', 'Stolen'), { 'If-Match': user.tag }),
      await client.remove(user.path, { 'If-Match': user.tag }),
    ]) {
      expectError(answer, 404)
      expectSame(answer.body, nothing.body, `${answer.about}: the body beside that of an unknown id`)
      expectSame(answer.tag, '', `${answer.about}: the ETag`)
    }
    expectSame((await owner.get(user.path)).json, user.json, 'the resource')
  }),
  should(
    'tenant-lists',
    'a resource of another tenant is in no list, search or total',
    'RFC 7644 §6; SEC-5',
    async (client, ask) => {
      const user = await ask('exchange').makeUser()
      for (const filter of [`userName eq "${user.name}"`, `id eq "${user.id}"`]) {
        expectStatus(await client.find('/Users', filter), 200, { totalResults: 0 })
      }
    },
  ),
  should(
    'tenant-names',
    'names are unique within a tenant',
    'RFC 7644 §6; RFC 7643 §7 (uniqueness); SEC-6',
    async (client, ask) => {
      const { name } = await ask('exchange').makeUser()
      expectStatus(await client.post('/Users', userBody({ userName: name })), 201)
    },
  ),
  should(
    'tenant-members',
    'a member of another tenant is an unknown member: no display, no User.groups',
    'RFC 7644 §6; SEC-5',
    async (client, ask) => {
      const owner = ask('exchange')
      const user = await owner.makeUser({ displayName: 'Mine' })
      const displayName = uniqueName('thieves')
      const group = expectStatus(
        await client.post('/Groups', groupBody({ displayName, members: [{ value: user.id }] })),
        201,
      )
      const read = await client.get(`/Groups/${String(group.json.id)}`)
      expectThat(!read.body.includes('Mine'), 'expected no data of the other tenant’s user')
      for (const member of listAt(read.json, 'members')) expectSame(member.display, undefined, 'display')
      const own = await owner.get(user.path)
      expectAbsent(own, 'groups')
      expectSame(own.tag, user.tag, 'the ETag')
    },
  ),
]

/** Access. */
export const access: readonly WireCase[] = [
  ...on('withoutCredentials', withoutCredentials),
  ...on('wrongCredentials', strangers),
  ...on('otherTenant', tenants),
]
