import type { JsonObject } from '@scimkit/core/json'
import { documentOnly } from '@scimkit/core/provider'
import { ensure, ensureEnd, ensureSame } from '../assert.js'
import { must, type ProviderCase } from '../provider-case.js'
import type { Rig } from '../rig.js'
import {
  documentOf,
  type Held,
  insertUser,
  newRemoval,
  newUserRef,
  newVersion,
  readBack,
  remove,
  replace,
  tryReplace,
  userDocument,
} from '../writes.js'

/** A user that was changed once: the first version is stale, the second is current. */
async function changedUser(rig: Rig): Promise<{ readonly stale: Held; readonly current: Held }> {
  const stale = await insertUser(rig)
  return { stale, current: await replace(rig, stale, { ...stale.document, nickName: 'changed' }) }
}

async function ensureUntouched(rig: Rig, held: Held, after: string): Promise<void> {
  const stored = await readBack(rig, held.ref)
  const { version, lastModified } = stored
  ensureSame(
    { version, lastModified },
    { version: held.version, lastModified: held.at },
    `version and time after ${after}`,
  )
  ensureSame(documentOf(stored), held.document, `document after ${after}`)
}

/** Every write is a compare-and-swap. */
export const conditionalCases: readonly ProviderCase[] = [
  must(
    'replace-stale',
    'a replace that expects another version changes nothing',
    'RFC 7644 §3.14; RFC 9110 §13.1.1; FP-D1',
    async (rig) => {
      const { stale, current } = await changedUser(rig)
      const result = await tryReplace(rig, stale, { ...stale.document, nickName: 'lost update' })
      ensureEnd(result, 'versionMismatch', 'replace with a stale version')
      await ensureUntouched(rig, current, 'a stale replace')
    },
  ),
  must(
    'replace-current',
    'a mismatched replace returns the expected and the current version',
    'RFC 7644 §3.14; FP-D2',
    async (rig) => {
      const { stale, current } = await changedUser(rig)
      const result = await tryReplace(rig, stale, { ...stale.document, nickName: 'lost update' })
      const { expected, current: seen } = ensureEnd(result, 'versionMismatch', 'replace with a stale version')
      ensureSame(expected, stale.version, 'expected of the mismatch')
      ensureSame(seen, current.version, 'current of the mismatch')
    },
  ),
  must(
    'replace-not-found',
    'a replace of an unknown id is notFound and creates nothing',
    'RFC 7644 §3.5.1 (PUT never creates)',
    async (rig) => {
      const ref = newUserRef()
      const result = await tryReplace(rig, { ref, version: newVersion() }, userDocument(ref))
      ensureEnd(result, 'notFound', 'replace of an unknown id')
      const read = await rig.provider.read(ref, documentOnly, rig.here)
      ensure(read === undefined, 'read after a replace of an unknown id: expected undefined, saw a resource')
    },
  ),
  must(
    'replace-removed',
    'a replace of a removed resource is notFound and does not create it again',
    'RFC 7644 §3.6',
    async (rig) => {
      const user = await insertUser(rig)
      await remove(rig, user)
      ensureEnd(
        await tryReplace(rig, user, user.document),
        'notFound',
        'replace with the last version of a removed user',
      )
      const read = await rig.provider.read(user.ref, documentOnly, rig.here)
      ensure(read === undefined, 'read after a replace of a removed user: expected undefined, saw a resource')
    },
  ),
  must(
    'remove-stale',
    'a remove that expects another version removes nothing',
    'RFC 7644 §3.14; RFC 9110 §13.1.1; FP-D1',
    async (rig) => {
      const { stale, current } = await changedUser(rig)
      const result = await rig.provider.remove(stale.ref, stale.version, newRemoval(rig), rig.here)
      ensureEnd(result, 'versionMismatch', 'remove with a stale version')
      await ensureUntouched(rig, current, 'a stale remove')
    },
  ),
  must(
    'remove-current',
    'a mismatched remove returns the expected and the current version',
    'RFC 7644 §3.14; FP-D2',
    async (rig) => {
      const { stale, current } = await changedUser(rig)
      const result = await rig.provider.remove(stale.ref, stale.version, newRemoval(rig), rig.here)
      const { expected, current: seen } = ensureEnd(result, 'versionMismatch', 'remove with a stale version')
      ensureSame(expected, stale.version, 'expected of the mismatch')
      ensureSame(seen, current.version, 'current of the mismatch')
    },
  ),
  must(
    'remove-not-found',
    'a remove of an unknown id or a removed resource is notFound',
    'RFC 7644 §3.6',
    async (rig) => {
      const unknown = await rig.provider.remove(newUserRef(), newVersion(), newRemoval(rig), rig.here)
      ensureEnd(unknown, 'notFound', 'remove of an unknown id')
      const user = await insertUser(rig)
      await remove(rig, user)
      const again = await rig.provider.remove(user.ref, user.version, newRemoval(rig), rig.here)
      ensureEnd(again, 'notFound', 'remove of a removed user')
    },
  ),
  must(
    'wrong-type-not-found',
    'a write to an id under another type is notFound',
    'RFC 7644 §3.12 (404); FP-D3',
    async (rig) => {
      const user = await insertUser(rig)
      const asGroup = { ref: { type: 'Group', id: user.ref.id }, version: user.version }
      ensureEnd(await tryReplace(rig, asGroup, user.document), 'notFound', "replace of a user's id as a group")
      const removed = await rig.provider.remove(asGroup.ref, asGroup.version, newRemoval(rig), rig.here)
      ensureEnd(removed, 'notFound', "remove of a user's id as a group")
      await ensureUntouched(rig, user, 'writes under another type')
    },
  ),
  must(
    'versions-never-return',
    'a version is never used again, even for equal content',
    'RFC 9110 §8.8.1; ADR 3; FP-V13',
    async (rig) => {
      const first = await insertUser(rig)
      const other: JsonObject = { ...first.document, nickName: 'other' }
      const seen = new Set([first.version])
      let held = first
      for (const document of [other, first.document, other, first.document]) {
        held = await replace(rig, held, document)
        ensure(!seen.has(held.version), `version after A→B→A: expected a new one, saw ${held.version} again`)
        seen.add(held.version)
      }
    },
    'generations',
  ),
]
