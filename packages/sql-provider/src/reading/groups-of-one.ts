/**
 * The groups of one resource, level by level: first the groups that contain it, then the groups that contain those, and so on.
 * Each level is found in the direction that reads less: from its groups to their parents or, if many groups are nested and few
 * are left, from the groups that are left (a direction-optimizing breadth-first search).
 * @see RFC 7643 §4.1.2 (`groups`)
 */
import type { GroupMembership } from '@scimkit/core/provider'
import type { Row } from '../driver/driver.js'
import type { Store } from '../store/store.js'
import { isInGroup, parentsOf, tooManyEdges } from './memberships.js'
import { portions } from './portions.js'
import { membershipOf, rowsText } from './rows.js'
import type { ReadStatements } from './statements.js'

// With fewer groups, following them is faster than counting the groups that are left.
const manyGroups = 100
// Counting stops there: with more groups in the database, the groups of a level are followed.
const mostGroups = 2_000
// Most index lookups of one membership that one level may need in the other direction.
const mostLookUps = 20_000

/** From the rows of `directGroupsOfRef`. Throws 400 tooMany beyond the store's limit of memberships, and a StoreFailure. */
export async function groupsOfOne(
  store: Store,
  statements: ReadStatements,
  direct: readonly Row[],
  tenant: string,
): Promise<readonly GroupMembership[]> {
  const known = new Map(direct.map((row) => [Number(row.group_row), row]))
  let followed = 0
  const follow = (edges: number): void => {
    followed += edges
    if (followed > store.groupEdges) throw tooManyEdges(store.groupEdges)
  }
  let level = [...known.values()].filter(isInGroup).map(({ group_row }) => Number(group_row))
  while (level.length > 0) {
    const unknown =
      (await amongOthers(store, statements, level, known, tenant)) ??
      (await above(store, statements, level, known, tenant, follow))
    level = []
    for await (const rows of portions(store.driver, unknown, { cost: 2 }, (part) =>
      statements.groupsInRows({ tenant, rows: rowsText(part) }),
    )) {
      for (const row of rows) {
        known.set(Number(row.group_row), row)
        if (isInGroup(row)) level.push(Number(row.group_row))
      }
    }
  }
  // A group in a cycle is not listed as its own group.
  known.delete(Number(direct[0]?.member_row))
  return Array.from(known.values(), (row, index) => membershipOf(row, index < direct.length ? 'direct' : 'indirect'))
}

/** The groups that are not known yet and contain a group of the level, found from the groups of the level. */
async function above(
  { driver }: Store,
  statements: ReadStatements,
  level: readonly number[],
  known: ReadonlyMap<number, Row>,
  tenant: string,
  follow: (edges: number) => void,
): Promise<readonly number[]> {
  const unknown = new Set<number>()
  for await (const { parents } of parentsOf(driver, statements, level, tenant)) {
    follow(parents.length)
    for (const group of parents) if (!known.has(group)) unknown.add(group)
  }
  return [...unknown]
}

/** The same, found from the groups that are left; undefined if that would read more. */
async function amongOthers(
  { driver }: Store,
  statements: ReadStatements,
  level: readonly number[],
  known: ReadonlyMap<number, Row>,
  tenant: string,
): Promise<readonly number[] | undefined> {
  if (level.length < manyGroups || known.size >= mostGroups) return undefined
  const [groups = []] = await driver.read([statements.groupsWithMembers({ most: mostGroups })])
  if (groups.length >= mostGroups) return undefined
  const others = groups.map(({ group_row }) => Number(group_row)).filter((group) => !known.has(group))
  if (others.length * level.length > mostLookUps) return undefined
  const found: number[] = []
  for await (const rows of portions(driver, others, { cost: level.length }, (part) =>
    statements.groupsNaming({ tenant, rows: rowsText(level), groups: rowsText(part) }),
  )) {
    for (const { group_row } of rows) found.push(Number(group_row))
  }
  return found
}
