import { basePathOf, createScim, placeOf, type ScimOptions } from '@scimkit/core'
import { withMemory } from '@scimkit/memory-provider'
import { answerFetch } from './answer-fetch.js'
import { receivedTarget } from './received-target.js'

/** The options of every adapter, and where SCIM lives: `/scim/v2`, or everything by default. */
export interface FetchScimOptions extends Partial<ScimOptions> {
  readonly basePath?: string
}

/**
 * SCIM as a `fetch` handler, for Bun.serve, Deno.serve, Workers and any other host of web requests. `env`, the
 * second thing that such hosts hand over, is what `authenticate` and a `provider` function are given as `native`; without
 * one it is the request. Every path is answered here; those outside `basePath` are 404 to whoever is let in.
 */
export function fetchHandler(options: FetchScimOptions = {}): (request: Request, env?: unknown) => Promise<Response> {
  const { basePath: path = '', ...scimOptions } = options
  const basePath = basePathOf(path)
  const scim = createScim(withMemory(scimOptions))
  return (request, env) => {
    const { received, left } = receivedTarget(request, env)
    const place = placeOf(received, left, basePath)
    return answerFetch(scim, request, { ...place, parsedBody: () => undefined }, env ?? request)
  }
}
