/** The public API of @scimkit/core: everything that hosts, adapters and providers may use, on one page. */

// Authentication
export type { Access, AuthenticationRequest, AuthenticationScheme, Authenticator } from './access/authenticate.js'
export { bearerCredentials, bearerScheme } from './access/authenticate.js'
export { bearerToken, noAuthentication, type TokenSource } from './access/bearer-token.js'
export { tenantId } from './access/tenant.js'
export type { MediaType, ScimContext, TenantId, TraceParent } from './context.js'
export type { CursorKeySource } from './engine/cursor-key.js'
export type { IfMatchPolicy } from './engine/if-match-policy.js'
export { type UnknownMembersPolicy, unknownMembersPolicies } from './engine/unknown-members.js'
export {
  ScimError,
  type ScimErrorOptions,
  type ScimErrors,
  type ScimType,
  scimError,
  statusOfScimType,
} from './errors.js'
export type { RequestEvent, ScimEvent, WriteEvent } from './events.js'
// Filters
export type {
  AndFilter,
  CompareFilter,
  CompareOperator,
  Filter,
  FilterPath,
  KnownPath,
  NotFilter,
  OrFilter,
  PresentFilter,
  ValuePathFilter,
} from './filter/ast.js'
export { attributesOf, fullPath } from './filter/attributes-of.js'
export { equalityOn } from './filter/equality-on.js'
export { evaluate, matcherOf } from './filter/evaluation/evaluate.js'
export { pacedMatcherOf, type Work } from './filter/evaluation/paced.js'
export { compareSortKeys, sortKeyOf } from './filter/evaluation/sort-key.js'
export { type FilterLimits, parseFilter } from './filter/parse.js'
export { printFilter } from './filter/print.js'
export type { MePolicy, SecretsHook } from './hooks.js'
export type { RequestBody, ScimRequest, ScimResponse } from './http/adapter-interface.js'
export { versionMismatchUrn } from './http/precondition-failed-body.js'
export { errorAnswer } from './http/respond.js'
export { type BasePath, basePathOf, type MountParameters } from './http/url/base-path.js'
export { type HostList, hostList } from './http/url/host.js'
export { locateMount as placeOf, type MountLocation as Place } from './http/url/locate-mount.js'
export {
  type Interop,
  type InteropPreset,
  type InteropSwitches,
  interopFrom,
  interopPresets,
  interopSwitchNames,
} from './interop.js'
// JSON
export {
  deepCopy,
  documentText,
  emptyObject,
  isArray,
  isObject,
  type JsonObject,
  type JsonValue,
  jsonEqual,
  type MutableJsonObject,
} from './json/value.js'
export { defaultLimits, type Limits, limitsFrom } from './limits.js'
// Concurrent edits of one resource
export type {
  Conflict,
  Conflicted,
  Merged,
  MergeOptions,
  MergeResult,
  Resolution,
  Strategy,
} from './merge/conflict.js'
export { type DiffOptions, diff } from './merge/diff.js'
export type { DiffOperation } from './merge/diff-operation.js'
export { merge3 } from './merge/merge3.js'
// Operations without HTTP
export {
  type Allowed,
  type AuthorizationDecision,
  type AuthorizationPath,
  type AuthorizationRequest,
  type Authorizer,
  allow,
  type BulkAuthorizationRequest,
  type CreateAuthorizationRequest,
  type DiscoveryAuthorizationRequest,
  type ListAuthorizationRequest,
  type MeAuthorizationRequest,
  type Refused,
  type ResourceAuthorizationRequest,
  refuse,
} from './operation-types/authorize.js'
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
} from './operation-types/operation.js'
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
} from './operation-types/outcome.js'
export type { DocumentRepresentation, ListRepresentation, Representation } from './operation-types/representation.js'
export type { ProviderSource, ResourceTypeSource, ScimOptions } from './options.js'
export {
  atOnce,
  elementsInStep,
  inPortions,
  mapInSteps,
  type Pace,
  paceOf,
  runInPortions as unhurried,
  type Steps,
} from './pacing/portions.js'
export { type Turns, turnsFor } from './pacing/turns.js'
export { type Ports, platformPorts } from './ports.js'
// The interface of providers
export {
  type ConditionalResult,
  type Duplicate,
  duplicate,
  isSuccess,
  mapResult,
  mismatchOrNotFound as conflict,
  type NotFound,
  notFound,
  type Success,
  success,
  type UnknownMembers,
  unknownMembers,
  unwrap,
  type VersionMismatch,
  versionMismatch,
} from './provider/conditional.js'
export { type KeysetPosition, nextPosition, positionText, readPosition } from './provider/keyset-position.js'
export { membersUsedBy as membersAsked } from './provider/members-used.js'
export {
  bytesOnPage as weightOf,
  countWithinBytes as heldBy,
  storedBytesOnPage as weightOfStored,
} from './provider/page-bytes.js'
export {
  type Derived,
  documentOnly,
  type GroupMembership,
  type IndexPage,
  type KeysetPage,
  type MaybePromise,
  type Needs,
  type Next,
  type Page,
  type PageBounds,
  type Query,
  type Removal,
  type ResourceProvider,
  type Sort,
  type Stored,
  type StoredMeta,
  type UniqueKey,
  type Written,
} from './provider/provider.js'
export {
  type Candidate,
  type QueryInMemoryOptions,
  queryInMemory,
  queryUses as mentions,
} from './provider/query-in-memory.js'
export {
  defaultScanWork,
  type ScanBudget,
  type ScanBudgetOptions,
  scanBudget,
  scanCost,
  scanWorkFrom,
} from './provider/scan-cost.js'
export { changedSince, historyLength, type VersionChange } from './provider/version-change.js'
export { changedNames } from './resource/changed-attributes.js'
export type { Member, MembersDelta, MembersNeed } from './resource/member.js'
export type { ProjectionRequest } from './resource/projection.js'
export type { ResourceRef } from './resource/ref.js'
export type { Attribute, AttributePath, ResourceType, Schema } from './schema/attribute.js'
// Schemas
export { caseKey, compareCodePoints, exactKey } from './schema/case-key.js'
export { compileResourceType } from './schema/compile.js'
export { instantOf, notBefore } from './schema/date-time.js'
export { resolvePath } from './schema/path.js'
export {
  type AttributeDefinition,
  type AttributeType,
  defineSchema,
  type Mutability,
  type ResourceOperation,
  type ResourceTypeDefinition,
  type Returned,
  type SchemaDefinition,
  type Uniqueness,
} from './schema/schema-definition.js'
export { enterpriseUserSchema } from './schema/standard/enterprise-user.js'
export { groupSchema } from './schema/standard/group.js'
export { groupType, userType } from './schema/standard/resource-types.js'
export { userSchema } from './schema/standard/user.js'
export type { CompareKey } from './schema/value-key.js'
// Requests and responses
export { type ContextOptions, createScim, type Scim } from './scim.js'
// Versions and preconditions
export {
  evaluatePrecondition,
  evaluatePrecondition as holds,
  evaluatePreconditionFor as holdsFor,
  ifVersion,
  isUnconditional,
  type Precondition,
  type PreconditionResult,
  parsePrecondition,
  type RepresentationTags,
  unconditional,
} from './versioning/precondition.js'
export {
  compareGenerations,
  contentDigest,
  contentVersion,
  type EntityTags,
  firstVersion,
  generationOf,
  type HttpVersion,
  httpVersion,
  nextVersion,
  parseHttpVersion,
  parseStrongHttpVersion,
  type RawVersion,
  rawVersion,
  strongHttpVersion,
  tagOfVersion,
  versionNonce,
} from './versioning/version.js'
export type { WaitUntil } from './wait-until.js'
