import type { JsonObject } from '@scimkit/core/json'
import type { Page, Sort, Stored } from '@scimkit/core/provider'
import { ensure, ensureSame, ensureSameSet, shown, violated } from '../assert.js'
import { filterOf, sortBy } from '../parse-query.js'
import { must, needing, type ProviderCase } from '../provider-case.js'
import { idsOf, type Question, queryOf } from '../queries.js'
import type { Rig } from '../rig.js'
import { enterpriseUrn, type Held, insertGroup, insertUser, newUserRef, remove, replace } from '../writes.js'

// More pages than any iteration here has, so that a provider whose pages never end is detected.
const mostPages = 200

function pageAfter(
  rig: Rig,
  type: string,
  after: string | undefined,
  count: number,
  question: Question,
): Promise<Page> {
  return rig.provider.query(type, { ...queryOf(question), page: { after, count } }, rig.here)
}

/** All pages of an iteration, in order; `between` runs after each page but the last. */
async function walk(
  rig: Rig,
  size: number,
  question: Question,
  between: (page: number, seen: readonly Stored[]) => Promise<void> = async () => {},
): Promise<readonly Stored[]> {
  const seen: Stored[] = []
  let after: string | undefined
  for (let number = 1; number <= mostPages; number++) {
    const { resources, next } = await pageAfter(rig, 'User', after, size, question)
    ensure(resources.length <= size, `a page of ${size}: expected no more, saw ${resources.length}`)
    seen.push(...resources)
    if (next === undefined) return seen
    await between(number, seen)
    after = next
  }
  return violated(`a walk with pages of ${size}: expected an end, saw none in ${mostPages} pages`)
}

function ids(resources: readonly Stored[]): readonly string[] {
  return resources.map(({ ref }) => ref.id)
}

/** Iterations with several page sizes return the order of the index list, and each ends with its last resource. */
async function ensureSameWay(rig: Rig, question: Question, what: string): Promise<void> {
  const whole = await idsOf(rig, 'User', question)
  for (const size of [1, 4, 7, whole.length, whole.length + 1]) {
    const way = await walk(rig, size, question)
    ensureSame(ids(way), whole, `ids of ${what} in a walk with pages of ${size}`)
  }
  if (whole.length === 0) return
  const { next, totalResults } = await pageAfter(rig, 'User', undefined, whole.length, question)
  ensure(next === undefined, `next of a page that ends with the last resource of ${what}: expected none, saw ${next}`)
  ensure(
    totalResults === undefined || totalResults === whole.length,
    `totalResults of ${what}: expected ${whole.length} or none, saw ${totalResults}`,
  )
}

// Missing values, equal values, values that differ in case or beyond U+FFFF, and one user without any of them.
const nicknames = ['b', 'B', undefined, 'a', 'b', '\u{1f98a}', undefined, '\uff5e', 'B', 'c', '']

function attributesOf(number: number): JsonObject {
  const nickName = nicknames[number % nicknames.length]
  if (nickName === undefined) return {}
  return {
    nickName,
    externalId: `${nickName}${number % 3}`,
    active: number % 2 === 0,
    name: { familyName: nickName },
    emails: [{ value: `z${number}@example.com` }, { value: `${nickName}@example.com`, primary: true }],
    [enterpriseUrn]: { department: nickName },
  }
}

async function makeUsers(rig: Rig, count: number): Promise<readonly Held[]> {
  const users: Held[] = []
  for (let i = 0; i < count; i++) users.push(await insertUser(rig, attributesOf(i)))
  return users
}

const sortedBy: readonly string[] = [
  'nickName',
  'externalId',
  'active',
  'userName',
  'name.familyName',
  'emails.value',
  'meta.created',
  `${enterpriseUrn}:department`,
]

function bothWays(path: string): readonly Sort[] {
  return [sortBy('User', path, false), sortBy('User', path, true)]
}

