import type { ScimContext } from '@scimkit/core'
import { documentOnly } from '@scimkit/core/provider'
import { ensure, ensureEnd, ensureSame } from '../assert.js'
import { all, idsOf } from '../queries.js'
import type { ProviderCase, Rig } from '../rig.js'
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
  {
    id: 'tenant-read',
    title: "a read of another tenant's id returns undefined",
    level: 'MUST',
    citation: 'RFC 7644 §6; FP-D20; SEC-5',
    check: async (rig) => {
      const { ref } = await insertUser(rig)
      const seen = await rig.provider.read(ref, everything, rig.there)
      ensure(seen === undefined, "read of another tenant's id: expected undefined, saw a resource")
    },
  },
  {
    id: 'tenant-query',
    title: "a query neither lists nor counts another tenant's resources",
    level: 'MUST',
    citation: 'RFC 7644 §6; FP-D20; SEC-5',
    check: async (rig) => {
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
  },
  {
    id: 'tenant-unknown',
    title: 'an empty tenant has no resources, and that is not an error',
    level: 'MUST',
    citation: 'RFC 7644 §6; FP-D20; SEC-5',
    check: async (rig) => {
      await insertUser(rig, {}, rig.there)
      const page = await rig.provider.query('User', all, rig.here)
      ensureSame({ total: page.totalResults, here: page.resources.length }, { total: 0, here: 0 }, 'an empty tenant')
    },
  },
  {
    id: 'tenant-replace',
    title: "a replace of another tenant's resource is notFound and changes nothing",
    level: 'MUST',
    citation: 'RFC 7644 §6; FP-D20; SEC-5',
    check: async (rig) => {
      const user = await insertUser(rig)
      const result = await tryReplace(rig, user, { ...user.document, nickName: 'intruder' }, undefined, rig.there)
      ensureEnd(result, 'notFound', "replace of another tenant's user with its version")
      await ensureUntouched(rig, user, rig.here, "another tenant's replace")
      const seen = await rig.provider.read(user.ref, documentOnly, rig.there)
      ensure(seen === undefined, "read after a replace of another tenant's user: expected undefined, saw a resource")
    },
  },
  {
    id: 'tenant-remove',
    title: "a remove of another tenant's resource is notFound and removes nothing",
    level: 'MUST',
    citation: 'RFC 7644 §6; FP-D20; SEC-5',
    check: async (rig) => {
      const user = await insertUser(rig)
      const result = await rig.provider.remove(user.ref, user.version, newRemoval(rig), rig.there)
      ensureEnd(result, 'notFound', "remove of another tenant's user with its version")
      await ensureUntouched(rig, user, rig.here, "another tenant's remove")
    },
  },
  {
    id: 'tenant-keys',
    title: 'a unique key of one tenant is free for another, before and after',
    level: 'MUST',
    citation: 'RFC 7644 §6; RFC 7643 §7 (uniqueness); FP-D20; SEC-6',
    check: async (rig) => {
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
  },
  {
    id: 'tenant-members',
    title: "a group with another tenant's user as member shows nothing of it, nor does the user show the group",
    level: 'MUST',
    citation: 'RFC 7644 §6; FP-D20; SEC-5, SEC-6',
    needs: ['members', 'derived'],
    check: async (rig) => {
      const user = await insertUser(rig, { displayName: 'Secret Name' })
      const foreign = { type: 'User', id: user.ref.id }
      const group = await insertGroup(rig, 'Foreign', [foreign], rig.there)
      const { members } = await readBack(rig, group.ref, everything, rig.there)
      ensureSame(members, [{ value: foreign.id, type: 'User' }], "a member that is another tenant's user")
      const { derived } = await readBack(rig, user.ref, everything)
      ensureSame(derived?.groups ?? [], [], "groups of a user that another tenant's group names")
    },
  },
  {
    id: 'tenant-derived',
    title: "a manager with the id of another tenant's user has no name",
    level: 'MUST',
    citation: 'RFC 7644 §6; FP-D20; SEC-5',
    needs: ['derived'],
    check: async (rig) => {
      const boss = await insertUser(rig, { displayName: 'Secret Name' }, rig.there)
      const user = await insertUser(rig, { [enterpriseUrn]: { manager: { value: boss.ref.id } } })
      const { derived } = await readBack(rig, user.ref, everything)
      ensureSame(derived?.managerDisplayName, undefined, "name of another tenant's user as manager")
    },
  },
  {
    id: 'tenant-cascade',
    title: "a remove does not change another tenant's memberships of the same id",
    level: 'MUST',
    citation: 'RFC 7644 §6; FP-D20; SEC-5; REL-8',
    needs: ['members'],
    check: async (rig) => {
      const user = await insertUser(rig)
      const group = await insertGroup(rig, 'Foreign', [user.ref], rig.there)
      await remove(rig, user)
      await ensureUntouched(rig, group, rig.there, "a remove of another tenant's user")
      const { members } = await readBack(rig, group.ref, everything, rig.there)
      ensureSame(members?.length, 1, "members after a remove of another tenant's user")
    },
  },
]
