/** The functions of the options receive Express's request, by type. */
import type { TenantId } from '@scimkit/core'
import type { ResourceProvider } from '@scimkit/core/provider'
import { scimRouter } from '@scimkit/express-adapter'
import type { Request } from 'express'

declare const provider: ResourceProvider
declare function access(text: string | undefined): { readonly tenant: TenantId }

scimRouter({ provider, authenticate: (_request, native) => access(native.get('x-tenant')) })
scimRouter({
  authenticate: (_request, native: Request) => access(native.ip),
  provider: ({ ip }) => (ip ? provider : provider),
})
// @ts-expect-error Express's request has no such member
scimRouter({ provider, authenticate: (_request, native) => access(native.tenant) })
// @ts-expect-error not Express's request
scimRouter({ provider: (native: { readonly DB: ResourceProvider }) => native.DB })
