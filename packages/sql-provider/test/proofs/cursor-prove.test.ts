/**
 * A whole tenant, read by cursor while other clients write: no user is skipped, no user is returned twice, and the last page costs
 * the same as the first one. 40,000 users here, 1,000,000 with SCIMKIT_EFFORT=full.
 * @see RFC 9865; REL-11
 */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { createScim, type ScimContext, tenantId } from '@scimkit/core'
import type { SearchRequest } from '@scimkit/core/operations'
import { effort } from '../../../testkit/test/support/effort.js'
import { openSqlite } from '../../src/driver/sqlite/connection.js'
import { sqliteProvider } from '../../src/sqlite.js'
import { countingConnection, type Work } from '../support/drivers/counting-connection.js'
import { seedUsers } from '../support/people/seed-users.js'
import { recording } from '../support/query/plans.js'

const users = { short: 40_000, full: 1_000_000 }[effort]
const pageSize = 1_000
const patience = { short: 600_000, full: 7_200_000 }[effort]
const folder = mkdtempSync(join(tmpdir(), 'scimkit-cursor-'))
const file = join(folder, 'people.db')
const sqlite = openSqlite(file)
const recorded = recording(sqlite)
const counting = countingConnection(recorded.connection)
const provider = sqliteProvider(counting.connection, { durability: 'normal' })
let now = Date.parse('2026-01-01T00:00:00.000Z')
const scim = createScim({ provider, cursorSeconds: 60, limits: { maxPageSize: pageSize }, ports: { now: () => now } })
const context = (tenant: string, principal = 'idp'): ScimContext =>
  scim.context({ tenant: tenantId(tenant), principal, baseUrl: 'https://app.example/scim/v2' })
const here = context('here')

beforeAll(async () => {
  await provider.migrate()
  seedUsers(sqlite, 'here', users)
  seedUsers(sqlite, 'there', 2_500)
}, patience)

afterAll(async () => {
  await provider.close()
  rmSync(folder, { recursive: true, force: true })
})

interface Page {
  readonly ids: readonly string[]
  readonly next: string | undefined
}

async function page(search: SearchRequest, cursor: string, who: ScimContext = here): Promise<Page> {
  const asked = { count: pageSize, attributes: ['userName'], ...search, cursor }
  const { value } = await scim.perform({ kind: 'query', type: 'User', search: asked }, who)
  const { Resources } = JSON.parse(value.text) as { Resources: readonly { readonly id: string }[] }
  return { ids: Resources.map(({ id }) => id), next: value.nextCursor }
}

interface Cost extends Work {
  readonly plans: readonly string[]
}

/** The cost of a page, and its query plans. */
async function costOf(search: SearchRequest, cursor: string): Promise<Cost> {
  counting.taken()
  recorded.plans()
  await page(search, cursor)
  return { ...counting.taken(), plans: recorded.plans().flat() }
}

/** Concurrent writers: between any two pages they create, delete and change one user each. They do not change sort values. */
function others(round: number) {
  let turn = 0
  const gone = new Set<string>()
  const made = new Set<string>()
  return {
    gone,
    made,
    async write(): Promise<void> {
      turn += 1
      const name = `${turn % 2 === 0 ? 'AAA' : 'zzz'}-${round}-${turn}`
      const body = { schemas: ['urn:ietf:params:scim:schemas:core:2.0:User'], userName: name }
      const created = await scim.perform({ kind: 'create', type: 'User', body }, here)
      if (created.kind === 'created') made.add(created.value.ref.id)
      // In all parts of the list, so before and after the position of the walk; each user is deleted once.
      const leaving = `here-${(round * 331 + turn * 7_919) % users}`
      if ((await scim.perform({ kind: 'remove', ref: { type: 'User', id: leaving } }, here)).kind === 'removed') {
        gone.add(leaving)
      }
      const changed = { type: 'User', id: `here-${(turn * 104_729) % users}` }
      const edit = { op: 'replace', path: 'title', value: `changed ${turn}` }
      await scim.perform({ kind: 'patch', ref: changed, body: { ...patchOp, Operations: [edit] } }, here)
    },
  }
}

const patchOp = { schemas: ['urn:ietf:params:scim:api:messages:2.0:PatchOp'] }

