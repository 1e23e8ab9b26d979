import {
  groupSchema,
  type JsonObject,
  type ResourceTypeDefinition,
  type SchemaDefinition,
  userSchema,
} from '@scimkit/core'
import { type BulkBuilder, type BulkOptions, bulkBuilder } from './bulk.js'
import type { ClientOptions } from './client-options.js'
import { platformClientPorts } from './client-ports.js'
import { isConnectionError } from './connection-error.js'
import { type Discovery, discoveryOf } from './discovery.js'
import type { Wire } from './exchange.js'
import { knownTags } from './known-tags.js'
import { type ListPage, readPage } from './list-page.js'
import { type MeClient, meClient } from './me-client.js'
import type { PageOptions } from './parameters.js'
import type { AnyResource, CommonAttributes, Group, InferResource, User } from './resource.js'
import { type ResourceClient, resourceClient } from './resource-client.js'
import { typeSource } from './type-source.js'
import { asResource } from './update-result.js'

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

function wireOf(baseUrl: string | URL, options: ClientOptions): Wire {
  const { resources = 10_000, characters = 8 * 1_024 * 1_024 } =
    options.cache === false ? { characters: 0 } : (options.cache ?? {})
  return {
    base: checkedBase(baseUrl),
    // Calls the global each time: `fetch` needs its `this`, and may be replaced later.
    fetch: options.fetch ?? ((url, init) => fetch(url, init)),
    headers: () => headersOf(options),
    timeout: options.timeout ?? 30_000,
    isNotSent: options.isNotSent ?? isConnectionError,
    ifMatch: options.ifMatch ?? 'known',
    known: knownTags(resources, characters),
    ports: { ...platformClientPorts, ...options.ports },
  }
}

function checkedBase(baseUrl: string | URL): string {
  const url = URL.canParse(baseUrl) ? new URL(baseUrl) : undefined
  const isWeb = url?.protocol === 'https:' || url?.protocol === 'http:'
  if (url === undefined || !isWeb || url.username + url.password + url.search + url.hash !== '') {
    throw new TypeError(
      'baseUrl: expected a URL like "https://app.example/scim/v2"; pass credentials as the option `token`',
    )
  }
  return url.href.endsWith('/') ? url.href.slice(0, -1) : url.href
}

async function headersOf({ token, headers }: ClientOptions): Promise<Headers> {
  const all = new Headers(headers)
  const text = typeof token === 'function' ? await token() : token
  if (text !== undefined) all.set('Authorization', `Bearer ${text}`)
  return all
}
