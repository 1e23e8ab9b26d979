/** The cascade of a removal: the groups of the resource lose a member, and their versions change. */

import type { Compilable } from 'kysely'
import { type RawBuilder, sql } from 'kysely'
import { type SlotFor, type Template, template } from '../statement/template.js'
import type { Store } from '../store/store.js'
import { changeColumns, inPlaceOfTheOldest, slotOf } from './write-history.js'
import { recordedColumns } from './write-outbox.js'

/** The parameters of a cascade. */
export interface CascadeValues {
  readonly tenant: string
  readonly type: string
  readonly id: string
  readonly member_key: string
  readonly modified: string
  readonly modified_ms: number
  /** The nonce of this removal: the last part of the new versions of all these groups. */
  readonly nonce: string
  readonly principal: string | null
  readonly request_id: string | null
}

/** The statements of a cascade, in order. */
export interface Cascade {
  readonly before: readonly Template<CascadeValues>[]
  /** Updates the groups, and returns `type`, `id` and the new `version` of each. */
  readonly update: Template<CascadeValues>
  readonly after: readonly Template<CascadeValues>[]
}

/**
 * Statements that remove the memberships of a deleted resource, update the versions of its groups, and record the change of each
 * group in its history and in the outbox, where there are such.
 */
export function cascadeStatements(store: Omit<Store, 'driver'>): Cascade {
  switch (store.dialect.cascade) {
    case 'inSteps':
      return cascadeInSteps(store)
    case 'inOneStatement':
      return { before: [], update: cascadeAtOnce(store), after: [] }
  }
}

type Slots = SlotFor<CascadeValues>

// A membership is not part of the document: generation and nonce change, the digest does not, as in core's nextVersion. Old
// versions without a nonce have longer digests, which are shortened.
const movedVersion = (slot: Slots): RawBuilder<string> => sql<string>`case when generation is null
  then '1-' || substr(version, 1, 16)
  else cast(generation + 1 as text) || '-' || substr(ltrim(version, '0123456789'), 2, 16)
  end || '-' || cast(${slot('nonce')} as text)`
const movedGeneration = sql<number>`coalesce(generation, 0) + 1`

const membersChanged = sql<string>`'["members"]'`

// Never before the stored time: the clock may have been set back (core's `notBefore`).
const movedTime = (slot: Slots) =>
  sql<string>`case when modified_ms > ${slot('modified_ms')} then modified else ${slot('modified')} end`
const movedMilliseconds = (slot: Slots) =>
  sql<number>`case when modified_ms > ${slot('modified_ms')} then modified_ms else ${slot('modified_ms')} end`

const moved = (slot: Slots) => ({
  version: movedVersion(slot),
  generation: movedGeneration,
  modified: movedTime(slot),
  modified_ms: movedMilliseconds(slot),
})

const movedColumns = [...recordedColumns, 'removed_type', 'removed_id'] as const

/** The values of an outbox row that are the same for every group. There is no document: the group's own has not changed. */
const cause = (slot: Slots) => ({
  kind: sql.lit('cascade').as('kind'),
  changed: membersChanged.as('changed'),
  deprovisioned: sql.lit(0).as('deprovisioned'),
  principal: sql<string | null>`cast(${slot('principal')} as text)`.as('principal'),
  requestId: sql<string | null>`cast(${slot('request_id')} as text)`.as('request_id'),
  removedType: sql<string>`cast(${slot('type')} as text)`.as('removed_type'),
  removedId: sql<string>`cast(${slot('id')} as text)`.as('removed_id'),
})

