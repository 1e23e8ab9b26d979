/**
 * The corridor: a request goes through each room once and never back. `handle` is the way in for HTTP adapters,
 * `perform` for everything else.
 */
import type { Access, AuthenticationScheme, Authenticator } from './access/authenticate.js'
import { challenge } from './access/challenge.js'
import type { ScimContext, TenantId } from './context.js'
import { ScimError } from './errors.js'
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
import { keyedQueue } from './operations/keyed-queue.js'
import type { Operation, OutcomeByKind } from './operations/operation.js'
import { perform } from './operations/perform.js'
import type { ProviderSource, ScimOptions } from './options.js'
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
      baseUrl: baseUrl ?? settings.baseUrl ?? '',
    }),
  }
  return scim
}

interface Settings {
  readonly engine: Omit<Engine, 'provider'>
  readonly provider: ProviderSource
  readonly authenticate: Authenticator | undefined
  readonly interop: ScimContext['interop']
  readonly baseUrl: string | undefined
  readonly trustProxy: boolean
  readonly onError: (error: unknown, about: { readonly requestId: string }) => void
}

function settingsFrom(options: ScimOptions): Settings {
  const limits = limitsFrom(options.limits)
  const ports = { ...platformPorts, ...options.ports }
  const types = compileTypes(options)
  const onError = options.onError ?? warn
  const discovery = discoveryDocuments({
    types: types.values(),
    limits,
    changePassword: options.secrets !== undefined,
    authenticationSchemes: (options.authenticate?.schemes ?? []).map(schemeDocument),
  })
  const emit: Engine['emit'] = (event) => {
    try {
      options.onEvent?.(event)
    } catch (error) {
      onError(error, { requestId: event.requestId })
    }
  }
  return {
    engine: { types, limits, ports, secrets: options.secrets, discovery, queue: keyedQueue(), emit },
    provider: options.provider,
    authenticate: options.authenticate,
    interop: interopFrom(options.interop),
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
    if (types.has(definition.name)) throw new TypeError(`resourceTypes: "${definition.name}" is there twice`)
    types.set(definition.name, compileResourceType(secrets === undefined ? withUnusedPassword(definition) : definition))
  }
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

function schemeDocument(scheme: AuthenticationScheme): JsonObject {
  return { ...scheme }
}

function warn(error: unknown, about: { readonly requestId: string }): void {
  const text = error instanceof Error ? (error.stack ?? error.message) : String(error)
  console.warn(`scimkit: request ${about.requestId} failed: ${text}`)
}

function engineFor(settings: Settings, native: unknown): Engine {
  const { provider } = settings
  return { ...settings.engine, provider: typeof provider === 'function' ? provider(native as never) : provider }
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
    id: course.subject.id?.slice(0, 128),
    tenant: course.access?.tenant,
    principal: course.access?.principal,
    status: answer.status,
    scimType: answer.scimType,
    tag: answer.tag,
    duration: ports.now() - started,
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
    const told = error instanceof ScimError ? error : failure(error, request)
    if (told.status >= 500 && told.status !== 501)
      settings.onError(told.cause ?? error, { requestId: course.requestId })
    return respondToError(told, course.type)
  }
}

// A store that fails is 500, never 404: an identity provider makes users anew on 404.
function failure(error: unknown, request: ScimRequest): ScimError {
  if (request.signal?.aborted) return new ScimError(400, 'The client went away.')
  return new ScimError(500, 'The server failed; whether anything was changed is not known.', { cause: error })
}

async function letIn(settings: Settings, request: ScimRequest, native: unknown): Promise<Access> {
  const { authenticate } = settings
  const detail =
    authenticate === undefined
      ? 'This server has no "authenticate" option, so it lets nobody in. See bearerToken() and noAuthentication().'
      : 'Authentication is required.'
  const access = await authenticate?.(request, native)
  if (access !== undefined && access !== null && typeof access.tenant === 'string' && access.tenant !== '')
    return access
  const sentCredentials = request.header('authorization') !== undefined
  throw new ScimError(401, detail, { headers: { 'WWW-Authenticate': challenge(authenticate, sentCredentials) } })
}

function contextOf(settings: Settings, request: ScimRequest, requestId: string, access: Access): ScimContext {
  return {
    tenant: access.tenant,
    principal: access.principal,
    requestId,
    signal: request.signal,
    interop: access.interop === undefined ? settings.interop : interopFrom(access.interop),
    baseUrl: access.baseUrl ?? baseUrlOf(request, settings),
  }
}
