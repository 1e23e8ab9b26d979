/** The JSON of a request body, under the limits. @see RFC 7644 §3.1; RFC 8259 */
import { mediaTypes, ScimError, scimError } from '../errors.js'
import type { InteropSwitches } from '../interop.js'
import type { JsonValue } from '../json.js'
import type { Limits } from '../limits.js'
import { inPortions, type Pace } from '../portions.js'
import { checkContentEncoding, checkContentType } from './media-type.js'
import type { ScimRequest } from './message.js'
import { checkParsedInSteps, readJson, readJsonInSteps } from './read-json.js'

// A body of this length is read in about a millisecond.
const bytesAtOnce = 65_536

/**
 * How to get the body when it is its turn. What the header alone tells is refused now: 415 for a wrong
 * Content-Type or Content-Encoding, 413 (`tooLarge`) for a Content-Length above `limit` bytes. A long body is read at a
 * pace that gives others a turn.
 */
export function bodyReader(
  request: ScimRequest,
  interop: InteropSwitches,
  limits: Limits,
  limit: number,
  pace: Pace,
  tooLarge: (limit: number) => ScimError = scimError.payloadTooLarge,
): () => Promise<JsonValue> {
  const { method, bodyDecoded } = request
  const checkEncoding = (): void => checkContentEncoding(request.header('content-encoding'))
  withAcceptPatch(method, () => {
    checkContentType(request.header('content-type'), interop)
    if (bodyDecoded === false) checkEncoding()
  })
  if (Number(request.header('content-length') ?? 0) > limit) throw tooLarge(limit)
  return async () => {
    const body = await request.body(limit).catch(notWhole)
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

// RFC 5789 §2.2: a 415 to a PATCH SHOULD name the patch documents that are taken.
function withAcceptPatch(method: string, check: () => void): void {
  try {
    check()
  } catch (error) {
    if (!(error instanceof ScimError) || method !== 'PATCH') throw error
    throw new ScimError(error.status, error.message, { headers: { ...error.headers, 'Accept-Patch': mediaTypes } })
  }
}

// The client went away, or its connection broke: nobody will read the answer, but it is no failure of ours.
function notWhole(): never {
  throw scimError.badRequest('The body did not arrive whole.')
}
