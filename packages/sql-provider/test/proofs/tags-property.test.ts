/**
 * REL-6 on stores that change versions themselves, in SQL, when a member is removed: the tag changes if and only if the stored
 * state changes, and no tag is used again.
 */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { jest, test } from '@jest/globals'
import type { ResourceProvider } from '@scimkit/core/provider'
import type { Exchange } from '@scimkit/testkit'
import { effort } from '../../../testkit/test/support/effort.js'
import { checkTags, tagServer } from '../../../testkit/test/tags/property.js'
import { sqliteProvider } from '../../src/sqlite.js'
import { describePostgres } from '../support/postgres.js'
import { freshProviders } from '../support/postgres-schemas.js'

const runs = { short: { sqlite: 100, postgres: 30 }, full: { sqlite: 10_000, postgres: 2_000 } }[effort]

if (effort === 'short') jest.setTimeout(120_000)

/** A tenant of its own for each server. */
function tenants(provider: ResourceProvider): () => Exchange {
  let count = 0
  return () => tagServer(provider, `tenant-${count++}`)
}

test(`SQLite (${runs.sqlite} sequences)`, async () => {
  const folder = mkdtempSync(join(tmpdir(), 'scimkit-tags-'))
  const provider = sqliteProvider(join(folder, 'people.db'), { durability: 'normal' })
  try {
    await checkTags('SQLite', runs.sqlite, tenants(provider))
  } finally {
    await provider.close()
    rmSync(folder, { recursive: true, force: true })
  }
})

describePostgres('PostgreSQL', (url) => {
  const fresh = freshProviders(url)
  const provider = fresh()
  test(`the same (${runs.postgres} sequences)`, () => checkTags('PostgreSQL', runs.postgres, tenants(provider)))
})
