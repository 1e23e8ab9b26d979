/** Terms on members and groups, which are rows. Filters compare ids in NFC, so the keys of the rows do. */
import { type CompareFilter, type Filter, fullPath } from '@scimkit/core'
import { type RawBuilder, sql } from 'kysely'
import { rowsWithId } from './column-terms.js'
import { comparedText } from './comparison.js'
import { fewRows, opposite, test } from './condition.js'
import { exactly, nothing, type Pushed } from './pushed.js'
import type { Scope } from './scope.js'

/** True for paths of attributes that are rows. */
export function isMembership(path: string): boolean {
  return path === 'members' || path === 'groups' || path.startsWith('members.') || path.startsWith('groups.')
}

/** A comparison or `pr` on members or groups; of their types and names SQL says nothing. */
export function membershipTerm(scope: Scope, term: Extract<Filter, { kind: 'compare' | 'present' }>): Pushed {
  if (!term.path.known) return nothing
  switch (fullPath(term.path)) {
    case 'members':
      return presence(term, hasMember(sql`1 = 1`))
    case 'members.value':
      return isPresence(term) ? presence(term, hasMember(sql`m.member_key <> ''`)) : memberComparison(scope, term)
    case 'groups':
    case 'groups.value':
      return isPresence(term) ? presence(term, isMember(scope)) : groupComparison(scope, term)
    default:
      return nothing
  }
}

function isPresence(term: Extract<Filter, { kind: 'compare' | 'present' }>): boolean {
  return term.kind === 'present' || term.key === null
}

function presence(term: Extract<Filter, { kind: 'compare' | 'present' }>, isThere: RawBuilder<boolean>): Pushed {
  const condition = test(isThere)
  return exactly(term.kind === 'compare' && term.operator === 'eq' ? opposite(condition) : condition)
}

function hasMember(condition: RawBuilder<boolean>): RawBuilder<boolean> {
  return sql`exists (select 1 from scim_members as m where m.group_row = r.row_id and ${condition})`
}

// A group that is within itself is not in its own groups.
function isMember({ tenant }: Scope): RawBuilder<boolean> {
  return sql`exists (select 1 from scim_members as m where m.tenant = ${tenant}
    and m.member_key = coalesce(r.id_key, r.id) and m.member_id = r.id and m.group_row <> r.row_id)`
}

function memberComparison({ dialect, tenant }: Scope, term: Filter): Pushed {
  if (term.kind !== 'compare' || typeof term.key !== 'string') return nothing
  const { operator, key } = term
  const column = sql`m.member_key`
  if (operator === 'ne') {
    return exactly(sql`(${hasMember(sql`${column} <> ${key}`)} or not ${hasMember(sql`1 = 1`)})`)
  }
  if (operator !== 'eq') return exactly(hasMember(comparedText(dialect, operator, column, key)))
  return exactly(
    fewRows(sql`select m.group_row from scim_members as m where m.tenant = ${tenant} and ${column} = ${key}`),
  )
}

/**
 * Down from the group, through groups within groups, to what is in them. `top` tells the group that the walk began with,
 * which is not in its own groups; several groups may have one key. CROSS JOIN: SQLite keeps this order of tables.
 */
function groupComparison(scope: Scope, term: Filter): Pushed {
  const { operator, key }: Pick<CompareFilter, 'operator' | 'key'> = term.kind === 'compare' ? term : nothingAsked
  if (operator !== 'eq' || typeof key !== 'string') return nothing
  return exactly(
    fewRows(sql`with recursive down (top, row_id) as (
        select g.row_id, g.row_id from (${rowsWithId(scope, sql`${key}`)}) as g
        union
        select down.top, i.row_id
        from down cross join scim_members as m cross join scim_resources as i
        where m.group_row = down.row_id and i.tenant = m.tenant and i.id = m.member_id
      )
      select down.row_id from down where down.row_id <> down.top`),
  )
}

const nothingAsked: Pick<CompareFilter, 'operator' | 'key'> = { operator: 'ne', key: null }
