/**
 * Converts method and path to an operation. This file only reads the request; it makes no other decision.
 * @see RFC 7644 §3.2 (table 1: endpoints and methods)
 */
import type { ScimContext } from '../context.js'
import type { Call } from '../engine/call.js'
import { type Engine, paceFor } from '../engine/engine.js'
import { findTypeAt } from '../engine/find-type.js'
import { scimError } from '../errors.js'
import type { DiscoverOperation, Operation, ReturnPreference } from '../operation-types/operation.js'
import { meNotSupported, refuseMyMethod } from '../operations/me.js'
import { checkOffered, collectionMethods, resourceMethods } from '../permissions/offered.js'
import type { MaybePromise } from '../provider/provider.js'
import type { ResourceType } from '../schema/attribute.js'
import { type Precondition, parsePrecondition } from '../versioning/precondition.js'
import type { ScimRequest } from './adapter-interface.js'
import type { BodyHold } from './body/body-space.js'
import { type BodyReading, bodyReader } from './body/read-body.js'
import { bulkRequestFrom } from './bulk-request.js'
import { discoveryOperation, isDiscoveryEndpoint } from './discovery-request.js'
import { idempotencyKey } from './idempotency-key.js'
import { returnPreference } from './prefer.js'
import { projectionParameters, searchParameters, searchRequestFrom } from './search-parameters.js'
import { asWritten, parseTarget, type Target } from './url/target.js'

/** The subject of a request, for its event; known even where the request leads to no operation. */
export interface Subject {
  type?: string | undefined
  id?: string
}

/**
 * The operation of a request. Throws 400, 404, 405, 413, 414, 415 or 501; a promise rejects with 405 on /Me, whose
 * `Allow` depends on the caller. `subject` is filled in on the way; the space that the body takes for large bodies is
 * noted in `hold`.
 */
export function route(call: Call, request: ScimRequest, subject: Subject, hold: BodyHold): MaybePromise<Operation> {
  if (request.target.length > call.engine.limits.targetLength) {
    throw scimError.uriTooLong(call.engine.limits.targetLength)
  }
  const target = parseTarget(request.target, request.mount, call.context.interop)
  const [first, second, third] = target.segments
  const method = request.method === 'HEAD' ? 'GET' : request.method
  const precondition = preconditionOf(call.engine, request)
  const asked: Asked = { engine: call.engine, context: call.context, request, method, target, precondition, hold }
  if (first === undefined) return onRoot(asked)
  if (third !== undefined) throw scimError.notFound()
  if (first === 'Me' && second === undefined) {
    subject.type = first
    return onMe(asked)
  }
  if (first === '.search' && second === undefined) {
    subject.type = first
    return onSearch(asked, undefined)
  }
  if (first === 'Bulk' && second === undefined) {
    subject.type = first
    return onBulk(asked)
  }
  if (isDiscoveryEndpoint(first)) {
    subject.type = first
    return discoveryOperation(method, first, target, precondition)
  }
  const type = findTypeAt(call.engine, first)
  if (type === undefined) throw scimError.notFound()
  subject.type = type.name
  if (second === undefined) return onCollection(asked, type)
  if (second === '.search') return onSearch(asked, type)
  subject.id = second
  return onResource(asked, type, second)
}

/** The operation of an unauthenticated request to a discovery endpoint. Throws 403, 404 or 405. */
export function routeDiscovery(
  engine: Pick<Engine, 'limits' | 'etag'>,
  request: ScimRequest,
  subject: Subject,
): DiscoverOperation {
  const target = parseTarget(request.target, request.mount, asWritten)
  const [endpoint] = target.segments
  if (!isDiscoveryEndpoint(endpoint)) throw scimError.notFound()
  subject.type = endpoint
  const method = request.method === 'HEAD' ? 'GET' : request.method
  return discoveryOperation(method, endpoint, target, preconditionOf(engine, request))
}

function preconditionOf({ limits, etag }: Pick<Engine, 'limits' | 'etag'>, request: ScimRequest): Precondition {
  return parsePrecondition(request.header('if-match'), request.header('if-none-match'), limits, etag)
}

interface Asked {
  readonly engine: Engine
  readonly context: ScimContext
  readonly request: ScimRequest
  /** HEAD is treated as GET; the response loses its body at the end. */
  readonly method: string
  readonly target: Target
  readonly precondition: Precondition
  readonly hold: BodyHold
}

