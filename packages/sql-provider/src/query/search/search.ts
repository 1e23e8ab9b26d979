/** A running query: its budget, and the way its statements reach the database. */
import type { MaybePromise, Query, ScanBudget } from '@scimkit/core/provider'
import type { Row, Statement } from '../../driver/driver.js'
import { type Pace, type PaceOptions, paceOf } from '../../reading/pace.js'
import type { Store } from '../../store/store.js'
import type { RowSets } from '../filter/row-sets.js'
import type { Scope } from '../filter/scope.js'

/** A running query. */
export interface Search {
  readonly store: Store
  readonly scope: Scope
  readonly query: Query
  /** Comparisons that one resource costs. */
  readonly cost: number
  readonly budget: ScanBudget
  readonly signal: AbortSignal | undefined
  /** The row sets of terms on members and groups. */
  readonly sets: RowSets
  /** The rows of a statement. */
  ask(statement: Statement): Promise<readonly Row[]>
  /** Runs a piece of work when a turn for lists is free. Throws a StoreFailure after the client has disconnected. */
  turn<Result>(work: () => MaybePromise<Result>): Promise<Result>
  /** A walk through many rows in portions, each in a turn. */
  pace(options: PaceOptions): Pace
}

/** Creates a search. */
export function searchOf(parts: Omit<Search, 'ask' | 'turn' | 'pace'>): Search {
  const { store, signal } = parts
  const { lists } = store.driver
  return {
    ...parts,
    async ask(statement) {
      const [rows = []] = await store.driver.read([statement])
      return rows
    },
    turn: (work) => lists.turns.take(work, signal),
    pace: (options) => paceOf(lists, signal, options),
  }
}
