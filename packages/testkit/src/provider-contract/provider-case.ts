import type { Level } from '../bind.js'
import type { Capability, Rig } from './rig.js'

/** A case that is not bound to a provider yet. */
export interface ProviderCase {
  readonly id: string
  readonly title: string
  readonly level: Level
  readonly citation: string
  /** Capabilities that the provider needs. */
  readonly needs: readonly Capability[]
  /** Throws a ContractViolation if the requirement is not met. */
  readonly check: (rig: Rig) => Promise<void>
}

type MakeCase = (
  id: string,
  title: string,
  citation: string,
  check: ProviderCase['check'],
  ...needs: readonly Capability[]
) => ProviderCase

/** A case that every provider must pass. */
export const must: MakeCase = (id, title, citation, check, ...needs) => ({
  id,
  title,
  level: 'MUST',
  citation,
  needs,
  check,
})

/** A case that a provider should pass. */
export const should: MakeCase = (id, title, citation, check, ...needs) => ({
  id,
  title,
  level: 'SHOULD',
  citation,
  needs,
  check,
})

/** The same cases for providers with a further capability. */
export function needing(capability: Capability, cases: readonly ProviderCase[]): readonly ProviderCase[] {
  return cases.map((one) => ({ ...one, needs: [capability, ...one.needs] }))
}
