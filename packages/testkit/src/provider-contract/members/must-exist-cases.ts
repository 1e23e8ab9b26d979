import { documentOnly, type MembersDelta, type ResourceRef } from '@scimkit/core/provider'
import { ensure, ensureEnd, ensureSame, ensureSameSet } from '../assert.js'
import { must, needing, type ProviderCase } from '../provider-case.js'
import type { Rig } from '../rig.js'
import {
  adding,
  documentOf,
  everything,
  groupDocument,
  type Held,
  insertGroup,
  insertUser,
  newGroupRef,
  newRemoval,
  newUserRef,
  newVersion,
  readBack,
  remove,
  removing,
  tryInsert,
  tryReplace,
} from '../writes.js'

/** Member rows to add, whose resources must exist. */
function addingExisting(...members: readonly ResourceRef[]): MembersDelta {
  return { ...adding(...members), mustExist: true }
}

async function memberIds(rig: Rig, group: Pick<Held, 'ref'>): Promise<readonly string[]> {
  return ((await readBack(rig, group.ref, everything)).members ?? []).map(({ value }) => value)
}

/** Exactly these ids of the delta are reported as unknown, and the group is unchanged. */
async function ensureRefused(
  rig: Rig,
  group: Held,
  delta: MembersDelta,
  unknown: readonly ResourceRef[],
  what: string,
): Promise<void> {
  const before = await memberIds(rig, group)
  const result = await tryReplace(rig, group, groupDocument(group.ref, 'Changed'), delta)
  const { ids } = ensureEnd(result, 'unknownMembers', `replace of a group with ${what}`)
  ensureSameSet(
    ids,
    unknown.map(({ id }) => id),
    `ids of ${what}`,
  )
  const stored = await readBack(rig, group.ref)
  ensureSame(
    [stored.version, stored.lastModified, documentOf(stored)],
    [group.version, group.at, group.document],
    `version, time and document of a group that was not given ${what}`,
  )
  ensureSame(await memberIds(rig, group), before, `members of a group that was not given ${what}`)
}

// The delay of the second writer in microtasks: an incorrect provider reads, awaits some, and writes.
const delays: readonly number[] = [0, 1, 2, 4, 6, 8, 12]

async function later<Value>(microtasks: number, begin: () => Promise<Value>): Promise<Value> {
  for (let i = 0; i < microtasks; i++) await Promise.resolve()
  return begin()
}

/** An add with `mustExist` concurrent with the removal of the member: in any order, no dangling membership remains. */
async function raceMustExist(rig: Rig, microtasks: number, addFirst: boolean): Promise<void> {
  const user = await insertUser(rig)
  const group = await insertGroup(rig, 'Raced')
  const [added, removed] = await Promise.all([
    later(addFirst ? 0 : microtasks, () => tryReplace(rig, group, group.document, addingExisting(user.ref))),
    later(addFirst ? microtasks : 0, () => rig.provider.remove(user.ref, user.version, newRemoval(rig), rig.here)),
  ])
  ensureEnd(removed, 'success', 'remove of a user that is being added to a group')
  const { version, members = [] } = await readBack(rig, group.ref, everything)
  ensureSame(members, [], 'members of a group after its only member was removed, before or after it was added')
  if (added.kind === 'success') {
    ensure(
      version !== added.value.version && version !== group.version,
      'version of a group whose new member was removed: expected one after the add, saw an old one',
    )
  } else {
    const { ids } = ensureEnd(added, 'unknownMembers', 'add of a user that has just been removed')
    ensureSame(ids, [user.ref.id], 'ids of an add that lost to a removal')
    ensureSame(version, group.version, 'version of a group after a refused add')
  }
}

