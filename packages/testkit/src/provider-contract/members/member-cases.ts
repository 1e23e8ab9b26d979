import { documentOnly, type Member, type MembersNeed, type Next } from '@scimkit/core/provider'
import { ensure, ensureEnd, ensureSame, ensureSameSet } from '../assert.js'
import { queryOf } from '../queries.js'
import type { ProviderCase, Rig } from '../rig.js'
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
export const memberCases: readonly ProviderCase[] = [
  {
    id: 'members-insert',
    title: 'a group has the members that it was inserted with',
    level: 'MUST',
    citation: 'RFC 7643 §4.2',
    needs: ['members'],
    check: async (rig) => {
      const users = [newUserRef(), newUserRef(), newUserRef()]
      const group = await insertGroup(rig, 'Full', users)
      ensureSameSet(
        await memberIds(rig, group),
        users.map(({ id }) => id),
        'members after insert',
      )
    },
  },
  {
    id: 'members-delta',
    title: 'a delta adds and removes exactly its members',
    level: 'MUST',
    citation: 'RFC 7644 §3.5.2.1, §3.5.2.2',
    needs: ['members'],
    check: async (rig) => {
      const [a, b, c] = [newUserRef(), newUserRef(), newUserRef()]
      const group = await insertGroup(rig, 'Changing', [a, b])
      await replaceMembers(rig, group, { add: adding(c).add, remove: removing(a).remove })
      ensureSameSet(await memberIds(rig, group), [b.id, c.id], 'members after one delta')
    },
  },
  {
    id: 'members-add-again',
    title: 'adding an existing member creates no duplicate and is not an error',
    level: 'MUST',
    citation: 'RFC 7644 §3.5.2.1; FP-D9; IDP-16',
    needs: ['members'],
    check: async (rig) => {
      const [present, other, fresh] = [newUserRef(), newUserRef(), newUserRef()]
      const group = await insertGroup(rig, 'Idempotent', [present, other])
      const again = await replaceMembers(rig, group, adding(present, fresh))
      await replaceMembers(rig, again, adding(present, fresh))
      const expected = [present.id, other.id, fresh.id]
      ensureSameSet(await memberIds(rig, group), expected, 'members after some were added again')
    },
  },
  {
    id: 'members-remove-absent',
    title: 'removing an absent member is not an error',
    level: 'MUST',
    citation: 'RFC 7644 §3.5.2.2; FP-D9; IDP-14',
    needs: ['members'],
    check: async (rig) => {
      const [present, absent] = [newUserRef(), newUserRef()]
      const group = await insertGroup(rig, 'Idempotent', [present])
      await replaceMembers(rig, group, removing(absent))
      ensureSame(await memberIds(rig, group), [present.id], 'members after a remove of an absent one')
    },
  },
  {
    id: 'members-kept',
    title: 'a replace without a delta does not change the members and their order',
    level: 'MUST',
    citation: 'RFC 7644 §3.5.2.3; FP-D9; IDP-18',
    needs: ['members'],
    check: async (rig) => {
      const group = await insertGroup(rig, 'Before', [newUserRef(), newUserRef(), newUserRef()])
      const before = await memberIds(rig, group)
      await replace(rig, group, groupDocument(group.ref, 'After'))
      ensureSame(await memberIds(rig, group), before, 'members after a rename of the group')
      ensureSame(before.length, 3, 'number of members')
    },
  },
  {
    id: 'members-order',
    title: 'the order of members is stable, and adding one does not change the order of the others',
    level: 'MUST',
    citation: 'RFC 7643 §4.2; FP-D10',
    needs: ['members'],
    check: async (rig) => {
      const group = await insertGroup(rig, 'Ordered', [newUserRef(), newUserRef(), newUserRef(), newUserRef()])
      const before = await memberIds(rig, group)
      ensureSame(await memberIds(rig, group), before, 'order of members read again')
      const added = newUserRef()
      await replaceMembers(rig, group, adding(added))
      const after = (await memberIds(rig, group)).filter((id) => id !== added.id)
      ensureSame(after, before, 'order of the other members after an add')
    },
  },
  {
    id: 'members-needs',
    title: 'a read returns no members, all members, or the existing ones among the requested ids',
    level: 'MUST',
    citation: 'RFC 7643 §4.2; FP-D10',
    needs: ['members'],
    check: async (rig) => {
      const [a, b, absent] = [newUserRef(), newUserRef(), newUserRef()]
      const group = await insertGroup(rig, 'Sparse', [a, b])
      ensureSame((await readBack(rig, group.ref, documentOnly)).members, undefined, 'members when none are needed')
      ensureSameSet(await memberIds(rig, group), [a.id, b.id], 'members when all are needed')
      ensureSame(await memberIds(rig, group, { only: [absent.id, b.id] }), [b.id], 'members when two ids are needed')
      ensureSame(await memberIds(rig, group, { only: [b.id, b.id] }), [b.id], 'members when one id is needed twice')
      ensureSame(await memberIds(rig, group, { only: [] }), [], 'members when no id is needed')
    },
  },
  {
    id: 'members-up-to',
    title: 'a read returns all members if their number is within the limit, and else none of them',
    level: 'MUST',
    citation: 'RFC 7643 §4.2; FP-D10',
    needs: ['members'],
    check: async (rig) => {
      const group = await insertGroup(rig, 'Three', [newUserRef(), newUserRef(), newUserRef()])
      const read = async (upTo: number): Promise<number | undefined> =>
        (await readBack(rig, group.ref, { members: { upTo }, derived: false })).members?.length
      for (const upTo of [3, 4, 100]) ensureSame(await read(upTo), 3, `members of 3, up to ${upTo} needed`)
      for (const upTo of [0, 1, 2]) ensureSame(await read(upTo), undefined, `members of 3, up to ${upTo} needed`)
    },
  },
  {
    id: 'members-first',
    title: 'a read returns the first members up to the limit, in the order of all members',
    level: 'MUST',
    citation: 'RFC 7643 §4.2; FP-D10',
    needs: ['members'],
    check: async (rig) => {
      const group = await insertGroup(rig, 'Large', [newUserRef(), newUserRef(), newUserRef(), newUserRef()])
      const whole = await memberIds(rig, group)
      for (const first of [0, 1, 3, 4, 100]) {
        ensureSame(await memberIds(rig, group, { first }), whole.slice(0, first), `the first ${first} members of 4`)
      }
    },
  },
  {
    id: 'members-needs-query',
    title: 'a list returns the requested members',
    level: 'MUST',
    citation: 'RFC 7643 §4.2; FP-D10',
    needs: ['members'],
    check: async (rig) => {
      const [a, b] = [newUserRef(), newUserRef()]
      await insertGroup(rig, 'Listed', [a, b])
      const ask = async (members: MembersNeed): Promise<readonly string[] | undefined> => {
        const page = await rig.provider.query('Group', queryOf({ needs: { members, derived: false } }), rig.here)
        return page.resources[0]?.members?.map(({ value }) => value)
      }
      ensureSame(await ask('none'), undefined, 'members in a list when none are needed')
      ensureSameSet((await ask('all')) ?? [], [a.id, b.id], 'members in a list when all are needed')
      ensureSame(await ask({ only: [b.id] }), [b.id], 'members in a list when one is needed')
    },
  },
  {
    id: 'members-empty',
    title: 'a group may have no members, from the start or after the last one was removed',
    level: 'MUST',
    citation: 'RFC 7643 §2.5, §4.2; FP-D9; IDP-19',
    needs: ['members'],
    check: async (rig) => {
      ensureSame(await memberIds(rig, await insertGroup(rig, 'Empty')), [], 'members of a new group')
      const user = newUserRef()
      const group = await insertGroup(rig, 'Emptied', [user])
      await replaceMembers(rig, group, removing(user))
      ensureSame(await memberIds(rig, group), [], 'members after the last was removed')
    },
  },
  {
    id: 'members-names',
    title: 'a member has its current type and name: displayName, else userName',
    level: 'SHOULD',
    citation: 'RFC 7643 §4.2; erratum 8011 (members.display); FP-D11',
    needs: ['members'],
    check: async (rig) => {
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
  },
  {
    id: 'members-true-type',
    title: 'a member that was sent with a wrong type or without one is returned with its actual type',
    level: 'MUST',
    citation: 'RFC 7643 §4.2; FP-D11; IDP-17',
    needs: ['members'],
    check: async (rig) => {
      const user = await insertUser(rig)
      const inner = await insertGroup(rig, 'Inner')
      const ref = newGroupRef()
      const add = [{ value: user.ref.id, type: 'Group' }, { value: inner.ref.id }]
      const group = await insert(rig, ref, groupDocument(ref, 'Outer'), { add, remove: [] })
      const types = new Map((await membersOf(rig, group)).map(({ value, type }) => [value, type]))
      ensureSame(types.get(user.ref.id), 'User', 'type of a user that was sent as a group')
      ensureSame(types.get(inner.ref.id), 'Group', 'type of a group that was sent without one')
    },
  },
  {
    id: 'members-pending',
    title: 'a member with an unknown id is returned as sent, and is in the group as soon as it exists',
    level: 'MUST',
    citation: 'RFC 7643 §4.2; FP-D11; IDP-35 (unknownMembers: keep)',
    needs: ['members', 'derived'],
    check: async (rig) => {
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
  },
  {
    id: 'members-lost-write',
    title: 'a write with a stale version or a duplicate key does not change members',
    level: 'MUST',
    citation: 'RFC 7644 §3.14; FP-D4',
    needs: ['members', 'derived'],
    check: async (rig) => {
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
  },
  {
    id: 'members-after-remove',
    title: 'removing a group removes its memberships',
    level: 'MUST',
    citation: 'RFC 7644 §3.6; FP-D13; REL-8',
    needs: ['members', 'derived'],
    check: async (rig) => {
      const user = await insertUser(rig)
      const [gone, kept] = [await insertGroup(rig, 'Gone', [user.ref]), await insertGroup(rig, 'Kept', [user.ref])]
      await remove(rig, gone)
      ensureSame(await groupIds(rig, user), [kept.ref.id], 'groups of a user after one was removed')
      const stored = await readBack(rig, user.ref)
      ensureSame(stored.version, user.version, 'version of a user after one of its groups was removed')
      ensure(documentOf(stored).groups === undefined, 'expected no groups in the document of a user')
    },
  },
]
