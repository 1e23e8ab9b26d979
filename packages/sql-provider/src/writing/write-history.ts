/**
 * The history of a resource: a row for each of its last changes, in a ring buffer. A new change overwrites the oldest one, so that
 * no step has to find and delete old rows.
 */
import type { Next, RawVersion } from '@scimkit/core/provider'
import { type OnConflictBuilder, type OnConflictUpdateBuilder, type RawBuilder, sql } from 'kysely'
import type { Step } from '../driver/driver.js'
import { step, template } from '../statement/template.js'
import type { Store } from '../store/store.js'
import type { Tables } from '../tables.js'
import type { RefValues } from './statements.js'

/** The steps that record a change, placed after the step that makes it. Empty lists if no history is kept. */
export interface HistorySteps {
  insert(values: RefValues): readonly Step[]
  replace(values: RefValues, expected: RawVersion, next: Next): readonly Step[]
}

/** The columns of `scim_history`, in the order in which changes are selected into it. */
export const changeColumns = ['row_id', 'slot', 'generation', 'version', 'previous', 'at', 'changed'] as const

/** The slot of a change in its ring buffer, from `generation`. */
export function slotOf(keep: number): RawBuilder<number> {
  return sql<number>`generation % ${sql.lit(keep)}`
}

/** A change overwrites the oldest change in its slot. */
export function inPlaceOfTheOldest(
  conflict: OnConflictBuilder<Tables, 'scim_history'>,
): OnConflictUpdateBuilder<Tables, 'scim_history'> {
  return conflict.columns(['row_id', 'slot']).doUpdateSet((eb) => ({
    generation: eb.ref('excluded.generation'),
    version: eb.ref('excluded.version'),
    previous: eb.ref('excluded.previous'),
    at: eb.ref('excluded.at'),
    changed: eb.ref('excluded.changed'),
  }))
}

/** The steps for a store. */
export function historySteps({ dialect: { builder: db }, history: keep }: Omit<Store, 'driver'>): HistorySteps {
  if (keep === 0) return { insert: () => [], replace: () => [] }
  const text = <Value extends string | null>(value: RawBuilder<Value>): RawBuilder<Value> =>
    sql<Value>`cast(${value} as text)`
  const note = template<Omit<RefValues, 'type'> & { readonly previous: string | null; readonly changed: string }>(
    (slot) =>
      db
        .insertInto('scim_history')
        .columns(changeColumns)
        .expression(
          db
            .selectFrom('scim_resources')
            .select([
              'row_id',
              slotOf(keep).as('slot'),
              sql<number>`generation`.as('generation'),
              'version',
              text(slot('previous')).as('previous'),
              'modified as at',
              text(slot('changed')).as('changed'),
            ])
            .where('tenant', '=', slot('tenant'))
            .where('id', '=', slot('id'))
            // A version in another format has no generation, and so no slot; the history has a gap there.
            .where('generation', 'is not', null),
        )
        .onConflict(inPlaceOfTheOldest),
  )
  return {
    insert: (values) => [step(note({ ...values, previous: null, changed: '[]' }))],
    replace(values, expected, { changed }) {
      // Without the names of the changed attributes there is a gap: an entry without names would mean that nothing changed.
      return changed === undefined
        ? []
        : [step(note({ ...values, previous: expected, changed: JSON.stringify(changed) }))]
    },
  }
}
