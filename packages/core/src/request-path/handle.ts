/**
 * The path of an HTTP request: it passes each stage once and never returns to an earlier one. Every failure on it
 * becomes an error body.
 */
import type { Access } from '../access/authenticate.js'
import type { MediaType, ScimContext } from '../context.js'
import { asScimError, isFailure, type ScimError, scimError } from '../errors.js'
import type { RequestEvent } from '../events.js'
import type { ScimRequest, ScimResponse } from '../http/adapter-interface.js'
import type { BodyHold } from '../http/body/body-space.js'
import { negotiate } from '../http/body/media-type.js'
import { bodyReader } from '../http/body/read-body.js'
import { endpointName } from '../http/endpoint-name.js'
import { prefersConflictDetails } from '../http/prefer.js'
import { type Identity, identityOf } from '../http/request-id.js'
import { type Answer, respond, respondToError, withoutBody } from '../http/respond.js'
import { bodyReadingFor, route, routeDiscovery, type Subject } from '../http/route.js'
import { baseUrlOf, checkedBaseUrl, checkHost } from '../http/url/base-url.js'
import { holdOf } from '../in-flight/lanes.js'
import { interopFrom } from '../interop.js'
import type { JsonValue } from '../json/value.js'
import type { Outcome } from '../operation-types/outcome.js'
import { discover } from '../operations/discover.js'
import { perform } from '../operations/perform.js'
import { type Asking, countFailedAuthentication, type Spend, spendFor } from '../rate-limit/rate-limit.js'
import { engineFor, publicEngine, type Settings } from '../settings/settings.js'
import { keepAlive, type WaitUntil } from '../wait-until.js'
import { authenticateCaller, challenged, unknownCaller } from './authenticate-caller.js'

interface Course extends Identity, BodyHold {
  readonly waitUntil: WaitUntil | undefined
  readonly subject: Subject
  access: Access | undefined
  type: MediaType
}

/**
 * How a request of another protocol is answered, once its caller is known. `readBody` reads its JSON body, at most once,
 * under the limits of SCIM bodies; it rejects with a ScimError.
 */
export type AnswerCaller = (context: ScimContext, readBody: () => Promise<JsonValue>) => Promise<ScimResponse>

/**
 * Answers one HTTP request: a SCIM request, or with `answerCaller` one of another protocol, which passes the same
 * checks of host, caller, rates and work in flight. Never rejects: every failure becomes an error body.
 */
// Not async: each layer of promises costs every request a few turns of the microtask queue.
export function handle(
  settings: Settings,
  request: ScimRequest,
  native: unknown,
  answerCaller?: AnswerCaller,
): Promise<ScimResponse> {
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
  const handling = handleOn(settings, request, native, course, started, answerCaller)
  keepAlive(course.waitUntil, handling, (error) => onError(error, course))
  return handling
}

