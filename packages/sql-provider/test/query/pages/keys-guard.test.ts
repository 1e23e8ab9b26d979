/** A process with another list of indexes, or of an older version, writes nothing and never returns an empty list. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe } from '@jest/globals'
import { d1Driver } from '../../../src/driver/d1/driver.js'
import { postgresDriver } from '../../../src/driver/postgres/driver.js'
import { openSqlite } from '../../../src/driver/sqlite/connection.js'
import { type SqlProvider, sqlProvider } from '../../../src/provider.js'
import { sqliteProvider } from '../../../src/sqlite.js'
import { fakeD1 } from '../../support/edge/fake-d1.js'
import { bindKeysOfOthers } from '../../support/keys-of-others.js'
import { administer, describePostgres } from '../../support/postgres.js'

const folder = mkdtempSync(join(tmpdir(), 'scimkit-keys-'))
const opened: SqlProvider[] = []
let files = 0

afterAll(async () => {
  for (const provider of opened) await provider.close()
  rmSync(folder, { recursive: true, force: true })
})

function kept(provider: SqlProvider): SqlProvider {
  opened.push(provider)
  return provider
}

describe('SQLite', () => {
  bindKeysOfOthers(async () => {
    const file = join(folder, `${files++}.db`)
    return {
      open: (options) => kept(sqliteProvider(file, { ...options, durability: 'normal' })),
      async ask(sql) {
        const connection = openSqlite(file)
        connection.exec(sql)
        connection.close()
      },
    }
  })
})

describe('D1', () => {
  bindKeysOfOthers(async () => {
    const connection = openSqlite(':memory:')
    return {
      open: (options) => sqlProvider(d1Driver(fakeD1(connection), { retryMilliseconds: 0 }), options),
      async ask(sql) {
        connection.exec(sql)
      },
    }
  })
})

describePostgres('PostgreSQL', (url) => {
  bindKeysOfOthers(async () => {
    await administer(url, ['drop schema public cascade', 'create schema public'])
    return {
      open: (options) => kept(sqlProvider(postgresDriver(url), options)),
      async ask(sql) {
        await administer(url, [sql])
      },
    }
  })
})
