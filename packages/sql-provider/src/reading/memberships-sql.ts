/** The statements that follow memberships from a resource to its groups, one step each. */
import { type RawBuilder, sql } from 'kysely'
import type { Dialect } from '../dialect/dialect.js'

/**
 * The groups that contain the rows of `asked`, in the order of the memberships: `asked` is the definition of a common table
 * expression with that name and the column `row_id`. `nested` is 1 if the group is in a group itself.
 */
export function directGroups(
  { forcedJoin }: Dialect,
  asked: RawBuilder<unknown>,
  tenant: RawBuilder<string>,
): RawBuilder<unknown> {
  return sql`with ${asked}
    select r.row_id as member_row, g.row_id as group_row, g.id, g.display, ${isNested(tenant, 'g')} as nested
    from asked ${forcedJoin('scim_resources', 'r', sql`r.row_id = asked.row_id`)}
    ${forcedJoin('scim_members', 'm', names(tenant, 'r'))}
    ${forcedJoin('scim_resources', 'g', sql`g.row_id = m.group_row`)}
    order by m.seq`
}

/** The groups that contain each of the groups of `asked`, as one text of their row numbers. */
export function parentRows(
  { forcedJoin, numbersAsText }: Dialect,
  asked: RawBuilder<unknown>,
  tenant: RawBuilder<string>,
): RawBuilder<unknown> {
  return sql`with ${asked}
    select r.row_id as member_row, ${numbersAsText(sql`m.group_row`)} as parents
    from asked ${forcedJoin('scim_resources', 'r', sql`r.row_id = asked.row_id`)}
    ${forcedJoin('scim_members', 'm', names(tenant, 'r'))}
    group by r.row_id`
}

/** The groups in the rows of `asked`, with the group columns of {@link directGroups}. */
export function groupsInRows(
  { forcedJoin }: Dialect,
  asked: RawBuilder<unknown>,
  tenant: RawBuilder<string>,
): RawBuilder<unknown> {
  return sql`with ${asked}
    select g.row_id as group_row, g.id, g.display, ${isNested(tenant, 'g')} as nested
    from asked ${forcedJoin('scim_resources', 'g', sql`g.row_id = asked.row_id`)}`
}

/** The groups of `others` that contain a group of `asked`: each pair is one index lookup. */
export function groupsNaming(
  { forcedJoin }: Dialect,
  asked: RawBuilder<unknown>,
  others: RawBuilder<unknown>,
  tenant: RawBuilder<string>,
): RawBuilder<unknown> {
  return sql`with ${asked}, others as (${others})
    select o.group_row from others as o where exists (
      select 1 from asked ${forcedJoin('scim_resources', 'r', sql`r.row_id = asked.row_id`)}
      ${forcedJoin('scim_members', 'm', sql`${names(tenant, 'r')} and m.group_row = o.group_row`)})`
}

/** The rows of groups with members, of every tenant, at most `most`: one index lookup for each. */
export function groupsWithMembers(most: RawBuilder<number>): RawBuilder<unknown> {
  return sql`with recursive found(group_row, place) as (
      select min(group_row), 1 from scim_members
      union all
      select (select min(m.group_row) from scim_members as m where m.group_row > found.group_row), found.place + 1
      from found where found.group_row is not null and found.place < ${most})
    select group_row from found where group_row is not null`
}

function names(tenant: RawBuilder<string>, alias: 'r' | 'g'): RawBuilder<boolean> {
  const [id, key] = [sql.ref(`${alias}.id`), sql.ref(`${alias}.id_key`)]
  return sql`m.tenant = ${tenant} and m.member_key = coalesce(${key}, ${id}) and m.member_id = ${id}`
}

function isNested(tenant: RawBuilder<string>, alias: 'r' | 'g'): RawBuilder<unknown> {
  return sql`case when exists (select 1 from scim_members as m where ${names(tenant, alias)}) then 1 else 0 end`
}
