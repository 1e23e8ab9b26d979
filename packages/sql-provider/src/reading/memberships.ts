/**
 * The groups that contain a resource, and the groups that contain those. Each group is followed once per request, also if several
 * paths lead to it, in portions, so that the event loop is not blocked.
 * @see RFC 7643 §4.1.2 (`groups`)
 */
import { scimError } from '@scimkit/core'
import type { GroupMembership } from '@scimkit/core/provider'
import type { Driver, Row } from '../driver/driver.js'
import { yieldToEventLoop } from '../driver/event-loop-yield.js'
import type { Store } from '../store/store.js'
import { portions } from './portions.js'
import { membershipOf, rowsText } from './rows.js'
import type { ReadStatements } from './statements.js'

/** Returns the groups of a row. */
export type GroupsOf = (row: number) => readonly GroupMembership[]

// How many memberships are followed without a pause.
const followedAtOnce = 50_000

/**
 * The groups of each row, from the rows of `directGroupsOfRows`: the direct ones in the order of their memberships, then the
 * indirect ones by distance. Each group is listed once, at its shortest distance, so direct has priority; a group in a cycle is not
 * listed as its own group. Throws 400 tooMany beyond the store's limit of memberships, and a StoreFailure.
 */
export async function groupsAbove(
  store: Store,
  statements: ReadStatements,
  direct: readonly Row[],
  tenant: string,
): Promise<GroupsOf> {
  const known = new Map<number, Row>()
  const directOf = new Map<number, number[]>()
  for (const row of direct) {
    const group = Number(row.group_row)
    known.set(group, row)
    const groups = directOf.get(Number(row.member_row))
    if (groups === undefined) directOf.set(Number(row.member_row), [group])
    else groups.push(group)
  }
  const parents = await parentsAbove(store, statements, known, tenant)
  const found = new Map<number, readonly GroupMembership[]>()
  let followed = 0
  for (const [member, groups] of directOf) {
    const above = new Set(groups)
    // The iteration of a Set includes elements that are added meanwhile.
    for (const group of above) {
      for (const parent of parents.get(group) ?? []) above.add(parent)
      followed += 1 + (parents.get(group)?.length ?? 0)
      if (followed < followedAtOnce) continue
      followed = 0
      await yieldToEventLoop()
    }
    const directly = new Set(groups)
    above.delete(member)
    const memberships: GroupMembership[] = []
    for (const group of above) {
      const row = known.get(group)
      if (row !== undefined) memberships.push(membershipOf(row, directly.has(group) ? 'direct' : 'indirect'))
    }
    found.set(member, memberships)
  }
  return (row) => found.get(row) ?? []
}

/** The parent groups of each group, for all groups above the known ones, which are added to `known`. */
async function parentsAbove(
  { driver, groupEdges }: Store,
  statements: ReadStatements,
  known: Map<number, Row>,
  tenant: string,
): Promise<ReadonlyMap<number, readonly number[]>> {
  const parents = new Map<number, readonly number[]>()
  let edges = 0
  let level = [...known.values()].filter(isInGroup).map(({ group_row }) => Number(group_row))
  while (level.length > 0) {
    const unknown = new Set<number>()
    for await (const { group: member, parents: above } of parentsOf(driver, statements, level, tenant)) {
      edges += above.length
      if (edges > groupEdges) throw tooManyEdges(groupEdges)
      parents.set(member, above)
      for (const group of above) if (!known.has(group)) unknown.add(group)
    }
    level = []
    for await (const rows of portions(driver, [...unknown], { cost: 2 }, (part) =>
      statements.groupsInRows({ tenant, rows: rowsText(part) }),
    )) {
      for (const row of rows) {
        known.set(Number(row.group_row), row)
        if (isInGroup(row)) level.push(Number(row.group_row))
      }
    }
  }
  return parents
}

/** The groups that contain each of these groups, in portions. */
export async function* parentsOf(
  driver: Driver,
  statements: Pick<ReadStatements, 'parentsOfRows'>,
  groups: readonly number[],
  tenant: string,
): AsyncGenerator<{ readonly group: number; readonly parents: readonly number[] }> {
  for await (const rows of portions(driver, groups, { cost: 50 }, (part) =>
    statements.parentsOfRows({ tenant, rows: rowsText(part) }),
  )) {
    for (const row of rows) yield { group: Number(row.member_row), parents: String(row.parents).split(',').map(Number) }
  }
}

/** True if a group is in a group itself. */
export function isInGroup({ nested }: Row): boolean {
  return Number(nested) === 1
}

/** 400 tooMany: the limit of memberships that are followed for one request. */
export function tooManyEdges(groupEdges: number): Error {
  return scimError.tooMany(
    `To find all groups of a resource, more than ${groupEdges} memberships would have to be followed, the limit groupEdges of this server. Send excludedAttributes=groups to read it without them.`,
  )
}
