import { documentOnly, type Member, type MembersNeed, type Next } from '@scimkit/core/provider'
import { ensure, ensureEnd, ensureSame, ensureSameSet } from '../assert.js'
import { must, needing, type ProviderCase, should } from '../provider-case.js'
import { queryOf } from '../queries.js'
import type { Rig } from '../rig.js'
import {
  adding,
  documentOf,
  everything,
  groupDocument,
  type Held,
  insert,
  insertGroup,
  insertUser,
  newGroupRef,
  newUserRef,
  newVersion,
  nextOf,
  readBack,
  remove,
  removing,
  replace,
  replaceMembers,
  tryInsert,
  tryReplace,
  userDocument,
  versionAfter,
} from '../writes.js'

async function membersOf(rig: Rig, group: Pick<Held, 'ref'>, members: MembersNeed = 'all'): Promise<readonly Member[]> {
  return (await readBack(rig, group.ref, { members, derived: false })).members ?? []
}

async function memberIds(rig: Rig, group: Pick<Held, 'ref'>, members: MembersNeed = 'all'): Promise<readonly string[]> {
  return (await membersOf(rig, group, members)).map(({ value }) => value)
}

async function groupIds(rig: Rig, user: Pick<Held, 'ref'>): Promise<readonly string[]> {
  const { derived } = await readBack(rig, user.ref, everything)
  return (derived?.groups ?? []).map(({ value }) => value)
}

// The keys that the core sends if group names are unique (interop.uniqueGroupDisplayName).
function takingKey(next: Next): Next {
  return { ...next, unique: [{ attribute: 'displayName', key: 'taken' }] }
}

