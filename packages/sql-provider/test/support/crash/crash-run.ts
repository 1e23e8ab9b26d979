/** Servers on one store that are killed, one or all, in the middle of writes, as often as asked. */
import { type AnyServer, crashClient, type Tally } from './crash-client.js'
import { type ServerProcess, serverProcess } from './server-process.js'

/** What to run. */
export interface CrashPlan {
  /** What `scimkit serve --store` takes. */
  readonly store: string
  readonly kills: number
  readonly seed: number
  readonly servers: number
  readonly clients: number
  readonly flags?: readonly string[]
}

/** Runs until so many servers have been killed; every client checks what it reads on the way, and all of it at the end. */
export async function crashRun(plan: CrashPlan): Promise<Tally> {
  const random = seeded(plan.seed)
  const servers = Array.from({ length: plan.servers }, () => serverProcess(plan.store, plan.flags))
  await Promise.all(servers.map((server) => server.start()))
  const anyServer: AnyServer = () => {
    const running = servers.filter((server) => server.exchange() !== undefined)
    return running[Math.floor(random() * running.length)]?.exchange()
  }
  const tally: Tally = { acknowledged: 0, unanswered: 0, refused: 0, violations: [] }
  let over = false
  try {
    const groupId = await sharedGroup(anyServer)
    const clients = Array.from({ length: plan.clients }, (_, i) =>
      crashClient(`c${i}-${plan.seed}`, groupId, anyServer, random, tally),
    )
    const work = Promise.all(
      clients.map(async (client) => {
        while (!over) await client.act()
      }),
    )
    const chaos = killUntil(plan.kills, servers, random).finally(() => {
      over = true
    })
    await Promise.all([work, chaos])
    for (const client of clients) await client.verify()
    return tally
  } finally {
    over = true
    await Promise.all(servers.map((server) => server.kill()))
  }
}

/** Each server is killed a moment after it came back, so that now one is down, now several, now all of them. */
async function killUntil(kills: number, servers: readonly ServerProcess[], random: () => number): Promise<void> {
  let killed = 0
  const fate = async (server: ServerProcess): Promise<void> => {
    while (killed < kills) {
      killed += 1
      await new Promise((resume) => setTimeout(resume, random() ** 2 * 1_500))
      await server.kill()
      await server.start()
    }
  }
  await Promise.all(servers.map(fate))
}

async function sharedGroup(anyServer: AnyServer): Promise<string> {
  const answer = await anyServer()?.({
    method: 'POST',
    path: '/Groups',
    headers: { 'Content-Type': 'application/scim+json' },
    body: JSON.stringify({ schemas: ['urn:ietf:params:scim:schemas:core:2.0:Group'], displayName: 'everybody' }),
  })
  if (answer?.status !== 201) throw new Error(`no shared group: ${answer?.status} ${answer?.body}`)
  return String((JSON.parse(answer.body) as { id: unknown }).id)
}

// mulberry32: small, and the same for the same seed.
function seeded(seed: number): () => number {
  let state = seed >>> 0
  return () => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296
  }
}
