/** From the options a host gives to what the server works with. */
import type { AuthenticationScheme, Authenticator } from './access/authenticate.js'
import type { ScimContext } from './context.js'
import type { ScimEvent } from './events.js'
import { checkedBaseUrl } from './http/base-url.js'
import { interopFrom } from './interop.js'
import type { JsonObject } from './json.js'
import { limitsFrom } from './limits.js'
import { type CursorKeysOf, cursorKeySource, defaultCursorSeconds } from './operations/cursor-keys.js'
import { discoveryDocuments } from './operations/discovery-documents.js'
import type { Engine } from './operations/engine.js'
import { guardProvider } from './operations/guard-provider.js'
import { checkIfMatchPolicy } from './operations/if-match-policy.js'
import { keyedQueue } from './operations/keyed-queue.js'
import { checkOptions, type ProviderSource, type ScimOptions } from './options.js'
import { platformPorts } from './ports.js'
import type { ResourceType } from './schema/attribute.js'
import { compileResourceType } from './schema/compile.js'
import type { ResourceTypeDefinition } from './schema/definition.js'
import { groupType, userType } from './schema/resource-types.js'

/** What one server works with, made once. */
export interface Settings {
  readonly engine: Omit<Engine, 'provider' | 'cursorKeys'>
  readonly cursorKeys: CursorKeysOf
  readonly provider: ProviderSource
  readonly authenticate: Authenticator
  readonly interop: ScimContext['interop']
  readonly baseUrl: string | undefined
  readonly trustProxy: boolean
}

/** The settings that the options ask for. Throws a TypeError that names the option if one cannot work. */
export function settingsFrom(options: ScimOptions): Settings {
  checkOptions(options)
  const limits = limitsFrom(options.limits)
  const ports = { ...platformPorts, ...options.ports }
  const types = compileTypes(options)
  const onError = carefully(options.onError ?? warn)
  const discovery = discoveryDocuments({
    types: types.values(),
    limits,
    changePassword: options.secrets !== undefined,
    authenticationSchemes: (options.authenticate?.schemes ?? []).map(schemeDocument),
    digest: ports.digest,
    cursors: typeof options.provider === 'function' || options.provider.keyset !== false,
    cursorSeconds: options.cursorSeconds ?? defaultCursorSeconds,
  })
  const { secrets, onEvent, unknownMembers = 'keep', etag = 'weak', requireIfMatch = 'never' } = options
  checkIfMatchPolicy(requireIfMatch, types.keys())
  const emit: Engine['emit'] = (event) => tell(onEvent, event, onError)
  const interop = interopFrom(options.interop)
  const { uniqueGroupDisplayName } = interop
  return {
    cursorKeys: cursorKeySource(options, ports),
    engine: {
      types,
      limits,
      ports,
      secrets,
      discovery,
      queue: keyedQueue(),
      emit,
      onError,
      uniqueGroupDisplayName,
      unknownMembers,
      me: options.me,
      cursorSeconds: options.cursorSeconds ?? defaultCursorSeconds,
      etag,
      requireIfMatch,
    },
    provider: typeof options.provider === 'function' ? options.provider : guardProvider(options.provider),
    authenticate: options.authenticate ?? lockedOut(),
    interop,
    baseUrl: options.baseUrl === undefined ? undefined : checkedBaseUrl(options.baseUrl),
    trustProxy: options.trustProxy ?? false,
  }
}

function compileTypes({
  resourceTypes = [userType, groupType],
  secrets,
}: ScimOptions): ReadonlyMap<string, ResourceType> {
  const types = new Map<string, ResourceType>()
  for (const definition of resourceTypes) {
    const type = compileResourceType(secrets === undefined ? withUnusedPassword(definition) : definition)
    const taken = [...types.values()].find(({ name, endpoint }) => name === type.name || endpoint === type.endpoint)
    if (taken !== undefined)
      throw new TypeError(`resourceTypes: "${type.name}" and "${taken.name}" are in each other's way`)
    types.set(type.name, type)
  }
  if (types.size === 0) throw new TypeError('resourceTypes: at least one is needed')
  return types
}

// Nobody takes passwords: one that is sent is ignored, it is not in /Schemas, and it is still no good for filtering.
function withUnusedPassword(definition: ResourceTypeDefinition): ResourceTypeDefinition {
  const password = definition.schema.attributes.password
  if (password === undefined) return definition
  const unused = { ...password, mutability: 'readOnly', returned: 'never' } as const
  return {
    ...definition,
    schema: { ...definition.schema, attributes: { ...definition.schema.attributes, password: unused } },
  }
}

// A hook that fails must not fail a request whose work is done; one that fails while told of a failure has had its say.
function carefully(onError: Engine['onError']): Engine['onError'] {
  return (error, about) => {
    try {
      onError(error, about)
    } catch (second) {
      warn(second, about)
    }
  }
}

function tell(onEvent: ScimOptions['onEvent'], event: ScimEvent, onError: Engine['onError']): void {
  const failed = (error: unknown): void => onError(error, { requestId: event.requestId })
  try {
    // An async function is a valid onEvent; its rejection would otherwise end the process.
    Promise.resolve(onEvent?.(event)).catch(failed)
  } catch (error) {
    failed(error)
  }
}

// Fail closed: who has said nothing of authentication has not meant "everybody". The operator is told, once.
function lockedOut(): Authenticator {
  let warned = false
  return () => {
    if (!warned) {
      console.warn('scimkit: no "authenticate" option, so nobody is let in; see bearerToken() and noAuthentication().')
    }
    warned = true
    return undefined
  }
}

function schemeDocument(scheme: AuthenticationScheme): JsonObject {
  return { ...scheme }
}

function warn(error: unknown, about: { readonly requestId: string }): void {
  const text = error instanceof Error ? (error.stack ?? error.message) : String(error)
  console.warn(`scimkit: request ${about.requestId} failed: ${text}`)
}

/** The engine for one request: a provider may depend on it. */
export function engineFor(settings: Settings, native: unknown): Engine {
  const { provider: source } = settings
  const provider = typeof source === 'function' ? guardProvider(source(native as never)) : source
  return { ...settings.engine, provider, cursorKeys: () => settings.cursorKeys(provider) }
}
