/**
 * The rows of the outbox, written in the unit of the change. A row gets its number after the unit has locked the resource, and the
 * next change of the resource waits for the end of the unit: so two changes of one resource have numbers in the order of their
 * commits.
 */
import type { ScimContext } from '@scimkit/core'
import type { Next, RawVersion } from '@scimkit/core/provider'
import { type RawBuilder, sql } from 'kysely'
import type { Step } from '../driver/driver.js'
import { step, template } from '../statement/template.js'
import type { Store } from '../store/store.js'
import type { RefValues } from './statements.js'

/** The steps that record a change; empty lists if there is no outbox. */
export interface OutboxSteps {
  /** Placed after the insert. */
  insert(values: RefValues, next: Next, context: ScimContext): readonly Step[]
  /** Placed after the change. */
  replace(values: RefValues, expected: RawVersion, next: Next, context: ScimContext): readonly Step[]
  /** Placed before the resource is deleted: its row has the last document. */
  remove(values: RefValues, expected: RawVersion, at: string, context: ScimContext): readonly Step[]
}

/** The columns of `scim_outbox` that every row has, in the order in which they are selected into it. */
export const recordedColumns = [
  'row_id',
  'tenant',
  'type',
  'id',
  'kind',
  'before',
  'after',
  'at',
  'changed',
  'deprovisioned',
  'principal',
  'request_id',
] as const

interface Recorded {
  readonly tenant: string
  readonly id: string
  readonly before: string | null
  readonly principal: string | null
  readonly request_id: string | null
}

/** The steps for a store. */
export function outboxSteps({ dialect: { builder: db }, outbox }: Omit<Store, 'driver'>): OutboxSteps {
  if (outbox === 'off') return { insert: () => [], replace: () => [], remove: () => [] }
  const doc = outbox === 'documents' ? sql.ref<string | null>('doc') : sql<string | null>`cast(null as text)`
  const insertion = () => db.insertInto('scim_outbox').columns([...recordedColumns, 'doc'])

  // One row of `scim_resources`: a change without a resource is not possible, and neither is one without a row.
  const written = template<
    Recorded & { readonly kind: string; readonly changed: string | null; readonly ends: number }
  >((slot) =>
    insertion().expression(
      db
        .selectFrom('scim_resources')
        .select([
          'row_id',
          'tenant',
          'type',
          'id',
          text(slot('kind')).as('kind'),
          text(slot('before')).as('before'),
          'version as after',
          'modified as at',
          text(slot('changed')).as('changed'),
          sql<number>`cast(${slot('ends')} as integer)`.as('deprovisioned'),
          text(slot('principal')).as('principal'),
          text(slot('request_id')).as('request_id'),
          doc.as('doc'),
        ])
        .where('tenant', '=', slot('tenant'))
        .where('id', '=', slot('id')),
    ),
  )
  const removed = template<Recorded & { readonly at: string }>((slot) =>
    insertion().expression(
      db
        .selectFrom('scim_resources')
        .select([
          'row_id',
          'tenant',
          'type',
          'id',
          sql.lit('remove').as('kind'),
          text(slot('before')).as('before'),
          sql<string | null>`cast(null as text)`.as('after'),
          text(slot('at')).as('at'),
          sql<string | null>`cast(null as text)`.as('changed'),
          sql.lit(1).as('deprovisioned'),
          text(slot('principal')).as('principal'),
          text(slot('request_id')).as('request_id'),
          doc.as('doc'),
        ])
        .where('tenant', '=', slot('tenant'))
        .where('id', '=', slot('id')),
    ),
  )

  return {
    insert: ({ tenant, id }, { kind = 'create', deprovisioned }, context) => [
      step(
        written({
          tenant,
          id,
          kind,
          before: null,
          changed: null,
          ends: deprovisioned === true ? 1 : 0,
          ...callerOf(context),
        }),
      ),
    ],
    replace: ({ tenant, id }, expected, { kind = 'replace', changed, deprovisioned }, context) => [
      step(
        written({
          tenant,
          id,
          kind,
          before: expected,
          changed: changed === undefined ? null : JSON.stringify(changed),
          ends: deprovisioned === true ? 1 : 0,
          ...callerOf(context),
        }),
      ),
    ],
    remove: ({ tenant, id }, expected, at, context) => [
      step(removed({ tenant, id, before: expected, at, ...callerOf(context) })),
    ],
  }
}

/** The caller, as the columns of a row. */
export function callerOf({ principal, requestId }: ScimContext): Pick<Recorded, 'principal' | 'request_id'> {
  return { principal: principal ?? null, request_id: requestId }
}

// A parameter in a select list has no type of its own in PostgreSQL.
function text<Value extends string | null>(value: RawBuilder<Value>): RawBuilder<Value> {
  return sql<Value>`cast(${value} as text)`
}
