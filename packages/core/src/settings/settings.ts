/** Converts the options of a host to the settings of the server. */
import type { AuthenticationScheme, Authenticator } from '../access/authenticate.js'
import type { ScimContext, TenantId } from '../context.js'
import { type Catalogue, catalogues } from '../discovery/catalogue.js'
import { cursorKeySource, defaultCursorSeconds } from '../engine/cursor-keys.js'
import { checkDuplicateRules } from '../engine/duplicate-policies.js'
import type { Engine } from '../engine/engine.js'
import { guardProvider } from '../engine/guard-provider.js'
import { checkIfMatchPolicy } from '../engine/if-match-policy.js'
import { keyedQueue } from '../engine/keyed-queue.js'
import { checkQuotas } from '../engine/quotas.js'
import { hooksFrom } from '../hooks/hooks.js'
import type { Endpoints } from '../http/endpoint-name.js'
import { checkedBaseUrl } from '../http/url/base-url.js'
import { trustedProxiesFrom } from '../http/url/forwarded.js'
import { type HostList, hostList } from '../http/url/host.js'
import { gatesFrom } from '../in-flight/gates.js'
import { interopFrom } from '../interop.js'
import { isThenable } from '../is-thenable.js'
import type { JsonObject } from '../json/value.js'
import { type Limits, limitsFrom, tenantLimitsFrom } from '../limits.js'
import type { DiscoveryCall } from '../operations/discover.js'
import { platformPorts } from '../ports.js'
import type { MaybePromise, ResourceProvider } from '../provider/provider.js'
import type { RateLimitOptions } from '../rate-limit/rate-limit.js'
import type { Rate } from '../rate-limit/rate-limiter.js'
import type { WaitUntil } from '../wait-until.js'
import { checkOptions, type ProviderSource, type ScimOptions } from './options.js'
import { reportingTo } from './reporting.js'
import { type CatalogueFor, catalogueSource, engines, providerSource, type SharedEngine } from './sources.js'
import { checkTenantSettings, type TenantSettings, type TenantSettingsSource } from './tenant-settings.js'

// A day: longer than a client keeps repeating a request whose response it has not received.
const defaultIdempotencySeconds = 86_400

/** The settings of one server, created once. */
export interface Settings {
  readonly engine: SharedEngine
  /** The types served to a caller, undefined for an unauthenticated caller. */
  readonly catalogue: CatalogueFor
  /** The settings for the requests of a tenant; undefined if all tenants have these. */
  readonly ofTenant: ((tenant: TenantId) => MaybePromise<Settings>) | undefined
  /** Throws a TypeError for settings of a tenant that cannot work. */
  readonly checkTenant: (own: TenantSettings) => void
  /** The rate limits of the server. */
  readonly rateLimit: RateLimitOptions | undefined
  /** The rate of the tenant, instead of that in `rateLimit`. */
  readonly tenantRate: Rate | undefined
  /** The endpoints, as far as they are known without a caller. */
  readonly endpoints: Endpoints
  readonly engineOf: (provider: ResourceProvider, catalogue: Catalogue) => Engine
  readonly provider: ProviderSource<never>
  readonly authenticate: Authenticator<never>
  readonly schemes: readonly AuthenticationScheme[]
  readonly publicDiscovery: boolean
  readonly interop: ScimContext['interop']
  readonly baseUrl: string | undefined
  readonly hosts: HostList | undefined
  readonly trustedProxies: number
  /** The host's own; the function of a request is used only without it. */
  readonly waitUntil: WaitUntil | undefined
}

/** The settings that the options ask for. Throws a TypeError that names the option if one cannot work. */
export function settingsFrom(options: ScimOptions<never>): Settings {
  checkOptions(options)
  const { settings, derive } = serverSettings(options)
  const { tenantSettings } = options
  return tenantSettings === undefined ? settings : { ...settings, ofTenant: byTenant(tenantSettings, settings, derive) }
}

/** The settings of a server, and how those of a tenant are derived from them. */
interface Server {
  readonly settings: Settings
  /** Throws a TypeError that names the setting if one cannot work. */
  derive(own: TenantSettings): Settings
}

// The object of the host is the key: it changes when the settings do, and settings of a tenant that is gone are collected.
function byTenant(
  source: TenantSettingsSource,
  settings: Settings,
  derive: Server['derive'],
): NonNullable<Settings['ofTenant']> {
  const known = new WeakMap<TenantSettings, Settings>()
  const settingsOf = (own: TenantSettings | undefined): Settings => {
    if (own === undefined) return settings
    const found = known.get(own)
    if (found !== undefined) return found
    const derived = derive(own)
    known.set(own, derived)
    return derived
  }
  return (tenant) => {
    const own = source(tenant)
    return isThenable(own) ? Promise.resolve(own).then(settingsOf) : settingsOf(own)
  }
}

type VaryingOptions = Pick<
  ScimOptions<never>,
  'resourceTypes' | 'interop' | 'quotas' | 'requireIfMatch' | 'authorize' | 'baseUrl'
