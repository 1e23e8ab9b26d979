/** Races on SQLite: through a server, and between three connections to one file. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, it, test } from '@jest/globals'
import { createScim, noAuthentication } from '@scimkit/core'
import { bind, providerContract, raceContract, races, viaHandler } from '@scimkit/testkit'
import { effort } from '../../../testkit/test/support/effort.js'
import { type SqlProvider, sqliteProvider } from '../../src/sqlite.js'
import { inTurn } from '../support/drivers/in-turn.js'

const lengths = { short: { rounds: 5, filters: 50 }, full: { rounds: 10_000, filters: 5_000 } }[effort]
const folder = mkdtempSync(join(tmpdir(), 'scimkit-sqlite-races-'))
const open = (file: string): SqlProvider => sqliteProvider(join(folder, file), { durability: 'normal' })

const alone = open('server.db')
const [first, second, third] = [open('shared.db'), open('shared.db'), open('shared.db')]

afterAll(async () => {
  for (const provider of [alone, first, second, third]) await provider.close()
  rmSync(folder, { recursive: true, force: true })
})

describe('races on SQLite, through a server', () => {
  const { handle } = createScim({ provider: alone, authenticate: noAuthentication() })
  bind({ test }, raceContract(races, viaHandler(handle), effort))
})

describe('the contract on SQLite, at length', () => {
  const all = inTurn([first, second, third])
  bind(
    { it },
    providerContract(() => all, lengths),
  )
})
