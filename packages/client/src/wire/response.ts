/** Reads a response of `fetch`. */
import { isObject, type JsonObject, type JsonValue } from '@scimkit/core/json'
import { ScimClientError } from '../failure.js'
import { errorOfResponse, resultMissing } from './error-response.js'
import type { RequestMessage } from './request.js'
import type { Wire } from './wire.js'

/** A response with a status below 400. */
export interface ResponseMessage {
  readonly status: number
  readonly tag: string | undefined
  readonly location: string | undefined
  readonly text: string
  /** Undefined for a response without a body. */
  readonly body: JsonObject | undefined
}

/** The response, parsed. Throws a ScimClientError for a status of 400 or above, a redirect, and a text that is not a JSON object. */
export function responseOf(
  wire: Wire,
  message: RequestMessage,
  what: string,
  isRead: boolean,
  response: Response,
  text: string,
): ResponseMessage {
  const { status } = response
  const body = jsonObject(text)
  const isRedirect = status === 0 || (status >= 300 && status < 400 && status !== 304)
  if (isRedirect || status >= 400) throw errorOfResponse(wire, message, what, isRead, response, body)
  if (text !== '' && body === undefined) {
    const detail = `${what}: the response (${status}) is not a JSON object`
    if (isRead) throw new ScimClientError(detail, { kind: 'invalidResponse', status })
    throw resultMissing(`${detail}; the write may have been applied`, status)
  }
  const tag = response.headers.get('etag') ?? undefined
  return { status, tag, location: response.headers.get('location') ?? undefined, text, body }
}

/** Parses a text as a JSON object; undefined if it is not one. */
export function jsonObject(text: string): JsonObject | undefined {
  try {
    const value: JsonValue = JSON.parse(text)
    return isObject(value) ? value : undefined
  } catch {
    return undefined
  }
}
