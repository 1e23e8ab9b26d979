/** The front door of @scimkit/client: everything that a program which talks to a SCIM server may use, on one page. */

export {
  type AbortedFailure,
  type BadAnswerFailure,
  type BulkLimitFailure,
  type Failure,
  failureOf,
  type MismatchFailure,
  type NoAnswerFailure,
  type NotFoundFailure,
  type NotSentFailure,
  type RefusedFailure,
  ScimClientError,
  type SeveralFailure,
  type Told,
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
