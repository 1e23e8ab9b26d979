import { errorAnswer, ScimError } from '@scimkit/core'

/**
 * Answers in the form of SCIM what `@hono/node-server` refuses before it calls a handler, such as a Host or target that makes
 * no URL: `getRequestListener(app.fetch, { errorHandler: refusedRequest })`. Without it the answer is 400 with an empty body.
 * An error of another kind is 500.
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
