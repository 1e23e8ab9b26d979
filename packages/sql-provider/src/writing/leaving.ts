/** The cascade of a removal: the groups that the resource was in lose a member, and say so. */

import type { Compilable } from 'kysely'
import { sql } from 'kysely'
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
}

/**
 * Statements that end the memberships of a resource that goes, move the versions of the groups it was in, and note that
 * in their history, if one is kept.
 */
export function leavingStatements(store: Store): readonly Template<LeavingValues>[] {
  return store.dialect.name === 'sqlite' ? leaveInSteps(store) : [leaveAtOnce(store)]
}

// A membership is not part of the document: the generation moves, the digest stays, as core's nextVersion has it.
const movedVersion = sql<string>`substr(case when generation is null then '1-' || version
  else cast(generation + 1 as text) || ltrim(version, '0123456789') end, 1, 256)`
const movedGeneration = sql<number>`coalesce(generation, 0) + 1`
// The way back, from a version that has been moved.
const versionBefore = sql<string>`case when generation > 1
  then cast(generation - 1 as text) || ltrim(version, '0123456789') else substr(version, 3) end`

const membersChanged = sql<string>`'["members"]'`

type Slots = SlotFor<LeavingValues>

// Never before the time that is there: the clock may have been put back (core's `notBefore`).
const movedTime = (slot: Slots) =>
  sql<string>`case when modified_ms > ${slot('modified_ms')} then modified else ${slot('modified')} end`
const movedMilliseconds = (slot: Slots) =>
  sql<number>`case when modified_ms > ${slot('modified_ms')} then modified_ms else ${slot('modified_ms')} end`

const moved = (slot: Slots) => ({
  version: movedVersion,
  generation: movedGeneration,
  modified: movedTime(slot),
  modified_ms: movedMilliseconds(slot),
})

// Units come one after the other here, so that all statements see the same memberships.
function leaveInSteps({ dialect: { builder: db }, history: keep }: Store): readonly Template<LeavingValues>[] {
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
            movedVersion.as('version'),
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
function leaveAtOnce({ dialect: { builder: db }, history: keep }: Store): Template<LeavingValues> {
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
    return gone
      .with('moved', (cte) =>
        cte
          .updateTable('scim_resources')
          .set(moved(slot))
          .where('row_id', 'in', (eb) => eb.selectFrom('gone').select('gone.group_row'))
          .returning(['row_id', 'generation', 'version', 'modified']),
      )
      .insertInto('scim_history')
      .columns(changeColumns)
      .expression((eb) =>
        eb.selectFrom('moved').select([
          'row_id',
          slotOf(keep).as('slot'),
          'generation',
          'version',
          // What the statement itself can still see of the row may be older than what it has moved.
          versionBefore.as('previous'),
          'modified as at',
          membersChanged.as('changed'),
        ]),
      )
      .onConflict(inPlaceOfTheOldest)
  })
}
