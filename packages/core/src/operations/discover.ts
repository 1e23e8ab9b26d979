/** Answers ServiceProviderConfig, ResourceTypes and Schemas. @see RFC 7644 §4 */
import type { ScimContext } from '../context.js'
import type { JsonObject } from '../json.js'
import { holds, type Precondition, unconditional } from '../versioning/precondition.js'
import { httpVersion, type RawVersion } from '../versioning/version.js'
import type { Engine } from './engine.js'
import { listResponse } from './list-response.js'
import type { DiscoverOperation, DiscoveryEndpoint, OutcomeByKind } from './operation.js'

const resourceTypeOf: Readonly<Record<DiscoveryEndpoint, string>> = {
  ServiceProviderConfig: 'ServiceProviderConfig',
  ResourceTypes: 'ResourceType',
  Schemas: 'Schema',
}

/** One document or the list of them, or 304 when the client has it already. */
export async function discover(
  engine: Engine,
  context: ScimContext,
  operation: DiscoverOperation,
): Promise<OutcomeByKind['discover']> {
  const { endpoint, id, precondition = unconditional } = operation
  const { serviceProviderConfig, resourceTypes, schemas } = engine.discovery
  if (endpoint === 'ServiceProviderConfig') {
    return one(engine, context, endpoint, id === undefined ? serviceProviderConfig : undefined, precondition)
  }
  const documents = endpoint === 'ResourceTypes' ? resourceTypes : schemas
  if (id === undefined) return list(engine, context, endpoint, documents, precondition)
  // URNs ignore case (RFC 8141 §3.1); names of resource types do not.
  const document = endpoint === 'ResourceTypes' ? documents.get(id) : documents.get(id.toLowerCase())
  return one(engine, context, endpoint, document, precondition)
}

async function one(
  engine: Engine,
  context: ScimContext,
  endpoint: DiscoveryEndpoint,
  document: JsonObject | undefined,
  precondition: Precondition,
): Promise<OutcomeByKind['discover']> {
  if (document === undefined) return { kind: 'notFound' }
  const version = await engine.discovery.versionOf(document)
  return answer(precondition, version, () => JSON.stringify(withMeta(context, endpoint, document, version)))
}

async function list(
  engine: Engine,
  context: ScimContext,
  endpoint: DiscoveryEndpoint,
  documents: ReadonlyMap<string, JsonObject>,
  precondition: Precondition,
): Promise<OutcomeByKind['discover']> {
  const { versionOf } = engine.discovery
  const versions = await Promise.all([...documents.values()].map(versionOf))
  return answer(precondition, await versionOf(documents), () => {
    const resources = [...documents.values()].map((document, i) => withMeta(context, endpoint, document, versions[i]))
    const page = { totalResults: resources.length, startIndex: 1, itemsPerPage: resources.length }
    return JSON.stringify({ schemas: [listResponse], ...page, Resources: resources })
  })
}

function answer(precondition: Precondition, version: RawVersion, text: () => string): OutcomeByKind['discover'] {
  switch (holds(precondition, version)) {
    case 'match-failed':
      return { kind: 'versionMismatch', expected: precondition, current: version }
    case 'none-match-failed':
      return { kind: 'notModified', version }
    case 'holds':
      return { kind: 'document', value: { version, text: text() } }
  }
}

function withMeta(
  context: ScimContext,
  endpoint: DiscoveryEndpoint,
  document: JsonObject,
  version: RawVersion | undefined,
): JsonObject {
  const path = endpoint === 'ServiceProviderConfig' ? endpoint : `${endpoint}/${String(document.id)}`
  return {
    ...document,
    meta: {
      resourceType: resourceTypeOf[endpoint],
      location: `${context.baseUrl}/${path}`,
      ...(version !== undefined && { version: httpVersion(version) }),
    },
  }
}
