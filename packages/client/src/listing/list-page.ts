/** One page of a list. @see RFC 7644 §3.4.2; RFC 9865 §2 */
import { isArray, isObject, type JsonObject, type JsonValue } from '@scimkit/core/json'
import { ScimClientError } from '../failure.js'
import { resourcePath } from '../resource-path.js'
import { versionIn } from '../wire/entity-tag.js'
import { exchange } from '../wire/exchange.js'
import type { Wire } from '../wire/wire.js'
import { type PageOptions, pageQuery, searchBody } from './query-parameters.js'

/** One page. Members that the server does not send are undefined. */
export interface ListPage<Resource> {
  readonly resources: readonly Resource[]
  readonly totalResults: number | undefined
  readonly startIndex: number | undefined
  readonly itemsPerPage: number | undefined
  readonly nextCursor: string | undefined
}

/** Requests a page of an endpoint: `/Users`, or an empty text for all types. */
export async function readPage(wire: Wire, endpoint: string, options: PageOptions): Promise<ListPage<JsonObject>> {
  const { signal } = options
  const { status, body } =
    options.via === 'search'
      ? await exchange(wire, { method: 'POST', target: `${endpoint}/.search`, body: searchBody(options), signal })
      : await exchange(wire, { method: 'GET', target: `${endpoint}${pageQuery(options)}`, signal })
  const resources = body?.Resources ?? []
  if (body === undefined || !isArray(resources) || !resources.every(isObject)) {
    throw new ScimClientError(`${wire.base}${endpoint}: the response is not a list`, {
      kind: 'invalidResponse',
      status,
    })
  }
  for (const resource of resources) remember(wire, endpoint, resource)
  return {
    resources,
    totalResults: numberIn(body.totalResults),
    startIndex: numberIn(body.startIndex),
    itemsPerPage: numberIn(body.itemsPerPage),
    // RFC 9865 §2: without `nextCursor` there is no next page; an empty cursor would request the first page again.
    nextCursor: typeof body.nextCursor === 'string' && body.nextCursor !== '' ? body.nextCursor : undefined,
  }
}

// Only the tag is cached: the representation within a list may differ from that of a single read.
function remember(wire: Wire, endpoint: string, resource: JsonObject): void {
  const { id } = resource
  const tag = versionIn(resource)
  if (endpoint !== '' && typeof id === 'string' && id !== '' && tag !== undefined) {
    wire.cache.setTag(resourcePath(endpoint, id), tag)
  }
}

// Some servers send numbers as text.
function numberIn(value: JsonValue | undefined): number | undefined {
  const number = typeof value === 'string' && value.trim() !== '' ? Number(value) : value
  return typeof number === 'number' && Number.isFinite(number) ? number : undefined
}
