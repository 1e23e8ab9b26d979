import {
  type ConditionalResult,
  changedSince,
  nextVersion,
  type VersionChange,
  versionNonce,
  type Written,
} from '@scimkit/core'
import { ensure, ensureEnd, ensureSame, ensureSuccess } from './assert.js'
import type { ProviderCase, Rig } from './rig.js'
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
} from './writes.js'

/** Tries to replace a document, and says what has changed; the end is the caller's to judge. */
function tryTelling(
  rig: Rig,
  held: Held,
  document: Held['document'],
  changed: readonly string[],
): Promise<ConditionalResult<Written>> {
  const next = nextOf(rig, held.ref, document, versionAfter(held.version))
  return rig.provider.replace(held.ref, held.version, { ...next, changed }, rig.here)
}

/** Replaces, which must succeed, and says what has changed. */
async function tell(rig: Rig, held: Held, ...changed: readonly string[]): Promise<Held> {
  const document = { ...held.document, nickName: `changed at ${rig.at()}` }
  const { version, at } = ensureSuccess(
    await tryTelling(rig, held, document, changed),
    'replace that says what changed',
  )
  return { ref: held.ref, version, at, document }
}

type Entry = readonly [version: string, previous: string | null, at: string, changed: readonly string[]]

// JSON has no undefined.
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

