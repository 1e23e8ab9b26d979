import { type ConditionalResult, documentOnly, type JsonObject, type Next, type Written } from '@scimkit/core'
import { ensure, ensureEnd, ensureFound, ensureSame, ensureSameSet, shown } from './assert.js'
import { all } from './questions.js'
import type { ProviderCase, Rig } from './rig.js'
import {
  adding,
  documentOf,
  type Held,
  insertGroup,
  insertUser,
  newRemoval,
  newUserRef,
  newVersion,
  nextOf,
  readBack,
  removing,
  tryInsert,
  tryReplace,
  userDocument,
  versionAfter,
} from './writes.js'

const rivals = 16

/** As many promises as there are rivals, all begun before any is waited for. */
function allAtOnce<Value>(begin: (rival: number) => Promise<Value>): Promise<Value[]> {
  return Promise.all(Array.from({ length: rivals }, (_, rival) => begin(rival)))
}

async function repeatedly(rig: Rig, round: () => Promise<void>): Promise<void> {
  for (let i = 0; i < rig.rounds; i++) await round()
}

/** The one rival that won. More than one is a lost update; none is a lost write. */
function ensureOneWinner(results: readonly ConditionalResult<unknown>[], what: string): number {
  const winners = results.flatMap((result, rival) => (result.kind === 'success' ? [rival] : []))
  const [winner] = winners
  ensure(winner !== undefined && winners.length === 1, `${what}: expected exactly 1 winner, saw ${winners.length}`)
  return winner
}

function ensureOthersEnded(
  results: readonly ConditionalResult<unknown>[],
  winner: number,
  kind: 'versionMismatch' | 'notFound' | 'duplicate',
  what: string,
): void {
  for (const [rival, result] of results.entries()) if (rival !== winner) ensureEnd(result, kind, what)
}

/** Sixteen rivals write over one version; each may choose what it writes. */
async function raceReplace(rig: Rig, user: Held, nextOfRival: (rival: number) => Next): Promise<void> {
  const nexts = Array.from({ length: rivals }, (_, rival) => nextOfRival(rival))
  const results = await Promise.all(nexts.map((next) => rig.provider.replace(user.ref, user.version, next, rig.here)))
  const winner = ensureOneWinner(results, `${rivals} replaces with one expected version`)
  ensureOthersEnded(results, winner, 'versionMismatch', 'replace that lost')
  const stored = await readBack(rig, user.ref)
  ensureSame(documentOf(stored), nexts[winner]?.resource, 'document after the race')
  const written = results[winner] as ConditionalResult<Written>
  ensure(
    written.kind === 'success' && written.value.version === stored.version,
    "expected the winner's version to be there",
  )
}

function rivalDocument(user: Held, rival: number): JsonObject {
  return { ...user.document, nickName: `rival ${rival}` }
}

/** Adds a member the way an unconditional client does: read, swap, and again if somebody came first. */
async function addUntilWon(rig: Rig, group: Held, member: string): Promise<void> {
  for (let attempt = 0; attempt < 10 * rivals; attempt++) {
    const { version } = await readBack(rig, group.ref)
    const delta = adding({ type: 'User', id: member })
    const result = await tryReplace(rig, { ref: group.ref, version }, group.document, delta)
    if (result.kind === 'success') return
    ensureEnd(result, 'versionMismatch', 'replace of a group under contention')
  }
  throw new Error(`no success in ${10 * rivals} attempts`)
}

async function raceRemoveReplace(rig: Rig, replaceFirst: boolean): Promise<void> {
  const user = await insertUser(rig)
  const remove = (): Promise<ConditionalResult<unknown>> =>
    rig.provider.remove(user.ref, user.version, newRemoval(rig), rig.here)
  const replace = (): Promise<ConditionalResult<unknown>> => tryReplace(rig, user, rivalDocument(user, 0))
  const [first, second] = replaceFirst ? [replace(), remove()] : [remove(), replace()]
  const results = await Promise.all([first, second])
  const [replaced, removed] = replaceFirst ? results : [...results].reverse()
  ensureOneWinner(results, 'a remove against a replace')
  const left = await rig.provider.read(user.ref, documentOnly, rig.here)
  if (removed?.kind === 'success') {
    ensure(left === undefined, 'after a remove that won: expected nothing, saw a resource')
    ensure(replaced?.kind === 'notFound', `replace that lost to a remove: expected notFound, saw ${shown(replaced)}`)
  } else {
    ensureSame(documentOf(ensureFound(left, 'read after a replace that won')), rivalDocument(user, 0), 'document')
    ensure(
      removed?.kind === 'versionMismatch',
      `remove that lost to a replace: expected versionMismatch, saw ${shown(removed)}`,
    )
  }
}