async function handleOn(
  settings: Settings,
  request: ScimRequest,
  native: unknown,
  course: Course,
  started: number,
  answerCaller: AnswerCaller | undefined,
): Promise<ScimResponse> {
  const { ports, emit } = settings.engine
  const answer = await answerTo(settings, request, native, course, answerCaller)
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

async function answerTo(
  settings: Settings,
  request: ScimRequest,
  native: unknown,
  course: Course,
  answerCaller: AnswerCaller | undefined,
): Promise<Answer> {
  try {
    // Before anything else: the fields that were dropped may be credentials or a precondition.
    if (request.headersMayBeMissing === true) throw scimError.tooManyHeaders()
    checkHost(request, settings)
    const { access, settings: own } = await accessTo(settings, request, native, course)
    course.access = access
    const spend = access && spendOf(own, access, course)
    const spending = spend?.(1)
    if (spending !== undefined) await spending
    if (answerCaller !== undefined) return await answerWithin(own, request, course, answerCaller)
    course.type = negotiate(request.header('accept'))
    const outcome = await performWithin(own, request, native, course, spend)
    return respond(outcome, {
      type: course.type,
      tags: settings.engine.etag,
      conflictDetails: prefersConflictDetails(request.header('prefer')),
    })
  } catch (error) {
    // A request without authentication has not been routed.
    course.subject.type ??= endpointName(request, settings.endpoints)
    const scimFailure = await withFailureLimit(settings, asScimError(error), course)
    if (isFailure(scimFailure)) settings.engine.onError(scimFailure.cause ?? error, course)
    return respondToError(
      scimFailure.status === 401 ? challenged(settings, request, scimFailure) : scimFailure,
      course.type,
    )
  }
}

/** The caller of a request, and the settings of its tenant. */
interface Accessed {
  readonly access: Access | undefined
  readonly settings: Settings
}

async function accessTo(settings: Settings, request: ScimRequest, native: unknown, course: Course): Promise<Accessed> {
  const access = await authenticateCaller(settings, request, native)
  if (access === undefined || settings.ofTenant === undefined) return { access, settings }
  // Even if the settings fail, the event names the caller.
  course.access = access
  return { access, settings: await settings.ofTenant(access.tenant) }
}

// Counted after authentication has failed, so that a caller with valid credentials never waits for it.
async function withFailureLimit(settings: Settings, error: ScimError, course: Course): Promise<ScimError> {
  if (error.status !== 401 || settings.rateLimit === undefined) return error
  return (await countFailedAuthentication(settings.rateLimit, askingFor(settings, course))) ?? error
}

async function performWithin(
  settings: Settings,
  request: ScimRequest,
  native: unknown,
  course: Course,
  spend: Spend | undefined,
): Promise<Outcome> {
  return inFlight(settings, request, course, async () => {
    const { access } = course
    if (access === undefined) return discoverPublicly(settings, request, course)
    const context = contextOf(settings, request, course, access)
    const call = { engine: await engineFor(settings, context, native), context, spend }
    return perform(call, await route(call, request, course.subject, course))
  })
}

async function answerWithin(
  settings: Settings,
  request: ScimRequest,
  course: Course,
  answerCaller: AnswerCaller,
): Promise<Answer> {
  const { access } = course
  // Public discovery is a right to read SCIM's own endpoints.
  if (access === undefined) throw scimError.unauthorized('Authentication is required.')
  const { engine } = settings
  const { status, headers, body } = await inFlight(settings, request, course, () => {
    const context = contextOf(settings, request, course, access)
    return answerCaller(context, () => {
      const reading = bodyReadingFor(engine, context, course)
      return bodyReader(request, reading, engine.limits.bodyBytes)()
    })
  })
  return { status, headers: { ...headers }, body, scimType: undefined, tag: undefined }
}

// The place in flight is taken before the store or the body is read, and given back with the room that the body took.
async function inFlight<Result>(
  settings: Settings,
  request: ScimRequest,
  course: Course,
  work: () => Promise<Result>,
): Promise<Result> {
  const { requests, bodies } = settings.engine.gates
  const place = holdOf(course.access?.tenant ?? unknownCaller, 1)
  const turn = requests.enter(place, request)
  if (turn !== undefined) await turn
  try {
    return await work()
  } finally {
    course.answered = true
    if (course.body !== undefined) bodies.leave(course.body)
    requests.leave(place)
  }
}

function spendOf(settings: Settings, { tenant, principal }: Access, course: Course): Spend | undefined {
  const { rateLimit, tenantRate } = settings
  if (rateLimit === undefined) return undefined
  return spendFor(rateLimit, tenantRate, { tenant, principal }, askingFor(settings, course))
}

function askingFor({ engine }: Settings, course: Course): Asking {
  return { startTimer: engine.ports.startTimer, onFailure: (failure) => engine.onError(failure, course) }
}

// Without a caller there is no tenant, no provider and no caller to authorize: the response has only what is the same
// for all callers, as `publicDiscovery` says.
async function discoverPublicly(settings: Settings, request: ScimRequest, course: Course): Promise<Outcome> {
  const engine = await publicEngine(settings)
  const context = { baseUrl: baseUrlOf(request, settings), mediaType: course.type, interop: settings.interop }
  return discover({ engine, context }, routeDiscovery(settings.engine, request, course.subject))
}

function contextOf(settings: Settings, request: ScimRequest, course: Course, access: Access): ScimContext {
  return {
    tenant: access.tenant,
    principal: access.principal,
    ...(access.scopes !== undefined && { scopes: access.scopes }),
    requestId: course.requestId,
    trace: course.trace,
    request: {},
    waitUntil: course.waitUntil,
    // Adapters make a signal on first use, and few operations ask for it.
    get signal() {
      return request.signal
    },
    interop: access.interop === undefined ? settings.interop : interopFrom(access.interop),
    baseUrl:
      access.baseUrl === undefined ? baseUrlOf(request, settings, access.tenant) : checkedBaseUrl(access.baseUrl),
    mediaType: course.type,
  }
}
