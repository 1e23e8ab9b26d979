/**
 * The corridor: a request goes through each room once and never back. `handle` is the way in for HTTP adapters,
 * `perform` for everything else.
 */
import type { Access, AuthenticationScheme, Authenticator } from './access/authenticate.js'
import { challenge } from './access/challenge.js'
import type { ScimContext, TenantId } from './context.js'
import { ScimError, scimError } from './errors.js'
import type { ScimEvent } from './events.js'
import { baseUrlOf, checkedBaseUrl } from './http/base-url.js'
import { type AnswerType, negotiate } from './http/media-type.js'
import type { ScimRequest, ScimResponse } from './http/message.js'
import { type Answer, respond, respondToError, withoutBody } from './http/respond.js'
import { route, type Subject } from './http/route.js'
import { type Interop, interopFrom } from './interop.js'
import type { JsonObject } from './json.js'
import { limitsFrom } from './limits.js'
import { discoveryDocuments } from './operations/discovery-documents.js'
import type { Engine } from './operations/engine.js'
import { guardProvider } from './operations/guard-provider.js'
import { keyedQueue } from './operations/keyed-queue.js'
import type { Operation, OutcomeByKind } from './operations/operation.js'
import { perform } from './operations/perform.js'
import { checkOptions, type ProviderSource, type ScimOptions } from './options.js'
import { platformPorts } from './ports.js'
import type { ResourceType } from './schema/attribute.js'
import { compileResourceType } from './schema/compile.js'
import type { ResourceTypeDefinition } from './schema/definition.js'
import { groupType, userType } from './schema/resource-types.js'

/** For whom `perform` works. */
export interface ContextOptions {
  readonly tenant: TenantId
  readonly principal?: string
  /** Default: the server's. */
  readonly interop?: Interop
  /** Absolute URL for `meta.location` and `$ref`. Default: the server's `baseUrl`, else empty. */
  readonly baseUrl?: string
}

/** A SCIM server, without a network. */
export interface Scim {
  /**
   * Answers one HTTP request. Never rejects: whatever goes wrong becomes an RFC 7644 error body. `native` is the
   * framework's own request or environment, handed to `authenticate` and to a `provider` function.
   */
  handle(request: ScimRequest, native?: unknown): Promise<ScimResponse>
  /**
   * Carries out one operation without HTTP. Throws a ScimError for bad input, and what the store throws.
   * `native` is handed to a `provider` function.
   */
  perform<Kind extends Operation['kind']>(
    operation: Extract<Operation, { readonly kind: Kind }>,
    context: ScimContext,
    native?: unknown,
  ): Promise<OutcomeByKind[Kind]>
  /** A context for `perform`. */
  context(options: ContextOptions): ScimContext
}

/** Makes a SCIM server. Throws a TypeError that names the option if one cannot work. */
export function createScim(options: ScimOptions): Scim {
  checkOptions(options)
  const settings = settingsFrom(options)
  const scim: Scim = {
    handle: (request, native) => handle(settings, request, native),
    perform: async (operation, context, native) => perform(engineFor(settings, native), operation, context),
    context: ({ tenant, principal, interop, baseUrl }) => ({
      tenant,
      principal,
      requestId: settings.engine.ports.newId(),
      signal: undefined,
      interop: interop === undefined ? settings.interop : interopFrom(interop),
      baseUrl: baseUrl === undefined ? (settings.baseUrl ?? '') : checkedBaseUrl(baseUrl),
    }),
  }
  return scim
}

interface Settings {
  readonly engine: Omit<Engine, 'provider'>
  readonly provider: ProviderSource
  readonly authenticate: Authenticator
  readonly interop: ScimContext['interop']
  readonly baseUrl: string | undefined
  readonly trustProxy: boolean
  readonly onError: (error: unknown, about: { readonly requestId: string }) => void
}

