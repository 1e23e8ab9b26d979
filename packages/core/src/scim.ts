/**
 * The request pipeline: a request passes each stage once and never returns to an earlier one. `handle` is the entry
 * point for HTTP adapters, `perform` for everything else.
 */
import type { Access } from './access/authenticate.js'
import { challenge } from './access/challenge.js'
import type { MediaType, ScimContext, TenantId } from './context.js'
import { asScimError, isFailure, ScimError, scimError } from './errors.js'
import type { RequestEvent } from './events.js'
import type { ScimRequest, ScimResponse } from './http/adapter-interface.js'
import type { BodyHold } from './http/body/body-space.js'
import { negotiate } from './http/body/media-type.js'
import { isDiscoveryRead } from './http/discovery-request.js'
import { endpointName } from './http/endpoint-name.js'
import { prefersConflictDetails } from './http/prefer.js'
import { type Identity, identityOf } from './http/request-id.js'
import { type Answer, respond, respondToError, withoutBody } from './http/respond.js'
import { route, routeDiscovery, type Subject } from './http/route.js'
import { baseUrlOf, checkedBaseUrl, checkHost } from './http/url/base-url.js'
import { holdOf } from './in-flight/lanes.js'
import { type Interop, interopFrom } from './interop.js'
import type { Limits } from './limits.js'
import type { Operation } from './operation-types/operation.js'
import type { Outcome, OutcomeByKind } from './operation-types/outcome.js'
import { discover } from './operations/discover.js'
import { perform } from './operations/perform.js'
import type { ScimOptions } from './options.js'
import { engineFor, publicEngine, type Settings, settingsFrom } from './settings.js'
import { keepAlive, type WaitUntil } from './wait-until.js'

/** The caller that `perform` works for. */
export interface ContextOptions {
  readonly tenant: TenantId
  readonly principal?: string
  /** Default: the server's. */
  readonly interop?: Interop
  /** Absolute URL for `meta.location` and `$ref`. Default: the server's `baseUrl`, else empty. */
  readonly baseUrl?: string
  /** Takes the promises of asynchronous hooks. Default: the server's. */
  readonly waitUntil?: WaitUntil
}

/** A SCIM server, without a network. `Native` is what its `authenticate` and `provider` functions receive. */
export interface Scim<Native = unknown> {
  /**
   * Answers one HTTP request. Never rejects: every failure becomes an RFC 7644 error body. `native` is the framework's
   * own request or environment, passed to `authenticate` and to a `provider` function. `waitUntil`, of the options or
   * of the request, gets the same promise, so that a client that disconnects cancels nothing.
   */
  handle(request: ScimRequest, native?: Native): Promise<ScimResponse>
  /**
   * Carries out one operation without HTTP, if `authorize` permits it. Throws a ScimError for bad input and for an
   * operation that is not permitted, and the errors of the store. `native` is passed to a `provider` function. The
   * limits of requests and bodies in flight do not count it: the caller decides how many calls run at once. Passwords
   * wait for their turn here too.
   */
  perform<Kind extends Operation['kind']>(
    operation: Extract<Operation, { readonly kind: Kind }>,
    context: ScimContext,
    native?: Native,
  ): Promise<OutcomeByKind[Kind]>
  /** A context for `perform`. */
  context(options: ContextOptions): ScimContext
  /** The limits in force, for adapters: only the adapter can enforce some of them. */
  readonly limits: Limits
}

/**
 * Creates a SCIM server. Throws a TypeError that names the option if an option is invalid.
 * @example
 * ```ts
 * import { createScim, noAuthentication } from '@scimkit/core'
 * import { memoryProvider } from '@scimkit/memory-provider'
 *
 * const scim = createScim({ provider: memoryProvider(), authenticate: noAuthentication() })
 * console.log(scim.limits.maxPageSize)
 * ```
 */
