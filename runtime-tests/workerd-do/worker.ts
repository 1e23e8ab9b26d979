/** A Worker as its users would write it, with one Durable Object for each tenant. Here once for each setup. */
import { scimApp } from '@scimkit/hono-adapter'
import { type DurableObjectStorage, durableObjectProvider } from '@scimkit/sql-provider/durable-object'
import { Hono } from 'hono'
import { acmeToken, optionsOf, setups } from '../setups.js'
import { casesInside } from '../workerd-d1/cases-inside.js'
import { casesOfStorage } from './cases-of-storage.js'

/** One tenant's resources, in the SQLite of the object. */
export class Tenant {
  readonly #app: Hono

  constructor(context: ObjectContext) {
    const provider = durableObjectProvider(context.storage)
    const app = new Hono()
    for (const setup of setups) app.route(`/${setup}/scim/v2`, scimApp(optionsOf(setup, provider)))
    for (const name of ['members', 'reset']) app.route(`/${name}/scim/v2`, scimApp(optionsOf('exchange', provider)))
    app.post('/reset/now', () => {
      context.abort('reset by a test')
      throw new Error('the object was not reset')
    })
    app.route(
      '/inside',
      casesInside(() => casesOfStorage(context.storage)),
    )
    this.#app = app
  }

  fetch(request: Request): Response | Promise<Response> {
    return this.#app.fetch(request)
  }
}

interface ObjectContext {
  readonly storage: DurableObjectStorage
  abort(reason: string): void
}

interface Env {
  readonly TENANT: {
    idFromName(name: string): object
    get(id: object): { fetch(request: Request): Promise<Response> }
  }
}

// biome-ignore lint/style/noDefaultExport: it is how a Worker is found
export default {
  async fetch(request: Request, { TENANT }: Env): Promise<Response> {
    const [, setup = ''] = new URL(request.url).pathname.split('/')
    const tenant = request.headers.get('Authorization') === `Bearer ${acmeToken}` ? 'acme' : 'others'
    try {
      return await TENANT.get(TENANT.idFromName(`${setup}/${tenant}`)).fetch(request)
    } catch {
      // The object was lost, and it is unknown whether it has written.
      return new Response(null, { status: 503, headers: { 'Retry-After': '1' } })
    }
  },
}
