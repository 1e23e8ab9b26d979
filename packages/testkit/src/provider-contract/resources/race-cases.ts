import type { JsonObject } from '@scimkit/core/json'
import { type ConditionalResult, documentOnly, type Next, type Written } from '@scimkit/core/provider'
import { ensure, ensureEnd, ensureFound, ensureSame, ensureSameSet, shown } from '../assert.js'
import { must, type ProviderCase } from '../provider-case.js'
import { all } from '../queries.js'
import type { Rig } from '../rig.js'
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
} from '../writes.js'

const writers = 16

/** One promise per writer, all started before any is awaited. */
function allAtOnce<Value>(begin: (writer: number) => Promise<Value>): Promise<Value[]> {
  return Promise.all(Array.from({ length: writers }, (_, writer) => begin(writer)))
}

async function repeatedly(rig: Rig, round: () => Promise<void>): Promise<void> {
  for (let i = 0; i < rig.rounds; i++) await round()
}

/** The one successful writer. More than one is a lost update; none is a lost write. */
function ensureOneWinner(results: readonly ConditionalResult<unknown>[], what: string): number {
  const winners = results.flatMap((result, writer) => (result.kind === 'success' ? [writer] : []))
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
  for (const [writer, result] of results.entries()) if (writer !== winner) ensureEnd(result, kind, what)
}

/** Sixteen concurrent writers replace one version; each with its own document. */
async function raceReplace(rig: Rig, user: Held, nextOfWriter: (writer: number) => Next): Promise<void> {
  const nexts = Array.from({ length: writers }, (_, writer) => nextOfWriter(writer))
  const results = await Promise.all(nexts.map((next) => rig.provider.replace(user.ref, user.version, next, rig.here)))
  const winner = ensureOneWinner(results, `${writers} replaces with one expected version`)
  ensureOthersEnded(results, winner, 'versionMismatch', 'replace that lost')
  const stored = await readBack(rig, user.ref)
  ensureSame(documentOf(stored), nexts[winner]?.resource, 'document after the race')
  const written = results[winner] as ConditionalResult<Written>
  ensure(
    written.kind === 'success' && written.value.version === stored.version,
    'expected the version of the successful write to be stored',
  )
}

function writerDocument(user: Held, writer: number): JsonObject {
  return { ...user.document, nickName: `writer ${writer}` }
}

/** Adds a member as a client without a precondition does: read, compare-and-swap, retry after a conflict. */
async function addWithRetry(rig: Rig, group: Held, member: string): Promise<void> {
  for (let attempt = 0; attempt < 10 * writers; attempt++) {
    const { version } = await readBack(rig, group.ref)
    const delta = adding({ type: 'User', id: member })
    const result = await tryReplace(rig, { ref: group.ref, version }, group.document, delta)
    if (result.kind === 'success') return
    ensureEnd(result, 'versionMismatch', 'replace of a group under contention')
  }
  throw new Error(`no success in ${10 * writers} attempts`)
}

async function raceRemoveReplace(rig: Rig, replaceFirst: boolean): Promise<void> {
  const user = await insertUser(rig)
  const remove = (): Promise<ConditionalResult<unknown>> =>
    rig.provider.remove(user.ref, user.version, newRemoval(rig), rig.here)
  const replace = (): Promise<ConditionalResult<unknown>> => tryReplace(rig, user, writerDocument(user, 0))
  const [first, second] = replaceFirst ? [replace(), remove()] : [remove(), replace()]
  const results = await Promise.all([first, second])
  const [replaced, removed] = replaceFirst ? results : [...results].reverse()
  ensureOneWinner(results, 'a remove against a replace')
  const left = await rig.provider.read(user.ref, documentOnly, rig.here)
  if (removed?.kind === 'success') {
    ensure(left === undefined, 'after a remove that won: expected nothing, saw a resource')
    ensure(replaced?.kind === 'notFound', `replace that lost to a remove: expected notFound, saw ${shown(replaced)}`)
  } else {
    ensureSame(documentOf(ensureFound(left, 'read after a replace that won')), writerDocument(user, 0), 'document')
    ensure(
      removed?.kind === 'versionMismatch',
      `remove that lost to a replace: expected versionMismatch, saw ${shown(removed)}`,
    )
  }
}

/** A cascade concurrent with a replace of the same group: neither may be lost. */
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
      'version of the group after a replace and a cascade: the cascade did not change it',
    )
  }
}

