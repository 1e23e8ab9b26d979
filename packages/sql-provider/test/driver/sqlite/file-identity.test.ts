/** A SQLite file, or its log, that is replaced or removed while it is open: 503, and no write is acknowledged any more. */
import { copyFileSync, existsSync, mkdtempSync, renameSync, rmSync, unlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from '@jest/globals'
import { ScimError, tenantId } from '@scimkit/core'
import { testContext } from '@scimkit/testkit'
import { openSqlite } from '../../../src/driver/sqlite/connection.js'
import { hasWalFix, versionOf } from '../../../src/driver/sqlite/version.js'
import { type SqliteProviderOptions, type SqlProvider, sqliteProvider } from '../../../src/sqlite.js'
import { person, userRef } from '../../support/people/people.js'

const folder = mkdtempSync(join(tmpdir(), 'scimkit-replaced-'))
const context = testContext(tenantId('acme'))
const opened: SqlProvider[] = []
let files = 0

afterAll(async () => {
  for (const provider of opened) await provider.close()
  rmSync(folder, { recursive: true, force: true })
})

async function atWork(
  options: SqliteProviderOptions,
): Promise<{ readonly file: string; readonly provider: SqlProvider }> {
  const file = join(folder, `${files++}.db`)
  const provider = sqliteProvider(file, options)
  opened.push(provider)
  expect(await provider.insert(userRef('a'), person('a', 'ada'), context)).toMatchObject({ kind: 'success' })
  return { file, provider }
}

const write = (provider: SqlProvider, id: string) => provider.insert(userRef(id), person(id, `user-${id}`), context)
const read = (provider: SqlProvider) => provider.read(userRef('a'), { members: 'none', derived: false }, context)

async function ensure503(work: () => unknown, words: RegExp): Promise<void> {
  const error: unknown = await Promise.resolve()
    .then(work)
    .catch((thrown: unknown) => thrown)
  expect(error instanceof ScimError && error.status).toBe(503)
  expect((error as ScimError).cause).toMatchObject({ message: expect.stringMatching(words) })
}

const journals: readonly SqliteProviderOptions[] = [
  { engine: 'libsql', journal: 'rollback' },
  { engine: 'libsql', journal: 'wal-exclusive' },
]

describe.each(journals)('with %o', (options) => {
  it.each<[string, (file: string) => void]>([
    ['a backup is moved over the file', (file) => renameSync(copyOf(file), file)],
    ['the file is removed', (file) => unlinkSync(file)],
  ])('%s: no write is acknowledged, and reads end too', async (_, change) => {
    const { file, provider } = await atWork(options)
    change(file)
    await ensure503(() => write(provider, 'b'), /was replaced or removed while it was open.*scimkit check/)
    await ensure503(() => read(provider), /was replaced or removed/)
    await ensure503(() => write(provider, 'c'), /was replaced or removed/)
  })

  it('a process that only reads detects it within seconds', async () => {
    const { file, provider } = await atWork(options)
    renameSync(copyOf(file), file)
    await new Promise((resume) => setTimeout(resume, 1_100))
    await ensure503(() => read(provider), /was replaced or removed/)
  })
})

function copyOf(file: string): string {
  const copy = `${file}-copy`
  copyFileSync(file, copy)
  return copy
}

it('a removed log: no write is acknowledged, and the log of another connection is not removed at the end', async () => {
  const { file, provider } = await atWork({ engine: 'libsql', journal: 'wal-exclusive' })
  unlinkSync(`${file}-wal`)
  writeFileSync(`${file}-wal`, 'that of another connection')
  await ensure503(() => write(provider, 'b'), /write-ahead log .*-wal was replaced or removed/)
  await ensure503(() => read(provider), /write-ahead log/)
  await provider.close()
  expect(existsSync(`${file}-wal`)).toBe(true)
})

function builtInHasFix(): boolean {
  try {
    return hasWalFix(versionOf(openSqlite(':memory:', 'node:sqlite')))
  } catch {
    return false
  }
}

// The test needs two libraries, and Node 20 has one.
if (builtInHasFix()) {
  it('a second SQLite library in the process opens and closes the file: no write is acknowledged any more', async () => {
    const { file, provider } = await atWork({ engine: 'node:sqlite', journal: 'wal' })
    const second = openSqlite(file, 'libsql')
    // Not a prepared statement: libsql would not finalize it, and would keep the log.
    second.exec('select * from scim_meta')
    second.close()
    expect(existsSync(`${file}-wal`)).toBe(false)
    await ensure503(() => write(provider, 'b'), /second SQLite library/)
    await ensure503(() => read(provider), /second SQLite library/)
  })
}
