/** The parameters in the body of a token request. @see RFC 6749 §3.2, Appendix B */
import type { RequestBody, ScimRequest } from '@scimkit/core/adapter'
import { asObject } from '../records/fields.js'
import { invalidRequest, type OAuthFailure } from './oauth-answer.js'

/** The most bytes of a body. */
export const mostFormBytes = 65_536

const mostParameters = 100

/** Parameters by name, each once, without those that have no value. */
export type Form = ReadonlyMap<string, string>

/** Reads the body. Rejects if the client disconnects. */
export async function readForm(request: ScimRequest): Promise<Form | OAuthFailure> {
  if (request.headersMayBeMissing) return { ...invalidRequest('The request has too many header fields.'), status: 431 }
  const type = request.header('content-type')?.split(';', 1)[0]?.trim().toLowerCase()
  if (type !== 'application/x-www-form-urlencoded') {
    return invalidRequest('The body must be application/x-www-form-urlencoded.')
  }
  const encoding = request.header('content-encoding')?.trim().toLowerCase() ?? 'identity'
  if (encoding !== 'identity') return invalidRequest('The body must have no Content-Encoding.')
  return formOf(await request.body(mostFormBytes))
}

/** True if it is a failure and not a form. */
export function isFailure(result: Form | OAuthFailure): result is OAuthFailure {
  return !(result instanceof Map) && 'kind' in result
}

function formOf(body: RequestBody): Form | OAuthFailure {
  switch (body.kind) {
    case 'tooLarge':
      return { ...invalidRequest(`The body must not have more than ${mostFormBytes} bytes.`), status: 413 }
    case 'parsed':
      return ofPairs(pairsOfParsed(body.value))
    case 'bytes':
      try {
        return ofPairs([...new URLSearchParams(new TextDecoder('utf-8', { fatal: true }).decode(body.bytes))])
      } catch {
        return invalidRequest('The body is not UTF-8.')
      }
  }
}

// A body parser mounted before keeps the values of a repeated parameter as a list.
function pairsOfParsed(value: unknown): (readonly [string, string])[] {
  return Object.entries(asObject(value) ?? {}).flatMap(([name, parsed]) =>
    (Array.isArray(parsed) ? parsed : [parsed]).flatMap((one: unknown) =>
      typeof one === 'string' ? [[name, one]] : [],
    ),
  ) as (readonly [string, string])[]
}

function ofPairs(pairs: readonly (readonly [string, string])[]): Form | OAuthFailure {
  if (pairs.length > mostParameters) return invalidRequest('The body has too many parameters.')
  const seen = new Set<string>()
  const form = new Map<string, string>()
  for (const [name, value] of pairs) {
    if (seen.has(name)) return invalidRequest('A parameter must not be repeated.')
    seen.add(name)
    // RFC 6749 §3.2: without a value, as if it was not sent.
    if (value !== '') form.set(name, value)
  }
  return form
}
