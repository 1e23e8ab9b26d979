/** What the tools need of a SCIM server: this process, or another one. There is no write without an expected version. */
import type { JsonObject, ResourceRef } from '@scimkit/core'
import type { PermittedType, SearchRequest } from '@scimkit/core/operations'
import type { PatchOperationInput } from '@scimkit/core/patch'

declare const versionBrand: unique symbol

/** A version as tools show and accept it: the raw version of this server, or the entity tag of another one. */
export type VersionText = string & { readonly [versionBrand]: true }

/** A resource as the caller sees it. `resource` is undefined where the server sends none (a PATCH of a large group). */
export interface FoundResource {
  readonly kind: 'resource'
  readonly id: string
  readonly version: VersionText
  readonly resource: JsonObject | undefined
}

/** There is no such resource. */
export interface Missing {
  readonly kind: 'notFound'
}

/** The resource has another version; nothing was written. */
export interface Mismatch {
  readonly kind: 'versionMismatch'
  /** The attributes that have changed since the expected version; undefined if they are not known. */
  readonly changed: readonly string[] | undefined
}

/** Another resource has a value that must be unique; nothing was written. */
export interface Duplicate {
  readonly kind: 'duplicate'
  /** Undefined if the server does not say. */
  readonly attribute: string | undefined
}

/** The resource was removed. */
export interface Removed {
  readonly kind: 'removed'
}

/** A page of resources. */
export interface Page {
  readonly resources: readonly FoundResource[]
  /** Undefined where counting would cost more than the page. */
  readonly totalResults: number | undefined
  /** Undefined on the last page. */
  readonly nextCursor: string | undefined
}

/** A SCIM server, for one caller. Every function rejects with a ScimError for bad input and for a refusal. */
export interface Directory {
  /** Whether a repeated create with the same idempotency key creates nothing. */
  readonly supportsIdempotencyKeys: boolean
  /** What the caller may do with each type. */
  types(): Promise<readonly PermittedType[]>
  /** The document of a schema; undefined if there is none with this URN. @see RFC 7643 §7 */
  schema(urn: string): Promise<JsonObject | undefined>
  get(ref: ResourceRef, projection?: Projection): Promise<FoundResource | Missing>
  search(type: string, search: SearchRequest): Promise<Page>
  create(type: string, document: JsonObject, idempotencyKey: string | undefined): Promise<FoundResource | Duplicate>
  replace(ref: ResourceRef, document: JsonObject, expected: VersionText): Promise<WriteResult>
  patch(ref: ResourceRef, operations: readonly PatchOperationInput[], expected: VersionText): Promise<WriteResult>
  remove(ref: ResourceRef, expected: VersionText): Promise<Removed | Missing | Mismatch>
}

/** The attributes of a result: only these, or all but these. */
export interface Projection {
  readonly attributes?: readonly string[]
  readonly excludedAttributes?: readonly string[]
}

/** How a write to one resource can end. */
export type WriteResult = FoundResource | Missing | Mismatch | Duplicate
