/** The operations on resources of one type. @see RFC 7644 §3.3 to §3.6 */
import type { JsonObject } from '@scimkit/core/json'
import type { ResourceType } from '@scimkit/core/schema'
import type { CreateOptions, ProjectionOptions, ReadOptions, WriteOptions } from './client-options.js'
import { ScimClientError } from './failure.js'
import type { Filter } from './filter/filter.js'
import { type ListPage, readPage } from './listing/list-page.js'
import { paginate } from './listing/paginate.js'
import { type ListOptions, type PageOptions, projectionQuery } from './listing/query-parameters.js'
import { expectedTag } from './resource/if-match.js'
import { readOne, writeOne } from './resource/one-resource.js'
import { type PatchOperation, patchBody } from './resource/patch-body.js'
import { idIn, type ResourceReference, resourcePath } from './resource-path.js'
import { type Discovery, hasCursors } from './schema/discovery.js'
import { asResource, type CommonAttributes, type Draft, type Projected } from './schema/typed-resource.js'
import { withSchemasOf } from './schema/with-schemas.js'
import { checkedKey, defaultCreateAttempts, repeatedCreate } from './update/repeated-create.js'
import { update } from './update/update.js'
import type { UpdateOptions } from './update/update-options.js'
import type { UpdateResult } from './update/update-result.js'
import type { Change } from './update/update-source.js'
import { tagOf } from './wire/entity-tag.js'
import { resultMissing } from './wire/error-response.js'
import { exchange } from './wire/exchange.js'
import type { ResponseMessage } from './wire/response.js'
import type { Wire } from './wire/wire.js'

/** The resources of one type. All methods throw a ScimClientError if the request fails. */
export interface ResourceClient<Resource extends CommonAttributes> {
  /**
   * Adds `schemas` if the draft has none. Without a response the resource may exist all the same: `unknownOutcome`. With
   * an `idempotencyKey` the request is sent again.
   */
  create(draft: Draft<Resource>, options?: CreateOptions): Promise<Resource>
  /** Fails with `notFound` if the resource does not exist. */
  get<const Options extends ReadOptions>(
    id: ResourceReference,
    options?: Options,
  ): Promise<Projected<Resource, Options>>
  /** The one matching resource; undefined if absent. Fails with `multipleMatches` if there are more. */
  find<const Options extends Omit<ListOptions, 'filter' | 'count'>>(
    filter: Filter,
    options?: Options,
  ): Promise<Projected<Resource, Options> | undefined>
  /** One page. */
  query<const Options extends PageOptions>(options?: Options): Promise<ListPage<Projected<Resource, Options>>>
  /** One page, requested by POST: see `via`. */
  search<const Options extends PageOptions>(options?: Options): Promise<ListPage<Projected<Resource, Options>>>
  /**
   * All matching resources; pages are requested on demand. By cursor if the server supports it: every resource that exists
   * throughout is returned exactly once. Else by index: with concurrent writers, some resources may be missed.
   */
  all<const Options extends ListOptions>(
    options?: Options,
  ): AsyncGenerator<Projected<Resource, Options>, void, undefined>
  /** Replaces the whole resource. Expects the version of `ref`, else of the draft: see {@link WriteOptions}. */
  replace(ref: ResourceReference, draft: Draft<Resource>, options?: WriteOptions): Promise<Resource | undefined>
  /** Undefined if the response has no body. Expects the version of `ref`: see {@link WriteOptions}. */
  patch(
    ref: ResourceReference,
    operations: readonly PatchOperation[],
    options?: WriteOptions,
  ): Promise<Resource | undefined>
  /** Expects the version of `ref`: see {@link WriteOptions}. Fails with `notFound` if the resource does not exist. */
  delete(ref: ResourceReference, options?: Omit<WriteOptions, keyof ProjectionOptions>): Promise<void>
  /**
   * Reads, applies the change, and writes with a compare-and-swap on the version that was read; retries after a conflict.
   * The result contains the outcome; `unwrapUpdate` returns only the resource.
   */
  update(
    ref: ResourceReference,
    change: Change<Resource>,
    options?: UpdateOptions<Resource>,
  ): Promise<UpdateResult<Resource>>
}

