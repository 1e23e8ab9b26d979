/**
 * The interface without HTTP: all operations. HTTP, Bulk, agents and the command line all use it. How each can end is in `outcome.ts`;
 * errors that end a request (bad input, a store that fails) are thrown as ScimError.
 */
import type { ScimError } from '../errors.js'
import type { JsonValue } from '../json/value.js'
import type { ProjectionRequest } from '../resource/projection.js'
import type { ResourceRef } from '../resource/ref.js'
import type { Precondition } from '../versioning/precondition.js'

/** A body, or a function that returns it: called at most once, after cheap refusals. */
export type Body = JsonValue | (() => Promise<JsonValue>)

/** Every operation. */
export type Operation =
  | CreateOperation
  | GetOperation
  | QueryOperation
  | ReplaceOperation
  | PatchOperationRequest
  | RemoveOperation
  | DiscoverOperation
  | MeOperation
  | BulkOperation

/** How much of a resource the response to a write should contain: nothing, or all of it. @see RFC 7240 §4.2 */
export type ReturnPreference = 'minimal' | 'representation'

/** Creates a resource. @see RFC 7644 §3.3 */
export interface CreateOperation {
  readonly kind: 'create'
  readonly type: string
  readonly body: Body
  readonly prefer?: ReturnPreference
  readonly precondition?: Precondition
  readonly projection?: ProjectionRequest
  /**
   * Makes a repetition safe: a second create with this key and the same body, by the same caller, creates nothing and
   * has the resource of the first one as its result. 1 to 256 visible ASCII characters. Over HTTP: `Idempotency-Key`.
   */
  readonly idempotencyKey?: string
}

/** Reads one resource. @see RFC 7644 §3.4.1 */
export interface GetOperation {
  readonly kind: 'get'
  readonly ref: ResourceRef
  readonly precondition?: Precondition
  readonly projection?: ProjectionRequest
}

/** The parameters of a list, as the query string and SearchRequest have them. @see RFC 7644 §3.4.2, §3.4.3 */
export interface SearchRequest extends ProjectionRequest {
  readonly filter?: string
  readonly sortBy?: string
  readonly sortOrder?: string
  /** 1 is the first; values below count as 1. */
  readonly startIndex?: number
  /** Empty for the first page, then `nextCursor` of the page before; not together with `startIndex`. @see RFC 9865 §2 */
  readonly cursor?: string
  /** Values below 0 count as 0. */
  readonly count?: number
}

/** Reads a page of resources of one type, or of all. @see RFC 7644 §3.4.2.1 */
export interface QueryOperation {
  readonly kind: 'query'
  /** Left out at the root: all types, as one list. */
  readonly type?: string
  readonly search: SearchRequest | (() => Promise<SearchRequest>)
  readonly precondition?: Precondition
  /** True when asked by POST /.search: a filter on a secret attribute is then 400, not 403. */
  readonly viaPost?: boolean
}

/** Replaces the document of a resource. @see RFC 7644 §3.5.1 */
export interface ReplaceOperation {
  readonly kind: 'replace'
  readonly ref: ResourceRef
  readonly body: Body
  readonly prefer?: ReturnPreference
  readonly precondition?: Precondition
  readonly projection?: ProjectionRequest
}

/** Changes parts of a resource. `body` is a PatchOp message. @see RFC 7644 §3.5.2 */
export interface PatchOperationRequest {
  readonly kind: 'patch'
  readonly ref: ResourceRef
  readonly body: Body
  readonly prefer?: ReturnPreference
  readonly precondition?: Precondition
  readonly projection?: ProjectionRequest
}

/** Removes a resource. @see RFC 7644 §3.6 */
export interface RemoveOperation {
  readonly kind: 'remove'
  readonly ref: ResourceRef
  readonly precondition?: Precondition
}

/** Reads the features of the server. @see RFC 7644 §4 */
export interface DiscoverOperation {
  readonly kind: 'discover'
  readonly endpoint: DiscoveryEndpoint
  /** One resource type by name, or one schema by URN. */
  readonly id?: string
  readonly precondition?: Precondition
}

/** Carries out many writes. @see RFC 7644 §3.7 */
export interface BulkOperation {
  readonly kind: 'bulk'
  readonly request: BulkRequest | (() => Promise<BulkRequest>)
  readonly precondition?: Precondition
}

/** The writes of a bulk request, in the order they were sent. */
export interface BulkRequest {
  /** How many operations may fail before the rest is not carried out; undefined: all of them. */
  readonly failOnErrors?: number
  readonly entries: readonly BulkEntry[]
}

/** One operation of a bulk request. */
export type BulkEntry = BulkWrite | BulkRefusal

/** A write. Ids and bodies may refer to resources that the same request creates (`bulkId:…`). */
export interface BulkWrite {
  /** REQUIRED for a create: the name by which other entries refer to the created resource. */
  readonly bulkId?: string
  readonly operation: BulkCreate | BulkReplace | BulkPatch | RemoveOperation
}

/** A create within a bulk request: without an idempotency key. */
export type BulkCreate = Omit<CreateOperation, 'idempotencyKey'> & { readonly body: JsonValue }

/** A replace within a bulk request. */
export type BulkReplace = ReplaceOperation & { readonly body: JsonValue }

/** A patch within a bulk request. */
export type BulkPatch = PatchOperationRequest & { readonly body: JsonValue }

/** An entry that is not a valid operation: it fails, and the others continue. */
export interface BulkRefusal {
  /** Undefined if it was none of them. */
  readonly method: BulkMethod | undefined
  readonly bulkId?: string
  /** The resource of the entry, if it could be determined. */
  readonly ref?: ResourceRef
  readonly refusal: ScimError
}

/** The methods of bulk operations. */
export type BulkMethod = 'POST' | 'PUT' | 'PATCH' | 'DELETE'

/** An operation on the caller's own resource, which the host's `me` knows. @see RFC 7644 §3.11 */
export interface MeOperation {
  readonly kind: 'me'
  readonly operation: MyOperation
}

/** An operation at /Me: an operation on one resource, without the resource. */
export type MyOperation =
  | Omit<GetOperation, 'ref'>
  | Omit<ReplaceOperation, 'ref'>
  | Omit<PatchOperationRequest, 'ref'>
  | Omit<RemoveOperation, 'ref'>

/** The discovery endpoints, spelled as in the URL. */
export type DiscoveryEndpoint = 'ServiceProviderConfig' | 'ResourceTypes' | 'Schemas'

/** The value of a {@link Body}. */
export async function bodyOf(body: Body): Promise<JsonValue> {
  return typeof body === 'function' ? await body() : body
}
