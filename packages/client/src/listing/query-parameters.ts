/** Query parameters and search bodies. @see RFC 7644 §3.4.2, §3.4.3, §3.9; RFC 9865 §2 */
import type { JsonObject, JsonValue } from '@scimkit/core/json'
import type { CallOptions, ProjectionOptions } from '../client-options.js'
import { type Filter, isFilter } from '../filter/filter.js'

/** Which resources, in which order. */
export interface ListOptions extends CallOptions, ProjectionOptions {
  readonly filter?: Filter
  readonly sortBy?: string
  readonly sortOrder?: 'ascending' | 'descending'
  /** Resources per page; the server may return fewer. */
  readonly count?: number
  /**
   * `search` sends the query in the body of a POST to `/.search`: it does not appear in logs of URLs and has no length
   * limit. `get`, the default, sends it in the URL. @see RFC 7644 §3.4.3, §7.5.2
   */
  readonly via?: 'get' | 'search'
}

/** One page: from `startIndex` (1-based), or the page of `cursor`; an empty cursor requests the first page. */
export interface PageOptions extends ListOptions {
  readonly startIndex?: number
  readonly cursor?: string
}

/** `?attributes=userName,title`, or an empty text. */
export function projectionQuery(options: ProjectionOptions): string {
  return queryOf(projectionOf(options))
}

/** A query as URL parameters. Throws a TypeError if `filter` is not a {@link Filter}. */
export function pageQuery(options: PageOptions): string {
  return queryOf(questionOf(options))
}

/** The same query as the body of a search. Throws a TypeError if `filter` is not a {@link Filter}. */
export function searchBody(options: PageOptions): JsonObject {
  return { schemas: ['urn:ietf:params:scim:api:messages:2.0:SearchRequest'], ...questionOf(options) }
}

function questionOf(options: PageOptions): Record<string, JsonValue> {
  const { filter, sortBy, sortOrder, startIndex, count, cursor } = options
  // A plain string here would allow an injection that the type checker did not catch.
  if (filter !== undefined && !isFilter(filter)) throw new TypeError('filter: create it with filter`…` or rawFilter()')
  return {
    ...(filter !== undefined && { filter: filter.text }),
    ...(sortBy !== undefined && { sortBy }),
    ...(sortOrder !== undefined && { sortOrder }),
    ...(startIndex !== undefined && { startIndex }),
    ...(count !== undefined && { count }),
    ...(cursor !== undefined && { cursor }),
    ...projectionOf(options),
  }
}

function projectionOf({ attributes, excludedAttributes }: ProjectionOptions): Record<string, JsonValue> {
  return {
    ...(attributes !== undefined && { attributes }),
    ...(excludedAttributes !== undefined && { excludedAttributes }),
  }
}

function queryOf(parameters: Readonly<Record<string, JsonValue>>): string {
  const pairs = Object.entries(parameters).map(([name, value]) => `${name}=${encodeURIComponent(String(value))}`)
  return pairs.length === 0 ? '' : `?${pairs.join('&')}`
}
