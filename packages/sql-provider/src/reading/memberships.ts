/** The groups that resources are in, directly and through groups. @see RFC 7643 §4.1.2 (`groups`) */
import { exactKey, type GroupMembership } from '@scimkit/core'
import type { Driver, Row } from '../driver/driver.js'
import { membershipOf } from './rows.js'
import type { ReadStatements } from './statements.js'

/** The groups of one resource: by the row of the group, in the order they were found. */
type Found = Map<number, GroupMembership>

/**
 * The groups of each resource, by its row. Level by level outward, all resources together: the groups that name them,
 * then the groups that name those. A group is found once, at its shortest distance, so groups within each other end the
 * walk; a resource is not in its own groups.
 */
export async function membershipsOf(
  driver: Driver,
  statements: ReadStatements,
  resources: readonly Row[],
  tenant: string,
): Promise<ReadonlyMap<number, readonly GroupMembership[]>> {
  const found = new Map<number, Found>()
  let frontier = new Map<string, Start[]>()
  for (const { row_id, id } of resources) {
    const start = { row: Number(row_id), id: String(id), groups: new Map() }
    found.set(start.row, start.groups)
    frontier.set(start.id, [start])
  }
  for (let level = 0; frontier.size > 0; level++) {
    const rows = await groupsOf(driver, statements, [...frontier.keys()], tenant)
    const next = new Map<string, Start[]>()
    for (const row of rows) {
      const group = String(row.id)
      for (const start of frontier.get(String(row.member_id)) ?? []) {
        if (group === start.id || start.groups.has(Number(row.row_id))) continue
        start.groups.set(Number(row.row_id), membershipOf(row, level === 0 ? 'direct' : 'indirect'))
        const others = next.get(group)
        if (others === undefined) next.set(group, [start])
        else others.push(start)
      }
    }
    frontier = next
  }
  return new Map([...found].map(([row, groups]) => [row, [...groups.values()]]))
}

/** A resource that a walk began with. */
interface Start {
  readonly row: number
  readonly id: string
  readonly groups: Found
}

async function groupsOf(
  driver: Driver,
  statements: ReadStatements,
  ids: readonly string[],
  tenant: string,
): Promise<readonly Row[]> {
  const keys = ids.map(exactKey)
  const [only] = keys
  const statement =
    keys.length === 1 && only !== undefined
      ? statements.groupsOfKey({ tenant, key: only })
      : statements.groupsOfKeys({ tenant, rows: JSON.stringify(keys) })
  const [rows = []] = await driver.read([statement])
  return rows
}
