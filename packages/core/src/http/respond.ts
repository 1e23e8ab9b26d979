/**
 * Converts outcomes and errors to responses. Every status and every header is decided here.
 * @see RFC 7644 §3.3, §3.4, §3.5, §3.6, §3.12, §3.14; RFC 9110 §15
 */
import type { MediaType } from '../context.js'
import { type ScimError, type ScimType, scimError } from '../errors.js'
import type { RequestEvent } from '../events.js'
import type { BulkOutcome, MismatchOutcome, Outcome, PreconditionRequiredOutcome } from '../operation-types/outcome.js'
import type { DocumentRepresentation, Representation } from '../operation-types/representation.js'
import { type EntityTags, type HttpVersion, tagOfVersion } from '../versioning/version.js'
import type { ScimResponse } from './adapter-interface.js'
import { bulkResponse } from './bulk-response.js'
import { type ErrorExtension, preconditionFailedBody } from './precondition-failed-body.js'
import { conflictDetails } from './prefer.js'

/** A response, and the data of its event. */
export interface Answer extends ScimResponse {
  /** An object of this response alone, so that `handle` can add to it without a copy. */
  readonly headers: Record<string, string>
  readonly scimType: ScimType | undefined
  readonly tag: HttpVersion | undefined
  readonly bulk?: RequestEvent['bulk']
}

/** The format of the responses to one request. */
export interface Rendering {
  readonly type: MediaType
  readonly tags: EntityTags
  /** True if the client requested the conflict of a 412 in the body; else the body is a plain Error message. */
  readonly conflictDetails: boolean
}

/** The response to an operation that ended without an error. */
export function respond(outcome: Outcome, rendering: Rendering): Answer {
  const { type, tags } = rendering
  switch (outcome.kind) {
    case 'success':
      return resourceAnswer(200, outcome.value, type, {})
    case 'created':
      return resourceAnswer(201, outcome.value, type, { Location: outcome.value.location })
    case 'removed':
      return answer(204, {}, null)
    case 'notModified':
      return answer(304, { 'Cache-Control': revalidate, ...contentLocation(outcome.location) }, null, outcome.tag)
    case 'list':
      return answer(200, { 'Cache-Control': revalidate, ...contentType(type) }, outcome.value.text)
    case 'document':
      return documentAnswer(outcome.value, type)
    case 'me':
      return located(respond(outcome.outcome, rendering), outcome.location)
    case 'versionMismatch':
      return mismatchAnswer(outcome, rendering)
    case 'preconditionRequired':
      return requiredAnswer(outcome, type, tags)
    case 'bulk':
      return bulkAnswer(outcome, rendering)
    case 'notFound':
      return respondToError(scimError.notFound(), type)
    case 'duplicate':
      return respondToError(scimError.uniqueness(`Another resource has this ${outcome.attribute}.`), type)
  }
}

// RFC 7644 §3.11: in any response of /Me, Location is the permanent location of the resource.
function located(given: Answer, location: string): Answer {
  return { ...given, headers: { ...given.headers, Location: location } }
}

/**
 * The response to a request that an error ended: the members of RFC 7644 §3.12 and no others, because clients with
 * strict models cannot read a message that has more. `more` is for a client that requested it.
 * @see RFC 7644 §3.12
 */
export function respondToError(error: ScimError, type: MediaType, tag?: HttpVersion, more?: ErrorExtension): Answer {
  const body = {
    schemas: ['urn:ietf:params:scim:api:messages:2.0:Error', ...(more === undefined ? [] : [more.schema])],
    ...(error.scimType !== undefined && { scimType: error.scimType }),
    detail: error.message,
    status: String(error.status),
    ...(more !== undefined && { [more.schema]: more.value }),
  }
  return {
    ...answer(error.status, { ...error.headers, ...contentType(type) }, JSON.stringify(body), tag),
    scimType: error.scimType,
  }
}

/**
 * The response to a request that was refused before `handle` could be called, for hosts that refuse some by themselves.
 */
