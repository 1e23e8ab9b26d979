/** Several real servers on one store that are killed without warning: one of them, several, or all. */
import { setTimeout as pause } from 'node:timers/promises'
import type { ExchangeRequest, ExchangeResponse } from '@scimkit/testkit'
import type { SeededRandom } from '../../../../testkit/src/seeded-random.js'
import { type ServerProcess, type ServerProgram, serverProcess } from './server-process.js'

/** The options of the servers. */
export interface MortalServersPlan {
  /** The value of `scimkit serve --store`. */
  readonly store: string
  readonly servers: number
  /** Most milliseconds that a server runs between two kills; usually a third of it. */
  readonly life: number
  readonly random: SeededRandom
  readonly flags?: readonly string[]
  readonly program?: ServerProgram | undefined
}

/** Servers that are killed and restarted, and a function that sends to a running one. */
export interface MortalServers {
  start(): Promise<void>
  /** Sends to a running server, and waits while there is none. Undefined if there was no answer. */
  send(request: ExchangeRequest): Promise<ExchangeResponse | undefined>
  /** Kills and restarts servers, as long as `another`, called before each kill, returns true. All of them run afterwards. */
  killWhile(another: () => boolean): Promise<void>
  stop(): Promise<void>
}

// The database may still run a COMMIT after the server that sent it was killed, and a shared disk may be slow.
const settling = 1_000

/** Waits until every statement of a killed server has run or never will. */
export async function settle(): Promise<void> {
  await pause(settling)
}

/** Servers on one store, not started yet. */
export function mortalServers({
  store,
  servers: count,
  life,
  random,
  flags,
  program,
}: MortalServersPlan): MortalServers {
  const servers = Array.from({ length: count }, () => serverProcess(store, flags, program))

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
