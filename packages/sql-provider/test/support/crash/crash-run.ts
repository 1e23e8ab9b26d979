/** Servers on one store that are killed, one or all, in the middle of writes, a given number of times. */
import { seededRandom } from '../../../../testkit/src/seeded-random.js'
import { crashClient, type Tally } from './crash-client.js'
import { type MortalServers, mortalServers } from './mortal-servers.js'
import type { ServerProgram } from './server-process.js'

/** The options of a run. */
export interface CrashPlan {
  /** The value of `scimkit serve --store`. */
  readonly store: string
  readonly kills: number
  readonly seed: number
  readonly servers: number
  readonly clients: number
  /** Default `scimkit`. */
  readonly program?: ServerProgram
}

/** Runs until so many servers have been killed; every client checks its reads meanwhile, and its whole state at the end. */
export async function crashRun({
  store,
  kills,
  seed,
  servers: count,
  clients: size,
  program,
}: CrashPlan): Promise<Tally> {
  const random = seededRandom(seed)
  const servers = mortalServers({ store, servers: count, life: 1_500, random, program })
  const tally: Tally = { acknowledged: 0, unanswered: 0, refused: 0, violations: [] }
  let over = false
  try {
    await servers.start()
    const groupId = await sharedGroup(servers)
    const clients = Array.from({ length: size }, (_, i) =>
      crashClient(`c${i}-${seed}`, groupId, servers.send, random, tally),
    )
    const work = Promise.all(
      clients.map(async (client) => {
        while (!over) await client.act()
      }),
    )
    let left = kills
    const chaos = servers
      .killWhile(() => left-- > 0)
      .finally(() => {
        over = true
      })
    await Promise.all([work, chaos])
    for (const client of clients) await client.verify()
    return tally
  } finally {
    over = true
    await servers.stop()
  }
}

async function sharedGroup({ send }: MortalServers): Promise<string> {
  const answer = await send({
    method: 'POST',
    path: '/Groups',
    headers: { 'Content-Type': 'application/scim+json' },
    body: JSON.stringify({ schemas: ['urn:ietf:params:scim:schemas:core:2.0:Group'], displayName: 'everybody' }),
  })
  if (answer?.status !== 201) throw new Error(`no shared group: ${answer?.status} ${answer?.body}`)
  return String((JSON.parse(answer.body) as { id: unknown }).id)
}
