/** Passwords, with a host that accepts them and without. @see RFC 7643 §4.1.1, §9.2; FP-S1 to FP-S5 */
import { type Client, searchUrn, userBody, userUrn } from '../client.js'
import {
  expectError,
  expectOther,
  expectSame,
  expectStatus,
  expectThat,
  listAt,
  metaOf,
  objectAt,
  pause,
} from '../expect.js'
import { remove, replace } from '../patch-operations.js'
import { must, on, should, type WireCase } from '../wire-case.js'

const secret = 'correct-horse-battery-staple'

async function passwordAttribute(client: Client): Promise<unknown> {
  const { json } = await client.get(`/Schemas/${userUrn}`)
  return listAt(json, 'attributes').find(({ name }) => name === 'password')
}

// All requests that could reveal a password.
async function expectNowhere(client: Client, path: string, name: string): Promise<void> {
  for (const answer of [
    await client.get(path),
    await client.get(`${path}?attributes=password`),
    await client.get(`${path}?attributes=userName,${userUrn}:password`),
    await client.get(`${path}?excludedAttributes=title`),
    await client.find('/Users', `userName eq "${name}"`, '&attributes=password,userName'),
  ]) {
    expectStatus(answer, 200)
    expectThat(!answer.body.includes(secret) && !answer.body.includes('password'), `${answer.about}: shows a password`)
  }
}

const oracle: readonly WireCase[] = [
  'password eq "x"',
  'password pr',
  'PASSWORD sw "c"',
  `${userUrn}:password eq "x"`,
  'not (password pr)',
].map((filter, i) =>
  must(
    `password-filter-${i + 1}-403`,
    `${filter} is 403 sensitive in GET, 400 invalidFilter in POST`,
    'RFC 7644 §3.12, §7.5.2; erratum 6893; FP-S5',
    async (client) => {
      expectError(await client.get(`/Users?filter=${encodeURIComponent(filter)}`), 403, 'sensitive')
      expectError(await client.post('/Users/.search', { schemas: [searchUrn], filter }), 400, 'invalidFilter')
    },
  ),
)

const sorts: readonly WireCase[] = [
  should(
    'password-sort-403',
    'sorting by the password is 403 sensitive in GET, 400 in POST',
    'RFC 7644 §3.12, §7.5.2; FP-S5',
    async (client) => {
      expectError(await client.get('/Users?sortBy=password'), 403, 'sensitive')
      expectError(
        await client.post('/Users/.search', { schemas: [searchUrn], sortBy: 'password' }),
        400,
        'invalidFilter',
      )
    },
  ),
]

const without: readonly WireCase[] = [
  should(
    'password-not-in-schema',
    'without a host that accepts passwords the schema has none, and changePassword is not supported',
    'RFC 7643 §4.1.1, §5; FP-S1',
    async (client) => {
      expectSame(await passwordAttribute(client), undefined, 'password in the User schema')
      expectStatus(await client.get('/ServiceProviderConfig'), 200, { changePassword: { supported: false } })
    },
  ),
  should(
    'password-ignored',
    'a password that is sent is ignored, and never returned',
    'RFC 7643 §4.1.1; FP-S1',
    async (client) => {
      const made = await client.makeUser({ password: secret })
      expectThat(!made.body.includes(secret), 'POST /Users: shows a password')
      await expectNowhere(client, made.path, made.name)
      const put = await client.put(made.path, userBody({ userName: made.name, password: secret }))
      expectSame(
        expectStatus(put, 200).tag,
        made.tag,
        'the ETag: a password that the host does not accept changes nothing',
      )
      const patched = await client.patch(made.path, replace('password', secret))
      expectSame(
        expectStatus(patched, [200, 204]).tag,
        made.tag,
        'the ETag: a password that the host does not accept changes nothing',
      )
    },
  ),
]

const taken: readonly WireCase[] = [
  should(
    'password-in-schema',
    'with a host that accepts passwords the schema has one: writeOnly, never returned',
    'RFC 7643 §4.1.1, §8.7.1; FP-S4',
    async (client) => {
      const { mutability, returned } = ((await passwordAttribute(client)) ?? {}) as Record<string, unknown>
      expectSame(
        { mutability, returned },
        { mutability: 'writeOnly', returned: 'never' },
        'password in the User schema',
      )
      expectSame(
        objectAt((await client.get('/ServiceProviderConfig')).json, 'changePassword').supported,
        true,
        'changePassword',
      )
    },
  ),
  must(
    'password-never-returned',
    'a password is never returned, also when it is requested',
    'RFC 7643 §4.1.1, §7; FP-S4; IDP-37',
    async (client) => {
      const made = await client.makeUser({ password: secret })
      expectThat(!made.body.includes('password'), 'POST /Users: shows a password')
      await expectNowhere(client, made.path, made.name)
    },
  ),
  ...(
    [
      ['put', (client, path, userName) => client.put(path, userBody({ userName, password: secret }))],
      ['patch', (client, path) => client.patch(path, replace('password', secret))],
      ['patch-without-path', (client, path) => client.patch(path, { op: 'add', value: { password: secret } })],
      ['patch-remove', (client, path) => client.patch(path, remove('password'))],
    ] as readonly (readonly [string, (client: Client, path: string, userName: string) => ReturnType<Client['get']>])[]
  ).map(([id, write]) =>
    should(
      `password-${id}-is-a-change`,
      'a write with a password is never a no-op: tag and lastModified change',
      'RFC 7643 §4.1.1, §3.1 (meta); ADR 9; FP-S2',
      async (client) => {
        const made = await client.makeUser({ password: secret })
        await pause(20)
        const first = expectStatus(await write(client, made.path, made.name), [200, 204])
        expectThat(!first.body.includes('password'), `${first.about}: shows a password`)
        expectOther(first.tag, made.tag, 'the ETag')
        await pause(20)
        const second = expectStatus(await write(client, made.path, made.name), [200, 204])
        expectOther(second.tag, first.tag, 'the ETag')
        const read = await client.get(made.path)
        expectSame(read.tag, second.tag, 'the ETag when it is read')
        expectOther(metaOf(read).lastModified, metaOf(made).lastModified, 'meta.lastModified')
      },
    ),
  ),
  must('password-conditional', 'a stale write of a password is 412', 'RFC 7644 §3.14', async (client) => {
    const { path, tag } = await client.makeUser()
    const operations = [replace('password', secret)]
    await client.change(path, operations, { 'If-Match': tag })
    expectError(await client.patch(path, operations, { 'If-Match': tag }), 412)
  }),
  must('password-wrong-type-400', 'a password that is not a string is 400', 'RFC 7643 §4.1.1', async (client) => {
    expectError(await client.post('/Users', userBody({ password: 5 })), 400, 'invalidValue')
  }),
]

/** Passwords. */
export const passwords: readonly WireCase[] = [
  ...oracle,
  ...sorts,
  ...without,
  ...on('withSecrets', [...taken, ...[...oracle, ...sorts].map((one) => ({ ...one, id: `${one.id}-with-hook` }))]),
]
