/** The MCP endpoint of a SCIM server, by the Streamable HTTP transport. */
import { createMcpHandler } from '@modelcontextprotocol/server'
import { createScim, type ScimContext, ScimError } from '@scimkit/core'
import type { HttpHandler, ScimRequest, ScimResponse } from '@scimkit/core/adapter'
import { isArray, isObject, type JsonValue, own } from '@scimkit/core/json'
import { localDirectory } from '../directory/local-directory.js'
import { besideScim, parametersOf } from './endpoint-place.js'
import { jsonRpcError } from './json-rpc-error.js'
import { endpointSettingsFrom, type McpOptions } from './mcp-options.js'
import { type McpServerParts, mcpServer } from './mcp-server.js'
import { checkOrigin } from './origins.js'
import { scimResponse, webRequest } from './web-request.js'
import { takeWrite } from './write-budget.js'

/**
 * Tools for AI agents, beside the SCIM routes and for the same callers: mount the handler as a token endpoint is
 * mounted. Tenant, rights and rate limits are those of the caller that `authenticate` finds; no argument of a tool names
 * a tenant. Serves protocol revision 2026-07-28, and 2025-11-25 without sessions. Throws a TypeError for an invalid option.
 * @example
 * ```ts
 * import { bearerToken } from '@scimkit/core'
 * import { httpRouter, scimRouter } from '@scimkit/express-adapter'
 * import { scimMcp } from '@scimkit/mcp'
 * import { sqliteProvider } from '@scimkit/sql-provider/sqlite'
 * import express from 'express'
 *
 * const options = { provider: sqliteProvider('people.db'), authenticate: bearerToken(process.env.SCIM_TOKEN ?? '') }
 * const app = express()
 * app.use('/scim/v2', scimRouter(options))
 * app.use(httpRouter(scimMcp(options)))
 * ```
 */
export function scimMcp<Native = unknown>(options: McpOptions<Native>): HttpHandler {
  const settings = endpointSettingsFrom(options)
  const { endpoint, scimPath, supportsIdempotencyKeys, startTimer, writeBudget, onError } = settings
  const scim = createScim<Native>(settings.scimOptions)
  const callers = new WeakMap<Request, McpServerParts>()

  const partsFor = (context: ScimContext, native: Native): McpServerParts => {
    const report = (error: unknown): void => onError(error, context.requestId)
    return {
      ...settings,
      directory: localDirectory({ scim, context, native, supportsIdempotencyKeys }),
      limits: scim.limits,
      onError: report,
      takeWrite: async () =>
        writeBudget === undefined
          ? undefined
          : await takeWrite(writeBudget, context, { startTimer, onFailure: report }),
    }
  }

  const mcp = createMcpHandler(({ requestInfo }) => {
    const parts = requestInfo === undefined ? undefined : callers.get(requestInfo)
    // Each server is for one caller: there is none for a request that was not admitted.
    if (parts === undefined) throw new Error('an MCP server was asked for without a caller')
    return mcpServer(parts)
  })

  const answer = async (
    request: ScimRequest,
    context: ScimContext,
    readBody: () => Promise<JsonValue>,
    native: Native,
  ): Promise<ScimResponse> => {
    checkOrigin(request.header('origin'), settings.origins)
    // A GET would ask for a stream, a DELETE would end a session.
    if (request.method !== 'POST') return methodNotAllowed
    const body = await bodyOf(readBody)
    if (body.kind === 'refused') return body.response
    const refusal = refusedMessage(body.value)
    if (refusal !== undefined) return refusal
    const web = webRequest(request)
    callers.set(web, partsFor(context, native))
    return scimResponse(await mcp.fetch(web, { parsedBody: body.value }))
  }

  return {
    limits: scim.limits,
    matches: (target) => parametersOf(target, endpoint) !== undefined,
    handle: (request, native) => {
      const mounted = besideScim(request, scimPath, parametersOf(request.target, endpoint) ?? {})
      // An adapter passes its own request, whose type is that of the options.
      const own = native as Native
      return scim.admit(mounted, (context, readBody) => answer(request, context, readBody, own), own)
    },
  }
}

const noStreams = 'Method not allowed: this endpoint has no streams and no sessions. Use POST.'
const notAllowed: ScimResponse = jsonRpcError(405, -32_000, noStreams)
// @see RFC 9110 §15.5.6
const methodNotAllowed: ScimResponse = { ...notAllowed, headers: { ...notAllowed.headers, Allow: 'POST' } }

type Body =
  | { readonly kind: 'json'; readonly value: JsonValue }
  | { readonly kind: 'refused'; readonly response: ScimResponse }

// The protocol has an error of its own for a body that is not JSON; the others are those of HTTP.
async function bodyOf(readBody: () => Promise<JsonValue>): Promise<Body> {
  try {
    return { kind: 'json', value: await readBody() }
  } catch (error) {
    if (!(error instanceof ScimError) || error.status !== 400) throw error
    return { kind: 'refused', response: jsonRpcError(400, -32_700, `Parse error: ${error.message}`) }
  }
}

function refusedMessage(body: JsonValue): ScimResponse | undefined {
  // One request is one call for the rate limits; the revisions of this endpoint have no batches.
  if (isArray(body)) return jsonRpcError(400, -32_600, 'Invalid request: batches are not supported.')
  // The answer is a stream without end, which would hold its place among the requests in flight.
  if (!isObject(body) || own(body, 'method') !== 'subscriptions/listen') return undefined
  return jsonRpcError(404, -32_601, 'Method not found: this server sends no notifications.', own(body, 'id') ?? null)
}