export function errorAnswer(error: ScimError): ScimResponse {
  const { status, headers, body } = respondToError(error, 'application/scim+json')
  return { status, headers, body }
}

/** The same response without its body: for HEAD. @see RFC 9110 §9.3.2 */
export function withoutBody<Given extends ScimResponse>(response: Given): Given {
  return { ...response, body: null }
}

// Only the client may keep a copy, and must revalidate it before each use.
const revalidate = 'private, no-cache'

const always: Readonly<Record<string, string>> = {
  'Cache-Control': 'no-store',
  Vary: 'Accept, Authorization',
  'X-Content-Type-Options': 'nosniff',
}

function answer(
  status: number,
  headers: Readonly<Record<string, string>>,
  body: string | null,
  tag?: HttpVersion,
): Answer {
  return {
    status,
    headers: { ...always, ...headers, ...(tag !== undefined && { ETag: tag }) },
    body,
    scimType: undefined,
    tag,
  }
}

// RFC 7643 §3.1: it is the same as meta.location. RFC 9110 §15.4.5: a 304 has the headers that the 200 would have.
function contentLocation(location: string | undefined): Readonly<Record<string, string>> {
  return location === undefined ? {} : { 'Content-Location': location }
}

function contentType(type: MediaType): Readonly<Record<string, string>> {
  return { 'Content-Type': type }
}

function resourceAnswer(
  status: number,
  value: Representation,
  type: MediaType,
  given: Readonly<Record<string, string>>,
): Answer {
  const { text, tag, applied } = value
  const headers = { ...given, ...(applied !== undefined && { 'Preference-Applied': `return=${applied}` }) }
  // Without its body the status remains 201: it is the sign of a new resource (RFC 7644 §3.3).
  if (text === undefined) return answer(status === 200 ? 204 : status, headers, null, tag)
  const about = { ...contentLocation(value.location), ...contentType(type) }
  return answer(status, { 'Cache-Control': revalidate, ...headers, ...about }, text, tag)
}

function documentAnswer({ location, text, tag }: DocumentRepresentation, type: MediaType): Answer {
  const about = { ...contentLocation(location), ...contentType(type) }
  return answer(200, { 'Cache-Control': revalidate, ...about }, text, tag)
}

function mismatchAnswer(outcome: MismatchOutcome, { type, tags, conflictDetails: isAsked }: Rendering): Answer {
  const { detail, tag, extension } = preconditionFailedBody(outcome, tags)
  const error = scimError.preconditionFailed(detail)
  return isAsked ? applied(respondToError(error, type, tag, extension)) : respondToError(error, type, tag)
}

// RFC 7240 §3. `return=…` changes responses without a conflict, so the two are never in one header.
function applied(given: Answer): Answer {
  return { ...given, headers: { ...given.headers, 'Preference-Applied': conflictDetails } }
}

// RFC 6585 §3: the response SHOULD explain how to send the request again.
function requiredAnswer({ current }: PreconditionRequiredOutcome, type: MediaType, tags: EntityTags): Answer {
  const tag = tagOfVersion(current, tags)
  const detail = `This server requires If-Match for this change: read the resource, and send its ETag. The current ETag is ${tag}.`
  return respondToError(scimError.preconditionRequired(detail), type, tag)
}

// RFC 7644 §3.7: 200 however the operations ended; each result has a status of its own. Preferences of the request apply to all.
function bulkAnswer({ value }: BulkOutcome, rendering: Rendering): Answer {
  const { type } = rendering
  const text = bulkResponse(value, (failed) =>
    failed.kind === 'error' ? respondToError(failed.error, type) : respond(failed, rendering),
  )
  const bulk = { operations: value.results.length, failed: value.failed }
  const given = { ...answer(200, contentType(type), text), bulk }
  const hasConflict = value.results.some(({ outcome }) => outcome.kind === 'versionMismatch')
  return rendering.conflictDetails && hasConflict ? applied(given) : given
}
