/** One Worker with SCIM on each store of the edge, and a path that answers without SCIM; for bench/workers-cost.mjs. */
import { bearerToken } from '@scimkit/core'
import { scimApp } from '@scimkit/hono-adapter'
import { memoryProvider } from '@scimkit/memory-provider'
import { type D1Database, d1Provider } from '@scimkit/sql-provider/d1'
import { type DurableObjectStorage, durableObjectProvider } from '@scimkit/sql-provider/durable-object'
import { Hono } from 'hono'
import { acmeToken } from '../setups.js'

const authenticate = bearerToken(acmeToken)

/** The resources of one tenant. */
export class Tenant {
  readonly #app: Hono

  constructor({ storage }: { readonly storage: DurableObjectStorage }) {
    const scim = scimApp({ provider: durableObjectProvider(storage), authenticate })
    this.#app = new Hono().route('/object/scim/v2', scim).all('/object/nothing/*', answerNothing)
  }

  fetch(request: Request): Response | Promise<Response> {
    return this.#app.fetch(request)
  }
}

interface Env {
  readonly DB: D1Database
  readonly TENANT: {
    idFromName(name: string): object
    get(id: object): { fetch(request: Request): Promise<Response> }
  }
}

async function answerNothing(c: { readonly req: { text(): Promise<string> } }): Promise<Response> {
  return new Response(JSON.stringify({ received: (await c.req.text()).length }))
}

const app = new Hono<{ Bindings: Env }>()
  .route('/memory/scim/v2', scimApp({ provider: memoryProvider(), authenticate }))
  .route('/d1/scim/v2', scimApp({ provider: (env: Env) => d1Provider(env.DB), authenticate }))
  .all('/object/*', (c) => c.env.TENANT.get(c.env.TENANT.idFromName('acme')).fetch(c.req.raw))
  .all('/:store/nothing/*', answerNothing)

// biome-ignore lint/style/noDefaultExport: it is how a Worker is found
export default app
