/** The discovery documents of a server, requested once. @see RFC 7643 §5, §6, §7; RFC 7644 §4 */
import type { JsonObject } from '@scimkit/core/json'
import type { CallOptions } from '../client-options.js'
import { readPage } from '../listing/list-page.js'
import { exchange } from '../wire/exchange.js'
import type { Wire } from '../wire/wire.js'

/** The discovery endpoints. Each is requested once and then cached; failures are not cached. */
export interface Discovery {
  /** `/ServiceProviderConfig`. Throws a ScimClientError, like the others. */
  serviceProviderConfig(options?: DiscoveryOptions): Promise<ServiceProviderConfig>
  /** All of `/Schemas`. */
  schemas(options?: DiscoveryOptions): Promise<readonly SchemaDocument[]>
  /** All of `/ResourceTypes`. */
  resourceTypes(options?: DiscoveryOptions): Promise<readonly ResourceTypeDocument[]>
}

/** `fresh`: request again and ignore the cached response. */
export interface DiscoveryOptions extends CallOptions {
  readonly fresh?: boolean
}

/** The features of the server; servers may omit any member. @see RFC 7643 §5; RFC 9865 §4 */
export interface ServiceProviderConfig {
  readonly documentationUri?: string
  readonly patch?: { readonly supported?: boolean }
  readonly bulk?: { readonly supported?: boolean; readonly maxOperations?: number; readonly maxPayloadSize?: number }
  readonly filter?: { readonly supported?: boolean; readonly maxResults?: number }
  readonly changePassword?: { readonly supported?: boolean }
  readonly sort?: { readonly supported?: boolean }
  readonly etag?: { readonly supported?: boolean }
  readonly pagination?: {
    readonly cursor?: boolean
    readonly index?: boolean
    readonly defaultPaginationMethod?: string
    readonly defaultPageSize?: number
    readonly maxPageSize?: number
    readonly cursorTimeout?: number
  }
  readonly authenticationSchemes?: readonly JsonObject[]
  readonly [other: string]: unknown
}

/** One schema, as `/Schemas` returns it. @see RFC 7643 §7 */
export interface SchemaDocument {
  readonly id: string
  readonly name?: string
  readonly description?: string
  readonly attributes?: readonly JsonObject[]
  readonly [other: string]: unknown
}

/** One resource type, as `/ResourceTypes` returns it. @see RFC 7643 §6 */
export interface ResourceTypeDocument {
  readonly id?: string
  readonly name: string
  readonly endpoint: string
  readonly schema: string
  readonly schemaExtensions?: readonly { readonly schema: string; readonly required?: boolean }[]
  readonly [other: string]: unknown
}

/** Creates the discovery of one server. */
export function discoveryOf(wire: Wire): Discovery {
  const serviceProviderConfig = once(async (options: CallOptions) => {
    const { body } = await exchange(wire, { method: 'GET', target: '/ServiceProviderConfig', signal: options.signal })
    return (body ?? {}) as ServiceProviderConfig
  })
  // These endpoints are not paged, RFC 7644 §4: the response is the whole list.
  const list = (endpoint: string) => async (options: CallOptions) => (await readPage(wire, endpoint, options)).resources
  const schemas = once(list('/Schemas'))
  const resourceTypes = once(list('/ResourceTypes'))
  return {
    serviceProviderConfig,
    schemas: async (options) => (await schemas(options)) as unknown as readonly SchemaDocument[],
    resourceTypes: async (options) => (await resourceTypes(options)) as unknown as readonly ResourceTypeDocument[],
  }
}

/** True if the server announces paging by cursor. */
export async function hasCursors(discovery: Discovery, options: CallOptions): Promise<boolean> {
  return (await configOrEmpty(discovery, options)).pagination?.cursor === true
}

/** The config; an empty object if the server does not return one. */
export async function configOrEmpty(discovery: Discovery, { signal }: CallOptions): Promise<ServiceProviderConfig> {
  try {
    return await discovery.serviceProviderConfig(signal === undefined ? {} : { signal })
  } catch (error) {
    if (signal?.aborted) throw error
    return {}
  }
}

// Callers share the value, not the promise: on Workers the promise of a finished request may never settle, and a signal
// must abort only the call of its own caller.
function once<Value>(ask: (options: CallOptions) => Promise<Value>): (options?: DiscoveryOptions) => Promise<Value> {
  let known: { readonly value: Value } | undefined
  return async ({ fresh = false, signal } = {}) => {
    if (known !== undefined && !fresh) return known.value
    known = { value: await ask(signal === undefined ? {} : { signal }) }
    return known.value
  }
}