// Units are serialized, so all statements see the same memberships.
function cascadeInSteps({ dialect: { builder: db }, history: keep, outbox }: Omit<Store, 'driver'>): Cascade {
  const groups = (slot: Slots) =>
    db
      .selectFrom('scim_members')
      .select('group_row')
      .where('tenant', '=', slot('tenant'))
      .where('member_key', '=', slot('member_key'))
      .where('member_id', '=', slot('id'))
  const note = (slot: Slots): Compilable =>
    db
      .insertInto('scim_history')
      .columns(changeColumns)
      .expression(
        db
          .selectFrom('scim_resources')
          .select([
            'row_id',
            sql<number>`(${movedGeneration}) % ${sql.lit(keep)}`.as('slot'),
            movedGeneration.as('generation'),
            movedVersion(slot).as('version'),
            'version as previous',
            movedTime(slot).as('at'),
            membersChanged.as('changed'),
          ])
          .where('row_id', 'in', groups(slot)),
      )
      .onConflict(inPlaceOfTheOldest)
  const record = (slot: Slots): Compilable => {
    const same = cause(slot)
    return db
      .insertInto('scim_outbox')
      .columns(movedColumns)
      .expression(
        db
          .selectFrom('scim_resources')
          .select([
            'row_id',
            'tenant',
            'type',
            'id',
            same.kind,
            'version as before',
            movedVersion(slot).as('after'),
            movedTime(slot).as('at'),
            same.changed,
            same.deprovisioned,
            same.principal,
            same.requestId,
            same.removedType,
            same.removedId,
          ])
          .where('row_id', 'in', groups(slot))
          // A group that has itself as a member is removed; that is one change, not two.
          .where('id', '!=', slot('id')),
      )
  }
  const move = (slot: Slots): Compilable =>
    db
      .updateTable('scim_resources')
      .set(moved(slot))
      .where('row_id', 'in', groups(slot))
      .returning(['type', 'id', 'version'])
  const removeMembers = (slot: Slots): Compilable =>
    db
      .deleteFrom('scim_members')
      .where('tenant', '=', slot('tenant'))
      .where('member_key', '=', slot('member_key'))
      .where('member_id', '=', slot('id'))
  const before = [...(keep > 0 ? [note] : []), ...(outbox === 'off' ? [] : [record])]
  return {
    before: before.map((build) => template(build)),
    update: template(move),
    after: [template(removeMembers)],
  }
}

// Two statements would see two states: a membership that was added in between would be removed without a new version
// of its group.
function cascadeAtOnce({
  dialect: { builder: db },
  history: keep,
  outbox,
}: Omit<Store, 'driver'>): Template<CascadeValues> {
  return template((slot) => {
    const gone = db.with('gone', (cte) =>
      cte
        .deleteFrom('scim_members')
        .where('tenant', '=', slot('tenant'))
        .where('member_key', '=', slot('member_key'))
        .where('member_id', '=', slot('id'))
        .returning('group_row'),
    )
    if (keep === 0 && outbox === 'off') {
      return gone
        .updateTable('scim_resources')
        .set(moved(slot))
        .where('row_id', 'in', (eb) => eb.selectFrom('gone').select('gone.group_row'))
        .returning(['type', 'id', 'version'])
    }
    // The snapshot of the statement may have an older version of a row than the one it updates: the lock reads the current one.
    const changed = gone
      .with('held', (cte) =>
        cte
          .selectFrom('scim_resources as h')
          .select(['h.row_id', 'h.version as previous'])
          .where('h.row_id', 'in', (eb) => eb.selectFrom('gone').select('gone.group_row'))
          .forNoKeyUpdate(),
      )
      .with('moved', (cte) =>
        cte
          .updateTable('scim_resources')
          .from('held')
          .set(moved(slot))
          .whereRef('scim_resources.row_id', '=', 'held.row_id')
          .returning([
            'scim_resources.tenant',
            'scim_resources.type',
            'scim_resources.id',
            'scim_resources.row_id',
            'scim_resources.generation',
            'scim_resources.version',
            'scim_resources.modified',
            'held.previous',
          ]),
      )
    const noted =
      keep === 0
        ? changed
        : changed.with('noted', (cte) =>
            cte
              .insertInto('scim_history')
              .columns(changeColumns)
              .expression((eb) =>
                eb
                  .selectFrom('moved')
                  .select([
                    'row_id',
                    slotOf(keep).as('slot'),
                    'generation',
                    'version',
                    'previous',
                    'modified as at',
                    membersChanged.as('changed'),
                  ]),
              )
              .onConflict(inPlaceOfTheOldest),
          )
    const same = cause(slot)
    const recorded =
      outbox === 'off'
        ? noted
        : noted.with('recorded', (cte) =>
            cte
              .insertInto('scim_outbox')
              .columns(movedColumns)
              .expression((eb) =>
                eb
                  .selectFrom('moved')
                  .select([
                    'row_id',
                    'tenant',
                    'type',
                    'id',
                    same.kind,
                    'previous as before',
                    'version as after',
                    'modified as at',
                    same.changed,
                    same.deprovisioned,
                    same.principal,
                    same.requestId,
                    same.removedType,
                    same.removedId,
                  ])
                  // A group that has itself as a member is removed; that is one change, not two.
                  .where('id', '!=', slot('id')),
              ),
          )
    return recorded.selectFrom('moved').select(['type', 'id', 'version'])
  })
}