/** Members that must exist (`MembersDelta.mustExist`): checked atomically with the write. */
export const mustExistCases: readonly ProviderCase[] = needing('members', [
  must(
    'must-exist-known',
    'members that exist are added: users, groups, and on replace the group itself',
    'RFC 7643 §4.2; FP-D12; IDP-35',
    async (rig) => {
      const [user, inner] = [await insertUser(rig), await insertGroup(rig, 'Inner')]
      const ref = newGroupRef()
      const made = await tryInsert(rig, ref, groupDocument(ref, 'Made'), addingExisting(user.ref, inner.ref))
      const { id = ref.id } = ensureEnd(made, 'success', 'insert with members that exist').value
      ensureSameSet(
        await memberIds(rig, { ref: { type: 'Group', id } }),
        [user.ref.id, inner.ref.id],
        'members after an insert',
      )
      const group = await insertGroup(rig, 'Changed')
      const changed = await tryReplace(
        rig,
        group,
        group.document,
        addingExisting(user.ref, { type: 'User', id: inner.ref.id }, group.ref),
      )
      ensureEnd(changed, 'success', 'replace with members that exist')
      ensureSameSet(await memberIds(rig, group), [user.ref.id, inner.ref.id, group.ref.id], 'members after a replace')
    },
  ),
  must(
    'must-exist-insert',
    'an insert with mustExist and unknown members is unknownMembers, returns all their ids, and creates nothing',
    'RFC 7643 §4.2; FP-D12; IDP-35',
    async (rig) => {
      const [user, ref, first, second] = [await insertUser(rig), newGroupRef(), newUserRef(), newUserRef()]
      const result = await tryInsert(rig, ref, groupDocument(ref, 'Never'), addingExisting(first, user.ref, second))
      const { ids } = ensureEnd(result, 'unknownMembers', 'insert with two members that do not exist')
      ensureSameSet(ids, [first.id, second.id], 'ids of the members that do not exist')
      const read = await rig.provider.read(ref, documentOnly, rig.here)
      ensure(read === undefined, 'read after an insert that was refused: expected undefined, saw a resource')
      const { derived } = await readBack(rig, user.ref, everything)
      ensureSame(derived?.groups ?? [], [], 'groups of a user in a refused group')
    },
    'derived',
  ),
  must(
    'must-exist-replace',
    'a replace with mustExist and unknown members is unknownMembers, returns all their ids, and changes nothing',
    'RFC 7643 §4.2; FP-D12; IDP-35',
    async (rig) => {
      const [user, kept, first, second] = [await insertUser(rig), await insertUser(rig), newUserRef(), newUserRef()]
      const group = await insertGroup(rig, 'As it was', [kept.ref])
      const delta = { ...addingExisting(first, user.ref, second), remove: removing(kept.ref).remove }
      await ensureRefused(rig, group, delta, [first, second], 'two members that do not exist')
    },
  ),
  must(
    'must-exist-removed',
    'a removed resource does not exist',
    'RFC 7643 §4.2; RFC 7644 §3.6; FP-D12; IDP-35',
    async (rig) => {
      const [user, inner] = [await insertUser(rig), await insertGroup(rig, 'Inner')]
      await remove(rig, user)
      await remove(rig, inner)
      const group = await insertGroup(rig, 'As it was')
      const removed = [user.ref, inner.ref]
      await ensureRefused(rig, group, addingExisting(...removed), removed, 'members that have been removed')
    },
  ),
  must(
    'must-exist-tenant',
    'a resource of another tenant does not exist',
    'RFC 7644 §6; FP-D12; SEC-5; IDP-35',
    async (rig) => {
      const [own, foreign] = [await insertUser(rig), await insertUser(rig, {}, rig.there)]
      const group = await insertGroup(rig, 'As it was')
      const delta = addingExisting(own.ref, foreign.ref)
      await ensureRefused(rig, group, delta, [foreign.ref], "a member that is another tenant's")
    },
  ),
  must(
    'must-exist-added-only',
    'only added members must exist: existing members may be pending, removed ones may be unknown',
    'RFC 7643 §4.2; FP-D12',
    async (rig) => {
      const [user, pending, leaving] = [await insertUser(rig), newUserRef(), newUserRef()]
      const group = await insertGroup(rig, 'Pending', [pending, leaving])
      const delta = { ...addingExisting(user.ref), remove: removing(leaving, newUserRef()).remove }
      ensureEnd(await tryReplace(rig, group, group.document, delta), 'success', 'replace with pending members')
      ensureSameSet(await memberIds(rig, group), [pending.id, user.ref.id], 'members after the replace')
    },
  ),
  must(
    'must-exist-many',
    'the ids of all unknown members are returned, whatever their number',
    'RFC 7643 §4.2; FP-D12',
    async (rig) => {
      const [user, group] = [await insertUser(rig), await insertGroup(rig, 'As it was')]
      const unknown = Array.from({ length: 1_500 }, newUserRef)
      await ensureRefused(rig, group, addingExisting(user.ref, ...unknown), unknown, '1,500 members that do not exist')
    },
  ),
  must(
    'must-exist-stale',
    'a stale version or an unknown group takes precedence over unknown members',
    'RFC 9110 §13.2.1; FP-D2',
    async (rig) => {
      const [group, unknown] = [await insertGroup(rig, 'Stale'), addingExisting(newUserRef())]
      ensureEnd(await tryReplace(rig, group, groupDocument(group.ref, 'Fresh')), 'success', 'replace of a group')
      const stale = await tryReplace(rig, group, group.document, unknown)
      ensureEnd(stale, 'versionMismatch', 'replace with a stale version and an unknown member')
      const unknownRef = { ref: newGroupRef(), version: newVersion() }
      const nowhere = await tryReplace(rig, unknownRef, groupDocument(unknownRef.ref, 'Never'), unknown)
      ensureEnd(nowhere, 'notFound', 'replace of an unknown group with an unknown member')
    },
  ),
  must(
    'race-must-exist',
    'a user removed while it is added to a group: the membership is removed, or never added',
    'RFC 7643 §4.2; FP-D12; IDP-35; REL-8',
    async (rig) => {
      for (let i = 0; i < rig.rounds; i++) {
        const microtasks = delays[i % delays.length] ?? 0
        await raceMustExist(rig, microtasks, true)
        await raceMustExist(rig, microtasks, false)
      }
    },
  ),
])
