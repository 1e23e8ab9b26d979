import { evaluate } from '@scimkit/core/filter'
import { httpVersion } from '@scimkit/core/provider'
import { seededRandom } from '../../seeded-random.js'
import { ensureSame, ensureSameSet } from '../assert.js'
import { filterOf } from '../parse-query.js'
import { must, type ProviderCase, should } from '../provider-case.js'
import { idsOf, queryOf } from '../queries.js'
import type { Rig } from '../rig.js'
import { enterpriseUrn, type Held, insertGroup, insertUser, newId, newUserRef, replace } from '../writes.js'
import { generateFilter } from './generate-filter.js'
import { generateUser } from './generate-users.js'

const generatedUsers = 40

/** The filter matches exactly these resources, and totalResults is their number. */
async function ensureMatches(rig: Rig, type: 'User' | 'Group', text: string, expected: readonly Held[]): Promise<void> {
  const page = await rig.provider.query(type, queryOf({ filter: filterOf(type, text) }), rig.here)
  const ids = page.resources.map(({ ref }) => ref.id)
  ensureSameSet(
    ids,
    expected.map(({ ref }) => ref.id),
    `resources that match ${text}`,
  )
  ensureSame(page.totalResults, expected.length, `totalResults of ${text}`)
}

async function ensureAllMatch(rig: Rig, texts: readonly string[], expected: readonly Held[]): Promise<void> {
  for (const text of texts) await ensureMatches(rig, 'User', text, expected)
}

