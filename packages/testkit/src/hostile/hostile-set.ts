import type { ContractCase } from '../bind.js'
import type { Exchange } from '../exchange.js'
import { type AttackOptions, attack } from './attack.js'
import { bulkCases } from './bulk.js'
import { filterCases, searchCases } from './filters.js'
import { headerCases } from './headers.js'
import type { HostileCase, Prey } from './hostile-case.js'
import { jsonCases, wrongTypeCases } from './json-bodies.js'
import { patchCases, protectedNameCases } from './patches.js'
import { prototypeCases } from './prototypes.js'
import { targetCases } from './targets.js'

/** Every hostile request there is, aimed at these resources. */
export function hostileSet(prey: Prey): readonly HostileCase[] {
  return [
    ...filterCases(),
    ...searchCases(),
    ...prototypeCases(prey),
    ...jsonCases(prey),
    ...wrongTypeCases(prey),
    ...patchCases(prey),
    ...protectedNameCases(prey),
    ...headerCases(prey),
    ...targetCases(prey),
    ...bulkCases(prey),
  ]
}

/** The hostile set against one server as cases for `bind`; `inProcess` adds what cannot be sent over HTTP. */
export function hostileContract(
  prey: Prey,
  exchange: Exchange,
  { inProcess = false, ...options }: AttackOptions & { readonly inProcess?: boolean } = {},
): readonly ContractCase[] {
  return hostileSet(prey)
    .filter(({ inProcessOnly }) => inProcess || inProcessOnly !== true)
    .map((hostile) => ({
      id: hostile.id,
      title: `answers ${hostile.statuses.join(' or ')}`,
      level: 'MUST',
      citation: hostile.citation,
      run: async () => {
        const result = await attack(hostile, exchange, options)
        if (!result.ok) throw new Error(result.why)
      },
    }))
}
