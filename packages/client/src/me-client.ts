/** Whoever the credentials belong to. @see RFC 7644 §3.11 */
import type { JsonObject } from '@scimkit/core'
import type { ProjectionOptions, ReadOptions, WriteOptions } from './client-options.js'
import { expectedTag, readOne, writeOne } from './one-resource.js'
import type { CommonAttributes, Draft } from './resource.js'
import type { PatchOperation, Projected } from './resource-client.js'
import { update } from './update.js'
import type { Change, UpdateSource } from './update-job.js'
import { asResource, type UpdateOptions, type UpdateResult } from './update-result.js'
import { withSchemasOf } from './with-schemas.js'
import { patchBody } from './write-back.js'

/** `/Me`: as with any resource, without an id. Writes are held to the version that this client saw last under `/Me`. */
export interface MeClient<Resource extends CommonAttributes> {
  get<const Options extends ReadOptions>(options?: Options): Promise<Projected<Resource, Options>>
  replace(draft: Draft<Resource>, options?: WriteOptions): Promise<Resource | undefined>
  patch(operations: readonly PatchOperation[], options?: WriteOptions): Promise<Resource | undefined>
  delete(options?: Omit<WriteOptions, keyof ProjectionOptions>): Promise<void>
  update(change: Change<Resource>, options?: UpdateOptions<Resource>): Promise<UpdateResult<Resource>>
}

/** The client of `/Me`. */
export function meClient<Resource extends CommonAttributes>(
  source: Omit<UpdateSource, 'place'>,
  schema: () => Promise<string>,
): MeClient<Resource> {
  const { wire } = source
  const place = '/Me'
  const write = async (method: 'PUT' | 'PATCH' | 'DELETE', body: unknown, options: WriteOptions) => {
    const ifMatch = expectedTag(wire, place, options.ifMatch, method === 'PUT' ? [body] : [])
    const { resource } = await writeOne(wire, place, { method, ifMatch, options, ...(body !== undefined && { body }) })
    return resource === undefined ? undefined : asResource<Resource>(resource)
  }
  return {
    get: async (options) => asResource((await readOne(wire, place, options ?? {})).resource),
    replace: async (draft, options = {}) => write('PUT', await withSchemasOf(draft, schema), options),
    patch: (operations, options = {}) => write('PATCH', patchBody(operations as readonly JsonObject[]), options),
    async delete(options = {}) {
      await write('DELETE', undefined, options)
    },
    update: (change, options = {}) => update({ ...source, place }, change, options),
  }
}
