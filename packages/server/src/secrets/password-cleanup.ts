/**
 * Deletes the password records of resources that were removed. Earlier versions did not delete them, and each contains a
 * digest of the document. This is not a migration of the schema: processes of an earlier version can use the database at the
 * same time, and again after a rollback.
 *
 * Any number of processes may do it at the same time, and during all other requests. A record is written after its resource,
 * so a record without a resource belongs to a removed one. It is deleted only if its text is still the text that was read:
 * if a resource with the same id was created in the meantime, its record has another text.
 */
import { setImmediate as nextTurn } from 'node:timers/promises'
import { createScim } from '@scimkit/core'
import { documentOnly } from '@scimkit/core/provider'
import type { Fact } from '@scimkit/sql-provider'
import type { OpenStore } from '../store/store.js'
import { ownerOf, passwordPrefix } from './password-record.js'

/** The store to clean. */
type Store = Pick<OpenStore, 'facts' | 'provider' | 'writesAtOnce'>

// Stored when all records have been checked, so that later starts skip the work.
const doneFact = 'records-of-removed'
// A few milliseconds of SQLite, which answers synchronously, without a turn of the event loop.
const batchSize = 100

/** Checks all records in batches and returns the number of deleted ones. Stops early, without an error, when `signal` aborts. */
export async function forgetPasswordsOfRemoved(store: Store, signal?: AbortSignal): Promise<number> {
  const { facts, provider, writesAtOnce } = store
  const scim = createScim({ provider })
  let deleted = 0

  async function check({ name, text }: Fact): Promise<void> {
    const owner = ownerOf(name)
    if (owner === undefined) return
    const context = scim.context({ tenant: owner.tenant, principal: 'passwords-of-removed' })
    if ((await provider.read(owner.ref, documentOnly, context)) !== undefined) return
    if (await facts.remove(name, text)) deleted += 1
  }

  for (let after = ''; ; await nextTurn()) {
    const records = await facts.list(passwordPrefix, after, batchSize)
    const waiting = records.values()
    const worker = async (): Promise<void> => {
      for (const record of waiting) {
        if (signal?.aborted === true) return
        await check(record)
      }
    }
    await Promise.all(Array.from({ length: writesAtOnce }, worker))
    if (signal?.aborted === true) return deleted
    const last = records.at(-1)
    if (last === undefined) break
    after = last.name
  }
  await facts.swap(doneFact, undefined, 'done')
  return deleted
}

/** The same, unless a process has completed it on this database before. */
export async function forgetPasswordsOfRemovedOnce(store: Store, signal: AbortSignal): Promise<number> {
  return (await store.facts.read(doneFact)) === undefined ? forgetPasswordsOfRemoved(store, signal) : 0
}

/**
 * Deletes them in the background, because there may be many, and reports the number by `say`. After a failure a later start
 * continues. `stop` ends the work and resolves when it has ended.
 */
export function startPasswordCleanup(store: Store, say: (line: string) => void): { stop(): Promise<void> } {
  const stopping = new AbortController()
  const deleted = (count: number): void => {
    if (count > 0) say(`${count} password records of removed users deleted`)
  }
  const failed = (error: unknown): void => {
    const reason = error instanceof Error ? error.message : String(error)
    say(`password records of removed users: not all deleted, the next start continues (${reason})`)
  }
  const done = forgetPasswordsOfRemovedOnce(store, stopping.signal).then(deleted, failed)
  return {
    stop() {
      stopping.abort()
      return done
    },
  }
}
