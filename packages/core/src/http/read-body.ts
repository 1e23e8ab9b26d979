/** The JSON of a request body, under the limits. @see RFC 7644 §3.1; RFC 8259 */
import { type ScimError, scimError } from '../errors.js'
import type { InteropSwitches } from '../interop.js'
import type { JsonValue } from '../json.js'
import type { Limits } from '../limits.js'
import { checkContentType } from './media-type.js'
import type { ScimRequest } from './message.js'
import { checkParsed, readJson } from './read-json.js'

/**
 * How to get the body when it is its turn. What the header alone tells is refused now: 415 for a wrong
 * Content-Type, 413 (`tooLarge`) for a Content-Length above `limit` bytes.
 */
export function bodyReader(
  request: ScimRequest,
  interop: InteropSwitches,
  limits: Limits,
  limit: number,
  tooLarge: (limit: number) => ScimError = scimError.payloadTooLarge,
): () => Promise<JsonValue> {
  checkContentType(request.header('content-type'), interop)
  if (Number(request.header('content-length') ?? 0) > limit) throw tooLarge(limit)
  return async () => {
    const body = await request.body(limit).catch(notWhole)
    switch (body.kind) {
      case 'bytes':
        return readJson(body.bytes, limits)
      case 'parsed':
        return checkParsed(body.value, limits)
      case 'tooLarge':
        throw tooLarge(limit)
    }
  }
}

// The client went away, or its connection broke: nobody will read the answer, but it is no failure of ours.
function notWhole(): never {
  throw scimError.badRequest('The body did not arrive whole.')
}
