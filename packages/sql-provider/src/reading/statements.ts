/** The statements of reads by id and by row, built once per dialect. */
import { type RawBuilder, type Selectable, sql } from 'kysely'
import type { Dialect } from '../dialect/dialect.js'
import { oncePerDialect } from '../dialect/once-per-dialect.js'
import { compareOnly } from '../statement/compare-only.js'
import { compilable } from '../statement/compilable.js'
import { numbersIn as numbers } from '../statement/numbers-in.js'
import { type Template, template } from '../statement/template.js'
import type { ResourcesTable } from '../tables.js'
import { directGroups, groupsInRows, groupsNaming, groupsWithMembers, parentRows } from './memberships-sql.js'
import { resourceColumns } from './rows.js'

/** Identifies one resource. */
export interface RefValues {
  readonly tenant: string
  readonly type: string
  readonly id: string
}

/** Resources by row: a JSON array of row numbers as texts. */
interface Rows {
  readonly rows: string
}

/** All statements that read resources by id or by row. */
export interface ReadStatements {
  readonly byRef: Template<RefValues>
  readonly byRows: Template<Rows>
  /** The length of the documents (`doc_bytes`), and the number of members, counted up to `first` (`members`). */
  readonly weights: Template<Rows & { readonly first: number }>
  /** Members of the group with an id, in the order in which they were added. */
  readonly membersOfRef: Template<RefValues>
  /** At most `limit` of them, after a position in that order (`seq`). */
  readonly portionOfMembers: Template<RefValues & { readonly after: number; readonly limit: number }>
  readonly onlyMembersOfRef: Template<RefValues & { readonly only: string }>
  readonly firstMembersOfRef: Template<RefValues & { readonly first: number }>
  /** A row if the group has more than `upTo` members. */
  readonly moreThan: Template<RefValues & { readonly upTo: number }>
  /** All members, if there are at most `upTo`. */
  readonly membersOfRefUpTo: Template<RefValues & { readonly upTo: number }>
  /** The same for groups by row, in the order of the groups' rows. */
  readonly membersOfRows: Template<Rows>
  /** How many members groups by row have in total, counted up to `upTo`. */
  readonly countMembersOfRows: Template<Rows & { readonly upTo: number }>
  readonly onlyMembersOfRows: Template<Rows & { readonly only: string }>
  readonly firstMembersOfRows: Template<Rows & { readonly first: number }>
  /** The groups that contain a resource, or several. */
  readonly directGroupsOfRef: Template<RefValues>
  readonly directGroupsOfRows: Template<Rows & { readonly tenant: string }>
  /** The rows of the parent groups of groups, as one text for each. */
  readonly parentsOfRows: Template<Rows & { readonly tenant: string }>
  readonly groupsInRows: Template<Rows & { readonly tenant: string }>
  /** The groups of `groups` that contain a group in `rows`. */
  readonly groupsNaming: Template<Rows & { readonly tenant: string; readonly groups: string }>
  readonly groupsWithMembers: Template<{ readonly most: number }>
  /** Documents of managers. */
  readonly managersOf: Template<Rows & { readonly tenant: string }>
}

const memberColumns = ['m.group_row', 'm.member_id', 'm.member_type', 'r.type', 'r.display'] as const

/** The statements for a dialect, built once. */
export const readStatements: (dialect: Dialect) => ReadStatements = oncePerDialect(build)

