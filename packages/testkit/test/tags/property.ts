import { createScim, noAuthentication } from '@scimkit/core'
import type { ResourceProvider } from '@scimkit/core/provider'
import { type Exchange, viaHandler } from '@scimkit/testkit'
import * as fc from 'fast-check'
import { seed } from '../support/effort.js'
import { sequences } from './operations.js'
import { play } from './play.js'

/** A server on a provider, for a tenant. Its clock always advances, so that `lastModified` shows every write. */
export function tagServer(provider: ResourceProvider, tenant: string): Exchange {
  let now = Date.UTC(2026, 0, 1)
  const ports = { now: () => (now += 1_000) }
  return viaHandler(createScim({ provider, authenticate: noAuthentication({ tenant }), ports }).handle)
}

/** Runs random sequences, each on a new server. Rejects with the smallest failing sequence. */
export async function checkTags(store: string, runs: number, fresh: () => Exchange): Promise<void> {
  process.stdout.write(`tags on ${store}: ${runs} sequences, SCIMKIT_SEED=${seed}\n`)
  const property = fc.asyncProperty(sequences, (steps) => play(fresh(), steps))
  await fc.assert(property, { seed, numRuns: runs })
}
