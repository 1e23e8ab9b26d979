/** Resources, lists and discovery documents as a client sees them. */
import type { JsonObject } from '../json/value.js'
import type { ResourceRef } from '../resource/ref.js'
import type { HttpVersion, RawVersion } from '../versioning/version.js'
import type { ReturnPreference } from './operation.js'

/** One resource, as a client sees it. */
export interface Representation {
  readonly ref: ResourceRef
  readonly version: RawVersion
  /** The `ETag`, and `meta.version` in the document. */
  readonly tag: HttpVersion
  /** Absolute URL. */
  readonly location: string
  /** The preference that was applied; undefined if none was given or another rule outweighed it. */
  readonly applied?: ReturnPreference | undefined
  /**
   * The projected document with `meta`; undefined where the response has no body (a PATCH of a large group, `minimal`).
   */
  readonly resource: JsonObject | undefined
  /** The same, serialised. */
  readonly text: string | undefined
}

/** A list, as a client sees it. @see RFC 7644 §3.4.2; RFC 9865 §2 */
export interface ListRepresentation {
  /** Undefined on a page by cursor if counting would cost more than the page. */
  readonly totalResults: number | undefined
  /** Undefined on a page by cursor. */
  readonly startIndex: number | undefined
  readonly itemsPerPage: number
  /** The cursor of the next page; undefined on the last one, and on a page by index. */
  readonly nextCursor: string | undefined
  /** The whole ListResponse, serialised. */
  readonly text: string
}

/** A discovery document or list, as a client sees it. */
export interface DocumentRepresentation {
  /** Absolute URL; undefined for a list. */
  readonly location: string | undefined
  readonly version: RawVersion
  readonly tag: HttpVersion
  readonly text: string
}