function build(dialect: Dialect): ReadStatements {
  const { builder: db, jsonTexts, inList } = dialect
  const numbersIn = (rows: RawBuilder<string>): RawBuilder<unknown> => numbers(dialect, rows)
  const inRows = (column: string, rows: RawBuilder<string>): RawBuilder<boolean> =>
    inList(sql.ref(column), sql`(${numbersIn(rows)})`)
  const inTexts = (column: string, texts: RawBuilder<string>): RawBuilder<boolean> =>
    inList(sql.ref(column), jsonTexts(texts))

  // With the resource of each member, by index.
  const isMember = sql<boolean>`${sql.ref('r.tenant')} = ${sql.ref('m.tenant')} and ${sql.ref('r.id')} = ${sql.ref('m.member_id')}`
  const resource = dialect.leftLookup('scim_resources', 'r', '*', isMember)
  const members = () =>
    db
      .selectFrom('scim_members as m')
      .leftJoin((resource.table as RawBuilder<Selectable<ResourcesTable>>).as('r'), (join) => join.on(resource.on))
      .select(memberColumns)
  const rowOf = (slot: (name: 'tenant' | 'type' | 'id') => RawBuilder<string>) =>
    db
      .selectFrom('scim_resources as g')
      .select('g.row_id')
      .where('g.tenant', '=', slot('tenant'))
      .where('g.id', '=', slot('id'))
      .where(compareOnly('g.type'), '=', slot('type'))
  const membersOf = (slot: (name: 'tenant' | 'type' | 'id') => RawBuilder<string>) =>
    members().where('m.group_row', '=', rowOf(slot)).orderBy('m.seq')
  const oneMore = (upTo: RawBuilder<number>) =>
    db.selectFrom('scim_members as c').select('c.group_row').limit(sql.lit(1)).offset(upTo)
  const membersIn = (rows: RawBuilder<string>) =>
    members().where(inRows('m.group_row', rows)).orderBy('m.group_row').orderBy('m.seq')

  const askedRows = (rows: RawBuilder<string>): RawBuilder<unknown> =>
    sql`asked as (select r.row_id from scim_resources as r where ${inRows('r.row_id', rows)})`

  return {
    byRef: template((slot) =>
      db
        .selectFrom('scim_resources as r')
        .select(resourceColumns)
        .where('r.tenant', '=', slot('tenant'))
        .where('r.id', '=', slot('id'))
        .where(compareOnly('r.type'), '=', slot('type')),
    ),
    byRows: template((slot) =>
      db
        .selectFrom('scim_resources as r')
        .select(resourceColumns)
        .where(inRows('r.row_id', slot('rows'))),
    ),
    weights: template((slot) => {
      const rows = slot('rows')
      const counted = sql`select 1 from scim_members as c where c.group_row = r.row_id limit ${slot('first')}`
      return compilable(
        dialect,
        sql`select r.row_id, octet_length(r.doc) as doc_bytes, (select count(*) from (${counted}) as counted) as members
          from scim_resources as r where ${inRows('r.row_id', rows)}`,
      )
    }),
    membersOfRef: template((slot) => membersOf(slot)),
    portionOfMembers: template((slot) =>
      membersOf(slot).select('m.seq').where('m.seq', '>', slot('after')).limit(slot('limit')),
    ),
    // Without an order: to avoid sorting, SQLite would read all members in the order of another index.
    onlyMembersOfRef: template((slot) =>
      members()
        .where('m.group_row', '=', rowOf(slot))
        .where(inTexts('m.member_id', slot('only'))),
    ),
    firstMembersOfRef: template((slot) => membersOf(slot).limit(slot('first'))),
    moreThan: template((slot) => oneMore(slot('upTo')).where('c.group_row', '=', rowOf(slot))),
    // The condition is on the group: on the members, it would be evaluated for each of them.
    membersOfRefUpTo: template((slot) =>
      members()
        .where(
          'm.group_row',
          '=',
          rowOf(slot).where(({ not, exists }) =>
            not(exists(oneMore(slot('upTo')).where('c.group_row', '=', sql.ref<number>('g.row_id')))),
          ),
        )
        .orderBy('m.seq'),
    ),
    membersOfRows: template((slot) => membersIn(slot('rows'))),
    countMembersOfRows: template((slot) =>
      db
        .selectFrom(
          db
            .selectFrom('scim_members as c')
            .select('c.group_row')
            .where(inRows('c.group_row', slot('rows')))
            .limit(slot('upTo'))
            .as('counted'),
        )
        .select(sql<number>`count(*)`.as('total')),
    ),
    onlyMembersOfRows: template((slot) =>
      members()
        .where(inRows('m.group_row', slot('rows')))
        .where(inTexts('m.member_id', slot('only'))),
    ),
    firstMembersOfRows: template((slot) =>
      compilable(dialect, firstMembers(dialect, numbersIn(slot('rows')), slot('first'))),
    ),
    directGroupsOfRef: template((slot) =>
      compilable(dialect, directGroups(dialect, sql`asked as ${rowOf(slot)}`, slot('tenant'))),
    ),
    directGroupsOfRows: template((slot) =>
      compilable(dialect, directGroups(dialect, askedRows(slot('rows')), slot('tenant'))),
    ),
    parentsOfRows: template((slot) =>
      compilable(dialect, parentRows(dialect, askedRows(slot('rows')), slot('tenant'))),
    ),
    groupsInRows: template((slot) =>
      compilable(dialect, groupsInRows(dialect, askedRows(slot('rows')), slot('tenant'))),
    ),
    groupsNaming: template((slot) =>
      compilable(
        dialect,
        groupsNaming(
          dialect,
          askedRows(slot('rows')),
          sql`select cast(value as bigint) as group_row from ${jsonTexts(slot('groups'))} as numbers`,
          slot('tenant'),
        ),
      ),
    ),
    groupsWithMembers: template((slot) => compilable(dialect, groupsWithMembers(slot('most')))),
    managersOf: template((slot) =>
      db
        .selectFrom('scim_resources as r')
        .select(['r.id', 'r.doc'])
        .where('r.tenant', '=', slot('tenant'))
        .where(inTexts('r.id', slot('rows'))),
    ),
  }
}

/**
 * A lookup in the index of each group finds the position of its last needed member; a window function, or a condition on the
 * members, would have to read all of them.
 */
function firstMembers(
  { forcedJoin }: Dialect,
  numbers: RawBuilder<unknown>,
  first: RawBuilder<number>,
): RawBuilder<unknown> {
  return sql`with groups (row_id) as (${numbers}),
    ends as materialized (
      select groups.row_id, (
        select max(f.seq) from (
          select c.seq from scim_members as c where c.group_row = groups.row_id order by c.seq limit ${first}
        ) as f
      ) as seq
      from groups
    )
    select m.group_row, m.member_id, m.member_type, r.type, r.display
    from ends ${forcedJoin('scim_members', 'm', sql`m.group_row = ends.row_id and m.seq <= ends.seq`)}
    left join scim_resources as r on r.tenant = m.tenant and r.id = m.member_id
    order by m.group_row, m.seq`
}
