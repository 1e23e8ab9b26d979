import type { MaybePromise, ResourceProvider } from '@scimkit/core/provider'
import type { ContractCase } from '../bind.js'
import { filterCases } from './lists/filter-cases.js'
import { keysetCases } from './lists/keyset-cases.js'
import { pageBytesCases } from './lists/page-bytes-cases.js'
import { queryCases } from './lists/query-cases.js'
import { cascadeCases } from './members/cascade-cases.js'
import { derivedCases } from './members/derived-cases.js'
import { memberCases } from './members/member-cases.js'
import { mustExistCases } from './members/must-exist-cases.js'
import type { ProviderCase } from './provider-case.js'
import { aliasingCases } from './resources/aliasing-cases.js'
import { conditionalCases } from './resources/conditional-cases.js'
import { historyCases } from './resources/history-cases.js'
import { quotaCases } from './resources/quota-cases.js'
import { raceCases } from './resources/race-cases.js'
import { roundTripCases } from './resources/round-trip-cases.js'
import { tenantCases } from './resources/tenant-cases.js'
import { uniqueCases } from './resources/unique-cases.js'
import { unitCases } from './resources/unit-cases.js'
import { makeRig, type ProviderContractOptions } from './rig.js'

const allCases: readonly ProviderCase[] = [
  ...roundTripCases,
  ...conditionalCases,
  ...uniqueCases,
  ...raceCases,
  ...aliasingCases,
  ...tenantCases,
  ...queryCases,
  ...keysetCases,
  ...pageBytesCases,
  ...filterCases,
  ...memberCases,
  ...mustExistCases,
  ...cascadeCases,
  ...derivedCases,
  ...historyCases,
  ...unitCases,
  ...quotaCases,
]

/**
 * The contract of a {@link ResourceProvider}, as cases for any test runner: a provider that passes all of them works with
 * ScimKit. `make` is called once per case; it may return the same provider every time, because each case uses its own
 * tenants and leaves its data there. Cases may run in any order and concurrently.
 *
 * A case rejects with an Error named `ContractViolation` that contains the expected and the actual result, or with the
 * error that the provider threw.
 * @example
 * ```ts
 * import { test } from 'node:test'
 * import { memoryProvider } from '@scimkit/memory-provider'
 * import { bind, providerContract } from '@scimkit/testkit'
 *
 * bind({ it: test }, providerContract(() => memoryProvider()))
 * ```
 * @see RFC 7644 §3
 */
export function providerContract(
  make: () => MaybePromise<ResourceProvider>,
  options: ProviderContractOptions = {},
): readonly ContractCase[] {
  const lacking = new Set([
    ...(options.without ?? []),
    ...(options.history === undefined ? ['history'] : []),
    ...(options.notes === undefined ? ['inTransaction'] : []),
  ])
  return allCases
    .filter(({ needs }) => !needs.some((capability) => lacking.has(capability)))
    .map(({ check, ...described }) => ({
      ...described,
      run: async () => check(await makeRig(await make(), options)),
    }))
}
