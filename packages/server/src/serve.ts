import { tenantId } from '@scimkit/core'
import type { MigrationProgress } from '@scimkit/sql-provider'
import { dividedLimits } from './command/limit-flag.js'
import type { ServeFlags } from './command/serve-command.js'
import { createApp } from './http/adapters.js'
import { listen } from './http/http-server.js'
import { originForClients, originOf } from './http/origin.js'
import { withProbes } from './http/probes.js'
import { readiness } from './http/readiness.js'
import { unfinishedWork } from './http/unfinished-work.js'
import { scimOptions } from './scim-options.js'
import { startPasswordCleanup } from './secrets/password-cleanup.js'
import { authenticatorFor, prepareToken, type TokenChoice, type TokenState } from './secrets/token-choice.js'
import { cannotUse, isStoreFailure } from './startup-error.js'
import { openStore } from './store/open-store.js'
import { seedUsers } from './store/seed-users.js'
import type { OpenStore } from './store/store.js'
import type { StoreChoice } from './store/store-choice.js'
import { type Log, makeLog } from './terminal/log.js'
import type { Terminal } from './terminal/terminal.js'

/** The one tenant of a server with a static token. */
const tenant = 'default'

/** Milliseconds that requests in progress have to finish when the server stops. */
const patience = 10_000

/** A server that listens. */
export interface Running {
  /** The base URL that clients use. */
  readonly url: string
  readonly store: OpenStore
  readonly token: TokenState
  /** Accepts no new requests, lets requests in progress finish, and closes the store. */
  stop(): Promise<void>
}

/**
 * The composition root: connects store, passwords, adapter and log, and listens. Throws a StartupError if the store or the
 * address cannot be used.
 */
export async function serve(
  flags: ServeFlags,
  choice: StoreChoice,
  tokenChoice: TokenChoice,
  terminal: Terminal,
): Promise<Running> {
  const progress: MigrationProgress = ({ reindexed }) => terminal.say(`reindexing: ${reindexed} resources`)
  const store = await openStore(choice, progress, dividedLimits(flags.limit).store)
  try {
    return await serveFrom(store, flags, tokenChoice, terminal)
  } catch (error) {
    await store.close()
    throw isStoreFailure(error) ? cannotUse(store.place, error) : error
  }
}

async function serveFrom(
  store: OpenStore,
  flags: ServeFlags,
  tokenChoice: TokenChoice,
  terminal: Terminal,
): Promise<Running> {
  const log = makeLog(flags.log ?? (terminal.interactive ? 'pretty' : 'json'), terminal.colour)
  const unfinished = unfinishedWork()
  const authenticate = authenticatorFor(tokenChoice, store.facts, tenant)
  const options = scimOptions(flags, { store, authenticate, log, waitUntil: unfinished.waitUntil })
  const app = await createApp(flags.adapter, options, flags.basePath)
  await seed(store, flags, terminal)
  const { server, drain } = await listen(withProbes(app, readinessOf(store, log)), flags.host, flags.port)
  try {
    // Not earlier: a token is shown once, and a server that cannot listen does not show it.
    const token = await prepareToken(tokenChoice, store.facts)
    const url = flags.baseUrl ?? originForClients(originOf(server, flags.host), flags) + flags.basePath
    const cleanup = startPasswordCleanup(store, terminal.say)
    const stop = async (): Promise<void> => {
      const end = performance.now() + patience
      await drain(patience)
      // A client that has disconnected has no connection to wait for, but its request may still write.
      await unfinished.settled(Math.max(0, end - performance.now()))
      await cleanup.stop()
      await store.close()
    }
    return { url, store, token, stop }
  } catch (error) {
    server.close()
    throw error
  }
}

async function seed(store: OpenStore, { seedUsers: count }: ServeFlags, terminal: Terminal): Promise<void> {
  const { skipped } = await seedUsers(store.provider, {
    count,
    tenant: tenantId(tenant),
    atOnce: store.writesAtOnce,
    progress: (done) => terminal.say(`seeding users: ${done} of ${count}`),
  })
  if (skipped > 0) terminal.say(`seeding users: ${skipped} of ${count} exist already`)
}

function readinessOf(store: OpenStore, log: Log): () => Promise<boolean> {
  const onFailure = (error: unknown): void => log.failure(error, { requestId: 'readyz' })
  return readiness({ check: store.ready, onFailure })
}