/** A cascade and a swap of the same group: neither may be swallowed. */
async function raceCascade(rig: Rig): Promise<void> {
  const [leaver, joiner] = [await insertUser(rig), await insertUser(rig)]
  const group = await insertGroup(rig, 'Raced', [leaver.ref])
  const [removed, swapped] = await Promise.all([
    rig.provider.remove(leaver.ref, leaver.version, newRemoval(rig), rig.here),
    tryReplace(rig, group, group.document, adding(joiner.ref)),
  ])
  ensureEnd(removed, 'success', 'remove of a member against a replace of its group')
  const { version, members } = await readBack(rig, group.ref, { members: 'all', derived: false })
  const expected = swapped.kind === 'success' ? [joiner.ref.id] : []
  ensureSameSet(
    (members ?? []).map((member) => member.value),
    expected,
    'members after the race',
  )
  ensure(version !== group.version, 'version of the group after a cascade: expected another one, saw the old')
  if (swapped.kind === 'success') {
    ensure(
      version !== swapped.value.version,
      'version of the group after a swap and a cascade: the cascade is not in it',
    )
  }
}

/** Promises that only rivals can break. All within one process; what several processes do is for the host to try. */
export const raceCases: readonly ProviderCase[] = [
  {
    id: 'race-replace',
    title: `of ${rivals} replaces with one expected version exactly one wins`,
    level: 'MUST',
    citation: 'RFC 9110 §13.1.1; FP-D1; REL-2',
    check: (rig) =>
      repeatedly(rig, async () => {
        const user = await insertUser(rig)
        await raceReplace(rig, user, (rival) =>
          nextOf(rig, user.ref, rivalDocument(user, rival), versionAfter(user.version)),
        )
      }),
  },
  {
    id: 'race-same-version',
    title: 'whether a write won is told by the row it changed: of rivals with the very same next version one wins',
    level: 'MUST',
    citation: 'RFC 9110 §13.1.1; ADR 3; FP-V21',
    check: (rig) =>
      repeatedly(rig, async () => {
        const user = await insertUser(rig)
        const version = versionAfter(user.version)
        await raceReplace(rig, user, (rival) => nextOf(rig, user.ref, rivalDocument(user, rival), version))
      }),
  },
  {
    id: 'race-remove',
    title: `of ${rivals} removes with one expected version exactly one wins`,
    level: 'MUST',
    citation: 'RFC 9110 §13.1.1; FP-D1; REL-2',
    check: (rig) =>
      repeatedly(rig, async () => {
        const user = await insertUser(rig)
        const results = await allAtOnce(() => rig.provider.remove(user.ref, user.version, newRemoval(rig), rig.here))
        const winner = ensureOneWinner(results, `${rivals} removes with one expected version`)
        ensureOthersEnded(results, winner, 'notFound', 'remove that lost to a remove')
      }),
  },
  {
    id: 'race-remove-replace',
    title: 'of a remove and a replace with one expected version exactly one wins, and it alone is seen',
    level: 'MUST',
    citation: 'RFC 9110 §13.1.1; FP-D1; REL-1',
    check: async (rig) => {
      await repeatedly(rig, () => raceRemoveReplace(rig, true))
      await repeatedly(rig, () => raceRemoveReplace(rig, false))
    },
  },
  {
    id: 'race-insert-unique',
    title: `of ${rivals} inserts of one unique key exactly one wins`,
    level: 'MUST',
    citation: 'RFC 7644 §3.3 (409 uniqueness); FP-D5; REL-4',
    check: async (rig) => {
      let total = 0
      await repeatedly(rig, async () => {
        total += 1
        const results = await allAtOnce((rival) => {
          const ref = newUserRef()
          return tryInsert(rig, ref, userDocument(ref, { userName: rival % 2 ? `name${total}` : `NAME${total}` }))
        })
        const winner = ensureOneWinner(results, `${rivals} inserts of one name`)
        ensureOthersEnded(results, winner, 'duplicate', 'insert that lost')
        ensureSame((await rig.provider.query('User', all, rig.here)).totalResults, total, 'users after the race')
      })
    },
  },
  {
    id: 'race-insert-id',
    title: `of ${rivals} inserts of one id exactly one succeeds, and nothing is overwritten`,
    level: 'MUST',
    citation: 'RFC 7643 §3.1 (id); FP-D6; SEC-2',
    check: (rig) =>
      repeatedly(rig, async () => {
        const ref = newUserRef()
        const documents = Array.from({ length: rivals }, () => userDocument(ref))
        const inserts = documents.map((document) => tryInsert(rig, ref, document).catch(() => undefined))
        const results = (await Promise.all(inserts)).map((result, rival) => ({ result, rival }))
        const winners = results.filter(
          ({ result }) => result?.kind === 'success' && (result.value.id ?? ref.id) === ref.id,
        )
        // A store that makes its own ids makes a user for each.
        if (winners.length === 0) return
        const [winner] = winners
        ensure(
          winner !== undefined && winners.length === 1,
          `inserts of one id: expected 1 success, saw ${winners.length}`,
        )
        ensureSame(documentOf(await readBack(rig, ref)), documents[winner.rival], 'document after the race')
      }),
  },
  {
    id: 'race-rename',
    title: `of ${rivals} users renamed to one name exactly one gets it`,
    level: 'MUST',
    citation: 'RFC 7644 §3.5.1 (409 uniqueness); FP-D5; REL-4',
    check: async (rig) => {
      const users = await allAtOnce(() => insertUser(rig))
      let round = 0
      let held = users
      await repeatedly(rig, async () => {
        round += 1
        const name = `wanted${round}`
        const results = await Promise.all(
          held.map((user) => tryReplace(rig, user, userDocument(user.ref, { userName: name }))),
        )
        const winner = ensureOneWinner(results, `${rivals} renames to one name`)
        ensureOthersEnded(results, winner, 'duplicate', 'rename that lost')
        held = held.map((user, rival) => {
          const result = results[rival]
          return result?.kind === 'success' ? { ...user, version: result.value.version } : user
        })
      })
    },
  },
  {
    id: 'race-members',
    title: `${rivals} clients each add a member, again until they win: all members are there`,
    level: 'MUST',
    citation: 'RFC 7644 §3.5.2.1; FP-D1; REL-3',
    needs: ['members'],
    check: (rig) =>
      repeatedly(rig, async () => {
        const group = await insertGroup(rig, 'Contended')
        const users = Array.from({ length: rivals }, () => newUserRef().id)
        await Promise.all(users.map((user) => addUntilWon(rig, group, user)))
        const { members } = await readBack(rig, group.ref, { members: 'all', derived: false })
        ensureSameSet(
          (members ?? []).map(({ value }) => value),
          users,
          'members after the race',
        )
      }),
  },
  {
    id: 'race-members-cancel',
    title: 'of an add and a remove of members with one expected version exactly one wins',
    level: 'MUST',
    citation: 'RFC 9110 §13.1.1; FP-D1; REL-2',
    needs: ['members'],
    check: (rig) =>
      repeatedly(rig, async () => {
        const [kept, added] = [newUserRef(), newUserRef()]
        const group = await insertGroup(rig, 'Contended', [kept])
        const results = await Promise.all([
          tryReplace(rig, group, group.document, adding(added)),
          tryReplace(rig, group, group.document, removing(kept)),
        ])
        const winner = ensureOneWinner(results, 'an add against a remove')
        const { members } = await readBack(rig, group.ref, { members: 'all', derived: false })
        const expected = winner === 0 ? [kept.id, added.id] : []
        ensureSameSet(
          (members ?? []).map(({ value }) => value),
          expected,
          'members after the race',
        )
      }),
  },
  {
    id: 'race-cascade',
    title: 'a user removed while its group is replaced: neither swallows the other',
    level: 'MUST',
    citation: 'RFC 7643 §4.2; FP-D13; REL-8',
    needs: ['members'],
    check: (rig) => repeatedly(rig, () => raceCascade(rig)),
  },
  {
    id: 'race-read',
    title: 'whoever reads during writes sees a version with the document that it belongs to',
    level: 'MUST',
    citation: 'RFC 7644 §3.14; FP-D4; REL-1',
    check: (rig) =>
      repeatedly(rig, async () => {
        const user = await insertUser(rig)
        const next = nextOf(rig, user.ref, rivalDocument(user, 0), newVersion())
        const [written, ...reads] = await Promise.all([
          rig.provider.replace(user.ref, user.version, next, rig.here),
          ...Array.from({ length: rivals }, () => readBack(rig, user.ref)),
        ])
        ensureEnd(written, 'success', 'the only replace')
        for (const stored of reads) {
          const expected = stored.version === user.version ? user.document : next.resource
          ensureSame(documentOf(stored), expected, `document at version ${stored.version}`)
        }
      }),
  },
]
