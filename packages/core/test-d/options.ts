/** Options refuse unknown names, and schemas are data whose literals keep their types. */
import {
  type AttributeDefinition,
  type AuthorizationDecision,
  type Authorizer,
  allow,
  allowOnly,
  createScim,
  defineSchema,
  enterpriseUserSchema,
  groupSchema,
  groupType,
  type Interop,
  type Refused,
  type ResourceTypeDefinition,
  refuse,
  type SchemaDefinition,
  type TenantId,
  userSchema,
  userType,
} from '@scimkit/core'
import type { ResourceProvider } from '@scimkit/core/provider'

declare const provider: ResourceProvider
declare function access(text: string): { readonly tenant: TenantId }

createScim({ provider })
createScim({ provider: (env: { readonly DB: ResourceProvider }) => env.DB })
createScim({ provider, interop: 'entra', limits: { pageSize: 5 }, ports: { now: () => 0 } })
createScim({ provider, interop: { preset: 'strict', stringBooleans: true } })

// @ts-expect-error a provider is needed
createScim({})
// @ts-expect-error no such option
createScim({ provider, tenant: 'default' })
// @ts-expect-error no such limit
createScim({ provider, limits: { pagesize: 5 } })
// @ts-expect-error no such port
createScim({ provider, ports: { clock: () => 0 } })
// @ts-expect-error no such preset
createScim({ provider, interop: 'okta' })
// @ts-expect-error no such switch
createScim({ provider, interop: { stringbooleans: true } })
// @ts-expect-error a switch is true or false
createScim({ provider, interop: { stringBooleans: 'yes' } })
// @ts-expect-error an authenticator gives a tenant
createScim({ provider, authenticate: () => ({ principal: 'somebody' }) })
// @ts-expect-error a minted one
createScim({ provider, authenticate: () => ({ tenant: 'default' }) })
// @ts-expect-error undefined is not "not given" (exactOptionalPropertyTypes)
createScim({ provider, baseUrl: undefined })
// @ts-expect-error a provider has all five functions
createScim({ provider: { read: provider.read, query: provider.query } })

createScim({ provider, authorize: () => allow })
createScim({ provider, authorize: async ({ kind }) => (kind === 'bulk' ? refuse('No.') : allow) })
// Every question has a kind, a type and an id, though some are undefined.
export const authorize: Authorizer = ({ kind, type, id, via }, { tenant, principal }) =>
  type === 'User' && id === principal && kind === 'get' && via === 'me' && tenant !== undefined ? allow : refuse()
// @ts-expect-error true is not "allow"
createScim({ provider, authorize: () => true })
// @ts-expect-error nor is nothing a refusal
createScim({ provider, authorize: () => undefined })
// @ts-expect-error a mask names what it selects
export const selectsNothing: AuthorizationDecision = { kind: 'allow', readable: ['userName'] }

export type Expected = Parameters<ResourceProvider['replace']>[1]
// @ts-expect-error an unconditional write cannot be asked for
export const none: Expected = undefined
// @ts-expect-error nor one that expects just anything
export const anything: Expected = '*'
// @ts-expect-error there is no put
provider.put

export const interop: Interop = { emptyOperations: true }
// @ts-expect-error presets have names
export const wrongInterop: Interop = { preset: 'okta' }

// ── schemas ──────────────────────────────────────────────────────────────────────────────────────────────────────

export const schemas: readonly SchemaDefinition[] = [userSchema, groupSchema, enterpriseUserSchema]
export const types: readonly ResourceTypeDefinition[] = [userType, groupType]

// Literals are kept: the type shows which attributes are required.
export const required: true = userSchema.attributes.userName.required
export const groupRequired: true = groupSchema.attributes.displayName.required
export const work: 'work' = userSchema.attributes.emails.subAttributes.type.canonicalValues[0]
export const readOnly: ResourceTypeDefinition = { ...userType, operations: ['read'] }
// @ts-expect-error no such operation
export const noDelete: ResourceTypeDefinition = { ...userType, operations: ['read', 'delete'] }
// @ts-expect-error no such attribute
userSchema.attributes.username

const pet = defineSchema({
  id: 'urn:example:Pet',
  name: 'Pet',
  attributes: { name: { required: true }, born: { type: 'dateTime', mutability: 'immutable' } },
})
export const immutable: 'immutable' = pet.attributes.born.mutability
export const asSchema: SchemaDefinition = pet

// @ts-expect-error no such type
defineSchema({ id: 'urn:x', name: 'X', attributes: { a: { type: 'text' } } })
// @ts-expect-error no such mutability
defineSchema({ id: 'urn:x', name: 'X', attributes: { a: { mutability: 'writeonce' } } })
// @ts-expect-error no such "returned"
defineSchema({ id: 'urn:x', name: 'X', attributes: { a: { returned: 'sometimes' } } })
// @ts-expect-error attributes are needed
defineSchema({ id: 'urn:x', name: 'X' })
// @ts-expect-error no such characteristic
export const attribute: AttributeDefinition = { multivalued: true }

createScim({ provider, authenticate: async (_request, native: { readonly ip: string }) => access(native.ip) })
createScim({
  provider: (env: { readonly DB: ResourceProvider }) => env.DB,
  authenticate: (_request, env) => access(Object.keys(env.DB).join()),
})
createScim({
  provider: (env: { readonly DB: ResourceProvider }) => env.DB,
  // @ts-expect-error the environment has no such member
  authenticate: (_request, env) => access(env.KV),
})
const onRequests = createScim({
  provider,
  authenticate: (_request, native: { readonly ip: string }) => access(native.ip),
})
// @ts-expect-error another native request than the authenticator reads
void onRequests.handle({} as never, { address: '127.0.0.1' })

createScim({
  provider,
  tenantSettings: () => ({ interop: 'entra', limits: { pageSize: 5 }, rate: { perSecond: 1, burst: 2 } }),
})
// @ts-expect-error a limit of work in flight is common to all tenants
createScim({ provider, tenantSettings: () => ({ limits: { inFlight: 5 } }) })
// @ts-expect-error an unknown setting
createScim({ provider, tenantSettings: () => ({ quota: { User: 1 } }) })
// @ts-expect-error a rate needs a burst
createScim({ provider, rateLimit: { limiter: { take: () => ({ kind: 'allowed' }) }, tenant: { perSecond: 1 } } })
// @ts-expect-error the text of a path is no tenant
createScim({ provider, authenticate: (request) => ({ tenant: request.mountParameters?.tenant ?? '' }) })
export const masked: Authorizer = () => allowOnly({ readable: { except: ['roles'] }, writable: { only: ['title'] } })
// @ts-expect-error either only or except
allowOnly({ readable: { only: ['title'], except: ['roles'] } })
// @ts-expect-error neither of them
allowOnly({ writable: {} })
// @ts-expect-error a list of paths
allowOnly({ writable: ['title'] })
// @ts-expect-error a mask that has not been found must not permit everything
allowOnly({ readable: undefined })
// @ts-expect-error no such right
allowOnly({ removable: { only: ['title'] } })
export const challenged: Refused = refuse('The token has no scope for this.', 'Bearer error="insufficient_scope"')
