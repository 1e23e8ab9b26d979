/**
 * 32 clients increment one attribute of one user concurrently: 5 times each here, 1,000 times with SCIMKIT_EFFORT=full.
 * No increment is lost, and pauses with full jitter need fewer attempts than pauses of a fixed length.
 */
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, jest, test } from '@jest/globals'
import { createClient, type Fetch, type UpdateOptions, type User } from '@scimkit/client'
import { noAuthentication } from '@scimkit/core'
import type { ResourceProvider } from '@scimkit/core/provider'
import { sqliteProvider } from '@scimkit/sql-provider/sqlite'
import { describePostgres } from '../../../sql-provider/test/support/postgres.js'
import { freshProviders } from '../../../sql-provider/test/support/postgres-schemas.js'
import { effort } from '../../../testkit/test/support/effort.js'
import { frameworks } from '../../../testkit/test/support/frameworks.js'
import { base, server } from '../support/server.js'

const clients = 32
const increments = { short: 5, full: 1_000 }[effort]
// The fixed policy is only here for comparison, and is slower.
const compared = { short: 3, full: 100 }[effort]
jest.setTimeout({ short: 600_000, full: 24 * 3_600_000 }[effort])

interface Policy {
  readonly name: string
  readonly backoff: NonNullable<UpdateOptions<User>['backoff']>
  readonly random: () => number
  readonly times: number
}
const jittered: Policy = { name: 'full jitter', backoff: {}, random: Math.random, times: increments }
// The policy of client-go's retry.DefaultRetry, without its 10 % of jitter.
const fixed: Policy = { name: 'fixed 10 ms', backoff: { first: 10, most: 10 }, random: () => 1, times: compared }

interface Figures {
  readonly sum: string | undefined
  readonly attemptsPerSuccess: number
  readonly mostAttempts: number
  readonly seconds: number
}

/** Increments from 0, each client as fast as it can. */
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
  const results: Record<string, Figures> = {}
  for (const policy of [jittered, fixed]) results[policy.name] = await count(url, fetch, policy)
  for (const { name, times } of [jittered, fixed]) {
    const { attemptsPerSuccess = 0, mostAttempts = 0, seconds = 0 } = results[name] ?? {}
    const figures = `${attemptsPerSuccess.toFixed(2)} attempts per success, ${mostAttempts} at most, ${seconds.toFixed(2)} s`
    process.stdout.write(`${clients} × ${times} increments, ${store}, ${name}: ${figures}\n`)
  }
  const { [jittered.name]: withJitter, [fixed.name]: withoutJitter } = results
  expect([withJitter?.sum, withoutJitter?.sum]).toEqual([String(clients * increments), String(clients * compared)])
  expect(withJitter?.attemptsPerSuccess).toBeLessThan(withoutJitter?.attemptsPerSuccess ?? 0)
}

// A millisecond each way, as on a fast network: without it one client would finish before the next one begins.
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

/** Compares over HTTP, with a server that exists only for this comparison. */
async function compareOverHttp(store: string, provider: ResourceProvider): Promise<void> {
  const host = createServer(listener({ provider, authenticate: noAuthentication() }))
  // The server must not close a kept-alive connection at the moment the client reuses it.
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
  // Created while tests are described, so that it has a schema; it connects at its first use.
  const provider = fresh()
  test('the same', () => compareOverHttp('PostgreSQL', provider))
})
