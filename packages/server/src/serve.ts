import { type ScimOptions, tenantId } from '@scimkit/core'
import type { MigrationProgress } from '@scimkit/sql-provider'
import { adapters } from './adapters.js'
import { type Admission, authenticatorFor, openUp, type TokenState } from './admission.js'
import { cannotUse, isStoreFailure } from './cannot-start.js'
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
import type { StoreChoice } from './store-choice.js'
import { openStore } from './stores.js'
import type { Terminal } from './terminal.js'
import { unfinishedWork } from './unfinished.js'

/** The one tenant of a server with a static token. */
const tenant = 'default'

/** Milliseconds that requests under way have to finish once the server is to stop. */
const patience = 10_000

/** A server that listens. */
export interface Running {
  /** Base URL as clients see it. */
  readonly url: string
  readonly store: OpenStore
  readonly token: TokenState
  /** Takes nothing new, lets what is under way finish, and closes the store. */
  stop(): Promise<void>
}

/**
 * The composition root: puts store, passwords, adapter and log together and listens. Throws a CannotStart if the store
 * cannot be used or the address is not free.
 */
export async function serve(
  flags: ServeFlags,
  choice: StoreChoice,
  admission: Admission,
  terminal: Terminal,
): Promise<Running> {
  const progress: MigrationProgress = ({ reindexed }) => terminal.say(`indexing anew: ${reindexed} resources`)
  const store = await openStore(choice, progress, dividedLimits(flags.limit).store)
  try {
    return await serveFrom(store, flags, admission, terminal)
  } catch (error) {
    await store.close()
    throw isStoreFailure(error) ? cannotUse(store.place, error) : error
  }
}

async function serveFrom(
  store: OpenStore,
  flags: ServeFlags,
  admission: Admission,
  terminal: Terminal,
): Promise<Running> {
  const { provider, facts } = store
  const log = makeLog(flags.log ?? (terminal.interactive ? 'pretty' : 'json'), terminal.colour)
  const unfinished = unfinishedWork()
  const options: ScimOptions = {
    provider,
    authenticate: authenticatorFor(admission, facts, tenant),
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
  if (skipped > 0) terminal.say(`seeding users: ${skipped} of ${flags.seedUsers} are there already`)
  const { server, drain } = await listen(listener, flags.host, flags.port)
  try {
    // Not before: a token is shown once, and a server that cannot listen shows nothing.
    const token = await openUp(admission, facts)
    const url = flags.baseUrl ?? originForClients(originOf(server, flags.host), flags) + flags.basePath
    const tidying = tidyPasswords(store, terminal)
    const stop = async (): Promise<void> => {
      const end = performance.now() + patience
      await drain(patience)
      // A client that has gone has no connection to wait for, and its request may still be writing.
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

/** Beside the requests: there may be many records. What fails is done by a later start. */
function tidyPasswords(store: OpenStore, terminal: Terminal): { stop(): Promise<void> } {
  const stopping = new AbortController()
  const deleted = (count: number): void => {
    if (count > 0) terminal.say(`${count} password records of removed users deleted`)
  }
  const failed = (error: unknown): void => {
    const reason = error instanceof Error ? error.message : String(error)
    terminal.say(`password records of removed users: not all deleted, the next start goes on (${reason})`)
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
  if (value === undefined) throw new TypeError(`There is no "${name}"; there are ${Object.keys(table).join(', ')}.`)
  return value
}