>

// A setting that is undefined is the server's; null is no value of any of them, and is refused as it is for the server.
function withOwn(options: VaryingOptions, own: TenantSettings): VaryingOptions {
  const given: TenantSettings = Object.fromEntries(Object.entries(own).filter(([, value]) => value !== undefined))
  return { ...options, ...given }
}

function serverSettings(options: ScimOptions<never>): Server {
  const limits = limitsFrom(options.limits)
  const ports = { ...platformPorts, ...options.ports }
  const schemes = options.authenticationSchemes ?? options.authenticate?.schemes ?? []
  const catalogueOf = catalogues({
    changePassword: options.secrets !== undefined,
    authenticationSchemes: schemes.map(schemeDocument),
    documentationUri: options.documentationUri,
    digest: ports.digest,
    cursors: typeof options.provider === 'function' || options.provider.keyset !== false,
    cursorSeconds: options.cursorSeconds ?? defaultCursorSeconds,
  })
  const keysOf = cursorKeySource(options, ports)
  const { secrets, unknownMembers = 'keep', etag = 'weak' } = options
  const shared = {
    ports,
    secrets,
    queue: keyedQueue(ports, limits.turnMilliseconds),
    gates: gatesFrom(limits, ports),
    ...reportingTo(options),
    unknownMembers,
    me: options.me,
    cursorSeconds: options.cursorSeconds ?? defaultCursorSeconds,
    idempotencySeconds: options.idempotencySeconds ?? defaultIdempotencySeconds,
    etag,
    onDuplicate: options.onDuplicate,
  }
  const fixed = {
    ofTenant: undefined,
    checkTenant: (own: TenantSettings): void => void derive(own),
    rateLimit: options.rateLimit,
    authenticate: options.authenticate ?? lockedOut(),
    schemes,
    publicDiscovery: options.publicDiscovery ?? false,
    hosts: options.hosts === undefined ? undefined : hostList(options.hosts),
    trustedProxies: trustedProxiesFrom(options.trustProxy),
    waitUntil: options.waitUntil,
  }
  const settingsWith = (own: TenantSettings, limits: Limits): Settings => {
    const { quotas, baseUrl, resourceTypes, interop: switches, authorize, ...rest } = withOwn(options, own)
    const { requireIfMatch = 'never' } = rest
    const catalogue = catalogueSource(resourceTypes, (definitions) => catalogueOf(definitions, limits))
    const types = catalogue.known?.types
    checkIfMatchPolicy(requireIfMatch, types?.keys())
    if (quotas !== undefined) checkQuotas(quotas, types?.keys())
    // Rules and hooks of the server may be of types that a tenant does not have.
    const serverTypes = own.resourceTypes === undefined ? types : undefined
    if (options.onDuplicate !== undefined) checkDuplicateRules(options.onDuplicate, serverTypes)
    const interop = interopFrom(switches)
    const engine: SharedEngine = {
      ...shared,
      limits,
      hooks: hooksFrom(options.hooks, serverTypes?.keys()),
      uniqueGroupDisplayName: interop.uniqueGroupDisplayName,
      authorize,
      requireIfMatch,
      quotas,
    }
    return {
      ...fixed,
      catalogue: catalogue.of,
      endpoints: { types, interop, targetLength: limits.targetLength },
      tenantRate: own.rate,
      engine,
      engineOf: engines(engine, keysOf),
      provider: providerSource(options.provider, { hooks: options.hooks, quotas }),
      interop,
      baseUrl: baseUrl === undefined ? undefined : checkedBaseUrl(baseUrl),
    }
  }
  function derive(own: TenantSettings): Settings {
    checkTenantSettings(own, options.rateLimit)
    return settingsWith(own, own.limits === undefined ? limits : tenantLimitsFrom(limits, own.limits))
  }
  return { settings: settingsWith({}, limits), derive }
}

// Fail closed: a missing option does not mean public access. The operator is warned once.
function lockedOut(): Authenticator {
  let warned = false
  return () => {
    if (!warned) {
      console.warn(
        'scimkit: no "authenticate" option, so every request is answered 401; see bearerToken() and noAuthentication().',
      )
    }
    warned = true
    return undefined
  }
}

function schemeDocument(scheme: AuthenticationScheme): JsonObject {
  return { ...scheme }
}

/** The engine for one request: the provider may depend on the request, and the served types on the caller. */
export async function engineFor(settings: Settings, context: ScimContext, native: unknown): Promise<Engine> {
  const { provider: source } = settings
  const provider = typeof source === 'function' ? guardProvider(source(native as never)) : source
  return settings.engineOf(provider, await settings.catalogue(context))
}

/** The engine of public discovery. */
export async function publicEngine(settings: Settings): Promise<DiscoveryCall['engine']> {
  const { discovery } = await settings.catalogue(undefined)
  return { ...settings.engine, discovery }
}
