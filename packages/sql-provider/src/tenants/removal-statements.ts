/** The statements that remove what is stored for a tenant. Each of them is about a portion of its rows. */
import { type RawBuilder, sql } from 'kysely'
import type { Dialect } from '../dialect/dialect.js'
import { oncePerDialect } from '../dialect/once-per-dialect.js'
import { compilable } from '../statement/compilable.js'
import { numbersIn } from '../statement/numbers-in.js'
import { type Template, template } from '../statement/template.js'

interface OfTenant {
  readonly tenant: string
}

interface Rows {
  readonly rows: string
}

interface UpTo extends OfTenant {
  readonly last: number
}

interface RemovalStatements {
  /** The last numbers of the rows that exist now: `resources`, `keys`, `outbox`. */
  readonly ends: Template<Record<never, never>>
  readonly someResources: Template<UpTo>
  /** Makes concurrent writes of these resources wait; undefined where units run one after the other. */
  readonly holdResources: Template<Rows> | undefined
  readonly countHistory: Template<Rows>
  readonly deleteKeys: Template<Rows>
  readonly deleteHistory: Template<Rows>
  readonly deleteResources: Template<Rows>
  /** Memberships of groups that no longer exist. */
  readonly deleteMembers: Template<OfTenant>
  readonly deleteCreationKeys: Template<UpTo>
  /** The numbers of rows in a part of the outbox, and which of them are of the tenant (`own`). */
  readonly someOutbox: Template<OfTenant & { readonly after: number; readonly last: number }>
  readonly holdOutbox: Template<Rows> | undefined
  readonly deleteDeliveries: Template<Rows>
  readonly deleteOutbox: Template<Rows>
  readonly someRecords: Template<OfTenant & { readonly kind: string; readonly id: string }>
  readonly deleteRecords: Template<OfTenant & { readonly kind: string; readonly first: string; readonly last: string }>
  readonly deleteFacts: Template<{ readonly first: string; readonly end: string }>
}

/** Most resources of one unit. */
export const resourcesAtOnce = 100
/** Most other rows of one unit. */
export const rowsAtOnce = 500

/** The statements in a dialect. */
export const removalStatements: (dialect: Dialect) => RemovalStatements = oncePerDialect((dialect) => {
  const { builder: db, rowLocks } = dialect
  const raw = (text: RawBuilder<unknown>) => compilable(dialect, text)
  const numbers = (rows: RawBuilder<string>): RawBuilder<unknown> => sql`(${numbersIn(dialect, rows)})`
  const inRows = (column: string, rows: RawBuilder<string>): RawBuilder<boolean> =>
    dialect.inList(sql.ref(column), numbers(rows))
  const some = sql.lit(rowsAtOnce)
  const outboxPositions = (rows: RawBuilder<string>) =>
    sql`(select o.position from scim_outbox as o where ${inRows('o.seq', rows)} and o.position is not null)`

  return {
    ends: template<Record<never, never>>(() =>
      raw(sql`select (select max(row_id) from scim_resources) as resources,
        (select max(seq) from scim_creation_keys) as keys, (select max(seq) from scim_outbox) as outbox`),
    ),
    // By the index of the tenant: by that of the row, other tenants' rows would be read.
    someResources: template<UpTo>((slot) =>
      raw(sql`select row_id from scim_resources where tenant = ${slot('tenant')} and row_id + 0 <= ${slot('last')}
        limit ${sql.lit(resourcesAtOnce)}`),
    ),
    holdResources:
      rowLocks &&
      template<Rows>((slot) =>
        raw(sql`select row_id from scim_resources where ${inRows('row_id', slot('rows'))}
          order by row_id ${rowLocks.exclusive}`),
      ),
    countHistory: template<Rows>((slot) =>
      raw(sql`select count(*) as count from scim_history where ${inRows('row_id', slot('rows'))}`),
    ),
    deleteKeys: template<Rows>((slot) => db.deleteFrom('scim_keys').where(inRows('row_id', slot('rows')))),
    deleteHistory: template<Rows>((slot) => db.deleteFrom('scim_history').where(inRows('row_id', slot('rows')))),
    deleteResources: template<Rows>((slot) =>
      db
        .deleteFrom('scim_resources')
        .where(inRows('row_id', slot('rows')))
        .returning('row_id'),
    ),
    deleteMembers: template<OfTenant>((slot) => {
      const orphans = sql`(select m.seq from scim_members as m where m.tenant = ${slot('tenant')}
        and not exists (select 1 from scim_resources as r where r.row_id = m.group_row) limit ${some})`
      return db
        .deleteFrom('scim_members')
        .where(dialect.inList(sql.ref('seq'), orphans))
        .returning('seq')
    }),
    deleteCreationKeys: template<UpTo>((slot) => {
      const keys = sql`(select k.seq from scim_creation_keys as k
        where k.tenant = ${slot('tenant')} and k.seq + 0 <= ${slot('last')} limit ${some})`
      return db
        .deleteFrom('scim_creation_keys')
        .where(dialect.inList(sql.ref('seq'), keys))
        .returning('seq')
    }),
    someOutbox: template<OfTenant & { readonly after: number; readonly last: number }>((slot) =>
      raw(sql`select seq, case when tenant = ${slot('tenant')} then 1 else 0 end as own from scim_outbox
        where seq > ${slot('after')} and seq <= ${slot('last')} order by seq limit ${some}`),
    ),
    // A reader that gives positions to these rows, and then deliveries to the positions, waits.
    holdOutbox:
      rowLocks &&
      template<Rows>((slot) =>
        raw(sql`select seq from scim_outbox where ${inRows('seq', slot('rows'))} order by seq ${rowLocks.exclusive}`),
      ),
    deleteDeliveries: template<Rows>((slot) =>
      db
        .deleteFrom('scim_deliveries')
        .where(dialect.inList(sql.ref('position'), outboxPositions(slot('rows'))))
        .returning('position'),
    ),
    deleteOutbox: template<Rows>((slot) =>
      db
        .deleteFrom('scim_outbox')
        .where(inRows('seq', slot('rows')))
        .returning('seq'),
    ),
    someRecords: template<OfTenant & { readonly kind: string; readonly id: string }>((slot) =>
      raw(sql`select kind, id from scim_records where tenant = ${slot('tenant')}
        and (kind, id) > (${slot('kind')}, ${slot('id')}) order by kind, id limit ${some}`),
    ),
    deleteRecords: template<OfTenant & { readonly kind: string; readonly first: string; readonly last: string }>(
      (slot) =>
        db
          .deleteFrom('scim_records')
          .where('tenant', '=', slot('tenant'))
          .where('kind', '=', slot('kind'))
          .where('id', '>=', slot('first'))
          .where('id', '<=', slot('last'))
          .returning('id'),
    ),
    deleteFacts: template<{ readonly first: string; readonly end: string }>((slot) => {
      const facts = sql`(select f.name from scim_meta as f
        where f.name >= ${slot('first')} and f.name < ${slot('end')} order by f.name limit ${some})`
      return db
        .deleteFrom('scim_meta')
        .where(dialect.inList(sql.ref('name'), facts))
        .returning('name')
    }),
  }
})
