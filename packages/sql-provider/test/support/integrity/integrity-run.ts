/** Servers on one store that reject unknown members and are killed repeatedly, while clients create and delete. */
import { seededRandom } from '../../../../testkit/src/seeded-random.js'
import { mortalServers } from '../crash/mortal-servers.js'
import { integrityClient } from './integrity-client.js'
import { type IntegrityTally, newWorld } from './world.js'

/** The options of a run. */
export interface IntegrityPlan {
  /** The value of `scimkit serve --store`. */
  readonly store: string
  readonly seed: number
  readonly milliseconds: number
  readonly servers: number
  readonly clients: number
}

/** The figures of a run, and how often a server was killed. */
export interface IntegrityReport extends IntegrityTally {
  readonly kills: number
}

/** Runs for the given time; then, with all servers running again, checks every group once more. */
export async function integrityRun(plan: IntegrityPlan): Promise<IntegrityReport> {
  const { store, seed, milliseconds, servers: count, clients: size } = plan
  const random = seededRandom(seed)
  const flags = ['--unknown-members', 'reject']
  // Also in a short run at least one server is killed.
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
