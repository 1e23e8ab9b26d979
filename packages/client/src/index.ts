/** The public API of @scimkit/client: all exports for programs that call a SCIM server. */

export type {
  BulkBuilder,
  BulkCreated,
  BulkHandle,
  BulkOptions,
  BulkReport,
  BulkResources,
} from './bulk.js'
export type {
  BulkChangedResult,
  BulkCreatedResult,
  BulkDeletedResult,
  BulkFailed,
  BulkMethod,
  BulkNotAttempted,
  BulkResult,
} from './bulk-report.js'
export type {
  CallOptions,
  ClientOptions,
  Fetch,
  ProjectionOptions,
  ReadOptions,
  WriteOptions,
} from './client-options.js'
export type { ClientPorts } from './client-ports.js'
export { createClient, type ResourceOf, type ScimClient, type TypedDefinition } from './create-client.js'
export type {
  Discovery,
  DiscoveryOptions,
  ResourceTypeDocument,
  SchemaDocument,
  ServiceProviderConfig,
} from './discovery.js'
export {
  type AbortedFailure,
  type BadAnswerFailure,
  type BulkLimitFailure,
  type ErrorDetails,
  type Failure,
  failureOf,
  type MismatchFailure,
  type MultipleMatchesFailure,
  type NoAnswerFailure,
  type NotFoundFailure,
  type NotSentFailure,
  type RefusedFailure,
  ScimClientError,
  type UnknownOutcomeFailure,
} from './failure.js'
export {
  type AttributeName,
  attributeName,
  type Filter,
  type FilterValue,
  filter,
  isFilter,
  rawFilter,
} from './filter.js'
export type { ListPage } from './list-page.js'
export type { MeClient } from './me-client.js'
export { type MergeWith, mergeWith } from './merge-with.js'
export type { ListOptions, PageOptions } from './parameters.js'
export type {
  AnyResource,
  CommonAttributes,
  Draft,
  EnterpriseUser,
  Group,
  InferResource,
  Meta,
  User,
} from './resource.js'
export type { PatchOperation, Projected, ResourceClient } from './resource-client.js'
export type { ResourceReference } from './resource-path.js'
export type { Change } from './update-job.js'
export {
  type UpdateConflict,
  type UpdateGaveUp,
  type UpdateNotFound,
  type UpdateNoVersion,
  type UpdateOptions,
  type UpdateOutcomeUnknown,
  type UpdateRefused,
  type UpdateResult,
  type UpdateStatistics,
  type UpdateSuccess,
  unwrapUpdate,
} from './update-result.js'
