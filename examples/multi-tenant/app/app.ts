/** A product with two customers: SCIM for both on one server and one database, with Koa. */
import { type Connections, scimConnections } from '@scimkit/connections'
import { processRateLimiter } from '@scimkit/connections/node'
import { createScim, type Scim, type ScimOptions, tenantFromPath } from '@scimkit/core'
import { httpMiddleware, scimMiddleware } from '@scimkit/koa-adapter'
import type { SqlProvider } from '@scimkit/sql-provider'
import { sqliteProvider } from '@scimkit/sql-provider/sqlite'
import Koa from 'koa'
import { type Customers, customersOf } from './customers.js'

/** The application, and what its operators use. */
export interface App {
  readonly koa: Koa
  /** The operations without HTTP, for the operators. */
  readonly scim: Scim
  readonly provider: SqlProvider
  readonly connections: Connections
  readonly customers: Customers
}

/** Opens the database. `origin` is the address that clients use: `https://app.example`. */
export function openApp(file: string, origin: () => string): App {
  const provider = sqliteProvider(file)
  const customers = customersOf()
  const connections = scimConnections({
    store: provider.records,
    tenant: tenantFromPath(),
    issuer: 'https://app.example/scim/:tenant',
  })
  const { authenticate, authorize } = connections

  const options: ScimOptions = {
    provider,
    authenticate,
    authorize,
    tenantSettings: customers.settings,
    rateLimit: { limiter: processRateLimiter(), tenant: { perSecond: 50, burst: 200 } },
  }

  const koa = new Koa()
  koa.silent = true
  // The token endpoint, and the documents that lead to it.
  koa.use(httpMiddleware(connections.tokenEndpoint))
  koa.use(scimMiddleware({ ...options, basePath: '/scim/:tenant/v2' }))
  // Every other address has the same 404, whichever customer it names.
  koa.use((ctx) => {
    ctx.status = 404
    ctx.body = `Not found. SCIM is below ${origin()}/scim/:tenant/v2\n`
  })
  return { koa, scim: createScim(options), provider, connections, customers }
}
