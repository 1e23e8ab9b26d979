import type { ScimOptions } from '@scimkit/core'
import { createScim } from '@scimkit/core'
import { answerFetch } from '@scimkit/fetch-http'
import { withMemory } from '@scimkit/memory-provider'
import { type Context, Hono } from 'hono'

/**
 * SCIM as a Hono app: `app.route('/scim/v2', scimApp({ provider, authenticate }))`, on Node, Bun, Deno and Workers.
 * Without a provider everything lives in memory, and without `authenticate` as well everybody is let in; both are
 * warned of once. `authenticate` and a `provider` function are given Hono's `env` (Workers' bindings). Every path below
 * the route is answered here.
 */
export function scimApp(options?: Partial<ScimOptions>): Hono {
  const scim = createScim(withMemory(options))
  return new Hono().all('*', (c) =>
    answerFetch(scim, c.req.raw, { mount: mountOf(c), parsedBody: () => c.req.text() }, c.env),
  )
}

// The route is a pattern (`/:tenant/scim/v2/*`); the mount is as much of the path as it covers.
function mountOf(c: Context): string {
  const depth = c.req.routePath.split('/').length - 1
  const url = c.req.url
  const path = url.slice(url.indexOf('/', url.indexOf('://') + 3)).split('?', 1)[0] ?? ''
  return path.split('/').slice(0, depth).join('/')
}
