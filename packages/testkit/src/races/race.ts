import type { ContractCase, Level } from '../bind.js'
import type { Exchange } from '../exchange.js'

/** The length of a race: `short` in every test run, `full` before a release. */
export type Effort = 'short' | 'full'

/** Many concurrent clients, and an invariant that must hold afterwards in any order of their requests. */
export interface Race {
  readonly id: string
  readonly title: string
  readonly level: Level
  readonly citation: string
  /** The number of rounds, or of writes in total, by effort. */
  readonly counts: Readonly<Record<Effort, number>>
  /** Resolves if the invariant held in every round; rejects with an Error that describes the first violation. */
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
