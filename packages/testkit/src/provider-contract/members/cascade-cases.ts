import type { RawVersion, Stored } from '@scimkit/core/provider'
import { ensure, ensureEnd, ensureSame, ensureSuccess } from '../assert.js'
import { filterOf } from '../parse-query.js'
import { must, needing, type ProviderCase } from '../provider-case.js'
import { idsOf } from '../queries.js'
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
  nextOf,
  readBack,
  remove,
  tryReplace,
} from '../writes.js'

function memberIdsOf(stored: Stored): readonly string[] {
  return (stored.members ?? []).map(({ value }) => value)
}

/** Two groups that share a user, and one group without that user. */
async function sharedUser(
  rig: Rig,
): Promise<{ readonly user: Held; readonly touched: readonly Held[]; readonly other: Held }> {
  const [user, colleague] = [await insertUser(rig), await insertUser(rig)]
  const first = await insertGroup(rig, 'First', [user.ref, colleague.ref])
  const second = await insertGroup(rig, 'Second', [user.ref])
  return { user, touched: [first, second], other: await insertGroup(rig, 'Other', [colleague.ref]) }
}

/** Removing a resource removes its memberships, and changes the versions of its groups. */
export const cascadeCases: readonly ProviderCase[] = needing('members', [
  must(
    'cascade-members',
    'a removed user is not a member of any group, in reads and in searches',
    'RFC 7643 §4.2; FP-D13; REL-8',
    async (rig) => {
      const { user, touched } = await sharedUser(rig)
      await remove(rig, user)
      for (const group of touched) {
        const ids = memberIdsOf(await readBack(rig, group.ref, everything))
        ensure(!ids.includes(user.ref.id), 'members of a group after one was removed: expected it to be absent, saw it')
        const only = await readBack(rig, group.ref, { members: { only: [user.ref.id] }, derived: false })
        ensureSame(memberIdsOf(only), [], 'a removed member requested by id')
      }
      const filter = filterOf('Group', `members.value eq "${user.ref.id}"`)
      ensureSame(await idsOf(rig, 'Group', { filter }), [], 'groups with a removed member')
    },
  ),
  must(
    'cascade-version',
    'removing a member changes the version of each of its groups',
    'RFC 7643 §4.2; RFC 7644 §3.14; FP-D13; REL-8',
    async (rig) => {
      const { user, touched } = await sharedUser(rig)
      await remove(rig, user)
      for (const group of touched) {
        const { version } = await readBack(rig, group.ref)
        ensure(
          version !== group.version,
          'version of a group after a member was removed: expected another one, saw the old',
        )
      }
    },
  ),
  must(
    'cascade-reported',
    'a removal returns each group that lost the resource as a member, with its version after that',
    'RFC 7644 §3.14; FP-D13',
    async (rig) => {
      const { user, touched, other } = await sharedUser(rig)
      const result = await rig.provider.remove(user.ref, user.version, newRemoval(rig), rig.here)
      const { affected } = ensureSuccess(result, 'remove of a User')
      const versions = new Map(affected.map(({ ref, version }) => [`${ref.type} ${ref.id}`, version]))
      ensureSame(affected.length, touched.length, 'the number of groups that a removal returns')
      for (const { ref } of touched) {
        const { version } = await readBack(rig, ref)
        ensureSame(versions.get(`Group ${ref.id}`), version, 'the version of a group that a removal returns')
      }
      ensure(!versions.has(`Group ${other.ref.id}`), 'a removal returns a group without the removed member')
      const alone = await insertUser(rig)
      const none = ensureSuccess(
        await rig.provider.remove(alone.ref, alone.version, newRemoval(rig), rig.here),
        'remove of a User without groups',
      )
      ensureSame(none.affected, [], 'the groups that the removal of a user without groups returns')
    },
  ),
  must(
    'cascade-restored',
    'two removals give groups with one version two different versions, as before and after a restored backup',
    'RFC 9110 §8.8.1; ADR 43; FP-D14',
    async (rig) => {
      const version = newVersion()
      const moved: RawVersion[] = []
      for (let removals = 0; removals < 2; removals++) {
        const user = await insertUser(rig)
        const ref = newGroupRef()
        const next = nextOf(rig, ref, groupDocument(ref, 'Group'), version, adding(user.ref))
        const { id = ref.id } = ensureSuccess(await rig.provider.insert(ref, next, rig.here), 'insert of a group')
        await remove(rig, user)
        moved.push((await readBack(rig, { type: 'Group', id })).version)
      }
      ensure(moved[0] !== moved[1], `versions after two removals: expected two, saw ${moved[0]} twice`)
    },
    'restores',
  ),
  must(
    'cascade-time',
    'removing a member sets lastModified of each of its groups to the time of the remove',
    'RFC 7643 §3.1 (meta); FP-D13',
    async (rig) => {
      const { user, touched } = await sharedUser(rig)
      const at = await remove(rig, user)
      for (const group of touched) {
        const { created, lastModified } = await readBack(rig, group.ref)
        ensureSame(
          { created, lastModified },
          { created: group.at, lastModified: at },
          'times of a group that lost a member',
        )
      }
    },
  ),
  must(
    'cascade-time-forward',
    'removing a member at an earlier time than the last change of a group does not change its lastModified',
    'RFC 7643 §3.1 (meta); FP-D13; REL-15',
    async (rig) => {
      const { user, touched } = await sharedUser(rig)
      const earlier = new Date(Date.parse(user.at) - 86_400_000).toISOString()
      ensureEnd(
        await rig.provider.remove(user.ref, user.version, { ...newRemoval(rig), at: earlier }, rig.here),
        'success',
        'remove of a User',
      )
      for (const group of touched) {
        const { version, lastModified } = await readBack(rig, group.ref)
        ensure(version !== group.version, 'version of a group that lost a member: expected another one, saw the old')
        ensureSame(lastModified, group.at, 'lastModified of a group after a removal with a clock that was set back')
      }
    },
  ),
  must(
    'cascade-only-touched',
    'removing a member does not change documents, other members or other groups',
    'RFC 7643 §4.2; ADR 3; FP-D13',
    async (rig) => {
      const { user, touched, other } = await sharedUser(rig)
      const before = await readBack(rig, other.ref, everything)
      await remove(rig, user)
      const after = await readBack(rig, other.ref, everything)
      ensureSame(
        [after.version, after.lastModified],
        [before.version, before.lastModified],
        'a group without the removed member',
      )
      ensureSame(after.members, before.members, 'members of a group without the removed member')
      for (const group of touched) {
        ensureSame(documentOf(await readBack(rig, group.ref)), group.document, 'document of a group that lost a member')
      }
      const [first] = touched
      if (first === undefined) return
      const left = memberIdsOf(await readBack(rig, first.ref, everything))
      ensureSame(left, memberIdsOf(before), 'the member that is left')
    },
  ),
  must(
    'cascade-stale-write',
    'a replace of a group with the version before a cascade is a mismatch with the version after it',
    'RFC 7644 §3.14; FP-D13; REL-8',
    async (rig) => {
      const { user, touched } = await sharedUser(rig)
      await remove(rig, user)
      for (const group of touched) {
        const result = await tryReplace(rig, group, group.document, adding(newUserRef()))
        const { current } = ensureEnd(result, 'versionMismatch', 'replace with the version from before a cascade')
        ensureSame(current, (await readBack(rig, group.ref)).version, 'current of the mismatch')
        const retried = await tryReplace(rig, { ref: group.ref, version: current }, group.document)
        ensureEnd(retried, 'success', 'replace with the version from after a cascade')
      }
    },
  ),
  must(
    'cascade-nested',
    'removing a group that is a member of other groups cascades too, also in a cycle',
    'RFC 7643 §4.2 (nested groups); FP-D13; REL-8',
    async (rig) => {
      const inner = await insertGroup(rig, 'Inner')
      const outer = await insertGroup(rig, 'Outer', [inner.ref])
      const result = await tryReplace(rig, inner, inner.document, adding(outer.ref, inner.ref))
      const { value } = ensureEnd(result, 'success', 'replace that closes a cycle')
      await remove(rig, { ref: inner.ref, version: value.version })
      const stored = await readBack(rig, outer.ref, everything)
      ensureSame(memberIdsOf(stored), [], 'members of the outer group')
      ensure(stored.version !== outer.version, 'version of the outer group: expected another one, saw the old')
      ensureEnd(await tryReplace(rig, stored, outer.document), 'success', 'replace of the outer group')
    },
  ),
  must(
    'cascade-lost-remove',
    'a refused remove does not change memberships and groups',
    'RFC 7644 §3.14',
    async (rig) => {
      const { user, touched } = await sharedUser(rig)
      ensureEnd(await tryReplace(rig, user, { ...user.document, nickName: 'changed' }), 'success', 'replace of a user')
      const result = await rig.provider.remove(user.ref, user.version, newRemoval(rig), rig.here)
      ensureEnd(result, 'versionMismatch', 'remove with a stale version')
      for (const group of touched) {
        const stored = await readBack(rig, group.ref, everything)
        ensure(
          memberIdsOf(stored).includes(user.ref.id),
          'members after a remove that lost: expected the user, saw others',
        )
        ensureSame(stored.version, group.version, 'version of a group after a refused remove')
      }
    },
  ),
])
