/**
 * The interface without HTTP: all operations and their outcomes. HTTP, Bulk, agents and the command line all use it.
 * Errors that end a request (bad input, a store that fails) are thrown as ScimError.
 */
import type { ScimError } from '../errors.js'
import type { JsonObject, JsonValue } from '../json/value.js'
import type { ProjectionRequest } from '../resource/projection.js'
import type { ResourceRef } from '../resource/ref.js'
import type { Precondition } from '../versioning/precondition.js'
import type { HttpVersion, RawVersion } from '../versioning/version.js'

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

/** A create within a bulk request. */
export type BulkCreate = CreateOperation & { readonly body: JsonValue }

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

/** How the operations of a bulk request ended, in the order of the request. Those that were not begun are missing. */
export interface BulkReport {
  readonly results: readonly BulkResult[]
  /** How many of them failed. */
  readonly failed: number
}

/** How one of them ended. */
export interface BulkResult {
  readonly method: BulkMethod | undefined
  readonly bulkId: string | undefined
  /** Absolute URL; undefined for a create that created nothing, and for an invalid path. */
  readonly location: string | undefined
  readonly outcome: BulkResultOutcome
}

/** The outcomes of writes, and the error that ended one. */
export type BulkResultOutcome = OutcomeByKind['create' | 'replace' | 'patch' | 'remove'] | BulkErrorOutcome

/** An operation that an error ended. */
export interface BulkErrorOutcome {
  readonly kind: 'error'
  readonly error: ScimError
  /** The committed part of it: a resource that was created, and could not be given its references to others. */
  readonly stands?: Representation
}

/** Every way an operation can end without an error. */
export type Outcome =
  | ResourceOutcome
  | CreatedOutcome
  | RemovedOutcome
  | NotModifiedOutcome
  | ListOutcome
  | MeOutcome
  | DocumentOutcome
  | MismatchOutcome
  | PreconditionRequiredOutcome
  | NotFoundOutcome
  | DuplicateOutcome
  | BulkOutcome

/** The resource as it is now. */
export interface ResourceOutcome {
  readonly kind: 'success'
  readonly value: Representation
}

/** The resource was created. */
export interface CreatedOutcome {
  readonly kind: 'created'
  readonly value: Representation
}

/** The resource was removed. */
export interface RemovedOutcome {
  readonly kind: 'removed'
}

/** The client has this version already. */
export interface NotModifiedOutcome {
  readonly kind: 'notModified'
  readonly version: RawVersion
  /** The tag of the client's version. */
  readonly tag: HttpVersion
  /** Absolute URL; undefined for a list. */
  readonly location: string | undefined
}

/** A page of resources. */
export interface ListOutcome {
  readonly kind: 'list'
  readonly value: ListRepresentation
}

/** A discovery document. */
export interface DocumentOutcome {
  readonly kind: 'document'
  readonly value: DocumentRepresentation
}

/** A bulk request was processed. */
export interface BulkOutcome {
  readonly kind: 'bulk'
  readonly value: BulkReport
}

/** The precondition does not hold; nothing was changed. */
export interface MismatchOutcome {
  readonly kind: 'versionMismatch'
  /** The expected versions. */
  readonly expected: Precondition
  /** The current version. */
  readonly current: RawVersion
  /** The tag of the requested representation; undefined if none was created. */
  readonly tag?: HttpVersion
  /** The attributes that have changed since the newest version expected; undefined if they are not known. */
  readonly changed?: readonly string[]
}

/** The host requires `If-Match` for such a write, and there was none; nothing was changed. @see RFC 6585 §3 */
export interface PreconditionRequiredOutcome {
  readonly kind: 'preconditionRequired'
  /** The current version. */
  readonly current: RawVersion
}

/** The outcome of the operation on the caller's own resource. */
export interface MeOutcome {
  readonly kind: 'me'
  /** The absolute URL of that resource. */
  readonly location: string
  readonly outcome: OutcomeByKind[MyOperation['kind']]
}

/** There is no such resource. */
export interface NotFoundOutcome {
  readonly kind: 'notFound'
}

/** Another resource has a value that must be unique; nothing was changed. */
export interface DuplicateOutcome {
  readonly kind: 'duplicate'
  /** The attribute's path. */
  readonly attribute: string
}

/** How a write to a resource can end without having written anything. */
export type UnwrittenOutcome = MismatchOutcome | PreconditionRequiredOutcome | NotFoundOutcome | DuplicateOutcome

/** How each operation can end. */
export interface OutcomeByKind {
  readonly me: MeOutcome | NotFoundOutcome
  readonly create: CreatedOutcome | DuplicateOutcome
  readonly get: ResourceOutcome | NotModifiedOutcome | MismatchOutcome | NotFoundOutcome
  readonly query: ListOutcome
  readonly replace: ResourceOutcome | UnwrittenOutcome
  readonly patch: ResourceOutcome | UnwrittenOutcome
  readonly remove: RemovedOutcome | Exclude<UnwrittenOutcome, DuplicateOutcome>
  readonly discover: DocumentOutcome | NotModifiedOutcome | MismatchOutcome | NotFoundOutcome
  readonly bulk: BulkOutcome
}

/** The value of a {@link Body}. */
export async function bodyOf(body: Body): Promise<JsonValue> {
  return typeof body === 'function' ? await body() : body
}