describe(`${users.toLocaleString('en')} users`, () => {
  let alreadyGone: ReadonlySet<string> = new Set()

  it.each([
    ['in base order', {}],
    ['by userName', { sortBy: 'userName' }],
    ['by userName, descending', { sortBy: 'userName', sortOrder: 'descending' }],
  ] satisfies [string, SearchRequest][])(
    '%s: read to the end during writes, no user is skipped and no user is returned twice',
    async (_, search) => {
      const rivals = others(alreadyGone.size)
      const seen = new Set<string>()
      let [doubled, pages, cursor, last]: [number, number, string | undefined, string] = [0, 0, '', '']
      do {
        last = cursor
        const { ids, next }: Page = await page(search, cursor)
        for (const id of ids) {
          if (seen.has(id)) doubled += 1
          seen.add(id)
        }
        pages += 1
        cursor = next
        if (pages % 2 === 0) await rivals.write()
      } while (cursor !== undefined)
      let skipped = 0
      for (let i = 0; i < users; i++) {
        const id = `here-${i}`
        if (!seen.has(id) && !rivals.gone.has(id) && !alreadyGone.has(id)) skipped += 1
      }
      expect({ doubled, skipped }).toEqual({ doubled: 0, skipped: 0 })
      expect(pages).toBeGreaterThanOrEqual(Math.floor((users - alreadyGone.size - rivals.gone.size) / pageSize))
      expect(rivals.gone.size).toBeGreaterThan(10)
      alreadyGone = new Set([...alreadyGone, ...rivals.gone])
      await expectSameCost(search, last)
    },
    patience,
  )
})

/** The last page costs the same as the first one, and neither reads a whole table or index. */
async function expectSameCost(search: SearchRequest, last: string): Promise<void> {
  const [atFirst, atLast] = [await costOf(search, ''), await costOf(search, last)]
  expect(atLast.rows).toBeLessThanOrEqual(1.5 * atFirst.rows)
  // Users without a sort value are a separate part of the list.
  expect(atLast.statements).toBeLessThanOrEqual(atFirst.statements + (search.sortBy === undefined ? 0 : 1))
  expect([...atFirst.plans, ...atLast.plans].length).toBeGreaterThan(1)
  for (const line of [...atFirst.plans, ...atLast.plans]) expect(line).not.toMatch(unbounded)
}

describe('refused', () => {
  const search = { sortBy: 'userName' }
  const ending = async (made: SearchRequest, used: SearchRequest, who = here): Promise<unknown> => {
    const { next } = await page(made, '')
    return page(used, next ?? 'none', who).catch((error: unknown) => error)
  }
  const invalid = { status: 400, scimType: 'invalidCursor' }

  it('a cursor of another tenant, another caller, another query', async () => {
    expect(await ending(search, search)).toMatchObject({ ids: expect.any(Array) })
    expect(await ending(search, search, context('there'))).toMatchObject(invalid)
    expect(await ending(search, search, context('here', 'somebody'))).toMatchObject(invalid)
    expect(await ending(search, {})).toMatchObject(invalid)
    expect(await ending(search, { ...search, filter: 'active eq true' })).toMatchObject(invalid)
    expect(await ending(search, { ...search, sortOrder: 'descending' })).toMatchObject(invalid)
  })

  it('a forged cursor, and an expired cursor', async () => {
    const { next = '' } = await page(search, '')
    const turned = [...next].reverse().join('')
    for (const forged of [turned, `A${next.slice(1)}B`, 'WyJ1c2VyIiwxXQ']) {
      expect(await page(search, forged).catch((error: unknown) => error)).toMatchObject(invalid)
    }
    now += 60_000
    const expired = { status: 400, scimType: 'expiredCursor' }
    expect(await page(search, next).catch((error: unknown) => error)).toMatchObject(expired)
  })

  it('not a cursor of another process on the same database', async () => {
    const { next = '' } = await page(search, '')
    const rival = sqliteProvider(file, { durability: 'normal' })
    try {
      const theirs = createScim({ provider: rival, limits: { maxPageSize: pageSize }, ports: { now: () => now } })
      const asked = { count: pageSize, ...search, cursor: next }
      const { value } = await theirs.perform({ kind: 'query', type: 'User', search: asked }, here)
      expect(value.itemsPerPage).toBe(pageSize)
    } finally {
      await rival.close()
    }
  })
})

// A whole table is read or sorted. Parameters and subqueries for one page are only as large as the page.
const unbounded = /^SCAN (?!json_each|part$|counted$)|B-TREE FOR ORDER/
