/** The callers of a server with several tenants: the tokens of a file and of connections, and what they may do. */
import { type Connections, permissions, scimConnections } from '@scimkit/connections'
import { nodeKeyFetcher } from '@scimkit/connections/node'
import {
  type Authenticator,
  anyAuthenticator,
  type Scim,
  type ScimOptions,
  type TenantResolver,
  withTenant,
} from '@scimkit/core'
import type { HttpHandler } from '@scimkit/core/adapter'
import type { RecordStore } from '@scimkit/core/provider'
import type { TenantChoice } from '../command/tenant-flags.js'
import { StartupError } from '../startup-error.js'
import type { Log } from '../terminal/log.js'
import { type WatchedTenants, watchTenants } from './watched-tenants.js'

/** The parts of a server with several tenants. */
export interface TenantAccess {
  readonly options: Pick<ScimOptions, 'authenticate' | 'authorize' | 'tenantSettings'>
  /** Authenticates tokens for the tools of agents: those of connections with that audience, and those of the file. */
  readonly authenticateMcp: Authenticator
  readonly connections: Connections
  /** The token endpoint and its metadata, for the root of the application. */
  readonly tokenEndpoint: HttpHandler
  /** Ends timers and the watch of the file. */
  stop(): void
}

/** The environment of {@link tenantAccess}. */
export interface TenantAccessParts {
  readonly records: RecordStore
  readonly log: Log
  say(line: string): void
  /** The path of the tools for agents; undefined: there are none. */
  readonly mcpPath: string | undefined
  /** Checks the settings of a tenant with the options of the server. */
  readonly check: Scim['checkTenantSettings']
}

/** Milliseconds between two removals of expired records. */
const cleanupInterval = 60_000

/** Opens the tenants. Throws a StartupError if their file cannot be used. */
export function tenantAccess(
  { file, resolver, issuer, resource }: TenantChoice,
  { records, log, say, mcpPath, check }: TenantAccessParts,
): TenantAccess {
  const watched =
    file === undefined ? undefined : watchTenants({ path: file, parsePermissions: permissions, check, say })
  const onError = (error: unknown): void => log.failure(error, { requestId: 'connections' })
  const named = resolver === undefined ? undefined : served(resolver, watched)
  const connections = orStartupError(() =>
    scimConnections({
      store: records,
      ...(named !== undefined && { tenant: named }),
      ...(issuer !== undefined && {
        issuer,
        ...(resource !== undefined && { resource }),
        ...(mcpPath !== undefined && { mcpResource: new URL(mcpPath, issuer).href }),
      }),
      keys: nodeKeyFetcher(),
      onRejected: log.rejection,
      onError,
    }),
  )
  const cleanup = setInterval(() => void connections.removeExpired().catch(onError), cleanupInterval)
  cleanup.unref()
  const fromFile = watched && (named === undefined ? watched.authenticate : withTenant(named, watched.authenticate))
  const authenticatorOf = (ofConnections: Authenticator): Authenticator =>
    fromFile === undefined ? ofConnections : inFile(anyAuthenticator(fromFile, ofConnections), watched)
  return {
    connections,
    authenticateMcp: authenticatorOf(connections.authenticateMcp),
    tokenEndpoint: connections.tokenEndpoint,
    options: {
      authenticate: authenticatorOf(connections.authenticate),
      authorize: connections.authorize,
      ...(watched !== undefined && { tenantSettings: watched.settings }),
    },
    stop() {
      watched?.stop()
      clearInterval(cleanup)
    },
  }
}

function orStartupError<Value>(make: () => Value): Value {
  try {
    return make()
  } catch (error) {
    if (!(error instanceof TypeError)) throw error
    throw new StartupError(`Cannot serve the token endpoint: ${error.message}`, error)
  }
}

// A tenant that is not in the file is not served, whatever connections it has: the address names none.
function served(resolver: TenantResolver, watched: WatchedTenants | undefined): TenantResolver {
  if (watched === undefined) return resolver
  return async (request, native) => {
    const tenant = await resolver(request, native)
    return tenant !== undefined && watched.has(tenant) ? tenant : undefined
  }
}

// The same where the token alone names the tenant.
function inFile(authenticate: Authenticator, watched: WatchedTenants | undefined): Authenticator {
  const authenticator: Authenticator = async (request, native) => {
    const access = await authenticate(request, native)
    return access !== undefined && watched?.has(access.tenant) === true ? access : undefined
  }
  return Object.assign(authenticator, { schemes: authenticate.schemes ?? [] })
}
