import type { Row } from '../driver/driver.js'
import { headName } from './order-changes.js'

/** The entry of `scim_meta` with the last position that retention has removed or passed. */
export const prunedName = 'provider.outbox.pruned'

/** The bounds of the outbox. */
export interface Bounds {
  /** The last position; 0 if there was no change yet. */
  readonly head: number
  /** Rows up to this position may have been removed. */
  readonly pruned: number
}

/** The bounds in rows of `scim_meta`. */
export function boundsIn(rows: readonly Row[]): Bounds {
  const values = new Map(rows.map(({ name, value }) => [name, Number(value)]))
  return { head: values.get(headName) ?? 0, pruned: values.get(prunedName) ?? 0 }
}