/** Cases with concurrent writers, all within one process; several processes are for the host to test. */
export const raceCases: readonly ProviderCase[] = [
  must(
    'race-replace',
    `of ${writers} replaces with one expected version exactly one wins`,
    'RFC 9110 §13.1.1; FP-D1; REL-2',
    (rig) =>
      repeatedly(rig, async () => {
        const user = await insertUser(rig)
        await raceReplace(rig, user, (writer) =>
          nextOf(rig, user.ref, writerDocument(user, writer), versionAfter(user.version)),
        )
      }),
  ),
  must(
    'race-same-version',
    'the changed row decides whether a write succeeds: of concurrent writers with the same next version one wins',
    'RFC 9110 §13.1.1; ADR 3; FP-V21',
    (rig) =>
      repeatedly(rig, async () => {
        const user = await insertUser(rig)
        const version = versionAfter(user.version)
        await raceReplace(rig, user, (writer) => nextOf(rig, user.ref, writerDocument(user, writer), version))
      }),
  ),
  must(
    'race-remove',
    `of ${writers} removes with one expected version exactly one wins`,
    'RFC 9110 §13.1.1; FP-D1; REL-2',
    (rig) =>
      repeatedly(rig, async () => {
        const user = await insertUser(rig)
        const results = await allAtOnce(() => rig.provider.remove(user.ref, user.version, newRemoval(rig), rig.here))
        const winner = ensureOneWinner(results, `${writers} removes with one expected version`)
        ensureOthersEnded(results, winner, 'notFound', 'remove that lost to a remove')
      }),
  ),
  must(
    'race-remove-replace',
    'of a remove and a replace with one expected version exactly one succeeds, and only its effect is visible',
    'RFC 9110 §13.1.1; FP-D1; REL-1',
    async (rig) => {
      await repeatedly(rig, () => raceRemoveReplace(rig, true))
      await repeatedly(rig, () => raceRemoveReplace(rig, false))
    },
  ),
  must(
    'race-insert-unique',
    `of ${writers} inserts of one unique key exactly one wins`,
    'RFC 7644 §3.3 (409 uniqueness); FP-D5; REL-4',
    async (rig) => {
      let total = 0
      await repeatedly(rig, async () => {
        total += 1
        const results = await allAtOnce((writer) => {
          const ref = newUserRef()
          return tryInsert(rig, ref, userDocument(ref, { userName: writer % 2 ? `name${total}` : `NAME${total}` }))
        })
        const winner = ensureOneWinner(results, `${writers} inserts of one name`)
        ensureOthersEnded(results, winner, 'duplicate', 'insert that lost')
        ensureSame((await rig.provider.query('User', all, rig.here)).totalResults, total, 'users after the race')
      })
    },
  ),
  must(
    'race-insert-id',
    `of ${writers} inserts of one id exactly one succeeds, and nothing is overwritten`,
    'RFC 7643 §3.1 (id); FP-D6; SEC-2',
    (rig) =>
      repeatedly(rig, async () => {
        const ref = newUserRef()
        const documents = Array.from({ length: writers }, () => userDocument(ref))
        const inserts = documents.map((document) => tryInsert(rig, ref, document).catch(() => undefined))
        const results = (await Promise.all(inserts)).map((result, writer) => ({ result, writer }))
        const winners = results.filter(
          ({ result }) => result?.kind === 'success' && (result.value.id ?? ref.id) === ref.id,
        )
        // A store that assigns ids creates a user for each insert.
        if (winners.length === 0) return
        const [winner] = winners
        ensure(
          winner !== undefined && winners.length === 1,
          `inserts of one id: expected 1 success, saw ${winners.length}`,
        )
        ensureSame(documentOf(await readBack(rig, ref)), documents[winner.writer], 'document after the race')
      }),
  ),
  must(
    'race-rename',
    `of ${writers} users renamed to one name exactly one gets it`,
    'RFC 7644 §3.5.1 (409 uniqueness); FP-D5; REL-4',
    async (rig) => {
      const users = await allAtOnce(() => insertUser(rig))
      let round = 0
      let held = users
      await repeatedly(rig, async () => {
        round += 1
        const name = `wanted${round}`
        const results = await Promise.all(
          held.map((user) => tryReplace(rig, user, userDocument(user.ref, { userName: name }))),
        )
        const winner = ensureOneWinner(results, `${writers} renames to one name`)
        ensureOthersEnded(results, winner, 'duplicate', 'rename that lost')
        held = held.map((user, writer) => {
          const result = results[writer]
          return result?.kind === 'success' ? { ...user, version: result.value.version } : user
        })
      })
    },
  ),
  must(
    'race-members',
    `${writers} clients each add a member, with retries: no member is lost`,
    'RFC 7644 §3.5.2.1; FP-D1; REL-3',
    (rig) =>
      repeatedly(rig, async () => {
        const group = await insertGroup(rig, 'Contended')
        const users = Array.from({ length: writers }, () => newUserRef().id)
        await Promise.all(users.map((user) => addWithRetry(rig, group, user)))
        const { members } = await readBack(rig, group.ref, { members: 'all', derived: false })
        ensureSameSet(
          (members ?? []).map(({ value }) => value),
          users,
          'members after the race',
        )
      }),
    'members',
  ),
  must(
    'race-members-cancel',
    'of an add and a remove of members with one expected version exactly one wins',
    'RFC 9110 §13.1.1; FP-D1; REL-2',
    (rig) =>
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
    'members',
  ),
  must(
    'race-cascade',
    'a user removed while its group is replaced: neither write is lost',
    'RFC 7643 §4.2; FP-D13; REL-8',
    (rig) => repeatedly(rig, () => raceCascade(rig)),
    'members',
  ),
  must(
    'race-read',
    'concurrent reads return each version with the document of that version',
    'RFC 7644 §3.14; FP-D4; REL-1',
    (rig) =>
      repeatedly(rig, async () => {
        const user = await insertUser(rig)
        const next = nextOf(rig, user.ref, writerDocument(user, 0), newVersion())
        const [written, ...reads] = await Promise.all([
          rig.provider.replace(user.ref, user.version, next, rig.here),
          ...Array.from({ length: writers }, () => readBack(rig, user.ref)),
        ])
        ensureEnd(written, 'success', 'the only replace')
        for (const stored of reads) {
          const expected = stored.version === user.version ? user.document : next.resource
          ensureSame(documentOf(stored), expected, `document at version ${stored.version}`)
        }
      }),
  ),
]