/** Member rows: changed by deltas, returned as far as needed, with their current names. */
export const memberCases: readonly ProviderCase[] = needing('members', [
  must('members-insert', 'a group has the members that it was inserted with', 'RFC 7643 §4.2', async (rig) => {
    const users = [newUserRef(), newUserRef(), newUserRef()]
    const group = await insertGroup(rig, 'Full', users)
    ensureSameSet(
      await memberIds(rig, group),
      users.map(({ id }) => id),
      'members after insert',
    )
  }),
  must('members-delta', 'a delta adds and removes exactly its members', 'RFC 7644 §3.5.2.1, §3.5.2.2', async (rig) => {
    const [a, b, c] = [newUserRef(), newUserRef(), newUserRef()]
    const group = await insertGroup(rig, 'Changing', [a, b])
    await replaceMembers(rig, group, { add: adding(c).add, remove: removing(a).remove })
    ensureSameSet(await memberIds(rig, group), [b.id, c.id], 'members after one delta')
  }),
  must(
    'members-add-again',
    'adding an existing member creates no duplicate and is not an error',
    'RFC 7644 §3.5.2.1; FP-D9; IDP-16',
    async (rig) => {
      const [present, other, fresh] = [newUserRef(), newUserRef(), newUserRef()]
      const group = await insertGroup(rig, 'Idempotent', [present, other])
      const again = await replaceMembers(rig, group, adding(present, fresh))
      await replaceMembers(rig, again, adding(present, fresh))
      const expected = [present.id, other.id, fresh.id]
      ensureSameSet(await memberIds(rig, group), expected, 'members after some were added again')
    },
  ),
  must(
    'members-remove-absent',
    'removing an absent member is not an error',
    'RFC 7644 §3.5.2.2; FP-D9; IDP-14',
    async (rig) => {
      const [present, absent] = [newUserRef(), newUserRef()]
      const group = await insertGroup(rig, 'Idempotent', [present])
      await replaceMembers(rig, group, removing(absent))
      ensureSame(await memberIds(rig, group), [present.id], 'members after a remove of an absent one')
    },
  ),
  must(
    'members-kept',
    'a replace without a delta does not change the members and their order',
    'RFC 7644 §3.5.2.3; FP-D9; IDP-18',
    async (rig) => {
      const group = await insertGroup(rig, 'Before', [newUserRef(), newUserRef(), newUserRef()])
      const before = await memberIds(rig, group)
      await replace(rig, group, groupDocument(group.ref, 'After'))
      ensureSame(await memberIds(rig, group), before, 'members after a rename of the group')
      ensureSame(before.length, 3, 'number of members')
    },
  ),
  must(
    'members-order',
    'the order of members is stable, and adding one does not change the order of the others',
    'RFC 7643 §4.2; FP-D10',
    async (rig) => {
      const group = await insertGroup(rig, 'Ordered', [newUserRef(), newUserRef(), newUserRef(), newUserRef()])
      const before = await memberIds(rig, group)
      ensureSame(await memberIds(rig, group), before, 'order of members read again')
      const added = newUserRef()
      await replaceMembers(rig, group, adding(added))
      const after = (await memberIds(rig, group)).filter((id) => id !== added.id)
      ensureSame(after, before, 'order of the other members after an add')
    },
  ),
  must(
    'members-needs',
    'a read returns no members, all members, or the existing ones among the requested ids',
    'RFC 7643 §4.2; FP-D10',
    async (rig) => {
      const [a, b, absent] = [newUserRef(), newUserRef(), newUserRef()]
      const group = await insertGroup(rig, 'Sparse', [a, b])
      ensureSame((await readBack(rig, group.ref, documentOnly)).members, undefined, 'members when none are needed')
      ensureSameSet(await memberIds(rig, group), [a.id, b.id], 'members when all are needed')
      ensureSame(await memberIds(rig, group, { only: [absent.id, b.id] }), [b.id], 'members when two ids are needed')
      ensureSame(await memberIds(rig, group, { only: [b.id, b.id] }), [b.id], 'members when one id is needed twice')
      ensureSame(await memberIds(rig, group, { only: [] }), [], 'members when no id is needed')
    },
  ),
  must(
    'members-up-to',
    'a read returns all members if their number is within the limit, and else none of them',
    'RFC 7643 §4.2; FP-D10',
    async (rig) => {
      const group = await insertGroup(rig, 'Three', [newUserRef(), newUserRef(), newUserRef()])
      const read = async (upTo: number): Promise<number | undefined> =>
        (await readBack(rig, group.ref, { members: { upTo }, derived: false })).members?.length
      for (const upTo of [3, 4, 100]) ensureSame(await read(upTo), 3, `members of 3, up to ${upTo} needed`)
      for (const upTo of [0, 1, 2]) ensureSame(await read(upTo), undefined, `members of 3, up to ${upTo} needed`)
    },
  ),
  must(
    'members-first',
    'a read returns the first members up to the limit, in the order of all members',
    'RFC 7643 §4.2; FP-D10',
    async (rig) => {
      const group = await insertGroup(rig, 'Large', [newUserRef(), newUserRef(), newUserRef(), newUserRef()])
      const whole = await memberIds(rig, group)
      for (const first of [0, 1, 3, 4, 100]) {
        ensureSame(await memberIds(rig, group, { first }), whole.slice(0, first), `the first ${first} members of 4`)
      }
    },
  ),
  must('members-needs-query', 'a list returns the requested members', 'RFC 7643 §4.2; FP-D10', async (rig) => {
    const [a, b] = [newUserRef(), newUserRef()]
    await insertGroup(rig, 'Listed', [a, b])
    const ask = async (members: MembersNeed): Promise<readonly string[] | undefined> => {
      const page = await rig.provider.query('Group', queryOf({ needs: { members, derived: false } }), rig.here)
      return page.resources[0]?.members?.map(({ value }) => value)
    }
    ensureSame(await ask('none'), undefined, 'members in a list when none are needed')
    ensureSameSet((await ask('all')) ?? [], [a.id, b.id], 'members in a list when all are needed')
    ensureSame(await ask({ only: [b.id] }), [b.id], 'members in a list when one is needed')
  }),
  must(
    'members-empty',
    'a group may have no members, from the start or after the last one was removed',
    'RFC 7643 §2.5, §4.2; FP-D9; IDP-19',
    async (rig) => {
      ensureSame(await memberIds(rig, await insertGroup(rig, 'Empty')), [], 'members of a new group')
      const user = newUserRef()
      const group = await insertGroup(rig, 'Emptied', [user])
      await replaceMembers(rig, group, removing(user))
      ensureSame(await memberIds(rig, group), [], 'members after the last was removed')
    },
  ),
  should(
    'members-names',
    'a member has its current type and name: displayName, else userName',
    'RFC 7643 §4.2; erratum 8011 (members.display); FP-D11',
    async (rig) => {
      const named = await insertUser(rig, { displayName: 'Before' })
      const nameless = await insertUser(rig, { userName: 'by-user-name' })
      const inner = await insertGroup(rig, 'Inner')
      const group = await insertGroup(rig, 'Outer', [named.ref, nameless.ref, inner.ref])
      await replace(rig, named, userDocument(named.ref, { displayName: 'After' }))
      const expected = [
        { value: named.ref.id, type: 'User', display: 'After' },
        { value: nameless.ref.id, type: 'User', display: 'by-user-name' },
        { value: inner.ref.id, type: 'Group', display: 'Inner' },
      ]
      const seen = new Map((await membersOf(rig, group)).map((member) => [member.value, member]))
      for (const member of expected) ensureSame(seen.get(member.value), member, 'a member')
    },
  ),
  must(
    'members-true-type',
    'a member that was sent with a wrong type or without one is returned with its actual type',
    'RFC 7643 §4.2; FP-D11; IDP-17',
    async (rig) => {
      const user = await insertUser(rig)
      const inner = await insertGroup(rig, 'Inner')
      const ref = newGroupRef()
      const add = [{ value: user.ref.id, type: 'Group' }, { value: inner.ref.id }]
      const group = await insert(rig, ref, groupDocument(ref, 'Outer'), { add, remove: [] })
      const types = new Map((await membersOf(rig, group)).map(({ value, type }) => [value, type]))
      ensureSame(types.get(user.ref.id), 'User', 'type of a user that was sent as a group')
      ensureSame(types.get(inner.ref.id), 'Group', 'type of a group that was sent without one')
    },
  ),
  must(
    'members-pending',
    'a member with an unknown id is returned as sent, and is in the group as soon as it exists',
    'RFC 7643 §4.2; FP-D11; IDP-35 (unknownMembers: keep)',
    async (rig) => {
      const ref = newUserRef()
      const group = await insertGroup(rig, 'Pending', [ref])
      ensureSame(await membersOf(rig, group), [{ value: ref.id, type: 'User' }], 'a pending member')
      const result = await tryInsert(rig, ref, userDocument(ref, { displayName: 'Here Now' }))
      const { value } = ensureEnd(result, 'success', 'insert of a user that is already a pending member')
      // A provider that assigns its own ids cannot create the pending id.
      if (value.id !== undefined && value.id !== ref.id) return
      const expected = [{ value: ref.id, type: 'User', display: 'Here Now' }]
      ensureSame(await membersOf(rig, group), expected, 'a pending member after its insert')
      ensureSame(await groupIds(rig, { ref }), [group.ref.id], 'groups of a pending member after its insert')
    },
    'derived',
  ),
  must(
    'members-lost-write',
    'a write with a stale version or a duplicate key does not change members',
    'RFC 7644 §3.14; FP-D4',
    async (rig) => {
      const [kept, wanted] = [await insertUser(rig), await insertUser(rig)]
      const stale = await insertGroup(rig, 'Stale', [kept.ref])
      const current = await replace(rig, stale, groupDocument(stale.ref, 'Current'))
      const [holder, never] = [newGroupRef(), newGroupRef()]
      const delta = { add: adding(wanted.ref).add, remove: removing(kept.ref).remove }
      ensureEnd(await tryReplace(rig, stale, stale.document, delta), 'versionMismatch', 'a stale replace of members')
      await rig.provider.insert(
        holder,
        takingKey(nextOf(rig, holder, groupDocument(holder, 'Taken'), newVersion())),
        rig.here,
      )
      const changed = nextOf(rig, stale.ref, stale.document, versionAfter(current.version), delta)
      const replaced = await rig.provider.replace(stale.ref, current.version, takingKey(changed), rig.here)
      ensureEnd(replaced, 'duplicate', 'a replace of members with a taken key')
      const made = nextOf(rig, never, groupDocument(never, 'Taken'), newVersion(), adding(wanted.ref))
      ensureEnd(await rig.provider.insert(never, takingKey(made), rig.here), 'duplicate', 'an insert with a taken key')
      ensureSame(await memberIds(rig, stale), [kept.ref.id], 'members after writes that failed')
      ensureSame(await groupIds(rig, wanted), [], 'groups of a user that only failed writes added')
      ensureSame(await groupIds(rig, kept), [stale.ref.id], 'groups of a user that only a failed write removed')
    },
    'derived',
  ),
  must(
    'members-after-remove',
    'removing a group removes its memberships',
    'RFC 7644 §3.6; FP-D13; REL-8',
    async (rig) => {
      const user = await insertUser(rig)
      const [gone, kept] = [await insertGroup(rig, 'Gone', [user.ref]), await insertGroup(rig, 'Kept', [user.ref])]
      await remove(rig, gone)
      ensureSame(await groupIds(rig, user), [kept.ref.id], 'groups of a user after one was removed')
      const stored = await readBack(rig, user.ref)
      ensureSame(stored.version, user.version, 'version of a user after one of its groups was removed')
      ensure(documentOf(stored).groups === undefined, 'expected no groups in the document of a user')
    },
    'derived',
  ),
])