export function createScim<Native = unknown>(options: ScimOptions<Native>): Scim<Native> {
  const settings = settingsFrom(options)
  const scim: Scim<Native> = {
    handle: (request, native) => handle(settings, request, native),
    perform: async (operation, context, native) => performAlone(settings, operation, context, native),
    context: ({ tenant, principal, interop, baseUrl, waitUntil = settings.waitUntil }) => ({
      tenant,
      principal,
      requestId: settings.engine.ports.newId(),
      signal: undefined,
      waitUntil,
      interop: interop === undefined ? settings.interop : interopFrom(interop),
      baseUrl: baseUrl === undefined ? (settings.baseUrl ?? '') : checkedBaseUrl(baseUrl),
      mediaType: 'application/scim+json',
    }),
    limits: settings.engine.limits,
  }
  return scim
}

// A host may use one context for many operations; each of them is a request of its own, unless it is part of one.
async function performAlone<Kind extends Operation['kind']>(
  settings: Settings,
  operation: Extract<Operation, { readonly kind: Kind }>,
  context: ScimContext,
  native: unknown,
): Promise<OutcomeByKind[Kind]> {
  const own = context.request === undefined ? { ...context, request: {} } : context
  const call = { engine: await engineFor(settings, own, native), context: own }
  return perform(call, operation)
}

// No tenant has an empty name.
const unknownCaller = ''

interface Course extends Identity, BodyHold {
  readonly waitUntil: WaitUntil | undefined
  readonly subject: Subject
  access: Access | undefined
  type: MediaType
}

// Not async: each layer of promises costs every request a few turns of the microtask queue.
function handle(settings: Settings, request: ScimRequest, native: unknown): Promise<ScimResponse> {
  const { ports, onError } = settings.engine
  const started = ports.now()
  const { requestId, trace } = identityOf(request, ports.newId)
  const course: Course = {
    requestId,
    trace,
    waitUntil: settings.waitUntil ?? request.waitUntil,
    subject: {},
    access: undefined,
    type: 'application/scim+json',
    body: undefined,
    answered: false,
  }
  const handling = handleOn(settings, request, native, course, started)
  keepAlive(course.waitUntil, handling, (error) => onError(error, course))
  return handling
}

async function handleOn(
  settings: Settings,
  request: ScimRequest,
  native: unknown,
  course: Course,
  started: number,
): Promise<ScimResponse> {
  const { ports, emit } = settings.engine
  const answer = await answerTo(settings, request, native, course)
  const event: RequestEvent = {
    kind: 'request',
    requestId: course.requestId,
    traceId: course.trace?.traceId,
    parentId: course.trace?.parentId,
    at: new Date(ports.now()).toISOString(),
    method: request.method.slice(0, 16),
    type: course.subject.type,
    // An id that no resource is known to have is only text from a URL.
    id: answer.tag === undefined && answer.status !== 204 ? undefined : course.subject.id,
    tenant: course.access?.tenant,
    principal: course.access?.principal,
    status: answer.status,
    scimType: answer.scimType,
    tag: answer.tag,
    bulk: answer.bulk,
    duration: Math.max(0, ports.now() - started),
  }
  emit(event, course)
  const { status, headers, body } = answer
  headers['X-Request-Id'] = course.requestId
  return request.method === 'HEAD' ? withoutBody({ status, headers, body }) : { status, headers, body }
}

async function answerTo(settings: Settings, request: ScimRequest, native: unknown, course: Course): Promise<Answer> {
  try {
    // Before anything else: the fields that were dropped may be credentials or a precondition.
    if (request.headersMayBeMissing === true) throw scimError.tooManyHeaders()
    checkHost(request, settings)
    course.access = await letIn(settings, request, native)
    course.type = negotiate(request.header('accept'))
    const outcome = await performWithin(settings, request, native, course)
    return respond(outcome, {
      type: course.type,
      tags: settings.engine.etag,
      conflictDetails: prefersConflictDetails(request.header('prefer')),
    })
  } catch (error) {
    // A request without authentication has not been routed.
    course.subject.type ??= endpointName(request, settings.endpoints)
    const scimFailure = asScimError(error)
    if (isFailure(scimFailure)) settings.engine.onError(scimFailure.cause ?? error, course)
    return respondToError(
      scimFailure.status === 401 ? challenged(settings, request, scimFailure) : scimFailure,
      course.type,
    )
  }
}

