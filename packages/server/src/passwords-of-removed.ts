/**
 * Deletes the password records of resources that were removed. Versions before this one left them behind, each with a
 * digest of the document. It is no step of the schema: processes of the version before can serve the database meanwhile,
 * and again after a rollback.
 *
 * Any number of processes may do it at once, beside all other requests. A record is written after its resource, so a record
 * without a resource is of one that was removed. It is deleted only with the text that was read: if a resource with the
 * same id was created meanwhile, the text of its record is another one.
 */
import { setImmediate as otherWork } from 'node:timers/promises'
import { createScim, documentOnly } from '@scimkit/core'
import type { Fact } from '@scimkit/sql-provider'
import type { OpenStore } from './open-store.js'
import { ownerOf, passwordPrefix } from './password-record.js'

/** Where the work is done. */
type Store = Pick<OpenStore, 'facts' | 'provider' | 'writesAtOnce'>

// Noted when all records have been looked at, so that later starts need not look again.
const doneFact = 'records-of-removed'
// Some milliseconds of SQLite, which answers without a turn of the event loop.
const portion = 100

/** Looks at all records, in portions; gives how many it deleted. It stops early, without an error, when `signal` fires. */
export async function forgetPasswordsOfRemoved(store: Store, signal?: AbortSignal): Promise<number> {
  const { facts, provider, writesAtOnce } = store
  const scim = createScim({ provider })
  let deleted = 0

  async function look({ name, text }: Fact): Promise<void> {
    const owner = ownerOf(name)
    if (owner === undefined) return
    const context = scim.context({ tenant: owner.tenant, principal: 'passwords-of-removed' })
    if ((await provider.read(owner.ref, documentOnly, context)) !== undefined) return
    if (await facts.remove(name, text)) deleted += 1
  }

  for (let after = ''; ; await otherWork()) {
    const records = await facts.list(passwordPrefix, after, portion)
    const waiting = records.values()
    const inTurn = async (): Promise<void> => {
      for (const record of waiting) {
        if (signal?.aborted === true) return
        await look(record)
      }
    }
    await Promise.all(Array.from({ length: writesAtOnce }, inTurn))
    if (signal?.aborted === true) return deleted
    const last = records.at(-1)
    if (last === undefined) break
    after = last.name
  }
  await facts.swap(doneFact, undefined, 'done')
  return deleted
}

/** The same, unless a process has done it on this database before. */
export async function forgetPasswordsOfRemovedOnce(store: Store, signal: AbortSignal): Promise<number> {
  return (await store.facts.read(doneFact)) === undefined ? forgetPasswordsOfRemoved(store, signal) : 0
}
