/** A damaged SQLite file is 503 for every request: after 404 for an existing user, identity providers create it again. */
import { spawnSync } from 'node:child_process'
import { copyFileSync, mkdtempSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { ScimError, tenantId } from '@scimkit/core'
import { caseKey, firstVersion } from '@scimkit/core/provider'
import { testContext } from '@scimkit/testkit'
import { openSqlite } from '../../../src/driver/sqlite/connection.js'
import { checkSqlite, type SqlProvider, sqliteProvider } from '../../../src/sqlite.js'

const folder = mkdtempSync(join(tmpdir(), 'scimkit-damaged-'))
const context = testContext(tenantId('acme'))
const count = 300
const pageBytes = 4_096
const whole = join(folder, 'whole.db')
const opened: SqlProvider[] = []
let files = 0

function open(file: string): SqlProvider {
  const provider = sqliteProvider(file, { durability: 'normal' })
  opened.push(provider)
  return provider
}

beforeAll(async () => {
  const provider = open(whole)
  for (let i = 0; i < count; i++) {
    const userName = `user${i}`
    await provider.insert(
      { type: 'User', id: `u${i}` },
      {
        resource: { schemas: ['urn:a'], id: `u${i}`, userName, nickName: 'x'.repeat(500) },
        version: firstVersion('a', '00c0ffee1dea'),
        at: '2026-01-01T00:00:00Z',
        unique: [{ attribute: 'userName', key: caseKey(userName) }],
        members: undefined,
      },
      context,
    )
  }
  await provider.close()
})
afterAll(async () => {
  for (const provider of opened) await provider.close()
  rmSync(folder, { recursive: true, force: true })
})

function copy(): string {
  const file = join(folder, `${files++}.db`)
  copyFileSync(whole, file)
  return file
}

type Damage = 'zeros' | 'noise'

// In another process: closing a file that this process has open would release its locks.
function damage(file: string, pages: readonly number[], how: Damage): void {
  const program = `
    const { openSync, writeSync, closeSync } = require('node:fs')
    const file = openSync(process.argv[1], 'r+')
    for (const page of JSON.parse(process.argv[2])) {
      const bytes = Buffer.alloc(${pageBytes / 2})
      if (process.argv[3] === 'noise') for (let i = 0; i < bytes.length; i++) bytes[i] = (i * 7919 + page * 31) % 251
      writeSync(file, bytes, 0, bytes.length, page * ${pageBytes} + ${pageBytes / 2})
    }
    closeSync(file)`
  const { status, stderr } = spawnSync(process.execPath, ['-e', program, file, JSON.stringify(pages), how])
  if (status !== 0) throw new Error(String(stderr))
}

/** The number of users for each status. */
async function answers(provider: SqlProvider): Promise<Readonly<Record<string, number>>> {
  const seen: Record<string, number> = {}
  for (let i = 0; i < count; i++) {
    const answer = await Promise.resolve()
      .then(() => provider.read({ type: 'User', id: `u${i}` }, { members: 'none', derived: false }, context))
      .then((stored) => (stored === undefined ? '404' : '200'))
      .catch((error: unknown) => (error instanceof ScimError ? String(error.status) : String(error)))
    seen[answer] = (seen[answer] ?? 0) + 1
  }
  return seen
}

const everyPage = (step: number): readonly number[] =>
  Array.from({ length: statSync(whole).size / pageBytes }, (_, page) => page).filter(
    (page) => page > 1 && page % step === 0,
  )

describe('a damaged SQLite file', () => {
  it.each<[Damage, number]>([
    ['zeros', 7],
    ['noise', 7],
    ['zeros', 1],
    ['noise', 31],
  ])('is 503 for every request if it is damaged before it is opened: %s in every %dth page', async (how, step) => {
    const file = copy()
    damage(file, everyPage(step), how)
    expect(await answers(open(file))).toEqual({ '503': count })
    expect(checkSqlite(file)).not.toEqual([])
  })

  it.each<[Damage, number]>([
    ['zeros', 7],
    ['noise', 7],
  ])('is never 404 when it is damaged while it is open: %s in every %dth page', async (how, step) => {
    const file = copy()
    const connection = openSqlite(file)
    // Otherwise all pages of such a small file are in memory, undamaged.
    connection.exec('pragma cache_size = 10')
    const provider = sqliteProvider(connection)
    opened.push(provider)
    expect(await provider.facts.read('nothing')).toBeUndefined()
    damage(file, everyPage(step), how)
    const { '404': notFound = 0, '503': unavailable = 0 } = await answers(provider)
    expect(notFound).toBe(0)
    expect(unavailable).toBeGreaterThan(0)
    await expect(provider.facts.read('nothing')).rejects.toMatchObject({
      status: 503,
      cause: { message: expect.stringMatching(/damaged.*restore a backup/) },
    })
  })

  it('is reported as sound if it is', () => {
    expect(checkSqlite(copy())).toEqual([])
  })
})