/** What a provider remembers of the versions that were. */
export const historyCases: readonly ProviderCase[] = [
  {
    id: 'history-insert',
    title: 'a new resource has one entry, which has no version before it and names nothing',
    level: 'MUST',
    citation: 'ADR 32; FP-D19',
    needs: ['history'],
    check: async (rig) => {
      const user = await insertUser(rig)
      await ensureHistory(rig, user, [made(user)], 'history of a new user')
    },
  },
  {
    id: 'history-replace',
    title:
      'each replace that says what has changed has an entry, newest first, with the versions that it leads between',
    level: 'MUST',
    citation: 'ADR 32; FP-D19',
    needs: ['history'],
    check: async (rig) => {
      const first = await insertUser(rig)
      const second = await tell(
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
      const third = await tell(rig, second, 'emails')
      const history = await rig.provider.history(first.ref, rig.here)
      ensureSame(history[0] && entryOf(history[0]), led(second, third, 'emails'), 'newest entry after two replaces')
      ensureSame(changedSince(history, third.version, [second.version]), ['emails'], 'names since the version before')
    },
  },
  {
    id: 'history-newest',
    title: 'of many versions the newest are kept, as many as it says, without a gap',
    level: 'MUST',
    citation: 'ADR 32; FP-D19',
    needs: ['history'],
    check: async (rig) => {
      let held = await insertUser(rig)
      let expected: readonly Entry[] = [made(held)]
      for (let i = 0; i < rig.historyLength * 2 + 1; i++) {
        const next = await tell(rig, held, `attribute${i}`)
        expected = [led(held, next, `attribute${i}`), ...expected]
        held = next
        if (i >= rig.historyLength - 2) await ensureHistory(rig, held, expected, `history after ${i + 2} versions`)
      }
    },
  },
  {
    id: 'history-of-each',
    title: 'what is written to other resources takes nothing from the history of one',
    level: 'MUST',
    citation: 'ADR 32; FP-D19',
    needs: ['history'],
    check: async (rig) => {
      const user = await insertUser(rig)
      let other = await insertUser(rig)
      for (let i = 0; i <= rig.historyLength; i++) other = await tell(rig, other, 'title')
      await ensureHistory(rig, user, [made(user)], 'history of a user while another one was written')
    },
  },
  {
    id: 'history-untold',
    title: 'a replace that does not say what has changed leaves a gap: nothing is told across it',
    level: 'MUST',
    citation: 'ADR 32; FP-V17, FP-D19',
    needs: ['history'],
    check: async (rig) => {
      const first = await insertUser(rig)
      const document = { ...first.document, title: 'New' }
      const untold = nextOf(rig, first.ref, document, versionAfter(first.version))
      const { version } = ensureSuccess(
        await rig.provider.replace(first.ref, first.version, untold, rig.here),
        'replace that does not say what changed',
      )
      const at = (await rig.provider.history(first.ref, rig.here)).find((entry) => entry.version === version)
      ensure(at === undefined, 'history: expected no entry for a change that nobody has told of, saw one')
      const third = await tell(rig, { ...first, version, document }, 'emails')
      const history = await rig.provider.history(first.ref, rig.here)
      ensureSame(changedSince(history, third.version, [version]), ['emails'], 'names since the version behind the gap')
      ensureSame(changedSince(history, third.version, [first.version]) ?? null, null, 'names across a gap')
    },
  },
  {
    id: 'history-lost-write',
    title: 'a write that has lost, or was refused, leaves no entry',
    level: 'MUST',
    citation: 'ADR 32; FP-D19',
    needs: ['history'],
    check: async (rig) => {
      const first = await insertUser(rig)
      const taken = await insertUser(rig)
      const second = await tell(rig, first, 'title')
      const stale = await tryTelling(rig, first, { ...first.document, title: 'Stale' }, ['stale'])
      ensureEnd(stale, 'versionMismatch', 'replace with a stale version')
      const userName = taken.document.userName ?? ''
      const refused = await tryTelling(rig, second, { ...first.document, userName }, ['userName'])
      ensureEnd(refused, 'duplicate', 'replace with a name that is taken')
      await ensureHistory(rig, first, [led(first, second, 'title'), made(first)], 'history after two writes that lost')
      const ref = newUserRef()
      ensureEnd(
        await tryInsert(rig, ref, userDocument(ref, { userName })),
        'duplicate',
        'insert of a name that is taken',
      )
      ensureSame(await rig.provider.history(ref, rig.here), [], 'history of what was not inserted')
    },
  },
  {
    id: 'history-remove',
    title: 'the history goes with its resource; what was never there has none',
    level: 'MUST',
    citation: 'ADR 32; FP-D19',
    needs: ['history'],
    check: async (rig) => {
      const user = await insertUser(rig)
      const changed = await tell(rig, user, 'title')
      await remove(rig, changed)
      ensureSame(await rig.provider.history(user.ref, rig.here), [], 'history of a user who was removed')
      ensureSame(await rig.provider.history(newUserRef(), rig.here), [], 'history of what was never there')
      const again = await insert(rig, user.ref, { ...user.document })
      await ensureHistory(rig, again, [made(again)], 'history of a user inserted with the id of a removed one')
    },
  },
  {
    id: 'history-other-type',
    title: 'the history of an id under another type is empty',
    level: 'MUST',
    citation: 'ADR 32; FP-D19',
    needs: ['history'],
    check: async (rig) => {
      const { ref } = await insertUser(rig)
      ensureSame(
        await rig.provider.history({ type: 'Group', id: ref.id }, rig.here),
        [],
        'history of a user as a group',
      )
    },
  },
  {
    id: 'history-tenant',
    title: "another tenant's resource has no history, and writing there changes none here",
    level: 'MUST',
    citation: 'RFC 7644 §6; FP-D20; SEC-5',
    needs: ['history'],
    check: async (rig) => {
      const user = await insertUser(rig)
      ensureSame(await rig.provider.history(user.ref, rig.there), [], "history of another tenant's user")
      await insertUser(rig, {}, rig.there)
      await ensureHistory(rig, user, [made(user)], 'history of a user while another tenant writes')
    },
  },
  {
    id: 'history-members',
    title: 'a change of members alone is noted like any other',
    level: 'MUST',
    citation: 'RFC 7643 §4.2; ADR 32; FP-D19',
    needs: ['history', 'members'],
    check: async (rig) => {
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
  },
  {
    id: 'history-cascade',
    title: 'removing a member is noted in each group that it was in, as a change of members, and in no other',
    level: 'MUST',
    citation: 'RFC 7643 §4.2; ADR 32; FP-D19; REL-8',
    needs: ['history', 'members'],
    check: async (rig) => {
      const [user, colleague] = [await insertUser(rig), await insertUser(rig)]
      const first = await insertGroup(rig, 'First', [user.ref, colleague.ref])
      const second = await tell(rig, await insertGroup(rig, 'Second', [user.ref]), 'displayName')
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
  },
  {
    id: 'history-cascade-many',
    title: 'cascades and writes make one history, of which the newest are kept',
    level: 'MUST',
    citation: 'RFC 7643 §4.2; ADR 32; FP-D19; REL-8',
    needs: ['history', 'members'],
    check: async (rig) => {
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
        group = i % 2 === 0 ? await tell(rig, shrunk, 'displayName') : shrunk
        if (i % 2 === 0) expected = [led(shrunk, group, 'displayName'), ...expected]
        await ensureHistory(rig, group, expected, `history of a group after ${expected.length} versions`)
      }
    },
  },
  {
    id: 'history-lost-remove',
    title: 'a remove that has lost leaves no entry in the groups',
    level: 'MUST',
    citation: 'RFC 7644 §3.14; ADR 32; FP-D19',
    needs: ['history', 'members'],
    check: async (rig) => {
      const user = await insertUser(rig)
      const group = await insertGroup(rig, 'Group', [user.ref])
      const changed = await tell(rig, user, 'title')
      const result = await rig.provider.remove(user.ref, user.version, newRemoval(rig), rig.here)
      ensureEnd(result, 'versionMismatch', 'remove with a stale version')
      await ensureHistory(rig, group, [made(group)], 'history of a group after a remove that lost')
      await ensureHistory(rig, user, [led(user, changed, 'title'), made(user)], 'history of who was not removed')
    },
  },
  {
    id: 'history-race',
    title: 'of writers at the same time each that has won, and no other, is noted: one chain without a gap',
    level: 'MUST',
    citation: 'RFC 7644 §3.14; ADR 32; FP-D19',
    needs: ['history'],
    check: async (rig) => {
      for (let round = 0; round < rig.rounds; round++) {
        const user = await insertUser(rig)
        const rivals = Array.from({ length: 4 }, (_, i) => `rival${i}`)
        const ends = await Promise.all(
          rivals.map((name) => tryTelling(rig, user, { ...user.document, nickName: name }, [name])),
        )
        const won = rivals.filter((_, i) => ends[i]?.kind === 'success')
        const { version } = await readBack(rig, user.ref)
        const changed = changedSince(await rig.provider.history(user.ref, rig.here), version, [user.version])
        ensureSame(changed, won, 'names told after a race')
      }
    },
  },
  {
    id: 'history-race-cascade',
    title: 'removes and writes that meet in one group are one chain without a gap',
    level: 'MUST',
    citation: 'RFC 7643 §4.2; ADR 32; FP-D19; REL-8',
    needs: ['history', 'members'],
    check: async (rig) => {
      for (let round = 0; round < rig.rounds; round++) {
        const users: Held[] = []
        for (let i = 1; i < rig.historyLength; i++) users.push(await insertUser(rig))
        const refs = users.map(({ ref }) => ref)
        const group = await insertGroup(rig, 'Group', refs)
        const [renamed] = await Promise.all([
          tryTelling(rig, group, { ...group.document, displayName: 'Renamed' }, ['displayName']),
          ...users.map((user) => remove(rig, user)),
        ])
        const { version } = await readBack(rig, group.ref)
        const history = await rig.provider.history(group.ref, rig.here)
        const expected = renamed.kind === 'success' ? ['displayName', 'members'] : ['members']
        ensureSame(changedSince(history, version, [group.version]), expected, 'names told after removes side by side')
      }
    },
  },
]
