import type { ContractCase } from '../bind.js'
import type { Exchange } from '../exchange.js'
import { type AttackOptions, attack } from './attack.js'
import { bulkCases } from './bulk.js'
import { filterCases, searchCases } from './filters.js'
import { headerCases } from './headers.js'
import type { AttackTarget, HostileCase } from './hostile-case.js'
import { jsonCases, wrongTypeCases } from './json-bodies.js'
import { patchCases, protectedNameCases } from './patches.js'
import { prototypeCases } from './prototypes.js'
import { targetCases } from './targets.js'

/** All hostile requests, addressed to these resources. */
export function hostileSet(target: AttackTarget): readonly HostileCase[] {
  return [
    ...filterCases(),
    ...searchCases(),
    ...prototypeCases(target),
    ...jsonCases(target),
    ...wrongTypeCases(target),
    ...patchCases(target),
    ...protectedNameCases(target),
    ...headerCases(target),
    ...targetCases(target),
    ...bulkCases(target),
  ]
}

/** The hostile set against one server as cases for `bind`; `inProcess` adds requests that cannot be sent over HTTP. */
export function hostileContract(
  target: AttackTarget,
  exchange: Exchange,
  { inProcess = false, ...options }: AttackOptions & { readonly inProcess?: boolean } = {},
): readonly ContractCase[] {
  return hostileSet(target)
    .filter(({ inProcessOnly }) => inProcess || inProcessOnly !== true)
    .map((hostile) => ({
      id: hostile.id,
      title: `responds with ${hostile.statuses.join(' or ')}`,
      level: 'MUST',
      citation: hostile.citation,
      run: async () => {
        const result = await attack(hostile, exchange, options)
        if (!result.ok) throw new Error(result.why)
      },
    }))
}