function onCollection(asked: Asked, type: ResourceType): Operation {
  const { method, target, precondition } = asked
  switch (method) {
    case 'GET':
      return { kind: 'query', type: type.name, search: searchParameters(target.query), precondition }
    case 'POST': {
      // 405 comes before errors in the rest of the request.
      checkOffered(type, 'create')
      const projection = projectionParameters(target.query)
      const key = idempotencyKey(asked.request.header('idempotency-key'))
      return {
        kind: 'create',
        type: type.name,
        body: bodyFor(asked, type),
        precondition,
        projection,
        ...prefer(asked),
        ...(key !== undefined && { idempotencyKey: key }),
      }
    }
    default:
      throw scimError.methodNotAllowed(collectionMethods(type))
  }
}

// RFC 7644 §3.4.2.1: all resources within the server, subject to filtering.
function onRoot({ method, target, precondition }: Asked): Operation {
  if (method !== 'GET') throw scimError.methodNotAllowed('GET, HEAD')
  return { kind: 'query', search: searchParameters(target.query), precondition }
}

function onSearch(asked: Asked, type: ResourceType | undefined): Operation {
  const { method, precondition, context } = asked
  if (method !== 'POST') throw scimError.methodNotAllowed('POST')
  const body = bodyFor(asked, type)
  const search = async () => searchRequestFrom(await body(), context.interop)
  return { kind: 'query', ...(type !== undefined && { type: type.name }), search, precondition, viaPost: true }
}

// The type is known only after the host has named the resource of the caller.
function onMe(asked: Asked): MaybePromise<Operation> {
  const { engine, context, method, target, precondition } = asked
  if (engine.me === undefined) throw meNotSupported()
  const projection = projectionParameters(target.query)
  switch (method) {
    case 'GET':
      return { kind: 'me', operation: { kind: 'get', precondition, projection } }
    case 'PUT':
    case 'PATCH': {
      const kind = method === 'PUT' ? 'replace' : 'patch'
      return {
        kind: 'me',
        operation: { kind, body: bodyFor(asked, undefined), precondition, projection, ...prefer(asked) },
      }
    }
    case 'DELETE':
      return { kind: 'me', operation: { kind: 'remove', precondition } }
    case 'POST':
      // The caller is known, so its resource exists already; RFC 7644 §3.11 leaves the rest to the server.
      throw scimError.notImplemented('/Me does not support creation of resources.')
    default:
      return refuseMyMethod({ engine, context })
  }
}

function onResource(asked: Asked, type: ResourceType, id: string): Operation {
  const { method, target, precondition } = asked
  const ref = { type: type.name, id }
  switch (method) {
    case 'GET':
      return { kind: 'get', ref, precondition, projection: projectionParameters(target.query) }
    case 'PUT':
    case 'PATCH': {
      const kind = method === 'PUT' ? 'replace' : 'patch'
      checkOffered(type, kind)
      const projection = projectionParameters(target.query)
      return { kind, ref, body: bodyFor(asked, type), precondition, projection, ...prefer(asked) }
    }
    case 'DELETE':
      return { kind: 'remove', ref, precondition }
    default:
      throw scimError.methodNotAllowed(resourceMethods(type))
  }
}

function prefer({ request }: Asked): { readonly prefer?: ReturnPreference } {
  const preference = returnPreference(request.header('prefer'))
  return preference === undefined ? {} : { prefer: preference }
}

function onBulk(asked: Asked): Operation {
  const { engine, context, request, method, precondition } = asked
  if (method !== 'POST') throw scimError.methodNotAllowed('POST')
  const { bulkPayloadBytes } = engine.limits
  const body = bodyReader(request, readingFor(asked), bulkPayloadBytes, scimError.bulkTooLarge)
  return { kind: 'bulk', request: async () => bulkRequestFrom({ engine, context }, await body()), precondition }
}

function bodyFor(asked: Asked, type: ResourceType | undefined): ReturnType<typeof bodyReader> {
  const { engine, request } = asked
  const { limits } = engine
  const limit = type?.members === undefined ? limits.bodyBytes : limits.groupBodyBytes
  return bodyReader(request, readingFor(asked), limit)
}

function readingFor({ engine, context, hold }: Asked): BodyReading {
  return bodyReadingFor(engine, context, hold)
}

/** The settings for reading the body of a request by this caller. */
export function bodyReadingFor(
  engine: Pick<Engine, 'limits' | 'gates' | 'ports'>,
  context: ScimContext,
  hold: BodyHold,
): BodyReading {
  const { limits, gates } = engine
  const space = { gate: gates.bodies, capacity: limits.bodyBytesInFlight, tenant: context.tenant, hold }
  return { interop: context.interop, limits, space, pace: paceFor(engine, context) }
}
