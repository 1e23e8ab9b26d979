import {
  type AttributeMask,
  type Authenticator,
  type Authorizer,
  allow,
  allowOnly,
  bearerCredentials,
  bearerScheme,
  groupType,
  type MePolicy,
  refuse,
  type ScimOptions,
  tenantId,
  userType,
} from '@scimkit/core'
import type { ResourceProvider } from '@scimkit/core/provider'
import { memoryProvider } from '@scimkit/memory-provider'
import { type Exchange, sampleType, type WireTarget, withHeaders } from '@scimkit/testkit'

const token = 'a-token-of-32-characters-or-more-it-is'
const otherToken = 'another-token-of-32-characters-it-is-too'
const tenants: Readonly<Record<string, string>> = { [token]: 'one', [otherToken]: 'two' }

const twoTenants: Authenticator = Object.assign(
  ({ header }: Parameters<Authenticator>[0]) => {
    const tenant = tenants[bearerCredentials(header('authorization')) ?? '']
    return tenant === undefined ? undefined : { tenant: tenantId(tenant) }
  },
  { schemes: [bearerScheme] },
)

/** The options of a server for every configuration of the wire contract. */
export const wireOptions = {
  exchange: {},
  strict: { interop: 'strict' },
  entra: { interop: 'entra' },
  withSecrets: { secrets: { write: () => undefined } },
  uniqueGroupNames: { interop: { uniqueGroupDisplayName: true } },
  skipsUnknownMembers: { unknownMembers: 'skip' },
  rejectsUnknownMembers: { unknownMembers: 'reject' },
  limitsResources: {
    authenticate: (request, native) => tenantByHeader(request, native),
    quotas: { User: 3, Group: () => 0 },
  },
  reactivates: {
    authenticate: (request, native) => refusedByHeader(request, native),
    authorize: (request, context) => asTheHeaderSays(request, context),
    onDuplicate: { User: 'reactivate' },
  },
  requiresIfMatch: { requireIfMatch: { User: 'always' } },
  strictTags: { etag: 'strict' },
  shortCursors: { cursorSeconds: 1 },
  me: {
    authenticate: (request, native) => callersByHeader(request, native),
    me: (context) => callersUser(context),
  },
  authorizes: {
    authenticate: (request, native) => refusedByHeader(request, native),
    authorize: (request, context) => asTheHeaderSays(request, context),
    me: ({ principal, ...context }) => callersUser({ ...context, principal: readPrincipal(principal).caller }),
  },
  limitsOperations: {
    authenticate: (request, native) => callersByHeader(request, native),
    me: (context) => callersUser(context),
    resourceTypes: [
      { ...userType, operations: ['create', 'read', 'replace', 'patch'] },
      { ...groupType, operations: ['read'] },
    ],
  },
  idempotencyKeys: {
    authenticate: (request, native) => callersByHeader(request, native),
    secrets: { write: () => undefined },
  },
  withoutIdempotencyKeys: { provider: withoutKeys() },
  publicDiscovery: { publicDiscovery: true },
  servesSampleType: { resourceTypes: [userType, groupType, sampleType] },
  behindProxy: { trustProxy: true },
  behindTwoProxies: { trustProxy: 2 },
  listsHosts: { hosts: ['scim.example', 'scim.example:8443', '*.tenants.example'] },
  withoutPagination: { interop: { announcePagination: false } },
} satisfies Readonly<Record<string, Partial<ScimOptions>>>

/** A tenant for each name in `X-Tenant`. */
const tenantByHeader: Authenticator = async (request, native) => {
  const access = await twoTenants(request, native)
  return access && { ...access, tenant: tenantId(`${access.tenant}-${request.header('x-tenant') ?? ''}`) }
}

function withoutKeys(): ResourceProvider {
  const { supports: _, createdWith: __, ...others } = memoryProvider()
  return others
}

/** Maps the subject to the user in `X-Caller`. */
const callersByHeader: Authenticator = async (request, native) => {
  const principal = request.header('x-caller')
  const access = await twoTenants(request, native)
  return access && { ...access, ...(principal !== undefined && { principal }) }
}

const callersUser: MePolicy = ({ principal }) => (principal === undefined ? undefined : { type: 'User', id: principal })

interface Principal {
  readonly caller?: string
  readonly refused?: readonly string[]
  readonly unreadable?: readonly string[]
  readonly unwritable?: readonly string[]
}

