/** Query parameters and search bodies. @see RFC 7644 §3.4.2, §3.4.3, §3.9; RFC 9865 §2 */
import type { JsonObject, JsonValue } from '@scimkit/core'
import type { CallOptions, ProjectionOptions } from './client-options.js'
import { type Filter, isFilter } from './filter.js'

/** Which resources, in which order. */
export interface ListOptions extends CallOptions, ProjectionOptions {
  readonly filter?: Filter
  readonly sortBy?: string
  readonly sortOrder?: 'ascending' | 'descending'
  /** How many to a page; the server may give fewer. */
  readonly count?: number
  /**
   * `search` puts the question into the body of a POST to `/.search`, where no log of URLs shows it and nothing is too
   * long; `get`, the default, into the URL. @see RFC 7644 §3.4.3, §7.5.2
   */
  readonly via?: 'get' | 'search'
}

/** One page of them: from `startIndex` (the first is 1) on, or where `cursor` goes on; an empty one is the first page. */
export interface PageOptions extends ListOptions {
  readonly startIndex?: number
  readonly cursor?: string
}

/** `?attributes=userName,title`, or nothing. */
export function projectionQuery(options: ProjectionOptions): string {
  return queryOf(projectionOf(options))
}

/** A question as query parameters. Throws a TypeError if the filter is none. */
export function pageQuery(options: PageOptions): string {
  return queryOf(questionOf(options))
}

/** The same question as the body of a search. Throws a TypeError if the filter is none. */
export function searchBody(options: PageOptions): JsonObject {
  return { schemas: ['urn:ietf:params:scim:api:messages:2.0:SearchRequest'], ...questionOf(options) }
}

function questionOf(options: PageOptions): Record<string, JsonValue> {
  const { filter, sortBy, sortOrder, startIndex, count, cursor } = options
  // Text here would be an injection that the types have not seen.
  if (filter !== undefined && !isFilter(filter)) throw new TypeError('filter: make it by filter`…` or rawFilter()')
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
