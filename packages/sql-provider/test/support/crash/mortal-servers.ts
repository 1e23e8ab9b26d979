/** Several real servers on one store that are killed without warning, now one of them, now several, now all. */
import { setTimeout as pause } from 'node:timers/promises'
import type { ExchangeRequest, ExchangeResponse } from '@scimkit/testkit'
import type { SeededRandom } from '../../../../testkit/src/provider-contract/seeded-random.js'
import { type ServerProcess, serverProcess } from './server-process.js'

/** What to start. */
export interface MortalServersPlan {
  /** What `scimkit serve --store` takes. */
  readonly store: string
  readonly servers: number
  /** Milliseconds that a server lives at most between two kills; most live a third of it. */
  readonly life: number
  readonly random: SeededRandom
  readonly flags?: readonly string[]
}

/** Servers that come and go, and a way to whichever runs. */
export interface MortalServers {
  start(): Promise<void>
  /** Sends to one that runs, and waits while none does. Undefined if no answer came. */
  send(request: ExchangeRequest): Promise<ExchangeResponse | undefined>
  /** Kills each and starts it again, as long as `another`, asked before each kill, says so. All of them run afterwards. */
  killWhile(another: () => boolean): Promise<void>
  stop(): Promise<void>
}

// A COMMIT that was under way when its server was killed may still be carried out by the database behind it, and a disk
// that others use may take its time.
const settling = 1_000

/** Waits until what was sent to a server that is gone has been carried out or never will be. */
export async function settle(): Promise<void> {
  await pause(settling)
}

/** Servers on one store, not started yet. */
export function mortalServers({ store, servers: count, life, random, flags }: MortalServersPlan): MortalServers {
  const servers = Array.from({ length: count }, () => serverProcess(store, flags))

  async function live(server: ServerProcess, another: () => boolean): Promise<void> {
    while (another()) {
      const chance = random.below(1_000) / 1_000
      await pause(chance ** 2 * life)
      await server.kill()
      await server.start()
    }
  }

  return {
    async start() {
      await Promise.all(servers.map((server) => server.start()))
    },
    async send(request) {
      for (;;) {
        const running = servers.flatMap((server) => server.exchange() ?? [])
        if (running.length === 0) {
          await pause(20)
          continue
        }
        try {
          return await random.pick(running)(request)
        } catch {
          return undefined
        }
      }
    },
    async killWhile(another) {
      await Promise.all(servers.map((server) => live(server, another)))
    },
    async stop() {
      await Promise.all(servers.map((server) => server.kill()))
    },
  }
}
