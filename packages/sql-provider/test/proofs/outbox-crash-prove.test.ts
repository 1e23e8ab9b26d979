/**
 * kill -9 of writers and consumers: each commit has exactly one row in the outbox, there is no row without a commit, and each
 * change is delivered, in order for each resource. 6 kills per store here, 1,000 with SCIMKIT_EFFORT=full.
 */
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, it, jest } from '@jest/globals'
import { createScim, type ScimContext, tenantId } from '@scimkit/core'
import { documentOnly } from '@scimkit/core/provider'
import { seededRandom } from '../../../testkit/src/seeded-random.js'
import { effort, seed } from '../../../testkit/test/support/effort.js'
import { postgresProvider } from '../../src/postgres.js'
import type { SqlProvider } from '../../src/provider.js'
import { sqliteProvider } from '../../src/sqlite.js'
import {
  brokenChains,
  keyOfResource,
  notRecordedOnce,
  type StoredVersions,
  wrongDeliveries,
} from '../support/outbox/outbox-findings.js'
import { type Acknowledged, type OutboxProcess, outboxProcess } from '../support/outbox/outbox-processes.js'
import { allChanges } from '../support/outbox/outbox-writes.js'
import { describePostgres } from '../support/postgres.js'

const kills = effort === 'full' ? 1_000 : 6
const writers = 3
const consumers = 2
const longestLife = 600

// Each kill is followed by the start of a process; `prove` has its own time limit.
if (effort === 'short') jest.setTimeout(300_000)

async function surviveKills(store: string, open: () => SqlProvider, folder: string): Promise<void> {
  const provider = open()
  const scim = createScim({ provider })
  const context = scim.context({ tenant: tenantId('one') })
  const groups: string[] = []
  for (const displayName of ['all', 'some']) {
    const body = { schemas: ['urn:ietf:params:scim:schemas:core:2.0:Group'], displayName }
    const made = await scim.perform({ kind: 'create', type: 'Group', body }, context)
    if (made.kind !== 'created') throw new Error(made.kind)
    groups.push(made.value.ref.id)
  }
  const log = join(folder, `deliveries-${store.startsWith('postgres:') ? 'postgres' : 'sqlite'}`)
  const acknowledged: Acknowledged[] = []
  const processes: readonly OutboxProcess[] = [
    ...Array.from({ length: writers }, () =>
      outboxProcess({ role: 'write', store, groups }, (change) => acknowledged.push(change)),
    ),
    ...Array.from({ length: consumers }, () => outboxProcess({ role: 'consume', store, log, pause: 10 })),
  ]
  const random = seededRandom(seed)
  let left = kills
  try {
    await Promise.all(processes.map((one) => one.start()))
    await Promise.all(
      processes.map(async (one) => {
        while (left-- > 0) {
          await new Promise((resume) => setTimeout(resume, random.below(longestLife)))
          await one.kill()
          await one.start()
        }
      }),
    )
    // A life without kills, in which the consumers deliver the rest.
    for (const writer of processes.slice(0, writers)) await writer.kill()
    for (const deadline = performance.now() + 120_000; performance.now() < deadline; ) {
      const [state] = await provider.outbox.consumers()
      if (state?.lag === 0) break
      await new Promise((resume) => setTimeout(resume, 100))
    }
  } finally {
    for (const one of processes) await one.kill()
  }

  const changes = await allChanges(provider, { limit: 1_000 })
  const stored = await storedVersions(provider, context)
  const delivered = existsSync(log) ? readFileSync(log, 'utf8') : ''
  process.stdout.write(
    `${store.split(':')[0]?.slice(0, 8)}: ${kills} kills, ${acknowledged.length} changes acknowledged, ${changes.length} rows, ${delivered.split('"begin"').length - 1} deliveries, seed ${seed}\n`,
  )
  await provider.close()
  expect(brokenChains(changes, stored)).toEqual([])
  expect(notRecordedOnce(acknowledged, changes)).toEqual([])
  expect(wrongDeliveries(delivered, changes)).toEqual([])
  expect(acknowledged.length).toBeGreaterThan(kills)
}

async function storedVersions(provider: SqlProvider, context: ScimContext): Promise<StoredVersions> {
  const versions = new Map<string, string>()
  for (const type of ['User', 'Group']) {
    for (let after: string | undefined; ; ) {
      const page = await provider.query(
        type,
        { filter: undefined, sort: undefined, page: { after, count: 200 }, needs: documentOnly },
        context,
      )
      for (const { ref, version } of page.resources) versions.set(keyOfResource(ref), version)
      after = page.next
      if (after === undefined) break
    }
  }
  return versions
}

it(`SQLite: ${kills} kills of processes on one file`, async () => {
  const folder = mkdtempSync(join(tmpdir(), 'scimkit-outbox-'))
  const file = join(folder, 'people.db')
  try {
    await surviveKills(file, () => sqliteProvider(file, { outbox: true, durability: 'normal' }), folder)
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
})

describePostgres('PostgreSQL', (url) => {
  it(`${kills} kills of processes on one database`, async () => {
    const folder = mkdtempSync(join(tmpdir(), 'scimkit-outbox-'))
    try {
      await surviveKills(url, () => postgresProvider(url, { outbox: true }), folder)
    } finally {
      rmSync(folder, { recursive: true, force: true })
    }
  })
})
