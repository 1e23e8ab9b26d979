import { createScim, type ScimOptions, tenantId } from '@scimkit/core'
import type { MigrationProgress } from '@scimkit/sql-provider'
import { dividedLimits } from './command/limit-flag.js'
import type { ServeFlags } from './command/serve-command.js'
import type { TenantChoice } from './command/tenant-flags.js'
import { createApp } from './http/adapters.js'
import { listen } from './http/http-server.js'
import { originForClients, originOf } from './http/origin.js'
import { withProbes } from './http/probes.js'
import { readiness } from './http/readiness.js'
import { unfinishedWork } from './http/unfinished-work.js'
import { mcpEndpoint, mcpPath as mcpPathOf } from './mcp-endpoint.js'
import { rateLimitFor } from './rate-limit.js'
import { scimOptions } from './scim-options.js'
import { startPasswordCleanup } from './secrets/password-cleanup.js'
import { authenticatorFor, prepareToken, type TokenChoice, type TokenState } from './secrets/token-choice.js'
import { cannotUse, isStoreFailure } from './startup-error.js'
import { openStore } from './store/open-store.js'
import { seedUsers } from './store/seed-users.js'
import type { OpenStore } from './store/store.js'
import type { StoreChoice } from './store/store-choice.js'
import { type TenantAccess, tenantAccess } from './tenants/tenant-access.js'
import { type Log, makeLog } from './terminal/log.js'
import type { Terminal } from './terminal/terminal.js'

/** The one tenant of a server with a static token. */
const tenant = 'default'

/** Milliseconds that requests in progress have to finish when the server stops. */
const patience = 10_000

/** Which callers are accepted: of one tenant by a token, or of several tenants. */
export type AccessChoice = TokenChoice | TenantChoice

/** How a running server is accessed, for the output. */
export type AccessState = TokenState | TenantChoice

/** A server that listens. */
export interface Running {
  /** The base URL that clients use. */
  readonly url: string
  readonly store: OpenStore
  readonly access: AccessState
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
  access: AccessChoice,
  terminal: Terminal,
): Promise<Running> {
  const progress: MigrationProgress = ({ reindexed }) => terminal.say(`reindexing: ${reindexed} resources`)
  const store = await openStore(choice, progress, dividedLimits(flags.limit).store)
  try {
    return await serveFrom(store, choice, flags, access, terminal)
  } catch (error) {
    await store.close()
    throw isStoreFailure(error) ? cannotUse(store.place, error) : error
  }
}

async function serveFrom(
  store: OpenStore,
  choice: StoreChoice,
  flags: ServeFlags,
  access: AccessChoice,
  terminal: Terminal,
): Promise<Running> {
  const log = makeLog(flags.log ?? (terminal.interactive ? 'pretty' : 'json'), terminal.colour)
  const unfinished = unfinishedWork()
  const basePath = flags.basePath ?? (access.kind === 'tenants' ? access.basePath : '/scim/v2')
  const rates = rateLimitFor(flags, access, choice)
  const common = scimOptions(flags, { store, log, waitUntil: unfinished.waitUntil, rateLimit: rates.options })
  const callers = callersOf(access, { store, common, log, terminal, mcpPath: mcpPathOf(flags, basePath) })
  try {
    const options: ScimOptions = { ...common, ...callers.options }
    const { tokenEndpoint } = callers
    const handlers = [
      ...(tokenEndpoint === undefined ? [] : [tokenEndpoint]),
      ...(await mcpEndpoint(flags, { ...options, ...callers.mcpOptions }, basePath)),
    ]
    const app = await createApp(flags.adapter, options, basePath, handlers)
    if (access.kind !== 'tenants') await seed(store, flags, terminal)
    const { server, drain } = await listen(withProbes(app, readinessOf(store, log)), flags.host, flags.port)
    try {
      // Not earlier: a token is shown once, and a server that cannot listen does not show it.
      const state = access.kind === 'tenants' ? access : await prepareToken(access, store.facts)
      const url = flags.baseUrl ?? originForClients(originOf(server, flags.host), flags) + basePath
      const cleanup = startPasswordCleanup(store, terminal.say)
      callers.resume(options)
      const stop = async (): Promise<void> => {
        const end = performance.now() + patience
        await drain(patience)
        // A client that has disconnected has no connection to wait for, but its request may still write.
        await unfinished.settled(Math.max(0, end - performance.now()))
        await cleanup.stop()
        callers.stop()
        await rates.close()
        await store.close()
      }
      return { url, store, access: state, stop }
    } catch (error) {
      server.close()
      throw error
    }
  } catch (error) {
    callers.stop()
    await rates.close()
    throw error
  }
}

interface Callers extends Pick<TenantAccess, 'stop'>, Partial<Pick<TenantAccess, 'tokenEndpoint'>> {
  readonly options: Partial<ScimOptions>
  /** What the tools for agents have instead. */
  readonly mcpOptions: Partial<ScimOptions>
  /** Continues the work that an earlier process has begun. */
  resume(options: ScimOptions): void
}

interface CallerParts {
  readonly store: OpenStore
  readonly common: ScimOptions
  readonly log: Log
  readonly terminal: Terminal
  readonly mcpPath: string | undefined
}

function callersOf(access: AccessChoice, { store, common, log, terminal, mcpPath }: CallerParts): Callers {
  if (access.kind !== 'tenants') {
    const authenticate = authenticatorFor(access, store.facts, tenant)
    return { options: { authenticate }, mcpOptions: {}, resume: () => undefined, stop: () => undefined }
  }
  const check = createScim(common).checkTenantSettings
  const tenants = tenantAccess(access, { records: store.records, log, say: terminal.say, mcpPath, check })
  return {
    ...tenants,
    mcpOptions: { authenticate: tenants.authenticateMcp },
    resume(options) {
      const failed = (error: unknown): void => log.failure(error, { requestId: 'decommission' })
      tenants.connections.resumeDecommissions(createScim(options)).catch(failed)
    },
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
