import { type ScimOptions, tenantId } from '@scimkit/core'
import type { MigrationProgress } from '@scimkit/sql-provider'
import { adapters } from './adapters.js'
import type { ServeFlags } from './flags.js'
import { originForClients } from './host-flag.js'
import { listen, originOf } from './http-server.js'
import { dividedLimits } from './limit-flag.js'
import { makeLog } from './log.js'
import type { OpenStore } from './open-store.js'
import { passwordsIn } from './passwords.js'
import { forgetPasswordsOfRemovedOnce } from './passwords-of-removed.js'
import { withProbes } from './probes.js'
import { readiness } from './readiness.js'
import { seedUsers } from './seed-users.js'
import { cannotUse, isStoreFailure } from './startup-error.js'
import type { StoreChoice } from './store-choice.js'
import { openStore } from './stores.js'
import type { Terminal } from './terminal.js'
import { authenticatorFor, prepareToken, type TokenChoice, type TokenState } from './token-flags.js'
import { unfinishedWork } from './unfinished.js'

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
  const { provider, facts } = store
  const log = makeLog(flags.log ?? (terminal.interactive ? 'pretty' : 'json'), terminal.colour)
  const unfinished = unfinishedWork()
  const options: ScimOptions = {
    provider,
    authenticate: authenticatorFor(tokenChoice, facts, tenant),
    trustProxy: flags.trustProxy,
    unknownMembers: flags.unknownMembers,
    onEvent: log.event,
    onError: log.failure,
    waitUntil: unfinished.waitUntil,
    interop: flags.interop,
    limits: dividedLimits(flags.limit).server,
    ...(flags.baseUrl === undefined ? {} : { baseUrl: flags.baseUrl }),
    ...(flags.hosts === undefined ? {} : { hosts: flags.hosts }),
    ...(flags.passwords === 'hash' ? { secrets: passwordsIn(facts, provider) } : {}),
  }
  const app = await choose(adapters, flags.adapter)(options, flags.basePath)
  const onFailure = (error: unknown): void => log.failure(error, { requestId: 'readyz' })
  const listener = withProbes(app, readiness({ check: store.ready, onFailure }))
  const { skipped } = await seedUsers(provider, {
    count: flags.seedUsers,
    tenant: tenantId(tenant),
    atOnce: store.writesAtOnce,
    progress: (done) => terminal.say(`seeding users: ${done} of ${flags.seedUsers}`),
  })
  if (skipped > 0) terminal.say(`seeding users: ${skipped} of ${flags.seedUsers} exist already`)
  const { server, drain } = await listen(listener, flags.host, flags.port)
  try {
    // Not earlier: a token is shown once, and a server that cannot listen does not show it.
    const token = await prepareToken(tokenChoice, facts)
    const url = flags.baseUrl ?? originForClients(originOf(server, flags.host), flags) + flags.basePath
    const tidying = tidyPasswords(store, terminal)
    const stop = async (): Promise<void> => {
      const end = performance.now() + patience
      await drain(patience)
      // A client that has disconnected has no connection to wait for, but its request may still write.
      await unfinished.settled(Math.max(0, end - performance.now()))
      await tidying.stop()
      await store.close()
    }
    return { url, store, token, stop }
  } catch (error) {
    server.close()
    throw error
  }
}

/** Runs in the background, because there may be many records. After a failure a later start continues. */
function tidyPasswords(store: OpenStore, terminal: Terminal): { stop(): Promise<void> } {
  const stopping = new AbortController()
  const deleted = (count: number): void => {
    if (count > 0) terminal.say(`${count} password records of removed users deleted`)
  }
  const failed = (error: unknown): void => {
    const reason = error instanceof Error ? error.message : String(error)
    terminal.say(`password records of removed users: not all deleted, the next start continues (${reason})`)
  }
  const done = forgetPasswordsOfRemovedOnce(store, stopping.signal).then(deleted, failed)
  return {
    stop() {
      stopping.abort()
      return done
    },
  }
}

function choose<Value>(table: Readonly<Record<string, Value>>, name: string): Value {
  const value = table[name]
  if (value === undefined) throw new TypeError(`Unknown name "${name}"; known names: ${Object.keys(table).join(', ')}.`)
  return value
}
