/**
 * Quotas are exact: many clients create users at a limit, through one server and through several processes on one database, also
 * while others remove users. Some seconds; 64 clients with 100 creates each at a limit of 1,000 with SCIMKIT_EFFORT=full.
 */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it, jest } from '@jest/globals'
import { createScim, noAuthentication } from '@scimkit/core'
import type { ResourceProvider } from '@scimkit/core/provider'
import { memoryProvider } from '@scimkit/memory-provider'
import { type Exchange, viaHandler } from '@scimkit/testkit'
import { effort } from '../../../testkit/test/support/effort.js'
import { sqliteProvider } from '../../src/sqlite.js'
import { serverProcess } from '../support/crash/server-process.js'
import { describePostgres } from '../support/postgres.js'
import { freshProviders } from '../support/postgres-schemas.js'
import { quotaRace } from '../support/quota-race.js'

const size = { short: { clients: 16, creates: 10, limit: 50 }, full: { clients: 64, creates: 100, limit: 1_000 } }[
  effort
]
const folder = mkdtempSync(join(tmpdir(), 'scimkit-quota-'))

// Each commit waits for the disk. `prove` has its own time limit.
if (effort === 'short') jest.setTimeout(120_000)
afterAll(() => rmSync(folder, { recursive: true, force: true }))

async function creates(exchanges: readonly Exchange[], race = size): Promise<void> {
  const end = await quotaRace(exchanges, { ...race, isRemoving: false })
  process.stdout.write(`${JSON.stringify(end)}\n`)
  expect(end).toMatchObject({ created: race.limit, others: [], total: race.limit, filled: 0 })
  expect(end.most).toBeLessThanOrEqual(race.limit)
}

async function removals(exchanges: readonly Exchange[], race = size): Promise<void> {
  const end = await quotaRace(exchanges, { ...race, isRemoving: true })
  process.stdout.write(`${JSON.stringify(end)}\n`)
  const { created, removed, total, filled, most, others } = end
  expect(others).toEqual([])
  expect(most).toBeLessThanOrEqual(race.limit)
  expect(removed).toBeGreaterThan(0)
  expect({ total, afterwards: total + filled }).toEqual({ total: created - removed, afterwards: race.limit })
}

function served(provider: ResourceProvider, limit = size.limit): Exchange {
  return viaHandler(createScim({ provider, authenticate: noAuthentication(), quotas: { User: limit } }).handle)
}

describe('a quota in memory', () => {
  it('is exact', () => creates([served(memoryProvider())]))
  it('is exact with removals', () => removals([served(memoryProvider())]))
})

describe('a quota on SQLite', () => {
  const provider = (name: string) => sqliteProvider(join(folder, `${name}.db`), { durability: 'normal' })
  const [first, second] = [provider('creates'), provider('removals')]
  afterAll(async () => {
    for (const opened of [first, second]) await opened.close()
  })
  it('is exact', () => creates([served(first)]))
  it('is exact with removals', () => removals([served(second)]))
})

describePostgres('a quota on PostgreSQL', (url) => {
  const fresh = freshProviders(url)
  const [first, second] = [fresh(), fresh()]
  it('is exact', () => creates([served(first)]))
  it('is exact with removals', () => removals([served(second)]))
})

describePostgres('a quota on PostgreSQL with serializable transactions', (url) => {
  const few = { clients: 8, creates: 10, limit: 40 }
  const fresh = freshProviders(url)
  const [first, second] = [fresh({ isolation: 'serializable' }), fresh({ isolation: 'serializable' })]
  it('is exact', () => creates([served(first, few.limit)], few))
  it('is exact with removals', () => removals([served(second, few.limit)], few))
})

describePostgres('a quota of three processes on PostgreSQL', (url) => {
  const servers = [1, 2, 3].map(() => serverProcess(url, ['--quota', `User=${size.limit}`]))
  afterAll(async () => {
    for (const server of servers) await server.kill()
  })
  it('is exact', async () => {
    await Promise.all(servers.map((server) => server.start()))
    await creates(servers.flatMap((server) => server.exchange() ?? []))
  })
})
