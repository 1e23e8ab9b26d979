/** What a server says of itself, asked once. @see RFC 7643 §5, §6, §7; RFC 7644 §4 */
import type { JsonObject } from '@scimkit/core'
import type { CallOptions } from './client-options.js'
import { exchange, type Wire } from './exchange.js'
import { readPage } from './list-page.js'

/** The discovery endpoints. Each is asked once and then remembered; a failure is not. */
export interface Discovery {
  /** `/ServiceProviderConfig`. Throws a ScimClientError, like the others. */
  config(options?: DiscoveryOptions): Promise<ServiceProviderConfig>
  /** All of `/Schemas`. */
  schemas(options?: DiscoveryOptions): Promise<readonly SchemaDocument[]>
  /** All of `/ResourceTypes`. */
  resourceTypes(options?: DiscoveryOptions): Promise<readonly ResourceTypeDocument[]>
}

/** `fresh`: ask again, whatever was answered before. */
export interface DiscoveryOptions extends CallOptions {
  readonly fresh?: boolean
}

/** What the server can do; servers leave things out. @see RFC 7643 §5; RFC 9865 §4 */
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

/** One schema, as `/Schemas` shows it. @see RFC 7643 §7 */
export interface SchemaDocument {
  readonly id: string
  readonly name?: string
  readonly description?: string
  readonly attributes?: readonly JsonObject[]
  readonly [other: string]: unknown
}

/** One resource type, as `/ResourceTypes` shows it. @see RFC 7643 §6 */
export interface ResourceTypeDocument {
  readonly id?: string
  readonly name: string
  readonly endpoint: string
  readonly schema: string
  readonly schemaExtensions?: readonly { readonly schema: string; readonly required?: boolean }[]
  readonly [other: string]: unknown
}

/** Discovery of one server. */
export function discoveryOf(wire: Wire): Discovery {
  const config = once(async (options: CallOptions) => {
    const { body } = await exchange(wire, { method: 'GET', target: '/ServiceProviderConfig', signal: options.signal })
    return (body ?? {}) as ServiceProviderConfig
  })
  // Paging is not for these, RFC 7644 §4: the answer is the whole list.
  const list = (endpoint: string) => async (options: CallOptions) => (await readPage(wire, endpoint, options)).resources
  const schemas = once(list('/Schemas'))
  const resourceTypes = once(list('/ResourceTypes'))
  return {
    config,
    schemas: async (options) => (await schemas(options)) as unknown as readonly SchemaDocument[],
    resourceTypes: async (options) => (await resourceTypes(options)) as unknown as readonly ResourceTypeDocument[],
  }
}

/** True if lists can be paged by cursor; a server that does not say so cannot. */
export async function hasCursors(discovery: Discovery, options: CallOptions): Promise<boolean> {
  return (await configOrNothing(discovery, options)).pagination?.cursor === true
}

/** The config, or nothing of it from a server that does not show it. */
export async function configOrNothing(discovery: Discovery, { signal }: CallOptions): Promise<ServiceProviderConfig> {
  try {
    return await discovery.config(signal === undefined ? {} : { signal })
  } catch (error) {
    if (signal?.aborted) throw error
    return {}
  }
}

// The value is shared, not the promise: on Workers the promise of a request that has ended may never settle, and a
// signal ends the call of its own caller only.
function once<Value>(ask: (options: CallOptions) => Promise<Value>): (options?: DiscoveryOptions) => Promise<Value> {
  let known: { readonly value: Value } | undefined
  return async ({ fresh = false, signal } = {}) => {
    if (known !== undefined && !fresh) return known.value
    known = { value: await ask(signal === undefined ? {} : { signal }) }
    return known.value
  }
}
