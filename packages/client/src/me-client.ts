/** The resource of the authenticated subject. @see RFC 7644 §3.11 */
import type { JsonObject } from '@scimkit/core'
import { patchBody } from './change-writer.js'
import type { ProjectionOptions, ReadOptions, WriteOptions } from './client-options.js'
import { expectedTag, readOne, writeOne } from './one-resource.js'
import type { CommonAttributes, Draft } from './resource.js'
import type { PatchOperation, Projected } from './resource-client.js'
import { update } from './update.js'
import type { Change, UpdateSource } from './update-job.js'
import { asResource, type UpdateOptions, type UpdateResult } from './update-result.js'
import { withSchemasOf } from './with-schemas.js'

/** `/Me`: like any resource, without an id. Writes send the last version that this client received from `/Me`. */
export interface MeClient<Resource extends CommonAttributes> {
  get<const Options extends ReadOptions>(options?: Options): Promise<Projected<Resource, Options>>
  replace(draft: Draft<Resource>, options?: WriteOptions): Promise<Resource | undefined>
  patch(operations: readonly PatchOperation[], options?: WriteOptions): Promise<Resource | undefined>
  delete(options?: Omit<WriteOptions, keyof ProjectionOptions>): Promise<void>
  update(change: Change<Resource>, options?: UpdateOptions<Resource>): Promise<UpdateResult<Resource>>
}

/** The client of `/Me`. */
export function meClient<Resource extends CommonAttributes>(
  source: Omit<UpdateSource, 'path'>,
  schema: () => Promise<string>,
): MeClient<Resource> {
  const { wire } = source
  const path = '/Me'
  const write = async (method: 'PUT' | 'PATCH' | 'DELETE', body: unknown, options: WriteOptions) => {
    const ifMatch = expectedTag(wire, path, options.ifMatch, method === 'PUT' ? [body] : [])
    const { resource } = await writeOne(wire, path, { method, ifMatch, options, ...(body !== undefined && { body }) })
    return resource === undefined ? undefined : asResource<Resource>(resource)
  }
  return {
    get: async (options) => asResource((await readOne(wire, path, options ?? {})).resource),
    replace: async (draft, options = {}) => write('PUT', await withSchemasOf(draft, schema), options),
    patch: (operations, options = {}) => write('PATCH', patchBody(operations as readonly JsonObject[]), options),
    async delete(options = {}) {
      await write('DELETE', undefined, options)
    },
    update: (change, options = {}) => update({ ...source, path }, change, options),
  }
}
