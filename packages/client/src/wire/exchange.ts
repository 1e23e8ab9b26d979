/** Sends one request and reads its response. Maps every transport and protocol error to a `Failure`. */
import { ScimClientError } from '../failure.js'
import { errorWithoutResponse } from './error-response.js'
import { initOf, type RequestMessage } from './request.js'
import { type ResponseMessage, responseOf } from './response.js'
import type { Wire } from './wire.js'

/**
 * Sends one request. Throws a ScimClientError for a status of 400 or above, for a lost response, and for a response that
 * is not a JSON object. Errors that the `token` function throws are rethrown unchanged.
 */
export async function exchange(wire: Wire, message: RequestMessage): Promise<ResponseMessage> {
  const { method, target, signal } = message
  const isRead = method === 'GET' || target.split('?')[0]?.endsWith('/.search') === true
  const what = `${method} ${wire.base}${target}`
  if (signal?.aborted) throw new ScimClientError(`${what}: aborted`, { kind: 'aborted' }, signal.reason)
  const init = await initOf(wire, message, what, isRead)
  let response: Response
  try {
    response = await wire.fetch(`${wire.base}${target}`, init)
  } catch (error) {
    throw errorWithoutResponse(what, isRead, wire.isNotSent(error), signal, error)
  }
  let text: string
  try {
    text = response.status === 204 || response.status === 304 ? '' : await response.text()
  } catch (error) {
    // The status was received, and the status alone decides the outcome of a write.
    if (isRead || response.status >= 400) throw errorWithoutResponse(what, isRead, false, signal, error)
    text = ''
  }
  return responseOf(wire, message, what, isRead, response, text)
}
