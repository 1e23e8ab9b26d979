import { isArray, isObject, type JsonObject, type JsonValue } from '@scimkit/core/json'
import type { SearchRequest } from '@scimkit/core/operations'
import type { FoundResource, Page, VersionText } from './directory.js'

/** The search, with versions in its results. @see RFC 7644 §3.9 */
export function withVersion(search: SearchRequest): SearchRequest {
  return search.attributes === undefined ? search : { ...search, attributes: [...search.attributes, 'meta.version'] }
}

/**
 * The page in a ListResponse. `versionIn` converts the `meta.version` of an element. An element without an id or a
 * version is left out: no tool could use it.
 * @see RFC 7644 §3.4.2; RFC 9865 §2
 */
export function pageFrom(list: JsonValue, versionIn: (tag: string) => VersionText): Page {
  const { Resources: elements, totalResults, nextCursor } = isObject(list) ? list : {}
  const resources = isArray(elements) ? elements.filter((element) => isObject(element)) : []
  return {
    resources: resources.flatMap((resource) => foundIn(resource, versionIn)),
    totalResults: typeof totalResults === 'number' ? totalResults : undefined,
    nextCursor: typeof nextCursor === 'string' ? nextCursor : undefined,
  }
}

function foundIn(resource: JsonObject, versionIn: (tag: string) => VersionText): readonly FoundResource[] {
  const { id, meta } = resource
  const tag = isObject(meta) ? meta.version : undefined
  if (typeof id !== 'string' || typeof tag !== 'string') return []
  return [{ kind: 'resource', id, version: versionIn(tag), resource }]
}
