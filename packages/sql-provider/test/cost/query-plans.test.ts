/** Frequent queries of identity providers are answered from indexes: with as many steps for a million resources as for ten. */
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { defaultLimits, tenantId } from '@scimkit/core'
import { interopFrom, parseFilter } from '@scimkit/core/filter'
import { caseKey, firstVersion, type Needs, type Query, type Sort } from '@scimkit/core/provider'
import { resolvePath } from '@scimkit/core/schema'
import { testContext } from '@scimkit/testkit'
import { sql } from 'kysely'
import { dialectOf } from '../../src/dialect/dialects.js'
import { openSqlite } from '../../src/driver/sqlite/connection.js'
import { keysWithin } from '../../src/query/filter/candidates.js'
import { sqliteProvider } from '../../src/sqlite.js'
import { compilable } from '../../src/statement/compilable.js'
import { passing } from '../../src/statement/template.js'
import { recording, walks } from '../support/query/plans.js'
import { type TypeName, types } from '../support/query/types.js'

const { connection, plans } = recording(openSqlite(':memory:'))
const provider = sqliteProvider(connection)
const context = testContext(tenantId('plans'))
const interop = interopFrom('lenient')
const plain: Needs = { members: 'none', derived: false }
const derived: Needs = { members: 'none', derived: true }
const allMembers: Needs = { members: 'all', derived: false }

beforeAll(async () => {
  for (let i = 0; i < 30; i++) {
    const user = { schemas: ['urn:a'], id: `u${i}`, userName: `User${i}`, externalId: `X${i}`, active: true }
    await provider.insert(
      { type: 'User', id: user.id },
      {
        resource: user,
        version: firstVersion('a', '00c0ffee1dea'),
        at: '2026-01-01T00:00:00Z',
        unique: [{ attribute: 'userName', key: caseKey(user.userName) }],
        members: undefined,
      },
      context,
    )
    const add = [{ value: user.id }, { value: `g${(i + 1) % 30}` }]
    await provider.insert(
      { type: 'Group', id: `g${i}` },
      {
        resource: { schemas: ['urn:b'], id: `g${i}`, displayName: `Group ${i}` },
        version: firstVersion('a', '00c0ffee1dea'),
        at: '2026-01-01T00:00:00Z',
        unique: [],
        members: { add, remove: [] },
      },
      context,
    )
  }
})
afterAll(() => provider.close())

function sortBy(type: TypeName, text: string, descending = false): Sort {
  const path = resolvePath(types[type], text, interop)
  if (path === undefined) throw new Error(text)
  return { path, descending }
}

async function plansOf(
  type: TypeName,
  filter: string | undefined,
  rest: Partial<Query> = {},
): Promise<readonly (readonly string[])[]> {
  plans()
  const query: Query = {
    filter: filter === undefined ? undefined : parseFilter(filter, types[type], interop, defaultLimits),
    sort: undefined,
    page: { startIndex: 1, count: 100 },
    needs: plain,
    ...rest,
  }
  await provider.query(type, query, context)
  return plans()
}

describe('answered from indexes alone', () => {
  it.each<[TypeName, string, Needs]>([
    ['User', 'userName eq "user5"', plain],
    ['User', 'userName eq "user5"', derived],
    ['User', 'userName eq "user5" and active eq true', plain],
    ['User', 'active eq true and (userName eq "user5" and title pr)', plain],
    ['User', 'userName eq "user5" or externalId eq "X6"', plain],
    ['User', 'userName eq "user5" or (externalId eq "X6" and active eq true)', plain],
    ['User', 'userName eq "user5" and not (externalId eq "X6")', plain],
    ['User', 'externalId eq "X5"', plain],
    ['User', 'id eq "u5"', plain],
    ['User', 'id eq "u5"', derived],
    ['User', 'id eq "u5" or id eq "u6" or userName eq "user7"', plain],
    ['User', Array.from({ length: 20 }, (_, i) => `userName eq "user${i}"`).join(' or '), plain],
    ['User', Array.from({ length: 20 }, (_, i) => `id eq "u${i}"`).join(' or '), plain],
    ['User', 'userName sw "user1"', plain],
    ['User', 'emails[type eq "work" and value eq "x"]', plain],
    ['User', 'groups eq "g5"', plain],
    ['Group', 'id eq "g5" and members eq "u5"', plain],
    ['Group', 'members[value eq "u5"]', plain],
    ['Group', 'members eq "u5" or members eq "u6"', plain],
    ['Group', 'displayName eq "group 5"', allMembers],
    ['Group', 'displayName eq "group 5" and members eq "u5"', allMembers],
    ['Group', 'displayName eq "group 5" and members[value eq "u5" and type eq "User"]', plain],
  ])('%s: %s (%j)', async (type, filter, needs) => {
    for (const plan of await plansOf(type, filter, { needs })) expect(walks(plan)).toEqual([])
  })

  it.each<[TypeName, Needs]>([
    ['User', plain],
    ['User', derived],
    ['Group', allMembers],
  ])('a read of a %s (%j)', async (type, needs) => {
    plans()
    await provider.read({ type, id: type === 'User' ? 'u5' : 'g5' }, needs, context)
    for (const plan of plans()) expect(walks(plan)).toEqual([])
  })
})

describe('a page in the order of an index', () => {
  it.each<[string, Partial<Query>]>([
    ['without sort', { page: { after: undefined, count: 3 } }],
    ['by userName', { sort: sortBy('User', 'userName'), page: { after: undefined, count: 3 } }],
    ['by userName, later', { sort: sortBy('User', 'userName'), page: { after: '[5,"user1"]', count: 3 } }],
    ['by meta.lastModified', { sort: sortBy('User', 'meta.lastModified'), page: { after: undefined, count: 3 } }],
  ])('%s sorts nothing', async (_, rest) => {
    for (const plan of await plansOf('User', undefined, rest)) {
      expect(plan.filter((step) => step.includes('USE TEMP B-TREE FOR ORDER BY'))).toEqual([])
    }
  })

  it('in descending order sorts only equal keys', async () => {
    const rest = { sort: sortBy('User', 'userName', true), page: { after: '[5,"user1"]', count: 3 } }
    for (const plan of await plansOf('User', undefined, rest)) {
      expect(plan.filter((step) => step.includes('USE TEMP B-TREE FOR ORDER BY'))).toEqual([])
    }
  })
})

describe('statements', () => {
  it('one finds a user by name', async () => {
    expect(await plansOf('User', 'userName eq "user5"')).toHaveLength(1)
  })
  it('one reads a document', async () => {
    plans()
    await provider.read({ type: 'User', id: 'u5' }, plain, context)
    expect(plans()).toHaveLength(1)
  })
  it('a portion of a range of keys begins at the end of the previous portion', () => {
    const dialect = dialectOf('sqlite')
    const ofPath = sql<boolean>`k.tenant = 'plans' and k.type = 'User' and k.path = 'userName'`
    const { after, order } = keysWithin(ofPath, 'user', 'uses')
    const statement = passing<{ fold: string; row: number }>(
      compilable(dialect, sql`select k.row_id from scim_keys as k where ${after} order by ${order} limit 10`),
    )({ fold: 'user5', row: 5 })
    const plan = connection.prepare(`explain query plan ${statement.sql}`).all(...statement.parameters)
    expect(JSON.stringify(plan)).toContain('(fold,row_id)>(?,?)')
  })
  it('a page that is not full is not counted', async () => {
    // The rows that the index finds, and their documents.
    expect(await plansOf('User', 'userName sw "user1"')).toHaveLength(2)
    expect(await plansOf('User', undefined)).toHaveLength(1)
  })
})