/**
 * An iteration with concurrent writers: after each page one user is inserted, one returned user is removed (the last one
 * of the page, from which the position is derived), one user that was not returned yet is removed, and one is changed
 * without a change of its position.
 */
async function ensureNoneSkippedOrDoubled(rig: Rig, size: number, sort: Sort | undefined): Promise<void> {
  const held = new Map((await makeUsers(rig, 22)).map((user) => [user.ref.id, user]))
  const present = new Set(held.keys())
  const gone = new Set<string>()
  const question: Question = { filter: filterOf('User', 'userName pr'), ...(sort !== undefined && { sort }) }
  const leave = async (id: string | undefined): Promise<void> => {
    const user = id === undefined ? undefined : held.get(id)
    if (user === undefined || gone.has(user.ref.id)) return
    await remove(rig, user)
    gone.add(user.ref.id)
  }
  const seen = await walk(rig, size, question, async (page, soFar) => {
    const known = new Set(ids(soFar))
    await leave(soFar.at(-1)?.ref.id)
    // Limited, because in the order of insertion an iteration with small pages would never end.
    if (page <= 8) await insertUser(rig, attributesOf(page))
    const coming = [...present].filter((id) => !known.has(id) && !gone.has(id))
    await leave(coming.at(page % 2 === 0 ? 0 : -1))
    const changed = held.get(coming[Math.floor(coming.length / 2)] ?? '')
    if (changed === undefined || gone.has(changed.ref.id)) return
    held.set(changed.ref.id, await replace(rig, changed, { ...changed.document, title: `changed at ${page}` }))
  })
  const way = ids(seen)
  const twice = way.filter((id, i) => way.indexOf(id) !== i)
  ensureSame(twice, [], 'ids returned twice in an iteration with concurrent writers')
  const stayed = [...present].filter((id) => !gone.has(id))
  const unseen = stayed.filter((id) => !way.includes(id))
  ensureSame(unseen, [], 'ids that existed throughout and were not returned in an iteration with concurrent writers')
}

