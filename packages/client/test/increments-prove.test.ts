/**
 * 32 clients count together, in one attribute of one user: 10 times each here, 1,000 times with SCIMKIT_EFFORT=full.
 * None is lost, and pauses that are drawn anew each time need fewer tries than pauses of one length.
 */
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, jest, test } from '@jest/globals'
import { createClient, type Fetch, type UpdateOptions, type User } from '@scimkit/client'
import { noAuthentication, type ResourceProvider } from '@scimkit/core'
import { sqliteProvider } from '@scimkit/sql-provider/sqlite'
import { describePostgres } from '../../sql-provider/test/support/postgres.js'
import { freshProviders } from '../../sql-provider/test/support/postgres-schemas.js'
import { effort } from '../../testkit/test/support/effort.js'
import { frameworks } from '../../testkit/test/support/frameworks.js'
import { base, server } from './support/server.js'

const clients = 32
const increments = { short: 10, full: 1_000 }[effort]
// The other policy is here to be compared with, and slower.
const compared = { short: 3, full: 100 }[effort]
jest.setTimeout({ short: 600_000, full: 24 * 3_600_000 }[effort])

interface Policy {
  readonly name: string
  readonly backoff: NonNullable<UpdateOptions<User>['backoff']>
  readonly random: () => number
  readonly times: number
}
const jittered: Policy = { name: 'full jitter', backoff: {}, random: Math.random, times: increments }
// What client-go's retry.DefaultRetry does, but for its 10 % of jitter.
const fixed: Policy = { name: 'fixed 10 ms', backoff: { first: 10, most: 10 }, random: () => 1, times: compared }

interface Figures {
  readonly sum: string | undefined
  readonly attemptsPerSuccess: number
  readonly mostAttempts: number
  readonly seconds: number
}

/** Counts from 0, each client as fast as it can. */
async function count(url: string, fetch: Fetch | undefined, policy: Policy): Promise<Figures> {
  const { backoff, random, times } = policy
  const own = () => createClient(url, { ports: { random }, ...(fetch !== undefined && { fetch }) })
  const { users } = own()
  const { id } = await users.create({ userName: `counter ${Math.random()}`, nickName: '0' })
  const attempts: number[] = []
  const started = performance.now()
  const run = async (): Promise<void> => {
    const mine = own()
    for (let i = 0; i < times; i++) {
      const result = await mine.users.update(id, (user) => ({ ...user, nickName: String(Number(user.nickName) + 1) }), {
        backoff,
        attempts: 10_000,
        time: 3_600_000,
      })
      if (result.kind !== 'success') throw new Error(JSON.stringify(result))
      attempts.push(result.attempts)
    }
  }
  await Promise.all(Array.from({ length: clients }, run))
  const seconds = (performance.now() - started) / 1_000
  const { nickName } = await users.get(id)
  const sum = attempts.reduce((total, each) => total + each, 0)
  return { sum: nickName, attemptsPerSuccess: sum / attempts.length, mostAttempts: Math.max(...attempts), seconds }
}

async function compare(store: string, url: string, fetch?: Fetch): Promise<void> {
  const told: Record<string, Figures> = {}
  for (const policy of [jittered, fixed]) told[policy.name] = await count(url, fetch, policy)
  for (const { name, times } of [jittered, fixed]) {
    const { attemptsPerSuccess = 0, mostAttempts = 0, seconds = 0 } = told[name] ?? {}
    const figures = `${attemptsPerSuccess.toFixed(2)} tries a success, ${mostAttempts} at most, ${seconds.toFixed(2)} s`
    process.stdout.write(`${clients} × ${times} increments, ${store}, ${name}: ${figures}\n`)
  }
  const { [jittered.name]: drawn, [fixed.name]: same } = told
  expect([drawn?.sum, same?.sum]).toEqual([String(clients * increments), String(clients * compared)])
  expect(drawn?.attemptsPerSuccess).toBeLessThan(same?.attemptsPerSuccess ?? 0)
}

// A millisecond each way, as on a good network: without it one client would be done before the next one begins.
const near = async (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 1))
const inMemory = server()
const withLatency: Fetch = async (url, init) => {
  await near()
  const response = await inMemory(url, init)
  await near()
  return response
}
test('memory, in this process', () => compare('memory', base, withLatency))

const listener = await frameworks['Express 5']()

/** Compares over HTTP; nothing of it is there before or after. */
async function compareOverHttp(store: string, provider: ResourceProvider): Promise<void> {
  const host = createServer(listener({ provider, authenticate: noAuthentication() }))
  // A connection kept by the client must not be closed by us in the moment it is used again.
  host.keepAliveTimeout = 60_000
  await once(host.listen(0, '127.0.0.1'), 'listening')
  try {
    await compare(`${store} over HTTP`, `http://127.0.0.1:${(host.address() as AddressInfo).port}/scim/v2`)
  } finally {
    host.close()
    host.closeAllConnections()
  }
}

test('SQLite, over HTTP', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'scimkit-increments-'))
  const provider = sqliteProvider(join(folder, 'people.db'))
  try {
    await compareOverHttp('SQLite', provider)
  } finally {
    await provider.close()
    rmSync(folder, { recursive: true, force: true })
  }
})

describePostgres('PostgreSQL, over HTTP', (url) => {
  const fresh = freshProviders(url)
  // Made while tests are described, so that it has a schema; it connects when it is asked for something.
  const provider = fresh()
  test('the same', () => compareOverHttp('PostgreSQL', provider))
})
