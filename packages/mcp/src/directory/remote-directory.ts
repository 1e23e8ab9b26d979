/** Another SCIM server, through its client: what the caller may do is what that server permits. */
import {
  type CommonAttributes,
  describedTypes,
  type Failure,
  failureOf,
  type PatchOperation,
  type ResourceClient,
  rawFilter,
  type ScimClient,
  ScimClientError,
  type ServiceProviderConfig,
} from '@scimkit/client'
import { type ResourceRef, ScimError, type ScimType } from '@scimkit/core'
import { isObject, type JsonObject, type JsonValue } from '@scimkit/core/json'
import type { OperationOnType, PermittedType, SearchRequest } from '@scimkit/core/operations'
import type { ResourceType } from '@scimkit/core/schema'
import type { Directory, Duplicate, FoundResource, Mismatch, Missing, Page, VersionText } from './directory.js'
import { withVersion } from './page-from.js'

/**
 * The directory behind a client. Idempotency keys are offered if the host says that the server keeps them
 * (`supportsIdempotencyKeys`): a server that does not know the header ignores it.
 */
export function remoteDirectory(client: ScimClient, supportsIdempotencyKeys: boolean): Directory {
  let described: Promise<readonly ResourceType[]> | undefined
  const types = async (): Promise<readonly ResourceType[]> => {
    described ??= describedTypes(client.discovery)
    try {
      return await described
    } catch (error) {
      // Another request may succeed.
      described = undefined
      throw error instanceof ScimClientError ? scimErrorOf(error) : error
    }
  }
  const resourcesOf = async (name: string): Promise<ResourceClient<CommonAttributes>> => {
    const type = (await types()).find((one) => one.name === name)
    if (type === undefined) throw new ScimError(404, `The server does not describe the resource type ${name}.`)
    return client.resources<CommonAttributes>(type.endpoint)
  }
  const read = async ({ type, id }: ResourceRef, projection: Pick<SearchRequest, 'attributes'> = {}) => {
    const resources = await resourcesOf(type)
    return found(await resources.get(id, withVersion(projection)))
  }

  return {
    supportsIdempotencyKeys,
    async types() {
      const operations = operationsOf(await orScimError(() => client.discovery.serviceProviderConfig()))
      return (await types()).map((type) => permittedType(type, operations))
    },
    async schema(urn) {
      const schemas = await orScimError(() => client.discovery.schemas())
      const document = schemas.find(({ id }) => id.toLowerCase() === urn.toLowerCase())
      return document as JsonObject | undefined
    },
    get: (ref, projection = {}) => orScimError(() => read(ref, projection), missing),
    search: (type, search) =>
      orScimError(async (): Promise<Page> => {
        const { filter, sortOrder, ...others } = withVersion(search)
        const page = await (await resourcesOf(type)).query({
          ...others,
          ...(filter !== undefined && { filter: rawFilter(filter) }),
          ...(sortOrder !== undefined && { sortOrder: sortOrder as 'ascending' | 'descending' }),
        })
        const { totalResults, nextCursor } = page
        return { resources: page.resources.map(found), totalResults, nextCursor }
      }),
    create: (type, document, idempotencyKey) =>
      orScimError(async () => {
        const resources = await resourcesOf(type)
        return found(await resources.create(document, idempotencyKey === undefined ? {} : { idempotencyKey }))
      }, duplicate),
    replace: (ref, document, expected) =>
      orScimError(async () => {
        const resources = await resourcesOf(ref.type)
        const written = await resources.replace(ref.id, document, { ifMatch: tagOf(expected) })
        return written === undefined ? read(ref) : found(written)
      }, unwritten),
    patch: (ref, changes, expected) =>
      orScimError(async () => {
        const resources = await resourcesOf(ref.type)
        const written = await resources.patch(ref.id, changes as readonly PatchOperation[], {
          ifMatch: tagOf(expected),
        })
        return written === undefined ? read(ref) : found(written)
      }, unwritten),
    remove: (ref, expected) =>
      orScimError(
        async () => {
          await (await resourcesOf(ref.type)).delete(ref.id, { ifMatch: tagOf(expected) })
          return { kind: 'removed' }
        },
        (failure) => missing(failure) ?? mismatch(failure),
      ),
  }
}