/** Iterations by keyset position (`KeysetPage`), which concurrent writers do not disturb. */
export const keysetCases: readonly ProviderCase[] = needing('keyset', [
  must(
    'keyset-walk',
    'the concatenated keyset pages are the index list, for any page size; the last page has no next',
    'RFC 9865 §2; FP-D17',
    async (rig) => {
      await makeUsers(rig, 20)
      await ensureSameWay(rig, {}, 'all users')
    },
  ),
  must(
    'keyset-walk-filtered',
    'the concatenated keyset pages of a filtered list are all matching resources',
    'RFC 9865 §2; RFC 7644 §3.4.2.2',
    async (rig) => {
      const users = await makeUsers(rig, 20)
      for (const text of ['nickName pr', 'nickName eq "b"', `userName eq "${users[3]?.document.userName}"`]) {
        await ensureSameWay(rig, { filter: filterOf('User', text) }, `users with ${text}`)
      }
      const none = await pageAfter(rig, 'User', undefined, 5, { filter: filterOf('User', 'nickName eq "unknown"') })
      ensureSame([ids(none.resources), none.next ?? null], [[], null], 'ids and next without a match')
    },
  ),
  must(
    'keyset-walk-sorted',
    'keyset pages of a sorted list follow its order, in both directions, also with missing and equal values',
    'RFC 9865 §2; RFC 7644 §3.4.2.3',
    async (rig) => {
      await makeUsers(rig, 25)
      for (const path of sortedBy) {
        for (const sort of bothWays(path)) {
          const what = `users by ${path}${sort.descending ? ', descending' : ''}`
          await ensureSameWay(rig, { sort }, what)
          await ensureSameWay(rig, { sort, filter: filterOf('User', 'not (nickName eq "b")') }, `${what}, filtered`)
        }
      }
    },
    'sort',
  ),
  must(
    'keyset-needs',
    'a keyset page has the needed members and derived attributes, and only resources of its type',
    'RFC 9865 §2; FP-D10, FP-D17',
    async (rig) => {
      const [user, pending] = [await insertUser(rig), newUserRef()]
      const groups = [await insertGroup(rig, 'One', [user.ref]), await insertGroup(rig, 'Two', [user.ref, pending])]
      const question: Question = { needs: { members: { only: [user.ref.id] }, derived: true } }
      const first = await pageAfter(rig, 'Group', undefined, 1, question)
      const second = await pageAfter(rig, 'Group', first.next, 1, question)
      for (const [i, { resources }] of [first, second].entries()) {
        ensureSame(ids(resources), [groups[i]?.ref.id], 'ids of a page of groups')
        ensureSame(
          resources[0]?.members?.map(({ value }) => value),
          [user.ref.id],
          'the member asked for',
        )
      }
      const users = await pageAfter(rig, 'User', undefined, 5, question)
      const memberships = users.resources[0]?.derived?.groups?.map(({ value }) => value) ?? []
      ensureSameSet(
        memberships,
        ids([...first.resources, ...second.resources]),
        'groups of a user on a page by position',
      )
    },
    'members',
    'derived',
  ),
  must(
    'keyset-under-writes',
    'a resource that exists throughout an iteration is returned once, with concurrent inserts, removes and replaces',
    'RFC 9865 §2; FP-D17; REL-11',
    async (rig) => {
      for (const size of [1, 3]) await ensureNoneSkippedOrDoubled(rig, size, undefined)
    },
  ),
  must(
    'keyset-under-writes-sorted',
    'a resource that keeps its sort value throughout a sorted iteration is returned once, with concurrent writers',
    'RFC 9865 §2; FP-D17; REL-11',
    async (rig) => {
      for (const path of ['nickName', 'active', 'meta.created']) {
        for (const sort of bothWays(path)) await ensureNoneSkippedOrDoubled(rig, 3, sort)
      }
    },
    'sort',
  ),
  must(
    'keyset-again',
    'a position remains valid: repeating the request returns the same page',
    'RFC 9865 §2',
    async (rig) => {
      await makeUsers(rig, 9)
      const { next } = await pageAfter(rig, 'User', undefined, 3, {})
      const page = await pageAfter(rig, 'User', next, 3, {})
      ensureSame(ids(page.resources), (await idsOf(rig, 'User')).slice(3, 6), 'the second page of three')
      await pageAfter(rig, 'User', page.next, 3, {})
      const again = await pageAfter(rig, 'User', next, 3, {})
      ensureSame(
        [ids(again.resources), again.next],
        [ids(page.resources), page.next],
        'the second page, requested again',
      )
    },
  ),
  must(
    'keyset-count-zero',
    'count 0 returns no resources and no next',
    'RFC 9865 §2 (table 1); FP-D17',
    async (rig) => {
      await makeUsers(rig, 4)
      const { next } = await pageAfter(rig, 'User', undefined, 2, {})
      for (const question of [{}, { filter: filterOf('User', 'userName pr') }]) {
        for (const after of [undefined, next]) {
          const page = await pageAfter(rig, 'User', after, 0, question)
          ensureSame([ids(page.resources), page.next ?? null], [[], null], 'ids and next at count 0')
        }
      }
    },
  ),
  must(
    'keyset-garbled',
    'an invalid position is a TypeError, not the first page and not an empty one',
    'RFC 9865 §2.1; FP-D17',
    async (rig) => {
      await makeUsers(rig, 4)
      const questions: readonly Question[] = [{}, { filter: filterOf('User', 'userName pr') }]
      for (const question of questions) {
        const { next } = await pageAfter(rig, 'User', undefined, 2, question)
        for (const after of ['', 'no position', `no position ${next}`]) {
          const end = await pageAfter(rig, 'User', after, 2, question).then(
            ({ resources }) => `a page of ${resources.length}`,
            (error: unknown) => (error instanceof TypeError ? 'TypeError' : String(error)),
          )
          ensure(end === 'TypeError', `page after ${shown(after)}: expected a TypeError, saw ${end}`)
        }
      }
    },
  ),
])
