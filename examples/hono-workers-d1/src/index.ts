/** SCIM on Cloudflare Workers with Hono, with a bearer token and D1. */
import { bearerToken } from '@scimkit/core'
import { scimApp } from '@scimkit/hono-adapter'
import { type D1Database, d1Provider } from '@scimkit/sql-provider/d1'
import { Hono } from 'hono'

interface Env {
  readonly DB: D1Database
  /** 32 characters or more: openssl rand -hex 32 */
  readonly SCIM_TOKEN: string
}

const scim = scimApp({
  // The tables are created by migrations/, not by a request.
  provider: (env: Env) => d1Provider(env.DB, { migrations: 'never' }),
  authenticate: bearerToken((env: Env) => env.SCIM_TOKEN),
  interop: 'entra',
})

const app = new Hono<{ Bindings: Env }>()
app.route('/scim/v2', scim)
app.get('/', (c) => c.text('SCIM is at /scim/v2'))

// biome-ignore lint/style/noDefaultExport: Workers expect one
export default app
