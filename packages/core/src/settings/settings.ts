/** Converts the options of a host to the settings of the server. */
import type { AuthenticationScheme, Authenticator } from '../access/authenticate.js'
import type { ScimContext } from '../context.js'
import { type Catalogue, catalogues } from '../discovery/catalogue.js'
import { type CursorKeysOf, cursorKeySource, defaultCursorSeconds } from '../engine/cursor-keys.js'
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
import type { JsonObject } from '../json/value.js'
import { limitsFrom } from '../limits.js'
import type { DiscoveryCall } from '../operations/discover.js'
import { platformPorts } from '../ports.js'
import type { MaybePromise, ResourceProvider } from '../provider/provider.js'
import type { ResourceTypeDefinition } from '../schema/schema-definition.js'
import { groupType, userType } from '../schema/standard/resource-types.js'
import type { WaitUntil } from '../wait-until.js'
import { checkOptions, type ProviderSource, type ResourceTypeSource, type ScimOptions } from './options.js'
import { unsupportedOption } from './provider-support.js'
import { reportingTo } from './reporting.js'

/** The settings of one server, created once. */
export interface Settings {
  readonly engine: Omit<Engine, 'provider' | 'cursorKeys' | 'types' | 'discovery'>
  /** The types served to a caller, undefined for an unauthenticated caller. */
  readonly catalogue: (context: ScimContext | undefined) => MaybePromise<Catalogue>
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
  const limits = limitsFrom(options.limits)
  const ports = { ...platformPorts, ...options.ports }
  const schemes = options.authenticationSchemes ?? options.authenticate?.schemes ?? []
  const catalogueOf = catalogues({
    limits,
    changePassword: options.secrets !== undefined,
    authenticationSchemes: schemes.map(schemeDocument),
    documentationUri: options.documentationUri,
    digest: ports.digest,
    cursors: typeof options.provider === 'function' || options.provider.keyset !== false,
    cursorSeconds: options.cursorSeconds ?? defaultCursorSeconds,
  })
  const catalogue = catalogueSource(options.resourceTypes, catalogueOf)
  const { secrets, unknownMembers = 'keep', etag = 'weak', requireIfMatch = 'never' } = options
  checkIfMatchPolicy(requireIfMatch, catalogue.known?.types.keys())
  if (options.quotas !== undefined) checkQuotas(options.quotas, catalogue.known?.types.keys())
  if (options.onDuplicate !== undefined) checkDuplicateRules(options.onDuplicate, catalogue.known?.types)
  const interop = interopFrom(options.interop)
  const { uniqueGroupDisplayName } = interop
  const hooks = hooksFrom(options.hooks, catalogue.known?.types.keys())
  const engine: Settings['engine'] = {
    limits,
    ports,
    secrets,
    hooks,
    queue: keyedQueue(ports, limits.turnMilliseconds),
    gates: gatesFrom(limits, ports),
    ...reportingTo(options),
    uniqueGroupDisplayName,
    unknownMembers,
    me: options.me,
    authorize: options.authorize,
    cursorSeconds: options.cursorSeconds ?? defaultCursorSeconds,
    etag,
    requireIfMatch,
    quotas: options.quotas,
    onDuplicate: options.onDuplicate,
  }
  return {
    catalogue: catalogue.of,
    endpoints: { types: catalogue.known?.types, interop, targetLength: limits.targetLength },
    engine,
    engineOf: engines(engine, cursorKeySource(options, ports)),
    provider: providerSource(options),
    authenticate: options.authenticate ?? lockedOut(),
    schemes,
    publicDiscovery: options.publicDiscovery ?? false,
    interop,
    baseUrl: options.baseUrl === undefined ? undefined : checkedBaseUrl(options.baseUrl),
    hosts: options.hosts === undefined ? undefined : hostList(options.hosts),
    trustedProxies: trustedProxiesFrom(options.trustProxy),
    waitUntil: options.waitUntil,
  }
}

// A provider object is checked now, the result of a function for each request: an option that it does not support must not
// be ignored.
function providerSource(options: ScimOptions<never>): ProviderSource<never> {
  const { provider: source } = options
  if (typeof source !== 'function') {
    const unsupported = unsupportedOption(options, source)
    if (unsupported !== undefined) throw new TypeError(unsupported)
    return guardProvider(source)
  }
  return (native) => {
    const provider = source(native)
    const unsupported = unsupportedOption(options, provider)
    if (unsupported !== undefined) throw new Error(unsupported)
    return provider
  }
}

// A list is compiled now, so that an invalid definition is reported at start; the result of a function is compiled when
// the function returns it.
function catalogueSource(
  source: ResourceTypeSource = [userType, groupType],
  catalogueOf: (definitions: readonly ResourceTypeDefinition[]) => Catalogue,
): { readonly known: Catalogue | undefined; readonly of: Settings['catalogue'] } {
  if (typeof source === 'function') {
    return { known: undefined, of: async (context) => catalogueOf(await source(context)) }
  }
  const known = catalogueOf(source)
  return { known, of: () => known }
}

// Usually provider and types are the same for every request, and then so is the engine: it is rebuilt only when they
// change.
function engines(shared: Settings['engine'], keysOf: CursorKeysOf): Settings['engineOf'] {
  let last: { readonly engine: Engine; readonly catalogue: Catalogue } | undefined
  return (provider, catalogue) => {
    if (last?.engine.provider === provider && last.catalogue === catalogue) return last.engine
    const { types, discovery } = catalogue
    const engine = { ...shared, types, discovery, provider, cursorKeys: () => keysOf(provider) }
    last = { engine, catalogue }
    return engine
  }
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
