/**
 * The groups that name a resource, and the groups that name those. The database finds every membership on the way up,
 * in one recursive statement; the order in which groups are shown is made here.
 * @see RFC 7643 §4.1.2 (`groups`)
 */
import type { GroupMembership } from '@scimkit/core'
import { type RawBuilder, sql } from 'kysely'
import type { Dialect } from '../dialect.js'
import type { Row } from '../driver/driver.js'
import { membershipOf } from './rows.js'
import { stepTo } from './step-join.js'

/**
 * All memberships above the rows of `asked`: `asked` is the definition of a common table with that name and the column
 * `row_id`. UNION, not UNION ALL: groups within each other end the walk.
 */
export function membershipsAbove(
  { name }: Dialect,
  asked: RawBuilder<unknown>,
  tenant: RawBuilder<string>,
): RawBuilder<unknown> {
  const toGroups = sql`
    ${stepTo(name, 'scim_members', 'm', sql`m.tenant = ${tenant} and m.member_key = up.id_key and m.member_id = up.id`)}
    ${stepTo(name, 'scim_resources', 'g', sql`g.row_id = m.group_row`)}`
  return sql`with recursive ${asked},
    up (row_id, id, id_key) as (
      select r.row_id, r.id, coalesce(r.id_key, r.id)
      from asked ${stepTo(name, 'scim_resources', 'r', sql`r.row_id = asked.row_id`)}
      union
      select g.row_id, g.id, coalesce(g.id_key, g.id) from up ${toGroups}
    )
    select up.row_id as member_row, g.row_id as group_row, g.id, g.display from up ${toGroups} order by m.seq`
}

/** Gives the groups of a row. */
export type GroupsOf = (row: number) => readonly GroupMembership[]

/**
 * The groups of each row, from what {@link membershipsAbove} found: the direct ones in the order of their memberships,
 * then outward. Each once, at its shortest distance, so direct wins; a resource is in no group that it is itself.
 */
export function groupsAmong(rows: readonly Row[]): GroupsOf {
  const above = new Map<number, Row[]>()
  for (const row of rows) {
    const member = Number(row.member_row)
    const groups = above.get(member)
    if (groups === undefined) above.set(member, [row])
    else groups.push(row)
  }
  return (start) => {
    const found = new Map<number, GroupMembership>()
    const add = (row: Row, type: GroupMembership['type']): void => {
      const group = Number(row.group_row)
      if (group !== start && !found.has(group)) found.set(group, membershipOf(row, type))
    }
    for (const row of above.get(start) ?? []) add(row, 'direct')
    // A Map hands out what is added during the walk.
    for (const group of found.keys()) for (const row of above.get(group) ?? []) add(row, 'indirect')
    return [...found.values()]
  }
}
