/** The public API of @scimkit/client: all exports for programs that call a SCIM server. */

export type {
  BulkBuilder,
  BulkCreated,
  BulkHandle,
  BulkOptions,
  BulkReport,
  BulkResources,
} from './bulk/bulk-request.js'
export type {
  BulkChangedResult,
  BulkCreatedResult,
  BulkDeletedResult,
  BulkFailed,
  BulkMethod,
  BulkNotAttempted,
  BulkResult,
} from './bulk/bulk-result.js'
export type {
  CallOptions,
  ClientOptions,
  CreateOptions,
  Fetch,
  ProjectionOptions,
  ReadOptions,
  WriteOptions,
} from './client-options.js'
export type { ClientPorts } from './client-ports.js'
export { createClient, type ResourceOf, type ScimClient, type TypedDefinition } from './create-client.js'
export {
  type AbortedFailure,
  type BulkLimitFailure,
  type ErrorDetails,
  type Failure,
  failureOf,
  type InvalidResponseFailure,
  type MultipleMatchesFailure,
  type NoResponseFailure,
  type NotFoundFailure,
  type NotSentFailure,
  type RefusedFailure,
  ScimClientError,
  type UnknownOutcomeFailure,
  type VersionMismatchFailure,
} from './failure.js'
export {
  type AttributeName,
  attributeName,
  type Filter,
  type FilterValue,
  filter,
  isFilter,
  rawFilter,
} from './filter/filter.js'
export type { ListPage } from './listing/list-page.js'
export type { ListOptions, PageOptions } from './listing/query-parameters.js'
export type { MeClient } from './me-client.js'
export type { PatchOperation } from './resource/patch-body.js'
export type { ResourceClient } from './resource-client.js'
export type { ResourceReference } from './resource-path.js'
export { describedTypes } from './schema/compile-type.js'
export type {
  Discovery,
  DiscoveryOptions,
  ResourceTypeDocument,
  SchemaDocument,
  ServiceProviderConfig,
} from './schema/discovery.js'
export type {
  AnyResource,
  CommonAttributes,
  Draft,
  EnterpriseUser,
  Group,
  InferResource,
  Meta,
  Projected,
  User,
} from './schema/typed-resource.js'
export { type MergeWith, mergeWith } from './update/merge-with.js'
export type { UpdateOptions, UpdateRetry } from './update/update-options.js'
export {
  type UpdateConflict,
  type UpdateGaveUp,
  type UpdateNotFound,
  type UpdateNoVersion,
  type UpdateOutcomeUnknown,
  type UpdateRefused,
  type UpdateResult,
  type UpdateStatistics,
  type UpdateSuccess,
  unwrapUpdate,
} from './update/update-result.js'
export type { Change } from './update/update-source.js'
