import type { ContractCase, Level } from '../bind.js'
import type { Exchange } from '../exchange.js'

/** How hard a race is run: `short` with every test run, `full` before a release. */
export type Effort = 'short' | 'full'

/** Many clients at once, and what must be true afterwards whoever was faster. */
export interface Race {
  readonly id: string
  readonly title: string
  readonly level: Level
  readonly citation: string
  /** Rounds, or writes in all, by effort. */
  readonly counts: Readonly<Record<Effort, number>>
  /** Resolves if every round ended as it must; rejects with an Error that says which did not, and how. */
  readonly run: (exchange: Exchange, count: number) => Promise<void>
}

/** Races against one server as cases for `bind`. */
export function raceContract(races: readonly Race[], exchange: Exchange, effort: Effort): readonly ContractCase[] {
  return races.map(({ id, title, level, citation, counts, run }) => ({
    id,
    title: `${title} (${counts[effort]}×)`,
    level,
    citation,
    run: () => run(exchange, counts[effort]),
  }))
}
