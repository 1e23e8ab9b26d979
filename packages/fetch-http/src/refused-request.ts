import { ScimError } from '@scimkit/core'
import { errorAnswer } from '@scimkit/core/adapter'

/**
 * A SCIM error for requests that `@hono/node-server` rejects before it calls a handler, such as those whose Host or target is
 * not a valid URL: `getRequestListener(app.fetch, { errorHandler: refusedRequest })`. Without it the response is 400 with an
 * empty body. An error of another kind is 500.
 */
export function refusedRequest(error: unknown): Response {
  const isRefusal = error instanceof Error && error.name === 'RequestError'
  const { status, headers, body } = errorAnswer(
    isRefusal
      ? new ScimError(400, 'The Host header or the request target is missing or not valid.')
      : new ScimError(500, 'The server failed; whether anything was changed is not known.'),
  )
  return new Response(body, { status, headers })
}