/** The subject is in `X-Caller`, the refused operations in `X-Refuse`, the rights in `X-Unreadable` and `X-Unwritable`. */
const refusedByHeader: Authenticator = async (request, native) => {
  const caller = request.header('x-caller')
  const listIn = (header: string): readonly string[] | undefined =>
    request
      .header(header)
      ?.split(',')
      .map((name) => name.trim())
  const [refused, unreadable, unwritable] = ['x-refuse', 'x-unreadable', 'x-unwritable'].map(listIn)
  const principal: Principal = {
    ...(caller !== undefined && { caller }),
    ...(refused !== undefined && { refused }),
    ...(unreadable !== undefined && { unreadable }),
    ...(unwritable !== undefined && { unwritable }),
  }
  const access = await twoTenants(request, native)
  return access && { ...access, principal: JSON.stringify(principal) }
}

const asTheHeaderSays: Authorizer = ({ kind, type }, { principal }) => {
  const { refused = [], unreadable = [], unwritable = [] } = readPrincipal(principal)
  const name = refused.find((one) => one === kind || one === `${kind}.${type}`)
  if (name !== undefined) return refuse(`The host refuses ${name}.`)
  const ofType = (names: readonly string[]): AttributeMask => ({
    except: names.filter((one) => one.startsWith(`${type}/`)).map((one) => one.slice(`${type}/`.length)),
  })
  const isLimited = type !== undefined && unreadable.length + unwritable.length > 0
  return isLimited ? allowOnly({ readable: ofType(unreadable), writable: ofType(unwritable) }) : allow
}

function readPrincipal(principal: string | undefined): Principal {
  return JSON.parse(principal ?? '{}') as Principal
}

/** Options of the store of a server. */
export interface WireStore {
  /** The number of versions of each resource that it keeps. */
  readonly history?: number
}

/** All exchanges that the wire contract can use, from a function that starts a server with options, or with a given store. */
export function wireTarget(serve: (options: ScimOptions, store: WireStore) => Exchange): WireTarget {
  const start = (options: Partial<ScimOptions>, store: WireStore = {}): Exchange =>
    serve({ provider: memoryProvider(store), authenticate: twoTenants, ...options }, store)
  const as = (exchange: Exchange, credentials: string): Exchange =>
    withHeaders(exchange, { Authorization: `Bearer ${credentials}` })
  const open = start(wireOptions.exchange)
  const keyed = start(wireOptions.idempotencyKeys)
  const caller = (principal: string): Exchange => withHeaders(as(keyed, token), { 'X-Caller': principal })
  return {
    exchange: as(open, token),
    strict: as(start(wireOptions.strict), token),
    entra: as(start(wireOptions.entra), token),
    withSecrets: as(start(wireOptions.withSecrets), token),
    uniqueGroupNames: as(start(wireOptions.uniqueGroupNames), token),
    skipsUnknownMembers: as(start(wireOptions.skipsUnknownMembers), token),
    rejectsUnknownMembers: as(start(wireOptions.rejectsUnknownMembers), token),
    limitsResources: as(start(wireOptions.limitsResources), token),
    reactivates: as(start(wireOptions.reactivates), token),
    requiresIfMatch: as(start(wireOptions.requiresIfMatch), token),
    strictTags: as(start(wireOptions.strictTags), token),
    shortCursors: as(start(wireOptions.shortCursors), token),
    keepsHistory: as(start({}, { history: 5 }), token),
    idempotencyKeys: caller('one'),
    otherPrincipal: caller('two'),
    withoutIdempotencyKeys: as(start(wireOptions.withoutIdempotencyKeys), token),
    me: as(start(wireOptions.me), token),
    authorizes: as(start(wireOptions.authorizes, { history: 5 }), token),
    limitsOperations: as(start(wireOptions.limitsOperations), token),
    publicDiscovery: start(wireOptions.publicDiscovery),
    servesSampleType: as(start(wireOptions.servesSampleType), token),
    behindProxy: as(start(wireOptions.behindProxy), token),
    behindTwoProxies: as(start(wireOptions.behindTwoProxies), token),
    listsHosts: as(start(wireOptions.listsHosts), token),
    withoutPagination: as(start(wireOptions.withoutPagination), token),
    otherTenant: as(open, otherToken),
    withoutCredentials: open,
    wrongCredentials: as(open, 'an-unknown-token'),
  }
}

/** The same for servers whose store is not that of the options: none of them lacks a capability of its provider. */
export function wireTargetOfStore(serve: (options: ScimOptions, store: WireStore) => Exchange): WireTarget {
  const { withoutIdempotencyKeys: _, ...target } = wireTarget(serve)
  return target
}