// A server that does not announce entity tags may ignore If-Match, and a write would then overwrite silently.
function operationsOf({ etag, patch }: ServiceProviderConfig): readonly OperationOnType[] {
  const always: readonly OperationOnType[] = ['create', 'get', 'query']
  if (etag?.supported !== true) return always
  return [...always, 'replace', 'remove', ...(patch?.supported === false ? [] : (['patch'] as const))]
}

function permittedType(type: ResourceType, operations: readonly OperationOnType[]): PermittedType {
  return { name: type.name, operations: new Map(operations.map((kind) => [kind, type])) }
}

function found(given: object): FoundResource {
  const resource = given as JsonObject
  const { id, meta } = resource
  const version: JsonValue | undefined = isObject(meta) ? meta.version : undefined
  if (typeof id !== 'string' || typeof version !== 'string') {
    throw new ScimError(502, 'The server has sent a resource without meta.version: a change of it cannot be protected.')
  }
  return { kind: 'resource', id, version: version as VersionText, resource }
}

// A model may leave out the quotes. A raw version of another server has no meaning here: its tags are opaque.
function tagOf(expected: VersionText): string {
  return expected.includes('"') ? expected : `W/"${expected}"`
}

/** The result, or what `outcome` makes of a failure; other failures are ScimErrors. */
async function orScimError<Value, Outcome = never>(
  work: () => Promise<Value>,
  outcome: (failure: Failure) => Outcome | undefined = () => undefined,
): Promise<Value | Outcome> {
  try {
    return await work()
  } catch (error) {
    const failure = failureOf(error)
    // The client refuses an argument that it cannot send, such as a text that is no entity tag.
    if (error instanceof TypeError) throw new ScimError(400, error.message)
    if (failure === undefined) throw error
    const ended = outcome(failure)
    if (ended !== undefined) return ended
    throw scimErrorOf(error as ScimClientError)
  }
}

function missing(failure: Failure): Missing | undefined {
  return failure.kind === 'notFound' ? { kind: 'notFound' } : undefined
}

function mismatch(failure: Failure): Mismatch | undefined {
  return failure.kind === 'versionMismatch' ? { kind: 'versionMismatch', changed: failure.changed } : undefined
}

function duplicate(failure: Failure): Duplicate | undefined {
  const isDuplicate = failure.kind === 'refused' && failure.scimType?.toLowerCase() === 'uniqueness'
  return isDuplicate ? { kind: 'duplicate', attribute: undefined } : undefined
}

function unwritten(failure: Failure): Missing | Mismatch | Duplicate | undefined {
  return missing(failure) ?? mismatch(failure) ?? duplicate(failure)
}

function scimErrorOf(error: ScimClientError): ScimError {
  const { failure } = error
  switch (failure.kind) {
    case 'refused':
    case 'notFound':
    case 'versionMismatch': {
      const seconds = failure.retryAfter === undefined ? undefined : Math.ceil(failure.retryAfter / 1_000)
      return new ScimError(failure.status, failure.detail ?? `The server has answered ${failure.status}.`, {
        ...(failure.scimType !== undefined && { scimType: failure.scimType as ScimType }),
        ...(seconds !== undefined && { headers: { 'Retry-After': String(seconds) } }),
      })
    }
    case 'notSent':
      return new ScimError(503, 'The SCIM server could not be reached; nothing was done.')
    case 'noResponse':
    case 'aborted':
      return new ScimError(504, 'The SCIM server did not answer; nothing was changed.')
    case 'unknownOutcome':
      return new ScimError(
        504,
        'The answer of the SCIM server was lost. The write may have been carried out: read the resource before another try.',
      )
    case 'invalidResponse':
    case 'multipleMatches':
    case 'bulkLimit':
      return new ScimError(502, 'The SCIM server has sent an answer that is not SCIM.')
  }
}
