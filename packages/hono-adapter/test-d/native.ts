/** The functions of the options receive Hono's bindings, by the type that one of them names. */
import type { TenantId } from '@scimkit/core'
import type { ResourceProvider } from '@scimkit/core/provider'
import { scimApp } from '@scimkit/hono-adapter'
import { Hono } from 'hono'

interface Bindings {
  readonly DB: ResourceProvider
  readonly TENANT: string
}

declare const provider: ResourceProvider
declare function access(text: string | undefined): { readonly tenant: TenantId }

new Hono().route(
  '/scim/v2',
  scimApp({ provider: (env: Bindings) => env.DB, authenticate: (_request, env) => access(env.TENANT) }),
)
new Hono<{ Bindings: Bindings }>().route('/scim/v2', scimApp<Bindings>({ provider: (env) => env.DB }))
// @ts-expect-error the bindings have no such member
scimApp<Bindings>({ provider, authenticate: (_request, env) => access(env.KV) })
