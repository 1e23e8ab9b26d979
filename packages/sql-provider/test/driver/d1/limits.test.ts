/** The limits of D1, on an imitation of D1 with SQLite: statements are divided where possible, else 400 with the limit. */
import { expect, it } from '@jest/globals'
import { createScim, defaultLimits, type JsonObject, type Outcome, rawVersion, ScimError, tenantId } from '@scimkit/core'
import { interopFrom, parseFilter } from '@scimkit/core/filter'
import type { Next } from '@scimkit/core/provider'
import { testContext } from '@scimkit/testkit'
import { type D1ProviderOptions, d1Provider } from '../../../src/d1.js'
import { openSqlite } from '../../../src/driver/sqlite/connection.js'
import { fakeD1 } from '../../support/edge/fake-d1.js'
import { types } from '../../support/query/types.js'

const userSchema = 'urn:ietf:params:scim:schemas:core:2.0:User'
const groupSchema = 'urn:ietf:params:scim:schemas:core:2.0:Group'
const patchSchema = 'urn:ietf:params:scim:api:messages:2.0:PatchOp'

function server(options: D1ProviderOptions = {}) {
  const db = fakeD1(openSqlite(':memory:'))
  const provider = d1Provider(db, options)
  const scim = createScim({ provider, limits: { documentLength: 5_000_000 } })
  const context = scim.context({ tenant: tenantId('large') })
  return {
    db,
    provider,
    create: (type: string, body: JsonObject) => scim.perform({ kind: 'create', type, body }, context),
    patch: (type: string, id: string, ...Operations: JsonObject[]) =>
      scim.perform({ kind: 'patch', ref: { type, id }, body: { schemas: [patchSchema], Operations } }, context),
    async found(filter: string): Promise<number> {
      const page = { startIndex: 1, count: 0 }
      const query = {
        filter: parseFilter(filter, types.User, interopFrom('lenient'), { ...defaultLimits, filterLength: 100_000 }),
        sort: undefined,
        page,
        needs: { members: 'none', derived: false },
      } as const
      return (await provider.query('User', query, testContext(tenantId('large')))).totalResults ?? -1
    },
  }
}

function idOf(outcome: Outcome): string {
  if (outcome.kind !== 'created') throw new Error(outcome.kind)
  return outcome.value.ref.id
}

const refused = expect.objectContaining({
  status: 400,
  scimType: 'invalidValue',
  headers: {},
  message: expect.stringContaining('2000000 bytes, the limit of Cloudflare'),
})

it('a resource of more bytes than a row may have is 400, names the limit, and is not sent', async () => {
  const { db, create, patch } = server()
  const id = idOf(await create('User', { schemas: [userSchema], userName: 'grown' }))
  const before = db.calls.length
  await expect(
    create('User', { schemas: [userSchema], userName: 'ada', title: 'x'.repeat(3_000_000) }),
  ).rejects.toEqual(refused)
  expect(db.calls.length).toBe(before)
  const half = { op: 'add', value: { title: '漢'.repeat(400_000) } }
  expect(await patch('User', id, half)).toMatchObject({ kind: 'success' })
  await expect(patch('User', id, { op: 'add', value: { nickName: '漢'.repeat(400_000) } })).rejects.toEqual(refused)
  expect(await patch('User', id, { op: 'add', value: { nickName: 'short' } })).toMatchObject({ kind: 'success' })
})

it('long names that exceed the index entries of other databases are found', async () => {
  const { create, found } = server()
  const userName = '漢'.repeat(60_000)
  idOf(await create('User', { schemas: [userSchema], userName, externalId: userName }))
  expect(await found(`userName eq "${userName}"`)).toBe(1)
})