// The place in flight is taken before the store or the body is read, and given back with the room that the body took.
async function performWithin(
  settings: Settings,
  request: ScimRequest,
  native: unknown,
  course: Course,
): Promise<Outcome> {
  const { access } = course
  const { requests, bodies } = settings.engine.gates
  const tenant = access?.tenant ?? unknownCaller
  const place = holdOf(tenant, 1)
  const turn = requests.enter(place, request)
  if (turn !== undefined) await turn
  try {
    if (access === undefined) return await discoverPublicly(settings, request, course)
    const context = contextOf(settings, request, course, access)
    const call = { engine: await engineFor(settings, context, native), context }
    return await perform(call, await route(call, request, course.subject, course))
  } finally {
    course.answered = true
    if (course.body !== undefined) bodies.leave(course.body)
    requests.leave(place)
  }
}

// Without a caller there is no tenant, no provider and no caller to authorize: the response has only what is the same
// for all callers, as `publicDiscovery` says.
async function discoverPublicly(settings: Settings, request: ScimRequest, course: Course): Promise<Outcome> {
  const engine = await publicEngine(settings)
  const context = { baseUrl: baseUrlOf(request, settings), mediaType: course.type, interop: settings.interop }
  return discover({ engine, context }, routeDiscovery(settings.engine, request, course.subject))
}

// Undefined for an unauthenticated caller that reads a public endpoint. A client that sends credentials must learn
// whether they are valid: a wrong token is 401 there too.
async function letIn(settings: Settings, request: ScimRequest, native: unknown): Promise<Access | undefined> {
  const isOpen =
    settings.publicDiscovery &&
    request.header('authorization') === undefined &&
    isDiscoveryRead(request, settings.engine.limits.targetLength)
  const access = await authenticated(settings, request, native, isOpen)
  // A token record without its tenant authenticates no caller; it must not apply to all tenants.
  if (typeof access?.tenant === 'string' && access.tenant !== '') return access
  if (isOpen) return undefined
  throw scimError.unauthorized('Authentication is required.')
}

// The caller is known only after authentication, so all unauthenticated callers share one bound.
async function authenticated(
  { authenticate, engine }: Settings,
  request: ScimRequest,
  native: unknown,
  isOpen: boolean,
): Promise<Access | undefined> {
  const { authentication } = engine.gates
  const place = holdOf(unknownCaller, 1)
  const turn = authentication.enter(place, request)
  if (turn !== undefined) await turn
  try {
    return await authenticate(request, native as never)
  } catch (error) {
    if (isOpen && error instanceof ScimError && error.status === 401) return undefined
    throw error
  } finally {
    authentication.leave(place)
  }
}

// RFC 9110 §15.5.2: a 401 MUST say how to authenticate, also one that an authenticator threw.
function challenged({ schemes }: Settings, request: ScimRequest, error: ScimError): ScimError {
  const sentCredentials = request.header('authorization') !== undefined
  const headers = { 'WWW-Authenticate': challenge(schemes, sentCredentials), ...error.headers }
  return new ScimError(401, error.message, { headers })
}

function contextOf(settings: Settings, request: ScimRequest, course: Course, access: Access): ScimContext {
  return {
    tenant: access.tenant,
    principal: access.principal,
    requestId: course.requestId,
    trace: course.trace,
    request: {},
    waitUntil: course.waitUntil,
    // Adapters make a signal on first use, and few operations ask for it.
    get signal() {
      return request.signal
    },
    interop: access.interop === undefined ? settings.interop : interopFrom(access.interop),
    baseUrl: access.baseUrl === undefined ? baseUrlOf(request, settings) : checkedBaseUrl(access.baseUrl),
    mediaType: course.type,
  }
}
