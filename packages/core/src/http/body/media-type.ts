/**
 * The JSON media types of requests and responses. Responses are `application/scim+json` unless the client accepts
 * `application/json` alone.
 * @see RFC 7644 §3.1, §8.1; RFC 9110 §12.5.1
 */
import type { MediaType } from '../../context.js'
import { scimError } from '../../errors.js'
import type { InteropSwitches } from '../../interop.js'

const longestAccept = 2_048

/** The media type of the response. Throws 406 if the client accepts neither type. */
export function negotiate(accept: string | undefined): MediaType {
  if (accept === undefined || accept.trim() === '') return 'application/scim+json'
  if (accept.length > longestAccept) throw scimError.notAcceptable('The Accept header is too long.')
  const ranges = accept.split(',').map(parseRange)
  const scim = quality(ranges, 'application/scim+json')
  const json = quality(ranges, 'application/json')
  if (scim === 0 && json === 0) {
    throw scimError.notAcceptable('Responses are application/scim+json or application/json; Accept allows neither.')
  }
  return scim >= json ? 'application/scim+json' : 'application/json'
}

interface MediaRange {
  readonly type: string
  readonly q: number
}

function parseRange(text: string): MediaRange {
  const [type = '', ...parameters] = text.split(';').map((part) => part.trim().toLowerCase())
  const q = parameters.find((parameter) => parameter.startsWith('q='))
  if (q === undefined) return { type, q: 1 }
  const value = Number(q.slice(2))
  return { type, q: value >= 0 && value <= 1 ? value : 0 }
}

// The most specific range decides (RFC 9110 §12.5.1).
function quality(ranges: readonly MediaRange[], type: string): number {
  for (const wanted of [type, 'application/*', '*/*']) {
    const range = ranges.find((candidate) => candidate.type === wanted)
    if (range !== undefined) return range.q
  }
  return 0
}

/**
 * Throws 415 for a Content-Encoding that this server does not decode. The response names the supported ones
 * (`Accept-Encoding`), which also says that the media type was not the reason.
 * @see RFC 9110 §8.4, §12.5.3, §15.5.16; RFC 7694 §3
 */
export function checkContentEncoding(contentEncoding: string | undefined): void {
  const codings = (contentEncoding ?? '').split(',').map((coding) => coding.trim().toLowerCase())
  if (!codings.every((coding) => coding === '' || coding === 'identity')) throw scimError.unsupportedEncoding()
}

/** Throws 415 unless the media type of a body is JSON in UTF-8. */
export function checkContentType(contentType: string | undefined, interop: InteropSwitches): void {
  if (contentType === undefined || contentType === '') {
    if (interop.missingContentType) return
    throw scimError.unsupportedMediaType('Content-Type is required: application/scim+json or application/json.')
  }
  const [type = '', ...parameters] = contentType
    .toLowerCase()
    .split(';')
    .map((part) => part.trim())
  if (type !== 'application/scim+json' && type !== 'application/json') {
    throw scimError.unsupportedMediaType('Bodies are application/scim+json or application/json.')
  }
  const charset = parameters.find((parameter) => parameter.startsWith('charset='))?.slice('charset='.length)
  if (charset !== undefined && charset !== 'utf-8' && charset !== '"utf-8"' && charset !== 'utf8') {
    throw scimError.unsupportedMediaType('Bodies are in UTF-8 (RFC 8259 §8.1).')
  }
}
