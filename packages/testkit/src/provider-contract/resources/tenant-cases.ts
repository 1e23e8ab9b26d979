import type { ScimContext } from '@scimkit/core'
import { documentOnly } from '@scimkit/core/provider'
import { ensure, ensureEnd, ensureSame } from '../assert.js'
import { must, type ProviderCase } from '../provider-case.js'
import { all, idsOf } from '../queries.js'
import type { Rig } from '../rig.js'
import {
  documentOf,
  enterpriseUrn,
  everything,
  type Held,
  insertGroup,
  insertUser,
  newRemoval,
  newUserRef,
  readBack,
  remove,
  tryInsert,
  tryReplace,
  userDocument,
} from '../writes.js'

async function ensureUntouched(rig: Rig, held: Held, context: ScimContext, after: string): Promise<void> {
  const stored = await readBack(rig, held.ref, documentOnly, context)
  ensureSame(stored.version, held.version, `version after ${after}`)
  ensureSame(documentOf(stored), held.document, `document after ${after}`)
}

/** Resources of another tenant do not exist. */
export const tenantCases: readonly ProviderCase[] = [
  must('tenant-read', "a read of another tenant's id returns undefined", 'RFC 7644 §6; FP-D20; SEC-5', async (rig) => {
    const { ref } = await insertUser(rig)
    const seen = await rig.provider.read(ref, everything, rig.there)
    ensure(seen === undefined, "read of another tenant's id: expected undefined, saw a resource")
  }),
  must(
    'tenant-query',
    "a query neither lists nor counts another tenant's resources",
    'RFC 7644 §6; FP-D20; SEC-5',
    async (rig) => {
      const ours = await insertUser(rig)
      await insertUser(rig, {}, rig.there)
      await insertUser(rig, {}, rig.there)
      ensureSame(await idsOf(rig, 'User'), [ours.ref.id], 'ids of a tenant with one user')
      ensureSame(
        (await rig.provider.query('User', all, rig.there)).totalResults,
        2,
        'totalResults of a tenant with two',
      )
    },
  ),
  must(
    'tenant-unknown',
    'an empty tenant has no resources, and that is not an error',
    'RFC 7644 §6; FP-D20; SEC-5',
    async (rig) => {
      await insertUser(rig, {}, rig.there)
      const page = await rig.provider.query('User', all, rig.here)
      ensureSame({ total: page.totalResults, here: page.resources.length }, { total: 0, here: 0 }, 'an empty tenant')
    },
  ),
  must(
    'tenant-replace',
    "a replace of another tenant's resource is notFound and changes nothing",
    'RFC 7644 §6; FP-D20; SEC-5',
    async (rig) => {
      const user = await insertUser(rig)
      const result = await tryReplace(rig, user, { ...user.document, nickName: 'intruder' }, undefined, rig.there)
      ensureEnd(result, 'notFound', "replace of another tenant's user with its version")
      await ensureUntouched(rig, user, rig.here, "another tenant's replace")
      const seen = await rig.provider.read(user.ref, documentOnly, rig.there)
      ensure(seen === undefined, "read after a replace of another tenant's user: expected undefined, saw a resource")
    },
  ),
  must(
    'tenant-remove',
    "a remove of another tenant's resource is notFound and removes nothing",
    'RFC 7644 §6; FP-D20; SEC-5',
    async (rig) => {
      const user = await insertUser(rig)
      const result = await rig.provider.remove(user.ref, user.version, newRemoval(rig), rig.there)
      ensureEnd(result, 'notFound', "remove of another tenant's user with its version")
      await ensureUntouched(rig, user, rig.here, "another tenant's remove")
    },
  ),
  must(
    'tenant-keys',
    'a unique key of one tenant is free for another, before and after',
    'RFC 7644 §6; RFC 7643 §7 (uniqueness); FP-D20; SEC-6',
    async (rig) => {
      const ours = await insertUser(rig, { userName: 'same' })
      const theirs = await insertUser(rig, { userName: 'same' }, rig.there)
      ensureEnd(
        await rig.provider.remove(theirs.ref, theirs.version, newRemoval(rig), rig.there),
        'success',
        'remove there',
      )
      const ref = newUserRef()
      const again = await tryInsert(rig, ref, userDocument(ref, { userName: 'same' }))
      ensureEnd(again, 'duplicate', "insert of a name that is taken here, after another tenant's was removed")
      await ensureUntouched(rig, ours, rig.here, "another tenant's remove")
    },
  ),
  must(
    'tenant-members',
    "a group with another tenant's user as member shows nothing of it, nor does the user show the group",
    'RFC 7644 §6; FP-D20; SEC-5, SEC-6',
    async (rig) => {
      const user = await insertUser(rig, { displayName: 'Secret Name' })
      const foreign = { type: 'User', id: user.ref.id }
      const group = await insertGroup(rig, 'Foreign', [foreign], rig.there)
      const { members } = await readBack(rig, group.ref, everything, rig.there)
      ensureSame(members, [{ value: foreign.id, type: 'User' }], "a member that is another tenant's user")
      const { derived } = await readBack(rig, user.ref, everything)
      ensureSame(derived?.groups ?? [], [], "groups of a user that another tenant's group names")
    },
    'members',
    'derived',
  ),
  must(
    'tenant-derived',
    "a manager with the id of another tenant's user has no name",
    'RFC 7644 §6; FP-D20; SEC-5',
    async (rig) => {
      const boss = await insertUser(rig, { displayName: 'Secret Name' }, rig.there)
      const user = await insertUser(rig, { [enterpriseUrn]: { manager: { value: boss.ref.id } } })
      const { derived } = await readBack(rig, user.ref, everything)
      ensureSame(derived?.managerDisplayName, undefined, "name of another tenant's user as manager")
    },
    'derived',
  ),
  must(
    'tenant-cascade',
    "a remove does not change another tenant's memberships of the same id",
    'RFC 7644 §6; FP-D20; SEC-5; REL-8',
    async (rig) => {
      const user = await insertUser(rig)
      const group = await insertGroup(rig, 'Foreign', [user.ref], rig.there)
      await remove(rig, user)
      await ensureUntouched(rig, group, rig.there, "a remove of another tenant's user")
      const { members } = await readBack(rig, group.ref, everything, rig.there)
      ensureSame(members?.length, 1, "members after a remove of another tenant's user")
    },
    'members',
  ),
]
