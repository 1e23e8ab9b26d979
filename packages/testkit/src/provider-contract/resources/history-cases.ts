import {
  type ConditionalResult,
  changedSince,
  nextVersion,
  type VersionChange,
  versionNonce,
  type Written,
} from '@scimkit/core/provider'
import { ensure, ensureEnd, ensureSame, ensureSuccess } from '../assert.js'
import { must, needing, type ProviderCase } from '../provider-case.js'
import type { Rig } from '../rig.js'
import {
  adding,
  type Held,
  insert,
  insertGroup,
  insertUser,
  newRemoval,
  newUserRef,
  nextOf,
  readBack,
  remove,
  tryInsert,
  userDocument,
  versionAfter,
} from '../writes.js'

/** Tries to replace a document and passes the changed names; the caller checks the result. */
function tryReplaceNaming(
  rig: Rig,
  held: Held,
  document: Held['document'],
  changed: readonly string[],
): Promise<ConditionalResult<Written>> {
  const next = nextOf(rig, held.ref, document, versionAfter(held.version))
  return rig.provider.replace(held.ref, held.version, { ...next, changed }, rig.here)
}

/** Replaces and passes the changed names; must succeed. */
async function replaceNaming(rig: Rig, held: Held, ...changed: readonly string[]): Promise<Held> {
  const document = { ...held.document, nickName: `changed at ${rig.at()}` }
  const { version, at } = ensureSuccess(
    await tryReplaceNaming(rig, held, document, changed),
    'replace with the changed names',
  )
  return { ref: held.ref, version, at, document }
}

type Entry = readonly [version: string, previous: string | null, at: string, changed: readonly string[]]

// JSON has no undefined, so null is used.
function entryOf({ version, previous, at, changed }: VersionChange): Entry {
  return [version, previous ?? null, at, changed]
}

function made({ version, at }: Held): Entry {
  return [version, null, at, []]
}

function led(before: { readonly version: string }, { version, at }: Held, ...changed: readonly string[]): Entry {
  return [version, before.version, at, changed]
}

async function ensureHistory(rig: Rig, { ref }: Held, expected: readonly Entry[], what: string): Promise<void> {
  const history = await rig.provider.history(ref, rig.here)
  ensureSame(history.map(entryOf), expected.slice(0, rig.historyLength), what)
}

