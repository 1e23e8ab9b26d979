import { createScim } from '@scimkit/core'
import { viaHandler, wireContract } from '@scimkit/testkit'
import { wireTarget } from '../wire-servers.js'

/** Runs the wire contract, all cases side by side, and says which were not kept, and why. */
export async function run(): Promise<readonly (readonly [id: string, why: string])[]> {
  const contract = wireContract(
    wireTarget((options) => viaHandler(createScim({ onError: () => {}, ...options }).handle)),
  )
  const broken: [string, string][] = []
  await Promise.all(
    contract.map(({ id, run: play }) =>
      play().catch((error: unknown) => broken.push([id, error instanceof Error ? error.message : String(error)])),
    ),
  )
  // In the order of the contract, whoever was faster.
  return contract.flatMap(({ id }) => broken.filter(([other]) => other === id))
}