/** Creates the client of one type. `schema` is the URN that is added to a draft without `schemas`. */
export function resourceClient<Resource extends CommonAttributes>(
  wire: Wire,
  endpoint: string,
  source: {
    readonly discovery: Discovery
    readonly type: () => Promise<ResourceType>
    readonly schema: () => Promise<string>
  },
): ResourceClient<Resource> {
  const { discovery, type, schema } = source
  const query = async <Options extends PageOptions>(
    options: Options,
  ): Promise<ListPage<Projected<Resource, Options>>> => {
    const page = await readPage(wire, endpoint, options)
    return { ...page, resources: page.resources.map(asResource<Projected<Resource, Options>>) }
  }
  return {
    async create(draft, options = {}) {
      const body = await withSchemasOf(draft, schema)
      const target = `${endpoint}${projectionQuery(options)}`
      const { signal, idempotencyKey, attempts = defaultCreateAttempts } = options
      const request = { method: 'POST', target, body, signal } as const
      const answer =
        idempotencyKey === undefined
          ? await exchange(wire, request)
          : await repeatedCreate(wire, { ...request, idempotencyKey: checkedKey(idempotencyKey) }, attempts)
      const made = answer.body ?? (await readCreated(wire, endpoint, answer, options))
      const { id } = made
      if (typeof id !== 'string' || id === '') {
        throw resultMissing(
          `POST ${wire.base}${endpoint}: the response (${answer.status}) is not a resource`,
          answer.status,
        )
      }
      wire.cache.setTag(resourcePath(endpoint, id), tagOf({ ...answer, body: made }))
      return asResource(made)
    },
    get: async (ref, options) => asResource((await readOne(wire, resourcePath(endpoint, ref), options ?? {})).resource),
    async find(filter, options) {
      // Two results suffice to detect multiple matches.
      const { resources, totalResults = 0 } = await query({ ...options, filter, count: 2 })
      if (resources.length > 1 || totalResults > 1) {
        throw new ScimClientError(`${wire.base}${endpoint}: more than one resource matches the filter`, {
          kind: 'multipleMatches',
        })
      }
      return resources[0] === undefined ? undefined : asResource(resources[0] as unknown as JsonObject)
    },
    query: (options) => query(options ?? asOptions({})),
    search: (options) => query(asOptions({ ...options, via: 'search' })),
    async *all(options) {
      const asked = options ?? {}
      for await (const resource of paginate(wire, endpoint, asked, () => hasCursors(discovery, asked))) {
        yield asResource(resource)
      }
    },
    async replace(ref, draft, options = {}) {
      const path = resourcePath(endpoint, ref)
      const ifMatch = expectedTag(wire, path, options.ifMatch, [ref, draft])
      const body = await withSchemasOf(draft, schema)
      const { resource } = await writeOne(wire, path, { method: 'PUT', body, ifMatch, options })
      return resource === undefined ? undefined : asResource(resource)
    },
    async patch(ref, operations, options = {}) {
      const path = resourcePath(endpoint, ref)
      const ifMatch = expectedTag(wire, path, options.ifMatch, [ref])
      const body = patchBody(operations as readonly JsonObject[])
      const { resource } = await writeOne(wire, path, { method: 'PATCH', body, ifMatch, options })
      return resource === undefined ? undefined : asResource(resource)
    },
    async delete(ref, options = {}) {
      const path = resourcePath(endpoint, ref)
      const ifMatch = expectedTag(wire, path, options.ifMatch, [ref])
      await writeOne(wire, path, { method: 'DELETE', ifMatch, options })
    },
    update: (ref, change, options = {}) =>
      update({ wire, path: resourcePath(endpoint, ref), discovery, type }, change, options),
  }
}

// Without options, the result type is that of an empty options object.
function asOptions<Options>(options: PageOptions): Options {
  return options as unknown as Options
}

// RFC 7644 §3.3: a 201 may lack a body, but has a Location. The resource exists, so a failed read is `unknownOutcome`.
async function readCreated(
  wire: Wire,
  endpoint: string,
  { location, status }: ResponseMessage,
  options: ReadOptions,
): Promise<JsonObject> {
  const id = idIn(location)
  const made = `POST ${wire.base}${endpoint}: created`
  if (id === undefined) throw resultMissing(`${made}, but the response has neither a body nor a Location`, status)
  try {
    return (await readOne(wire, resourcePath(endpoint, id), options)).resource
  } catch (error) {
    throw resultMissing(`${made} at ${location}, but it could not be read`, status, error)
  }
}
