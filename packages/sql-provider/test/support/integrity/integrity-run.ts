/** Servers on one store that refuse unknown members and are killed now and then, while clients make and delete. */
import { seededRandom } from '../../../../testkit/src/provider-contract/seeded-random.js'
import { mortalServers } from '../crash/mortal-servers.js'
import { integrityClient } from './integrity-client.js'
import { type IntegrityTally, newWorld } from './world.js'

/** What to run. */
export interface IntegrityPlan {
  /** What `scimkit serve --store` takes. */
  readonly store: string
  readonly seed: number
  readonly milliseconds: number
  readonly servers: number
  readonly clients: number
}

/** What was seen, and how often a server was killed. */
export interface IntegrityReport extends IntegrityTally {
  readonly kills: number
}

/** Runs for so long; then, with all servers up again, looks at every group once more. */
export async function integrityRun(plan: IntegrityPlan): Promise<IntegrityReport> {
  const { store, seed, milliseconds, servers: count, clients: size } = plan
  const random = seededRandom(seed)
  const flags = ['--unknown-members', 'reject']
  // In a short run, too, some server is killed.
  const life = Math.min(9_000, milliseconds)
  const servers = mortalServers({ store, servers: count, life, random, flags })
  const world = newWorld()
  let kills = 0
  try {
    await servers.start()
    const end = performance.now() + milliseconds
    const goesOn = (): boolean => performance.now() < end
    const clients = Array.from({ length: size }, (_, i) => integrityClient(`c${i}`, servers.send, random, world))
    const work = clients.map(async (client) => {
      while (goesOn()) await client.act()
    })
    const chaos = servers.killWhile(() => {
      if (!goesOn()) return false
      kills += 1
      return true
    })
    await Promise.all([...work, chaos])
    await clients[0]?.lookAround()
    return { ...world.tally, kills }
  } finally {
    await servers.stop()
  }
}