/** The history that a provider keeps of earlier versions. */
export const historyCases: readonly ProviderCase[] = needing('history', [
  must(
    'history-insert',
    'a new resource has one entry, without a previous version and without names',
    'ADR 32; FP-D19',
    async (rig) => {
      const user = await insertUser(rig)
      await ensureHistory(rig, user, [made(user)], 'history of a new user')
    },
  ),
  must(
    'history-replace',
    'each replace with changed names has an entry, newest first, with the previous and the new version',
    'ADR 32; FP-D19',
    async (rig) => {
      const first = await insertUser(rig)
      const second = await replaceNaming(
        rig,
        first,
        'title',
        'urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:manager',
      )
      await ensureHistory(
        rig,
        first,
        [
          led(first, second, 'title', 'urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:manager'),
          made(first),
        ],
        'history after one replace',
      )
      const third = await replaceNaming(rig, second, 'emails')
      const history = await rig.provider.history(first.ref, rig.here)
      ensureSame(history[0] && entryOf(history[0]), led(second, third, 'emails'), 'newest entry after two replaces')
      ensureSame(changedSince(history, third.version, [second.version]), ['emails'], 'names since the previous version')
    },
  ),
  must(
    'history-newest',
    'the newest versions are kept, as many as configured, without a gap',
    'ADR 32; FP-D19',
    async (rig) => {
      let held = await insertUser(rig)
      let expected: readonly Entry[] = [made(held)]
      for (let i = 0; i < rig.historyLength * 2 + 1; i++) {
        const next = await replaceNaming(rig, held, `attribute${i}`)
        expected = [led(held, next, `attribute${i}`), ...expected]
        held = next
        if (i >= rig.historyLength - 2) await ensureHistory(rig, held, expected, `history after ${i + 2} versions`)
      }
    },
  ),
  must(
    'history-of-each',
    'writes to other resources do not evict entries from the history of a resource',
    'ADR 32; FP-D19',
    async (rig) => {
      const user = await insertUser(rig)
      let other = await insertUser(rig)
      for (let i = 0; i <= rig.historyLength; i++) other = await replaceNaming(rig, other, 'title')
      await ensureHistory(rig, user, [made(user)], 'history of a user while another one was written')
    },
  ),
  must(
    'history-untold',
    'a replace without changed names leaves a gap: no names are returned across it',
    'ADR 32; FP-V17, FP-D19',
    async (rig) => {
      const first = await insertUser(rig)
      const document = { ...first.document, title: 'New' }
      const untold = nextOf(rig, first.ref, document, versionAfter(first.version))
      const { version } = ensureSuccess(
        await rig.provider.replace(first.ref, first.version, untold, rig.here),
        'replace that does not say what changed',
      )
      const at = (await rig.provider.history(first.ref, rig.here)).find((entry) => entry.version === version)
      ensure(at === undefined, 'history: expected no entry for a change without names, saw one')
      const third = await replaceNaming(rig, { ...first, version, document }, 'emails')
      const history = await rig.provider.history(first.ref, rig.here)
      ensureSame(changedSince(history, third.version, [version]), ['emails'], 'names since the version after the gap')
      ensureSame(changedSince(history, third.version, [first.version]) ?? null, null, 'names across a gap')
    },
  ),
  must(
    'history-lost-write',
    'a write with a stale version or a duplicate key leaves no entry',
    'ADR 32; FP-D19',
    async (rig) => {
      const first = await insertUser(rig)
      const taken = await insertUser(rig)
      const second = await replaceNaming(rig, first, 'title')
      const stale = await tryReplaceNaming(rig, first, { ...first.document, title: 'Stale' }, ['stale'])
      ensureEnd(stale, 'versionMismatch', 'replace with a stale version')
      const userName = taken.document.userName ?? ''
      const refused = await tryReplaceNaming(rig, second, { ...first.document, userName }, ['userName'])
      ensureEnd(refused, 'duplicate', 'replace with a name that is taken')
      await ensureHistory(rig, first, [led(first, second, 'title'), made(first)], 'history after two failed writes')
      const ref = newUserRef()
      ensureEnd(
        await tryInsert(rig, ref, userDocument(ref, { userName })),
        'duplicate',
        'insert of a name that is taken',
      )
      ensureSame(await rig.provider.history(ref, rig.here), [], 'history of a resource whose insert failed')
    },
  ),
  must(
    'history-remove',
    'the history is removed with its resource; an unknown id has none',
    'ADR 32; FP-D19',
    async (rig) => {
      const user = await insertUser(rig)
      const changed = await replaceNaming(rig, user, 'title')
      await remove(rig, changed)
      ensureSame(await rig.provider.history(user.ref, rig.here), [], 'history of a removed user')
      ensureSame(await rig.provider.history(newUserRef(), rig.here), [], 'history of an unknown id')
      const again = await insert(rig, user.ref, { ...user.document })
      await ensureHistory(rig, again, [made(again)], 'history of a user inserted with the id of a removed one')
    },
  ),
  must('history-other-type', 'the history of an id under another type is empty', 'ADR 32; FP-D19', async (rig) => {
    const { ref } = await insertUser(rig)
    ensureSame(await rig.provider.history({ type: 'Group', id: ref.id }, rig.here), [], 'history of a user as a group')
  }),
  must(
    'history-tenant',
    "another tenant's resource has no history, and writing there changes none here",
    'RFC 7644 §6; FP-D20; SEC-5',
    async (rig) => {
      const user = await insertUser(rig)
      ensureSame(await rig.provider.history(user.ref, rig.there), [], "history of another tenant's user")
      await insertUser(rig, {}, rig.there)
      await ensureHistory(rig, user, [made(user)], 'history of a user while another tenant writes')
    },
  ),
  must(
    'history-members',
    'a change of members alone has an entry like any other change',
    'RFC 7643 §4.2; ADR 32; FP-D19',
    async (rig) => {
      const group = await insertGroup(rig, 'Group')
      const next = nextOf(
        rig,
        group.ref,
        group.document,
        nextVersion(group.version, versionNonce()),
        adding(newUserRef()),
      )
      const result = await rig.provider.replace(group.ref, group.version, { ...next, changed: ['members'] }, rig.here)
      const { version, at } = ensureSuccess(result, 'replace that adds a member')
      const changed = { ...group, version, at }
      await ensureHistory(rig, group, [led(group, changed, 'members'), made(group)], 'history after a new member')
    },
    'members',
  ),
  must(
    'history-cascade',
    'removing a member adds an entry for members to each of its groups, and to no other group',
    'RFC 7643 §4.2; ADR 32; FP-D19; REL-8',
    async (rig) => {
      const [user, colleague] = [await insertUser(rig), await insertUser(rig)]
      const first = await insertGroup(rig, 'First', [user.ref, colleague.ref])
      const second = await replaceNaming(rig, await insertGroup(rig, 'Second', [user.ref]), 'displayName')
      const other = await insertGroup(rig, 'Other', [colleague.ref])
      const at = await remove(rig, user)
      for (const group of [first, second]) {
        const { version } = await readBack(rig, group.ref)
        const [newest] = await rig.provider.history(group.ref, rig.here)
        const expected = led(group, { ...group, version, at }, 'members')
        ensureSame(newest && entryOf(newest), expected, 'newest entry of a group that lost a member')
      }
      await ensureHistory(rig, other, [made(other)], 'history of a group that lost no member')
    },
    'members',
  ),
  must(
    'history-cascade-many',
    'cascades and writes share one history, of which the newest entries are kept',
    'RFC 7643 §4.2; ADR 32; FP-D19; REL-8',
    async (rig) => {
      const users: Held[] = []
      for (let i = 0; i < rig.historyLength + 1; i++) users.push(await insertUser(rig))
      const refs = users.map(({ ref }) => ref)
      let group = await insertGroup(rig, 'Many', refs)
      let expected: readonly Entry[] = [made(group)]
      for (const [i, user] of users.entries()) {
        const at = await remove(rig, user)
        const { version } = await readBack(rig, group.ref)
        const shrunk = { ...group, version, at }
        expected = [led(group, shrunk, 'members'), ...expected]
        group = i % 2 === 0 ? await replaceNaming(rig, shrunk, 'displayName') : shrunk
        if (i % 2 === 0) expected = [led(shrunk, group, 'displayName'), ...expected]
        await ensureHistory(rig, group, expected, `history of a group after ${expected.length} versions`)
      }
    },
    'members',
  ),
  must(
    'history-lost-remove',
    'a refused remove leaves no entry in the groups',
    'RFC 7644 §3.14; ADR 32; FP-D19',
    async (rig) => {
      const user = await insertUser(rig)
      const group = await insertGroup(rig, 'Group', [user.ref])
      const changed = await replaceNaming(rig, user, 'title')
      const result = await rig.provider.remove(user.ref, user.version, newRemoval(rig), rig.here)
      ensureEnd(result, 'versionMismatch', 'remove with a stale version')
      await ensureHistory(rig, group, [made(group)], 'history of a group after a refused remove')
      await ensureHistory(
        rig,
        user,
        [led(user, changed, 'title'), made(user)],
        'history of the user that was not removed',
      )
    },
    'members',
  ),
  must(
    'history-race',
    'of concurrent writers each successful one, and no other, has an entry: one chain without a gap',
    'RFC 7644 §3.14; ADR 32; FP-D19',
    async (rig) => {
      for (let round = 0; round < rig.rounds; round++) {
        const user = await insertUser(rig)
        const writers = Array.from({ length: 4 }, (_, i) => `writer${i}`)
        const ends = await Promise.all(
          writers.map((name) => tryReplaceNaming(rig, user, { ...user.document, nickName: name }, [name])),
        )
        const won = writers.filter((_, i) => ends[i]?.kind === 'success')
        const { version } = await readBack(rig, user.ref)
        const changed = changedSince(await rig.provider.history(user.ref, rig.here), version, [user.version])
        ensureSame(changed, won, 'names after a race')
      }
    },
  ),
  must(
    'history-race-cascade',
    'concurrent removes and writes of one group form one chain without a gap',
    'RFC 7643 §4.2; ADR 32; FP-D19; REL-8',
    async (rig) => {
      for (let round = 0; round < rig.rounds; round++) {
        const users: Held[] = []
        for (let i = 1; i < rig.historyLength; i++) users.push(await insertUser(rig))
        const refs = users.map(({ ref }) => ref)
        const group = await insertGroup(rig, 'Group', refs)
        const [renamed] = await Promise.all([
          tryReplaceNaming(rig, group, { ...group.document, displayName: 'Renamed' }, ['displayName']),
          ...users.map((user) => remove(rig, user)),
        ])
        const { version } = await readBack(rig, group.ref)
        const history = await rig.provider.history(group.ref, rig.here)
        const expected = renamed.kind === 'success' ? ['displayName', 'members'] : ['members']
        ensureSame(changedSince(history, version, [group.version]), expected, 'names after concurrent removes')
      }
    },
    'members',
  ),
])
