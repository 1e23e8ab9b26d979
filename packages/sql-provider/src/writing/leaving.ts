/** The cascade of a removal: the groups that the resource was in lose a member, and say so. */

import type { Compilable } from 'kysely'
import { type RawBuilder, sql } from 'kysely'
import { type SlotFor, type Template, template } from '../statements/template.js'
import type { Store } from '../store.js'
import { changeColumns, inPlaceOfTheOldest, slotOf } from './history.js'

/** What a cascade needs to know. */
export interface LeavingValues {
  readonly tenant: string
  readonly id: string
  readonly member_key: string
  readonly modified: string
  readonly modified_ms: number
  /** Of this removal alone; ends the versions of all groups that it moves. */
  readonly nonce: string
}

/**
 * Statements that end the memberships of a resource that goes, move the versions of the groups it was in, and note that
 * in their history, if one is kept.
 */
export function leavingStatements(store: Omit<Store, 'driver'>): readonly Template<LeavingValues>[] {
  return store.dialect.name === 'sqlite' ? leaveInSteps(store) : [leaveAtOnce(store)]
}

type Slots = SlotFor<LeavingValues>

// A membership is not part of the document: generation and nonce change, the digest stays, as core's nextVersion has it.
// Versions of before there were nonces have longer digests, which are cut.
const movedVersion = (slot: Slots): RawBuilder<string> => sql<string>`case when generation is null
  then '1-' || substr(version, 1, 16)
  else cast(generation + 1 as text) || '-' || substr(ltrim(version, '0123456789'), 2, 16)
  end || '-' || cast(${slot('nonce')} as text)`
const movedGeneration = sql<number>`coalesce(generation, 0) + 1`

const membersChanged = sql<string>`'["members"]'`

// Never before the time that is there: the clock may have been put back (core's `notBefore`).
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

// Units come one after the other here, so that all statements see the same memberships.
function leaveInSteps({
  dialect: { builder: db },
  history: keep,
}: Omit<Store, 'driver'>): readonly Template<LeavingValues>[] {
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
  const move = (slot: Slots): Compilable =>
    db.updateTable('scim_resources').set(moved(slot)).where('row_id', 'in', groups(slot))
  const leave = (slot: Slots): Compilable =>
    db
      .deleteFrom('scim_members')
      .where('tenant', '=', slot('tenant'))
      .where('member_key', '=', slot('member_key'))
      .where('member_id', '=', slot('id'))
  return [...(keep > 0 ? [note] : []), move, leave].map((build) => template<LeavingValues>(build))
}

// Two statements would see two states here: a membership made between them would go without its group's version moving.
function leaveAtOnce({ dialect: { builder: db }, history: keep }: Omit<Store, 'driver'>): Template<LeavingValues> {
  return template((slot) => {
    const gone = db.with('gone', (cte) =>
      cte
        .deleteFrom('scim_members')
        .where('tenant', '=', slot('tenant'))
        .where('member_key', '=', slot('member_key'))
        .where('member_id', '=', slot('id'))
        .returning('group_row'),
    )
    if (keep === 0) {
      return gone
        .updateTable('scim_resources')
        .set(moved(slot))
        .where('row_id', 'in', (eb) => eb.selectFrom('gone').select('gone.group_row'))
    }
    return (
      gone
        // What the statement can see of a row by itself may be older than what it moves: the lock shows it as it is now.
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
              'scim_resources.row_id',
              'scim_resources.generation',
              'scim_resources.version',
              'scim_resources.modified',
              'held.previous',
            ]),
        )
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
        .onConflict(inPlaceOfTheOldest)
    )
  })
}
