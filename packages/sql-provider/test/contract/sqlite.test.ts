/** The provider contract, the wire contract and the traces on SQLite, with the SQLite of this runtime. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, it, test } from '@jest/globals'
import { bearerToken, createScim, type ScimOptions } from '@scimkit/core'
import type { ResourceProvider } from '@scimkit/core/provider'
import {
  bind,
  type Exchange,
  loadTraces,
  providerContract,
  traceContract,
  viaHandler,
  wireContract,
} from '@scimkit/testkit'
import { bindRefusedUnread } from '../../../testkit/test/support/refused-unread.js'
import { type WireStore, wireTarget } from '../../../testkit/test/support/wire-servers.js'
import { openSqlite, rowsOf } from '../../src/driver/sqlite/connection.js'
import { type SqliteProviderOptions, type SqlProvider, sqliteProvider } from '../../src/sqlite.js'
import { notesIn } from '../support/host-notes.js'

const folder = mkdtempSync(join(tmpdir(), 'scimkit-sqlite-'))
const opened: SqlProvider[] = []
const token = 'a-token-of-32-characters-or-more-it-is'

afterAll(async () => {
  for (const provider of opened) await provider.close()
  rmSync(folder, { recursive: true, force: true })
})

/** A provider on a file of its own. */
function fresh(options: SqliteProviderOptions = {}): ResourceProvider {
  const provider = sqliteProvider(join(folder, `${opened.length}.db`), { durability: 'normal', ...options })
  opened.push(provider)
  return provider
}

const connection = openSqlite(join(folder, 'shared.db'))
const shared = sqliteProvider(connection, { durability: 'normal' })
opened.push(shared)
const notes = notesIn((text) => rowsOf(connection.prepare(text), []), false)

function serve(options: Partial<ScimOptions>, store: WireStore = {}): Exchange {
  return viaHandler(createScim({ authenticate: bearerToken(token), ...options, provider: fresh(store) }).handle)
}

const traces = await loadTraces()

describe('SQLite: the provider contract', () => {
  bind(
    { it },
    providerContract(() => shared, { notes }),
  )
})
describe('SQLite: the provider contract, with a history', () => {
  const remembering = fresh({ history: 3 })
  bind(
    { it },
    providerContract(() => remembering, { filters: 20, rounds: 5, history: 3 }),
  )
})
describe('SQLite: the provider contract, with a history and an outbox', () => {
  const recording = fresh({ history: 3, outbox: true })
  bind(
    { it },
    providerContract(() => recording, { filters: 5, rounds: 5, history: 3 }),
  )
})
describe('SQLite: the wire contract', () => {
  bind({ test }, wireContract(wireTarget(serve)))
})
describe('SQLite: requests that the host rejects', () => {
  bindRefusedUnread(shared, (options) => viaHandler(createScim(options).handle))
})
describe('SQLite: all traces in entra', () => {
  bind({ test }, traceContract(traces, serve({ interop: 'entra' }), { token }))
})
