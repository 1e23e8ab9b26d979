/** Terms on members and groups, which are rows. Filters compare ids in NFC, so the keys of the rows do. */
import { type Filter, fullPath } from '@scimkit/core'
import { sql } from 'kysely'
import { type Condition, exactly, nothing, type Pushed } from './pushed.js'
import type { Scope } from './scope.js'

/** `members eq "x"`, `members[value eq "x"]`, `groups eq "x"`; of anything else about them SQL says nothing. */
export function membershipTerm(scope: Scope, term: Filter): Pushed {
  const member = idAsked(term, 'members.value')
  if (member !== undefined) return exactly(groupsOf(scope, member))
  const group = idAsked(term, 'groups.value')
  return group === undefined ? nothing : exactly(membersOf(scope, group))
}

/** True for paths of attributes that are rows. */
export function isMembership(path: string): boolean {
  return path === 'members' || path === 'groups' || path.startsWith('members.') || path.startsWith('groups.')
}

function idAsked(term: Filter, path: string): string | undefined {
  const compare = term.kind === 'valuePath' ? term.filter : term
  if (compare.kind !== 'compare' || compare.operator !== 'eq' || !compare.path.known) return undefined
  if (fullPath(compare.path) !== path || compare.path.compared?.caseExact !== true) return undefined
  return typeof compare.key === 'string' ? compare.key : undefined
}

function groupsOf({ tenant }: Scope, member: string): Condition {
  return sql`r.row_id in (select m.group_row from scim_members as m
    where m.tenant = ${tenant} and m.member_key = ${member})`
}

// Down from the group, through groups within groups; a group that is within itself is not in its own groups.
function membersOf({ tenant }: Scope, group: string): Condition {
  return sql`r.row_id in (
    with recursive down (row_id) as (
      select g.row_id from scim_resources as g
      where g.tenant = ${tenant} and (g.id = ${group} or g.id_key = ${group})
      union
      select i.row_id from down as d
      join scim_members as m on m.group_row = d.row_id
      join scim_resources as i on i.tenant = m.tenant and i.id = m.member_id
    )
    select down.row_id from down) and coalesce(r.id_key, r.id) <> ${group}`
}
