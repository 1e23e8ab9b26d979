import {
  bind,
  type ContractCase,
  createAttackTarget,
  type Exchange,
  hostileContract,
  type Race,
  raceContract,
  races,
  traceContract,
  type Waiver,
  wireContract,
} from '@scimkit/testkit'
import { traces } from 'traces'
import { acmeToken, type Setup, wireTarget } from './setups.js'

/** The access to the servers on a runtime, and the differences of that runtime. */
export interface Place {
  readonly exchangeWith: (setup: Setup) => Exchange
  /** True if requests do not pass through HTTP. Else the platform answers most hostile ones itself. */
  readonly inProcess: boolean
  /** Checks of the runtime itself, which run first. */
  readonly itself: readonly ContractCase[]
  /** The share of each race to run, for runtimes on which calls are slow; 1 by default. */
  readonly shareOfRaces?: number
  /** Cases for this runtime only. */
  readonly more?: readonly ContractCase[]
  /** Cases that do not hold there, with reasons. */
  readonly waivers?: readonly Waiver[]
}

/** Plays every contract, one case after the other, and prints the failures and the count. */
export async function play(place: Place): Promise<void> {
  const { exchangeWith, inProcess, itself, shareOfRaces = 1, more = [], waivers = [] } = place
  const target = wireTarget(exchangeWith)
  const cases = [
    ...itself,
    ...wireContract(target),
    ...traceContract(traces, exchangeWith('entra'), { token: acmeToken }),
    ...raceContract(races.map(shortened(shareOfRaces)), target.exchange, 'short'),
    ...(inProcess ? hostileContract(await createAttackTarget(target.exchange), target.exchange, { inProcess }) : []),
    ...more,
  ]
  await playCases(cases, waivers)
}

/** Plays cases, one after the other, and prints the failures and the count. */
export async function playCases(cases: readonly ContractCase[], waivers: readonly Waiver[] = []): Promise<void> {
  const tests: { readonly title: string; readonly run: () => Promise<void> }[] = []
  const it = (title: string, run: () => Promise<void>): number => tests.push({ title, run })
  bind({ it }, cases, waivers)
  let passed = 0
  let failed = 0
  for (const { title, run } of tests) {
    try {
      await run()
      passed += 1
    } catch (error) {
      failed += 1
      console.log(`✗ ${title}\n  ${error instanceof Error ? error.message : String(error)}`)
    }
  }
  console.log(`${passed} passed, ${failed} failed`)
}

const shortened =
  (share: number) =>
  (race: Race): Race => ({ ...race, counts: { ...race.counts, short: Math.ceil(race.counts.short * share) } })

/** A check of the runtime itself. */
export function check(id: string, title: string, holds: () => boolean): ContractCase {
  const run = async (): Promise<void> => {
    if (!holds()) throw new Error(`${title}: no`)
  }
  return { id, title, level: 'MUST', citation: 'ScimKit', run }
}