/** Every store matches filters as `evaluate()` does. */
export const filterCases: readonly ProviderCase[] = [
  must(
    'filter-evaluate',
    'on generated users, generated filters match exactly the resources that evaluate() matches',
    'RFC 7644 §3.4.2.2; FP-D16; REL-12',
    async (rig) => {
      const random = seededRandom(rig.seed)
      const users: Held[] = []
      for (let i = 0; i < generatedUsers; i++) users.push(await insertUser(rig, generateUser(random, i)))
      for (let i = 0; i < rig.filters; i++) {
        const text = generateFilter(random, 3)
        const filter = filterOf('User', text)
        const expected = users.filter(({ document }) => evaluate(filter, document)).map(({ ref }) => ref.id)
        ensureSameSet(await idsOf(rig, 'User', { filter }), expected, `seed ${rig.seed}, filter ${i}: ${text}`)
      }
    },
  ),
  must(
    'filter-case',
    'values follow caseExact: userName ignores case, externalId and id do not',
    'RFC 7644 §3.4.2.2; RFC 7643 §2.2',
    async (rig) => {
      const user = await insertUser(rig, { userName: 'Anna.Lee', externalId: 'Ext-A', displayName: 'Anna Lee' })
      await insertUser(rig, { userName: 'someone', externalId: 'Ext-B', displayName: 'Some One' })
      const same = [
        'userName eq "ANNA.lee"',
        'USERNAME EQ "anna.lee"',
        'displayName eq "anna LEE"',
        'userName sw "ANNA"',
      ]
      await ensureAllMatch(rig, [...same, 'externalId eq "Ext-A"', `id eq "${user.ref.id}"`], [user])
      await ensureAllMatch(rig, ['externalId eq "ext-a"', 'externalId eq "EXT-A"', 'externalId ew "-a"'], [])
    },
  ),
  must(
    'filter-normalization',
    'composed and decomposed spellings of one text are equal',
    'RFC 7644 §5; RFC 8265 §3.3',
    async (rig) => {
      const composed = await insertUser(rig, { userName: 'zo\u00eb-1', externalId: 'Zo\u00eb' })
      const decomposed = await insertUser(rig, { userName: 'zoe\u0308-2', externalId: 'Zoe\u0308' })
      const both = ['Zo\u00eb', 'Zoe\u0308']
      for (const text of both) {
        await ensureMatches(rig, 'User', `externalId eq "${text}"`, [composed, decomposed])
        await ensureMatches(rig, 'User', `userName sw "${text}"`, [composed, decomposed])
        await ensureMatches(rig, 'User', `userName eq "${text}-1"`, [composed])
        await ensureMatches(rig, 'User', `userName eq "${text}-2"`, [decomposed])
      }
    },
  ),
  must(
    'filter-logic',
    'an equality within and, or, not does not restrict the result more than the whole filter does',
    'RFC 7644 §3.4.2.2',
    async (rig) => {
      const anna = await insertUser(rig, { userName: 'anna', externalId: '1', active: true })
      const bert = await insertUser(rig, { userName: 'bert', externalId: '2', active: false })
      await ensureAllMatch(
        rig,
        ['userName eq "anna" and active eq true', 'active eq true and userName eq "anna"'],
        [anna],
      )
      await ensureAllMatch(
        rig,
        ['userName eq "anna" and active eq false', 'userName eq "anna" and externalId eq "2"'],
        [],
      )
      await ensureAllMatch(
        rig,
        ['not (userName eq "anna")', 'userName ne "anna"', `not (id eq "${anna.ref.id}")`],
        [bert],
      )
      const either = [
        'userName eq "anna" or userName eq "bert"',
        'userName eq "anna" or active eq false',
        'userName pr',
      ]
      await ensureAllMatch(rig, either, [anna, bert])
      const nested = '(userName eq "anna" or externalId eq "2") and not (userName eq "bert")'
      await ensureAllMatch(rig, [nested], [anna])
    },
  ),
  must(
    'filter-absent',
    'an absent value is equal only to null, and not equal to everything else',
    'RFC 7643 §2.5; RFC 7644 §3.4.2.2; FP-F2',
    async (rig) => {
      const named = await insertUser(rig, { nickName: 'x' })
      const nameless = await insertUser(rig)
      await ensureAllMatch(
        rig,
        ['nickName pr', 'nickName ne null', 'nickName eq "X"', 'not (nickName eq null)'],
        [named],
      )
      await ensureAllMatch(rig, ['not (nickName pr)', 'nickName eq null', 'nickName ne "x"'], [nameless])
      await ensureAllMatch(rig, ['nickName lt "a"', 'nickName eq ""', 'nosuch eq "x"', 'nosuch pr'], [])
      await ensureAllMatch(rig, ['not (nosuch pr)', 'not (nickName gt "z")'], [named, nameless])
    },
  ),
  must(
    'filter-value-path',
    'a value path matches if one element satisfies all terms; without brackets each term may match another element',
    'RFC 7644 §3.4.2.2',
    async (rig) => {
      const home = { value: 'a@home.example', type: 'home' }
      const crossed = await insertUser(rig, { emails: [home, { value: 'a@work.example', type: 'work' }] })
      const straight = await insertUser(rig, { emails: [{ value: 'a@home.example', type: 'work' }] })
      await insertUser(rig)
      await ensureAllMatch(rig, ['emails[type eq "work" and value co "home"]'], [straight])
      await ensureAllMatch(rig, ['emails.type eq "work" and emails.value co "home"'], [crossed, straight])
      await ensureAllMatch(rig, ['emails[not (type eq "work")]', 'emails[type ne "work"]'], [crossed])
    },
  ),
  must(
    'filter-literal',
    'characters that are special in a store are literal in a filter',
    'RFC 7644 §3.4.2.2; SEC-12',
    async (rig) => {
      const texts = [
        '100%',
        '100x',
        'a_b',
        'axb',
        'a\\b',
        'a*b',
        'a"b',
        "a'b",
        'a.b',
        '$1',
        '[ab]',
        '^a',
        "'; DROP TABLE users; --",
      ]
      const users: Held[] = []
      for (const externalId of texts) users.push(await insertUser(rig, { externalId }))
      for (const [i, text] of texts.entries()) {
        const user = users[i]
        if (user === undefined) continue
        for (const operator of ['eq', 'co', 'sw', 'ew']) {
          await ensureMatches(rig, 'User', `externalId ${operator} ${JSON.stringify(text)}`, [user])
        }
      }
    },
  ),
  must(
    'filter-members',
    'groups are found by their members',
    'RFC 7644 §3.4.2.2; RFC 7643 §4.2',
    async (rig) => {
      const [user, pending] = [await insertUser(rig), newUserRef()]
      const both = await insertGroup(rig, 'Both', [user.ref, pending])
      const inner = await insertGroup(rig, 'Inner', [user.ref])
      const outer = await insertGroup(rig, 'Outer', [inner.ref])
      const empty = await insertGroup(rig, 'Empty')
      const id = `"${user.ref.id}"`
      const forms = [`members eq ${id}`, `members.value eq ${id}`, `members[value eq ${id}]`, `MEMBERS[VALUE EQ ${id}]`]
      for (const text of forms) await ensureMatches(rig, 'Group', text, [both, inner])
      await ensureMatches(rig, 'Group', `members[value eq "${pending.id}"]`, [both])
      await ensureMatches(rig, 'Group', `members[value eq ${id}] and displayName eq "inner"`, [inner])
      await ensureMatches(rig, 'Group', `id eq "${both.ref.id}" and members eq ${id}`, [both])
      await ensureMatches(rig, 'Group', `members eq ${id} and members eq "${pending.id}"`, [both])
      await ensureMatches(rig, 'Group', `members eq "${inner.ref.id}" or members eq "${pending.id}"`, [both, outer])
      await ensureMatches(rig, 'Group', `members[value eq ${id} and type eq "Group"]`, [])
      await ensureMatches(rig, 'Group', `members[value eq ${id} or type eq "Group"]`, [both, inner, outer])
      await ensureMatches(rig, 'Group', `members ne ${id}`, [both, outer, empty])
      await ensureMatches(rig, 'Group', `members eq ${id} and members ne ${id}`, [both])
      await ensureMatches(rig, 'Group', 'members eq null', [empty])
      await ensureMatches(rig, 'Group', 'members[type eq "Group"]', [outer])
      await ensureMatches(rig, 'Group', 'members pr', [both, inner, outer])
      await ensureMatches(rig, 'Group', 'not (members pr)', [empty])
      await ensureMatches(rig, 'Group', `not (members[value eq ${id}])`, [outer, empty])
      await ensureMatches(rig, 'Group', `members eq "${newId()}"`, [])
    },
    'members',
  ),
  should(
    'filter-groups',
    'users are found by their groups, direct and indirect',
    'RFC 7644 §3.4.2.2; RFC 7643 §4.1.2',
    async (rig) => {
      const [member, loner] = [await insertUser(rig), await insertUser(rig)]
      const inner = await insertGroup(rig, 'Inner', [member.ref])
      const outer = await insertGroup(rig, 'Outer', [inner.ref])
      const found = [
        `groups eq "${inner.ref.id}"`,
        `groups.value eq "${outer.ref.id}"`,
        'groups.display eq "inner"',
        'groups pr',
      ]
      await ensureAllMatch(rig, [...found, 'groups[type eq "indirect" and display eq "Outer"]'], [member])
      await ensureAllMatch(rig, ['groups[type eq "direct" and display eq "Outer"]'], [])
      await ensureAllMatch(rig, ['not (groups pr)', 'groups eq null'], [loner])
    },
    'members',
    'derived',
  ),
  must(
    'filter-meta',
    'resources are found by the times, the type and the version in their meta',
    'RFC 7644 §3.4.2.2; RFC 7643 §3.1',
    async (rig) => {
      const first = await insertUser(rig)
      const second = await insertUser(rig)
      const later = await replace(rig, first, { ...first.document, nickName: 'later' })
      await ensureAllMatch(rig, [`meta.created eq "${first.at}"`, `meta.created lt "${second.at}"`], [first])
      await ensureAllMatch(rig, [`meta.lastModified gt "${second.at}"`, `meta.lastModified eq "${later.at}"`], [first])
      await ensureAllMatch(rig, [`meta.lastModified lt "${later.at}"`], [second])
      await ensureAllMatch(rig, [`meta.version eq ${JSON.stringify(httpVersion(second.version))}`], [second])
      await ensureAllMatch(rig, ['meta.resourceType eq "User"', 'meta pr'], [first, second])
      await ensureAllMatch(rig, ['meta.resourceType eq "Group"', `meta.created gt "${later.at}"`], [])
    },
  ),
  should(
    'filter-manager-name',
    "users are found by their manager's name",
    'RFC 7643 §4.3',
    async (rig) => {
      const boss = await insertUser(rig, { displayName: 'The Boss' })
      const user = await insertUser(rig, { [enterpriseUrn]: { manager: { value: boss.ref.id } } })
      const manager = `${enterpriseUrn}:manager`
      await ensureAllMatch(
        rig,
        [`${manager}.displayName eq "the boss"`, `${manager}.value eq "${boss.ref.id}"`],
        [user],
      )
    },
    'derived',
  ),
]
