/** The operations without HTTP and how each can end: what `perform` takes and returns. */

export type {
  BulkAuthorizationRequest,
  CreateAuthorizationRequest,
  DiscoveryAuthorizationRequest,
  ListAuthorizationRequest,
  MeAuthorizationRequest,
  ResourceAuthorizationRequest,
} from '../operation-types/authorize.js'
export type {
  Body,
  BulkCreate,
  BulkEntry,
  BulkMethod,
  BulkOperation,
  BulkPatch,
  BulkRefusal,
  BulkReplace,
  BulkRequest,
  BulkWrite,
  CreateOperation,
  DiscoverOperation,
  DiscoveryEndpoint,
  GetOperation,
  MeOperation,
  MyOperation,
  Operation,
  PatchOperationRequest,
  QueryOperation,
  RemoveOperation,
  ReplaceOperation,
  ReturnPreference,
  SearchRequest,
} from '../operation-types/operation.js'
export type {
  BulkErrorOutcome,
  BulkOutcome,
  BulkReport,
  BulkResult,
  BulkResultOutcome,
  CreatedOutcome,
  DocumentOutcome,
  DuplicateOutcome,
  ListOutcome,
  MeOutcome,
  MismatchOutcome,
  NotFoundOutcome,
  NotModifiedOutcome,
  Outcome,
  OutcomeByKind,
  PreconditionRequiredOutcome,
  RemovedOutcome,
  ResourceOutcome,
  UnwrittenOutcome,
} from '../operation-types/outcome.js'
export type { DocumentRepresentation, ListRepresentation, Representation } from '../operation-types/representation.js'
export type { OperationOnType, PermittedType } from '../permissions/permitted-types.js'
export type { ProjectionRequest } from '../resource/projection.js'
export {
  evaluatePrecondition,
  ifVersion,
  type Precondition,
  type PreconditionResult,
  type RepresentationTags,
} from '../versioning/precondition.js'
export { compareGenerations } from '../versioning/version.js'
