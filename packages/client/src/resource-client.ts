/** One type of resources: what can be done with them. @see RFC 7644 §3.3 to §3.6 */
import type { DiffOperation, JsonObject, ResourceType } from '@scimkit/core'
import type { CallOptions, ProjectionOptions, ReadOptions, WriteOptions } from './client-options.js'
import { type Discovery, hasCursors } from './discovery.js'
import { type Answer, exchange, unseen, type Wire } from './exchange.js'
import { ScimClientError } from './failure.js'
import type { Filter } from './filter.js'
import { type ListPage, readPage } from './list-page.js'
import { expectedTag, readOne, tagOf, writeOne } from './one-resource.js'
import { type ListOptions, type PageOptions, projectionQuery } from './parameters.js'
import { idIn, placeOf, type ResourceReference } from './place.js'
import type { CommonAttributes, Draft } from './resource.js'
import { update } from './update.js'
import type { Change } from './update-job.js'
import { asResource, type UpdateOptions, type UpdateResult } from './update-result.js'
import { walk } from './walk.js'
import { withSchemasOf } from './with-schemas.js'
import { patchBody } from './write-back.js'

/** A resource of which only some attributes were asked for, or some not. */
export type Projected<Resource extends CommonAttributes, Options> = Options extends
  | { readonly attributes: readonly string[] }
  | { readonly excludedAttributes: readonly string[] }
  ? Partial<Resource> & Pick<CommonAttributes, 'id' | 'schemas'>
  : Resource

/** One operation of a PATCH. @see RFC 7644 §3.5.2 */
export type PatchOperation =
  | DiffOperation
  | { readonly op: 'add' | 'replace'; readonly path?: string; readonly value: unknown }

/** The resources of one type. All methods end with a ScimClientError when the server does not do as asked. */
export interface ResourceClient<Resource extends CommonAttributes> {
  /** `schemas` is filled in if the draft has none. What has no answer may have been made all the same: `unknownOutcome`. */
  create(draft: Draft<Resource>, options?: CallOptions & ProjectionOptions): Promise<Resource>
  /** Ends with `notFound` if there is none. */
  get<const Options extends ReadOptions>(
    id: ResourceReference,
    options?: Options,
  ): Promise<Projected<Resource, Options>>
  /** The one resource; undefined if there is none. Ends with `several` if there are more. */
  find<const Options extends Omit<ListOptions, 'filter' | 'count'>>(
    filter: Filter,
    options?: Options,
  ): Promise<Projected<Resource, Options> | undefined>
  /** One page. */
  query<const Options extends PageOptions>(options?: Options): Promise<ListPage<Projected<Resource, Options>>>
  /** One page, asked for by POST: see `via`. */
  search<const Options extends PageOptions>(options?: Options): Promise<ListPage<Projected<Resource, Options>>>
  /**
   * All of them, page by page as they are taken. By cursor where the server has them: whoever is there all the time comes
   * once. Else by index: while others write, some may be missed.
   */
  all<const Options extends ListOptions>(
    options?: Options,
  ): AsyncGenerator<Projected<Resource, Options>, void, undefined>
  /** Puts a new state in place of all there is. Held to the version of `ref`, else of the draft: see {@link WriteOptions}. */
  replace(ref: ResourceReference, draft: Draft<Resource>, options?: WriteOptions): Promise<Resource | undefined>
  /** Undefined if the server answers without a body. Held to the version of `ref`: see {@link WriteOptions}. */
  patch(
    ref: ResourceReference,
    operations: readonly PatchOperation[],
    options?: WriteOptions,
  ): Promise<Resource | undefined>
  /** Held to the version of `ref`: see {@link WriteOptions}. Ends with `notFound` if there is none. */
  delete(ref: ResourceReference, options?: Omit<WriteOptions, keyof ProjectionOptions>): Promise<void>
  /**
   * Reads, makes the change, and writes it on the version that was read; again if somebody else was faster. How it
   * ended is in the result: `unwrapUpdate` for those who only want the resource.
   */
  update(
    ref: ResourceReference,
    change: Change<Resource>,
    options?: UpdateOptions<Resource>,
  ): Promise<UpdateResult<Resource>>
}

/** The client of one type. `schema` is the URN that a draft without `schemas` gets. */
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
      const answer = await exchange(wire, { method: 'POST', target, body, signal: options.signal })
      const made = answer.body ?? (await readMade(wire, endpoint, answer, options))
      const { id } = made
      if (typeof id !== 'string' || id === '') {
        throw unseen(`POST ${wire.base}${endpoint}: the answer (${answer.status}) is no resource`, answer.status)
      }
      wire.known.see(placeOf(endpoint, id), tagOf({ ...answer, body: made }))
      return asResource(made)
    },
    get: async (ref, options) => asResource((await readOne(wire, placeOf(endpoint, ref), options ?? {})).resource),
    async find(filter, options) {
      // Two are enough to know that there are several.
      const { resources, totalResults = 0 } = await query({ ...options, filter, count: 2 })
      if (resources.length > 1 || totalResults > 1) {
        throw new ScimClientError(`${wire.base}${endpoint}: the filter finds more than one`, { kind: 'several' })
      }
      return resources[0] === undefined ? undefined : asResource(resources[0] as unknown as JsonObject)
    },
    query: (options) => query(options ?? asOptions({})),
    search: (options) => query(asOptions({ ...options, via: 'search' })),
    async *all(options) {
      const asked = options ?? {}
      for await (const resource of walk(wire, endpoint, asked, () => hasCursors(discovery, asked))) {
        yield asResource(resource)
      }
    },
    async replace(ref, draft, options = {}) {
      const place = placeOf(endpoint, ref)
      const ifMatch = expectedTag(wire, place, options.ifMatch, [ref, draft])
      const body = await withSchemasOf(draft, schema)
      const { resource } = await writeOne(wire, place, { method: 'PUT', body, ifMatch, options })
      return resource === undefined ? undefined : asResource(resource)
    },
    async patch(ref, operations, options = {}) {
      const place = placeOf(endpoint, ref)
      const ifMatch = expectedTag(wire, place, options.ifMatch, [ref])
      const body = patchBody(operations as readonly JsonObject[])
      const { resource } = await writeOne(wire, place, { method: 'PATCH', body, ifMatch, options })
      return resource === undefined ? undefined : asResource(resource)
    },
    async delete(ref, options = {}) {
      const place = placeOf(endpoint, ref)
      const ifMatch = expectedTag(wire, place, options.ifMatch, [ref])
      await writeOne(wire, place, { method: 'DELETE', ifMatch, options })
    },
    update: (ref, change, options = {}) =>
      update({ wire, place: placeOf(endpoint, ref), discovery, type }, change, options),
  }
}

// A caller who names no options is given what comes without any.
function asOptions<Options>(options: PageOptions): Options {
  return options as unknown as Options
}

// RFC 7644 §3.3: a 201 may come without body, but it has a Location. It is made: no failure to read it may say otherwise.
async function readMade(
  wire: Wire,
  endpoint: string,
  { location, status }: Answer,
  options: ReadOptions,
): Promise<JsonObject> {
  const id = idIn(location)
  const made = `POST ${wire.base}${endpoint}: created`
  if (id === undefined) throw unseen(`${made}, but the answer tells neither what nor where`, status)
  try {
    return (await readOne(wire, placeOf(endpoint, id), options)).resource
  } catch (error) {
    throw unseen(`${made} at ${location}, but it could not be read`, status, error)
  }
}