it('keys of more bytes than a value may have are written, changed and rebuilt for other indexes', async () => {
  const connection = server()
  const { create, patch, found } = connection
  const emails = Array.from({ length: 60_000 }, (_, i) => ({ value: `A${i}@B` }))
  const id = idOf(await create('User', { schemas: [userSchema], userName: 'many', emails }))
  const email = (i: number): string => `emails.value eq "${emails[i]?.value}"`
  expect([await found(email(0)), await found(email(59_999))]).toEqual([1, 1])
  await patch('User', id, { op: 'remove', path: `emails[value eq "${emails[0]?.value}"]` })
  expect([await found(email(0)), await found(email(1)), await found(email(59_999))]).toEqual([0, 1, 1])
  expect(await found('userName eq "many"')).toBe(1)
  const other = d1Provider(connection.db, { indexes: { User: ['title'] } })
  expect(await other.migrate()).toMatchObject({ reindexed: 1 })
})

const next = (ids: readonly string[], mustExist: boolean): Next => ({
  resource: { schemas: [groupSchema], id: 'g', displayName: 'g' },
  version: rawVersion('1-a'),
  at: '2026-01-01T00:00:00Z',
  unique: [],
  members: { add: ids.map((value) => ({ value })), remove: [], mustExist },
})

it('a conflict is reported as a conflict, for any number of members in the write', async () => {
  const { provider } = server()
  const ref = { type: 'Group', id: 'g' }
  const ids = Array.from({ length: 80_000 }, (_, i) => `${i}`.padStart(36, '0'))
  await provider.insert(ref, next(ids, false), testContext())
  const late = provider.replace(ref, rawVersion('1-old'), next(ids, false), testContext())
  expect(await late).toEqual({ kind: 'versionMismatch', expected: '1-old', current: '1-a' })
  const unknown = await provider.replace(ref, rawVersion('1-a'), next(ids, true), testContext())
  expect(unknown.kind === 'unknownMembers' && unknown.ids).toEqual(ids)
})

it('a group of 80,000 members is read, and searched, in few calls', async () => {
  const { db, provider } = server()
  const ref = { type: 'Group', id: 'g' }
  const ids = Array.from({ length: 80_000 }, (_, i) => `${i}`.padStart(36, '0'))
  await provider.insert(ref, next(ids, false), testContext())
  for (const members of ['all', { only: ids }] as const) {
    const before = db.calls.length
    const stored = await provider.read(ref, { members, derived: false }, testContext())
    expect(stored?.members?.length).toBe(80_000)
    expect(db.calls.length - before).toBeLessThan(10)
  }
})

it('members with long ids are divided by length', async () => {
  const { provider } = server()
  const ids = Array.from({ length: 100 }, (_, i) => `${i}`.padEnd(60_000, 'x'))
  const ref = { type: 'Group', id: 'g' }
  expect(await provider.insert(ref, next(ids, false), testContext())).toMatchObject({ kind: 'success' })
  const stored = await provider.read(ref, { members: 'all', derived: false }, testContext())
  expect(stored?.members?.map(({ value }) => value)).toEqual(ids)
})

const answers: readonly (readonly [status: number, retryAfter: string | undefined, error: string])[] = [
  [503, '1', 'D1_ERROR: D1 DB is overloaded. Too many requests queued.'],
  [507, undefined, 'D1_ERROR: Exceeded maximum DB size.'],
  [
    507,
    undefined,
    "D1_ERROR: Your account has exceeded D1's maximum account storage limit, please contact Cloudflare to raise your limit.",
  ],
  [507, undefined, 'D1_ERROR: database or disk is full: SQLITE_FULL'],
  [400, undefined, 'D1_ERROR: string or blob too big: SQLITE_TOOBIG'],
  [500, undefined, 'D1_ERROR: no such table: scim_resources: SQLITE_ERROR'],
]
it.each(answers)('a write is %d, Retry-After %s, after: %s', async (status, retryAfter, message) => {
  let fails = false
  const db = fakeD1(openSqlite(':memory:'), async () => {
    if (fails) throw new Error(message)
  })
  const provider = d1Provider(db)
  await provider.migrate()
  expect(await provider.facts.read('ready')).toBeUndefined()
  fails = true
  const write = async () => provider.insert({ type: 'Group', id: 'g' }, next([], false), testContext())
  const failure = await write().catch((error: unknown) => error)
  if (!(failure instanceof ScimError)) throw failure
  expect([failure.status, failure.headers['Retry-After']]).toEqual([status, retryAfter])
  expect(failure.message.toLowerCase()).toContain('nothing was written')
})
