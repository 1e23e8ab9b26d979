import { createScim } from '@scimkit/core'
import { viaHandler, wireContract } from '@scimkit/testkit'
import { wireTarget } from '../wire-servers.js'

/**
 * Runs the wire contract, or only its case `only`, with all cases concurrently; the result lists each failed case with its
 * reason. Throws if there is no case `only`.
 */
export async function run(only?: string): Promise<readonly (readonly [id: string, why: string])[]> {
  const contract = wireContract(
    wireTarget((options) => viaHandler(createScim({ onError: () => {}, ...options }).handle)),
  ).filter(({ id }) => only === undefined || id === only)
  if (contract.length === 0) throw new Error(`The wire contract has no case "${only}".`)
  const failures = new Map<string, string>()
  await Promise.all(
    contract.map(({ id, run: play }) =>
      play().catch((error: unknown) => failures.set(id, error instanceof Error ? error.message : String(error))),
    ),
  )
  // In the order of the contract, not in the order of the failures.
  return contract.flatMap(({ id }) => {
    const why = failures.get(id)
    return why === undefined ? [] : [[id, why] as const]
  })
}
