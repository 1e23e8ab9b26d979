/** The server of the example: SCIM for the identity provider, and the tools for agents beside it, on one directory. */
import { bearerToken, type ScimOptions } from '@scimkit/core'
import { httpRouter, scimRouter } from '@scimkit/express-adapter'
import { scimMcp } from '@scimkit/mcp'
import { memoryProvider } from '@scimkit/memory-provider'
import express from 'express'
import { listen, type Served } from '../stage/serve.js'

/** The token of everyone here; each customer of a real server has its own. */
export const token = 'an-example-token-of-more-than-32-characters'

/** A running server, and the address of its tools. */
export interface Office extends Served {
  readonly tools: string
}

/** Opens the server on loopback only. */
export async function openOffice(): Promise<Office> {
  const options: ScimOptions = { provider: memoryProvider({ history: 50 }), authenticate: bearerToken(token) }
  const app = express()
  app.use('/scim/v2', scimRouter(options))
  app.use(httpRouter(scimMcp(options)))
  const served = await listen(app)
  return { ...served, tools: new URL('/mcp', served.url).href }
}
