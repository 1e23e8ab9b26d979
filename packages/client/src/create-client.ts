import type { JsonObject } from '@scimkit/core/json'
import { groupSchema, type ResourceTypeDefinition, type SchemaDefinition, userSchema } from '@scimkit/core/schema'
import { bulkBuilder } from './bulk/bulk-builder.js'
import type { BulkBuilder, BulkOptions } from './bulk/bulk-request.js'
import type { ClientOptions } from './client-options.js'
import { type ListPage, readPage } from './listing/list-page.js'
import type { PageOptions } from './listing/query-parameters.js'
import { type MeClient, meClient } from './me-client.js'
import { type ResourceClient, resourceClient } from './resource-client.js'
import { typeSource } from './schema/compile-type.js'
import { type Discovery, discoveryOf } from './schema/discovery.js'
import {
  type AnyResource,
  asResource,
  type CommonAttributes,
  type Group,
  type InferResource,
  type User,
} from './schema/typed-resource.js'
import { wireOf } from './wire/wire.js'

/** A client of one SCIM server. */
export interface ScimClient {
  readonly users: ResourceClient<User>
  readonly groups: ResourceClient<Group>
  readonly me: MeClient<User>
  readonly discovery: Discovery
  /** Other types, by their endpoint: `resources('Devices')`, or typed: `resources<Device>('Devices')`. */
  resources<Resource extends CommonAttributes = AnyResource>(endpoint: string): ResourceClient<Resource>
  /** Other types, typed by their definition; also the types of the core with your own extensions. */
  resources<const Definition extends TypedDefinition>(definition: Definition): ResourceClient<ResourceOf<Definition>>
  /** Many writes in one request: see {@link BulkBuilder}. */
  bulk(options?: BulkOptions): BulkBuilder
  /** One page of resources of all types, in one sort order. @see RFC 7644 §3.4.3 */
  search(options?: PageOptions): Promise<ListPage<AnyResource>>
}

/** The definition of a type that keeps the literal types of its schema: see `defineSchema`. */
export interface TypedDefinition extends ResourceTypeDefinition {
  readonly schema: SchemaDefinition
  readonly extensions?: readonly { readonly schema: SchemaDefinition; readonly required: boolean }[]
}

/** The resource type of a definition. */
export type ResourceOf<Definition extends TypedDefinition> = InferResource<
  Definition['schema'],
  Definition extends { readonly extensions: readonly { readonly schema: infer Extension extends SchemaDefinition }[] }
    ? readonly Extension[]
    : readonly []
>

/**
 * A client of the server at `baseUrl`, `https://app.example/scim/v2`. Nothing is sent before the first call. Throws a
 * TypeError for an invalid URL, and for a URL with credentials, a query or a fragment.
 * @example
 * ```ts
 * import { createClient } from '@scimkit/client'
 *
 * const { users } = createClient('https://app.example/scim/v2', { token: process.env.SCIM_TOKEN ?? '' })
 * const ada = await users.create({ userName: 'ada@example.com' })
 * await users.update(ada.id, (user) => ({ ...user, title: 'Countess' }))
 * ```
 */
export function createClient(baseUrl: string | URL, options: ClientOptions = {}): ScimClient {
  const wire = wireOf(baseUrl, options)
  const discovery = discoveryOf(wire)
  const clientOf = <Resource extends CommonAttributes>(
    given: string | ResourceTypeDefinition,
  ): ResourceClient<Resource> => {
    const definition = typeof given === 'string' ? undefined : given
    const endpoint = endpointOf(typeof given === 'string' ? given : given.endpoint)
    const type = typeSource(endpoint, definition, discovery)
    const urn = definition?.schema.id ?? builtIn[endpoint]
    const schema = async (): Promise<string> => urn ?? (await type()).schema.id
    return resourceClient<Resource>(wire, endpoint, { discovery, type, schema })
  }
  const users = clientOf<User>('Users')
  const groups = clientOf<Group>('Groups')
  const meType = typeSource('/Users', undefined, discovery)
  return {
    users,
    groups,
    me: meClient<User>({ wire, discovery, type: meType }, async () => userSchema.id),
    discovery,
    resources: (given: string | ResourceTypeDefinition) => clientOf<never>(given),
    bulk: (given = {}) => bulkBuilder(wire, discovery, given, { user: userSchema.id, group: groupSchema.id }),
    async search(given = {}) {
      const page = await readPage(wire, '', { ...given, via: 'search' })
      return { ...page, resources: page.resources.map((resource: JsonObject) => asResource<AnyResource>(resource)) }
    },
  }
}

const builtIn: Readonly<Record<string, string>> = { '/Users': userSchema.id, '/Groups': groupSchema.id }

function endpointOf(text: string): string {
  const name = text.startsWith('/') ? text.slice(1) : text
  const isSegment = name !== '' && encodeURIComponent(name) === name && name !== '.' && name !== '..'
  if (!isSegment) throw new TypeError(`resources: expected an endpoint like "Devices", got "${text}"`)
  return `/${name}`
}
