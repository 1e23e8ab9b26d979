/** The interface of providers, and what they have in common. */

export { pacedMatcherOf, type Work } from '../filter/evaluation/paced.js'
export { compareSortKeys, sortKeyOf } from '../filter/evaluation/sort-key.js'
export { isThenable } from '../is-thenable.js'
export { elementsInStep, mapInSteps, type Pace, runInPortions, type Steps } from '../pacing/portions.js'
export { type Turns, turnsFor } from '../pacing/turns.js'
export { checkedRecords, recordValueLimit } from '../provider/checked-records.js'
export {
  type AlreadyCreated,
  alreadyCreated,
  type ConditionalResult,
  type Duplicate,
  duplicate,
  isSuccess,
  mapResult,
  mismatchOrNotFound,
  type NotFound,
  notFound,
  type OverQuota,
  overQuota,
  type Success,
  success,
  type UnknownMembers,
  unknownMembers,
  unwrap,
  type VersionMismatch,
  versionMismatch,
} from '../provider/conditional.js'
export type { CreationKey, CreationRecord } from '../provider/creation-key.js'
export {
  filterView,
  managerIdOf,
  managerNamePath,
  type ViewNeeds,
  type ViewParts,
  viewNeedsOf,
} from '../provider/filter-view.js'
export { type KeysetPosition, nextPosition, positionText, readPosition } from '../provider/keyset-position.js'
export { membersUsedBy } from '../provider/members-used.js'
export { bytesOnPage, countWithinBytes, storedBytesOnPage } from '../provider/page-bytes.js'
export {
  type AffectedResource,
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
  type ProviderSupport,
  type Query,
  type Removal,
  type Removed,
  type ResourceProvider,
  type Sort,
  type Stored,
  type StoredMeta,
  type UniqueKey,
  type Written,
} from '../provider/provider.js'
export { type Candidate, type QueryInMemoryOptions, queryInMemory, queryUses } from '../provider/query-in-memory.js'
export type {
  RecordChange,
  RecordInsert,
  RecordKey,
  RecordQuery,
  RecordRemoval,
  RecordReplace,
  RecordStore,
  StoredRecord,
} from '../provider/record-store.js'
export {
  defaultScanWork,
  type ScanBudget,
  type ScanBudgetOptions,
  scanBudget,
  scanCost,
  scanWorkFrom,
} from '../provider/scan-cost.js'
export {
  exportedDocument,
  type TenantRemoval,
  type TenantRemovalOptions,
  type TenantStats,
  type Tenants,
} from '../provider/tenants.js'
export type {
  InTransaction,
  Unit,
  UnitRow,
  UnitStatement,
  UnitTemplate,
  UnitValue,
} from '../provider/unit.js'
export type { VersionChange } from '../provider/version-change.js'
export { changedSince, historyLength } from '../provider/version-change.js'
export { changedNames } from '../resource/changed-attributes.js'
export type { Member, MembersDelta, MembersNeed } from '../resource/member.js'
export type { ResourceRef } from '../resource/ref.js'
export { caseKey, compareCodePoints, exactKey } from '../schema/case-key.js'
export { instantOf, notBefore } from '../schema/date-time.js'
export type { CompareKey } from '../schema/value-key.js'
export {
  compareGenerations,
  contentDigest,
  contentVersion,
  firstVersion,
  generationOf,
  httpVersion,
  nextVersion,
  type RawVersion,
  rawVersion,
  versionNonce,
} from '../versioning/version.js'
