/** The provider contract, the wire contract and the traces on PostgreSQL. */
import { describe, it, test } from '@jest/globals'
import { bearerToken, createScim, type ScimOptions } from '@scimkit/core'
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
import { notesIn } from '../support/host-notes.js'
import { administer, describePostgres } from '../support/postgres.js'
import { freshProviders } from '../support/postgres-schemas.js'

const token = 'a-token-of-32-characters-or-more-it-is'
const traces = await loadTraces()

describePostgres('PostgreSQL', (url) => {
  const fresh = freshProviders(url)
  const serve = (options: Partial<ScimOptions>, store: WireStore = {}): Exchange =>
    viaHandler(createScim({ authenticate: bearerToken(token), ...options, provider: fresh(store) }).handle)

  // Each provider has a schema of its own.
  const notes = notesIn((text) => administer(url, [text]), true, 'public.host_notes')
  describe('the provider contract', () => {
    const shared = fresh()
    bind(
      { it },
      providerContract(() => shared, { notes }),
    )
  })
  describe('the provider contract, behind a pooler', () => {
    const shared = fresh({ prepare: false })
    bind(
      { it },
      providerContract(() => shared, { filters: 20, rounds: 5, notes }),
    )
  })
  describe('the provider contract, with a history', () => {
    const remembering = fresh({ history: 3 })
    bind(
      { it },
      providerContract(() => remembering, { filters: 20, rounds: 5, history: 3 }),
    )
  })
  describe('the provider contract, with an outbox', () => {
    const recording = fresh({ outbox: true })
    bind(
      { it },
      providerContract(() => recording, { filters: 5, rounds: 5 }),
    )
  })
  describe('the provider contract, with a history and an outbox', () => {
    const recording = fresh({ outbox: true, history: 3 })
    bind(
      { it },
      providerContract(() => recording, { filters: 5, rounds: 5, history: 3 }),
    )
  })
  describe('the wire contract', () => {
    bind({ test }, wireContract(wireTarget(serve)))
  })
  describe('requests that the host rejects', () => {
    const shared = fresh()
    bindRefusedUnread(shared, (options) => viaHandler(createScim(options).handle))
  })
  describe('all traces in entra', () => {
    bind({ test }, traceContract(traces, serve({ interop: 'entra' }), { token }))
  })
})