function settingsFrom(options: ScimOptions): Settings {
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
  })
  const { secrets, onEvent } = options
  const emit: Engine['emit'] = (event) => tell(onEvent, event, onError)
  const interop = interopFrom(options.interop)
  const { uniqueGroupDisplayName } = interop
  return {
    engine: { types, limits, ports, secrets, discovery, queue: keyedQueue(), emit, onError, uniqueGroupDisplayName },
    provider: typeof options.provider === 'function' ? options.provider : guardProvider(options.provider),
    authenticate: options.authenticate ?? lockedOut(),
    interop,
    baseUrl: options.baseUrl === undefined ? undefined : checkedBaseUrl(options.baseUrl),
    trustProxy: options.trustProxy ?? false,
    onError,
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

function engineFor(settings: Settings, native: unknown): Engine {
  const { provider } = settings
  return {
    ...settings.engine,
    provider: typeof provider === 'function' ? guardProvider(provider(native as never)) : provider,
  }
}

// ── one request ──────────────────────────────────────────────────────────────────────────────────────────────────

interface Course {
  readonly requestId: string
  readonly subject: Subject
  access: Access | undefined
  type: AnswerType
}

async function handle(settings: Settings, request: ScimRequest, native: unknown): Promise<ScimResponse> {
  const { ports } = settings.engine
  const started = ports.now()
  const course: Course = { requestId: ports.newId(), subject: {}, access: undefined, type: 'application/scim+json' }
  const answer = await answerTo(settings, request, native, course)
  settings.engine.emit({
    kind: 'request',
    requestId: course.requestId,
    at: new Date(ports.now()).toISOString(),
    method: request.method.slice(0, 16),
    type: course.subject.type,
    // An id that is not known to be one of ours is just text from a URL.
    id: answer.tag === undefined && answer.status !== 204 ? undefined : course.subject.id,
    tenant: course.access?.tenant,
    principal: course.access?.principal,
    status: answer.status,
    scimType: answer.scimType,
    tag: answer.tag,
    duration: Math.max(0, ports.now() - started),
  })
  const { status, headers, body } = answer
  return request.method === 'HEAD' ? withoutBody({ status, headers, body }) : { status, headers, body }
}

async function answerTo(settings: Settings, request: ScimRequest, native: unknown, course: Course): Promise<Answer> {
  try {
    course.access = await letIn(settings, request, native)
    const context = contextOf(settings, request, course.requestId, course.access)
    course.type = negotiate(request.header('accept'))
    const engine = engineFor(settings, native)
    return respond(await perform(engine, route(engine, context, request, course.subject), context), course.type)
  } catch (error) {
    const told = error instanceof ScimError ? error : failure(error)
    if (told.status >= 500 && told.status !== 501)
      settings.onError(told.cause ?? error, { requestId: course.requestId })
    return respondToError(told.status === 401 ? challenged(settings, request, told) : told, course.type)
  }
}

// A store that fails is 500, never 404: an identity provider makes users anew on 404.
function failure(error: unknown): ScimError {
  return new ScimError(500, 'The server failed; whether anything was changed is not known.', { cause: error })
}

async function letIn({ authenticate }: Settings, request: ScimRequest, native: unknown): Promise<Access> {
  const access = await authenticate(request, native)
  // A token record whose tenant got lost is nobody's, not everybody's.
  if (typeof access?.tenant === 'string' && access.tenant !== '') return access
  throw scimError.unauthorized('Authentication is required.')
}

// RFC 9110 §15.5.2: a 401 MUST say how to authenticate, also one that an authenticator threw.
function challenged({ authenticate }: Settings, request: ScimRequest, error: ScimError): ScimError {
  const sentCredentials = request.header('authorization') !== undefined
  const headers = { 'WWW-Authenticate': challenge(authenticate, sentCredentials), ...error.headers }
  return new ScimError(401, error.message, { headers })
}

function contextOf(settings: Settings, request: ScimRequest, requestId: string, access: Access): ScimContext {
  return {
    tenant: access.tenant,
    principal: access.principal,
    requestId,
    signal: request.signal,
    interop: access.interop === undefined ? settings.interop : interopFrom(access.interop),
    baseUrl: access.baseUrl === undefined ? baseUrlOf(request, settings) : checkedBaseUrl(access.baseUrl),
  }
}
