/** Terms on members and groups, which are rows. Filters compare ids in NFC, as in the keys of the rows. */
import { type CompareFilter, type CompareOperator, fullPath, type PresentFilter } from '@scimkit/core/filter'
import { type RawBuilder, sql } from 'kysely'
import { opposite, test } from './condition.js'
import { isInSet, type RowSet } from './row-sets.js'
import type { Scope } from './scope.js'
import { exactly, nothing, type SqlFilter } from './sql-filter.js'

/** True for paths of attributes that are stored as rows. */
export function isMembership(path: string): boolean {
  return path === 'members' || path === 'groups' || path.startsWith('members.') || path.startsWith('groups.')
}

/** A comparison or `pr` on members or groups; the core evaluates their types and names. */
export function membershipTerm(scope: Scope, term: CompareFilter | PresentFilter): SqlFilter {
  const path = term.path.known ? fullPath(term.path) : ''
  if (term.kind === 'present') return presence(scope, path, true)
  if (term.key === null) return presence(scope, path, term.operator === 'ne')
  if (path === 'members.value') return memberComparison(scope, term.operator, String(term.key))
  return path === 'groups.value' && term.operator === 'eq'
    ? isInRows(scope, { kind: 'below', key: String(term.key) })
    : nothing
}

function presence(scope: Scope, path: string, isWanted: boolean): SqlFilter {
  const isThere = presenceOf(scope, path)
  if (isThere === undefined) return nothing
  return exactly(isWanted ? isThere : opposite(test(isThere)))
}

function presenceOf(scope: Scope, path: string): RawBuilder<boolean> | undefined {
  switch (path) {
    case 'members':
      return hasMember(sql`1 = 1`)
    case 'members.value':
      return hasMember(sql`m.member_key <> ''`)
    case 'groups':
    case 'groups.value':
      return isMember(scope)
    default:
      return undefined
  }
}

function hasMember(condition: RawBuilder<boolean>): RawBuilder<boolean> {
  return sql`exists (select 1 from scim_members as m where m.group_row = r.row_id and ${condition})`
}

// A group in a cycle is not listed as its own group.
function isMember({ tenant }: Scope): RawBuilder<boolean> {
  return sql`exists (select 1 from scim_members as m where m.tenant = ${tenant}
    and m.member_key = coalesce(r.id_key, r.id) and m.member_id = r.id and m.group_row <> r.row_id)`
}

function memberComparison(scope: Scope, operator: CompareOperator, key: string): SqlFilter {
  const column = sql`m.member_key`
  switch (operator) {
    case 'eq':
      return isInRows(scope, { kind: 'groupsOf', key })
    case 'ne':
      return exactly(sql`(${hasMember(sql`${column} <> ${key}`)} or not ${hasMember(sql`1 = 1`)})`)
    default:
      return isInRows(scope, { kind: 'groupsWith', key, operator })
  }
}

function isInRows(scope: Scope, set: RowSet): SqlFilter {
  const name = scope.sets.name(set)
  return exactly({ holds: isInSet(scope.dialect, name), candidates: { kind: 'set', name } })
}
