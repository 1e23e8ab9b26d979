/** The JSON of a request body, under the limits. @see RFC 7644 §3.1; RFC 8259 */
import { mediaTypes, ScimError, scimError } from '../../errors.js'
import type { InteropSwitches } from '../../interop.js'
import type { JsonValue } from '../../json/value.js'
import type { Limits } from '../../limits.js'
import { inPortions, type Pace } from '../../pacing/portions.js'
import type { RequestBody, ScimRequest } from '../adapter-interface.js'
import { type BodySpace, growingRoom, roomFor, shrinkTo } from './body-space.js'
import { checkContentEncoding, checkContentType } from './media-type.js'
import { checkParsedInSteps, readJson, readJsonInSteps } from './read-json.js'

// A body of this length is read in about a millisecond.
const bytesAtOnce = 65_536

/** The settings for reading a body. */
export interface BodyReading {
  readonly interop: InteropSwitches
  readonly limits: Limits
  readonly space: BodySpace
  readonly pace: Pace
}

/**
 * A function that reads the body when it is needed. Errors in the header alone are refused now: 415 for a wrong
 * Content-Type or Content-Encoding, 413 (`tooLarge`) for a Content-Length above `limit` bytes. A large body waits for
 * room in memory before it is read (503 if there is none), and is read at a pace that lets other requests run.
 */
export function bodyReader(
  request: ScimRequest,
  { interop, limits, space, pace }: BodyReading,
  limit: number,
  tooLarge: (limit: number) => ScimError = scimError.payloadTooLarge,
): () => Promise<JsonValue> {
  const { method, bodyDecoded } = request
  const checkEncoding = (): void => checkContentEncoding(request.header('content-encoding'))
  withAcceptPatch(method, () => {
    checkContentType(request.header('content-type'), interop)
    if (bodyDecoded === false) checkEncoding()
  })
  const length = lengthOf(request)
  if (length !== undefined && length > limit) throw tooLarge(limit)
  return async () => {
    const body = await bodyInRoom(request, space, limit, length)
    switch (body.kind) {
      case 'bytes':
        if (bodyDecoded === undefined) withAcceptPatch(method, checkEncoding)
        return body.bytes.length <= bytesAtOnce
          ? readJson(body.bytes, limits)
          : inPortions(readJsonInSteps(body.bytes, limits), pace)
      case 'parsed':
        return inPortions(checkParsedInSteps(body.value, limits), pace)
      case 'tooLarge':
        throw tooLarge(limit)
    }
  }
}

async function bodyInRoom(
  request: ScimRequest,
  space: BodySpace,
  limit: number,
  length: number | undefined,
): Promise<RequestBody> {
  if (length === undefined) {
    const body = await request.body(limit, growingRoom(space, request, limit)).catch(notWhole)
    if (body.kind === 'bytes') shrinkTo(space, body.bytes.length)
    return body
  }
  const room = roomFor(space, request, length)
  if (room !== undefined) await room
  return request.body(limit).catch(notWhole)
}

// HTTP servers have compared the length with the received bytes; a text that is not a number has no meaning.
function lengthOf(request: ScimRequest): number | undefined {
  const text = request.header('content-length')
  const length = text === undefined ? Number.NaN : Number(text)
  return length >= 0 ? length : undefined
}

// RFC 5789 §2.2: a 415 to a PATCH SHOULD name the supported patch documents.
function withAcceptPatch(method: string, check: () => void): void {
  try {
    check()
  } catch (error) {
    if (!(error instanceof ScimError) || method !== 'PATCH') throw error
    throw new ScimError(error.status, error.message, { headers: { ...error.headers, 'Accept-Patch': mediaTypes } })
  }
}

// The client disconnected, or its connection broke: no client reads the response, but it is not a failure of the
// server. A ScimError is a refusal of the room for the body.
function notWhole(error: unknown): never {
  if (error instanceof ScimError) throw error
  throw scimError.badRequest('The request body is incomplete.')
}
