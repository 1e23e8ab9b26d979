/** Answers ServiceProviderConfig, ResourceTypes and Schemas. @see RFC 7644 §4 */
import type { ScimContext } from '../context.js'
import type { Engine } from '../engine/engine.js'
import type { JsonObject } from '../json/value.js'
import { listResponse } from '../listing/list-response-urn.js'
import type { DiscoverOperation, DiscoveryEndpoint } from '../operation-types/operation.js'
import type { OutcomeByKind } from '../operation-types/outcome.js'
import { tagOfText } from '../presenting/represent.js'
import { evaluatePreconditionFor, type Precondition, unconditional } from '../versioning/precondition.js'
import type { HttpVersion, RawVersion } from '../versioning/version.js'

const resourceTypeOf: Readonly<Record<DiscoveryEndpoint, string>> = {
  ServiceProviderConfig: 'ServiceProviderConfig',
  ResourceTypes: 'ResourceType',
  Schemas: 'Schema',
}

/** The inputs of the documents; there is no provider among them, and no tenant. */
export interface DiscoveryCall {
  readonly engine: Pick<Engine, 'discovery' | 'etag' | 'ports'>
  /** Without a caller `interop` is that of the server. */
  readonly context: Pick<ScimContext, 'baseUrl' | 'mediaType' | 'interop'>
}

/** One document or the list of them, or 304 when the client has it already. */
export async function discover(call: DiscoveryCall, operation: DiscoverOperation): Promise<OutcomeByKind['discover']> {
  const { endpoint, id, precondition = unconditional } = operation
  const { serviceProviderConfigFor, resourceTypes, schemas } = call.engine.discovery
  if (endpoint === 'ServiceProviderConfig') {
    const document = id === undefined ? serviceProviderConfigFor(call.context.interop) : undefined
    return one(call, endpoint, document, precondition)
  }
  const documents = endpoint === 'ResourceTypes' ? resourceTypes : schemas
  if (id === undefined) return list(call, endpoint, documents, precondition)
  // URNs ignore case (RFC 8141 §3.1); names of resource types do not.
  const document = endpoint === 'ResourceTypes' ? documents.get(id) : documents.get(id.toLowerCase())
  return one(call, endpoint, document, precondition)
}

async function one(
  { engine, context }: DiscoveryCall,
  endpoint: DiscoveryEndpoint,
  document: JsonObject | undefined,
  precondition: Precondition,
): Promise<OutcomeByKind['discover']> {
  if (document === undefined) return { kind: 'notFound' }
  const version = await engine.discovery.versionOf(document)
  const textWith = (tag: string): string => JSON.stringify(withMeta(context, endpoint, document, tag))
  const tag = await tagOfText(engine, context, version, () => textWith(''))
  return answer(precondition, version, tag, locationOf(context, endpoint, document), () => textWith(tag))
}

async function list(
  { engine, context }: DiscoveryCall,
  endpoint: DiscoveryEndpoint,
  documents: ReadonlyMap<string, JsonObject>,
  precondition: Precondition,
): Promise<OutcomeByKind['discover']> {
  const resources = await Promise.all(
    [...documents.values()].map(async (document) => {
      const version = await engine.discovery.versionOf(document)
      const blank = (): string => JSON.stringify(withMeta(context, endpoint, document, ''))
      return withMeta(context, endpoint, document, await tagOfText(engine, context, version, blank))
    }),
  )
  const page = { totalResults: resources.length, startIndex: 1, itemsPerPage: resources.length }
  const text = (): string => JSON.stringify({ schemas: [listResponse], ...page, Resources: resources })
  const version = await engine.discovery.versionOf(documents)
  return answer(precondition, version, await tagOfText(engine, context, version, text), undefined, text)
}

function answer(
  precondition: Precondition,
  version: RawVersion,
  tag: HttpVersion,
  location: string | undefined,
  text: () => string,
): OutcomeByKind['discover'] {
  switch (evaluatePreconditionFor(precondition, version, tag)) {
    case 'match-failed':
      return { kind: 'versionMismatch', expected: precondition, current: version, tag }
    case 'none-match-failed':
      return { kind: 'notModified', version, tag, location }
    case 'holds':
      return { kind: 'document', value: { version, tag, location, text: text() } }
  }
}

function withMeta(
  context: DiscoveryCall['context'],
  endpoint: DiscoveryEndpoint,
  document: JsonObject,
  tag: string,
): JsonObject {
  const location = locationOf(context, endpoint, document)
  return { ...document, meta: { resourceType: resourceTypeOf[endpoint], location, version: tag } }
}

function locationOf({ baseUrl }: DiscoveryCall['context'], endpoint: DiscoveryEndpoint, document: JsonObject): string {
  if (endpoint === 'ServiceProviderConfig') return `${baseUrl}/${endpoint}`
  // The colons of a URN may be in a path unescaped (RFC 3986 §3.3).
  return `${baseUrl}/${endpoint}/${encodeURIComponent(String(document.id)).replaceAll('%3A', ':')}`
}
