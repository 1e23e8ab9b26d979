/** The resource of the authenticated subject. @see RFC 7644 §3.11 */
import type { JsonObject } from '@scimkit/core/json'
import type { ProjectionOptions, ReadOptions, WriteOptions } from './client-options.js'
import { expectedTag } from './resource/if-match.js'
import { readOne, writeOne } from './resource/one-resource.js'
import { type PatchOperation, patchBody } from './resource/patch-body.js'
import { asResource, type CommonAttributes, type Draft, type Projected } from './schema/typed-resource.js'
import { withSchemasOf } from './schema/with-schemas.js'
import { update } from './update/update.js'
import type { UpdateOptions } from './update/update-options.js'
import type { UpdateResult } from './update/update-result.js'
import type { Change, UpdateSource } from './update/update-source.js'

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
