/** How operations end without an error, and the results of bulk requests. */
import type { ScimError } from '../errors.js'
import type { Precondition } from '../versioning/precondition.js'
import type { HttpVersion, RawVersion } from '../versioning/version.js'
import type { BulkMethod, MyOperation } from './operation.js'
import type { DocumentRepresentation, ListRepresentation, Representation } from './representation.js'

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
  readonly created?: Representation
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

/** The resource was created, or the one with its unique value was replaced (`onDuplicate`). */
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
