import type { Filter } from '@scimkit/core/filter'
import type { JsonObject } from '@scimkit/core/json'
import { documentOnly, type Needs, type Page, type Sort, storedBytesOnPage } from '@scimkit/core/provider'
import { ensure, ensureSame } from '../assert.js'
import { filterOf, sortBy } from '../parse-query.js'
import { must, needing, type ProviderCase } from '../provider-case.js'
import { queryOf } from '../queries.js'
import type { Rig } from '../rig.js'
import { insertGroup, insertUser, newUserRef } from '../writes.js'

const bytes = 9_000
const count = 40
// One long document alone exceeds the bound; a page holds only a few of the others.
const lengths = [100, 2_500, 30_000, 700, 100, 4_000, 4_000, 12_000, 50, 1_800, 60, 30_000, 900]

interface Asked {
  readonly type: string
  readonly filter?: Filter
  readonly sort?: Sort
  readonly needs?: Needs
}

async function makeUsers(rig: Rig): Promise<void> {
  for (const [i, length] of lengths.entries()) {
    await insertUser(rig, {
      title: 'x'.repeat(length),
      displayName: `n${(i * 5) % lengths.length}`,
    } satisfies JsonObject)
  }
}

async function makeGroups(rig: Rig): Promise<void> {
  for (const [i, length] of lengths.entries()) {
    const members = Array.from({ length: Math.ceil(length / 400) }, newUserRef)
    await insertGroup(rig, `g${i}`, members)
  }
}

async function idsInWhole(rig: Rig, { type, ...asked }: Asked): Promise<readonly string[]> {
  const { resources } = await rig.provider.query(type, queryOf(asked), rig.here)
  return resources.map(({ ref }) => ref.id)
}

// A provider may ignore the bound. One that returns `short` omits only resources that did not fit.
function ensureHonest(page: Page, left: number, what: string): void {
  const { resources, short } = page
  ensure(resources.length > 0, `${what}: expected one resource at least, saw none`)
  if (short !== true) {
    ensure(resources.length === left, `${what}: expected ${left} resources or short, saw ${resources.length}`)
    return
  }
  ensure(resources.length < left, `${what}: expected short only where more follows, saw all of ${left}`)
  const shown = resources.reduce((sum, stored) => sum + storedBytesOnPage(stored), 0)
  // Characters of documents are one byte here; derived attributes may be excluded from the count.
  ensure(resources.length === 1 || shown <= bytes * 2, `${what}: expected about ${bytes} bytes, saw ${shown}`)
}

async function ensureByIndex(rig: Rig, { type, ...asked }: Asked, what: string): Promise<void> {
  const whole = await idsInWhole(rig, { type, ...asked })
  const seen: string[] = []
  while (seen.length < whole.length) {
    const page = { startIndex: seen.length + 1, count, bytes }
    const found = await rig.provider.query(type, { ...queryOf(asked), page }, rig.here)
    ensureSame(found.totalResults, whole.length, `totalResults of ${what}`)
    ensureHonest(found, whole.length - seen.length, `a page of ${what} from ${page.startIndex}`)
    seen.push(...found.resources.map(({ ref }) => ref.id))
  }
  ensureSame(seen, whole, `ids of ${what} in pages bounded in bytes`)
}

async function ensureByPosition(rig: Rig, { type, ...asked }: Asked, what: string): Promise<void> {
  const whole = await idsInWhole(rig, { type, ...asked })
  const seen: string[] = []
  for (let after: string | undefined; ; ) {
    const found = await rig.provider.query(type, { ...queryOf(asked), page: { after, count, bytes } }, rig.here)
    ensureHonest(found, whole.length - seen.length, `a page of ${what} after ${seen.length}`)
    seen.push(...found.resources.map(({ ref }) => ref.id))
    if (found.next === undefined) break
    after = found.next
  }
  ensureSame(seen, whole, `ids of ${what} in a walk with pages bounded in bytes`)
}

function questions(): readonly (readonly [string, Asked])[] {
  const derived: Needs = { members: 'none', derived: true }
  return [
    ['all users', { type: 'User' }],
    ['all users with derived attributes', { type: 'User', needs: derived }],
    ['users whose name is asked for', { type: 'User', filter: filterOf('User', 'userName pr') }],
    ['users whose title is asked for', { type: 'User', filter: filterOf('User', 'title pr') }],
    ['all groups with their members', { type: 'Group', needs: { members: { first: 50 }, derived: false } }],
    [
      'groups whose members are asked for',
      {
        type: 'Group',
        filter: filterOf('Group', 'members pr'),
        needs: { members: { first: 50 }, derived: false },
      },
    ],
  ]
}

function sortedQuestions(): readonly (readonly [string, Asked])[] {
  return [false, true].flatMap((descending) =>
    ['userName', 'displayName', 'title'].map((path): readonly [string, Asked] => [
      `users by ${path}, ${descending ? 'descending' : 'ascending'}`,
      { type: 'User', sort: sortBy('User', path, descending), needs: documentOnly },
    ]),
  )
}

async function ensureAll(
  rig: Rig,
  asked: readonly (readonly [string, Asked])[],
  ensureOne: (rig: Rig, asked: Asked, what: string) => Promise<void>,
): Promise<void> {
  await makeUsers(rig)
  await makeGroups(rig)
  for (const [what, question] of asked) await ensureOne(rig, question, what)
}

/** Pages bounded in bytes: a provider may end them early, and reports that. */
export const pageBytesCases: readonly ProviderCase[] = needing('members', [
  must(
    'page-bytes-index',
    'index pages that end early because of page.bytes report it, and their concatenation is the whole list',
    'RFC 7644 §3.4.2.4; FP-D18',
    (rig) => ensureAll(rig, questions(), ensureByIndex),
  ),
  must(
    'page-bytes-index-sorted',
    'sorted index pages that end early because of page.bytes report it, and their concatenation is the whole list',
    'RFC 7644 §3.4.2.3, §3.4.2.4; FP-D18',
    (rig) => ensureAll(rig, sortedQuestions(), ensureByIndex),
    'sort',
  ),
  must(
    'page-bytes-keyset',
    'keyset pages that end early because of page.bytes continue after their last resource',
    'RFC 9865 §2; FP-D18',
    (rig) => ensureAll(rig, questions(), ensureByPosition),
    'keyset',
  ),
  must(
    'page-bytes-keyset-sorted',
    'sorted keyset pages that end early because of page.bytes continue after their last resource',
    'RFC 9865 §2; FP-D18',
    (rig) => ensureAll(rig, sortedQuestions(), ensureByPosition),
    'keyset',
    'sort',
  ),
])
