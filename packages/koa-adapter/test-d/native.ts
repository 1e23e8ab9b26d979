/** The functions of the options receive Koa's context, by type. */
import type { TenantId } from '@scimkit/core'
import type { ResourceProvider } from '@scimkit/core/provider'
import { scimMiddleware } from '@scimkit/koa-adapter'

declare const provider: ResourceProvider
declare function access(text: string | undefined): { readonly tenant: TenantId }

scimMiddleware({ provider, authenticate: (_request, ctx) => access(ctx.ip) })
scimMiddleware({ provider: (ctx) => (ctx.secure ? provider : provider) })
// @ts-expect-error not Koa's context
scimMiddleware({ provider: (native: { readonly DB: ResourceProvider }) => native.DB })
