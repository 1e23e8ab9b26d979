/**
 * The public API of @scimkit/core for hosts: a server, its options, and what they name. Other entry points have the interface of providers
 * (`/provider`), of adapters (`/adapter`), the operations without HTTP (`/operations`), and parts that are of use alone: `/filter`, `/patch`,
 * `/merge`, `/schema`, `/json`.
 */

export { anyAuthenticator } from './access/any-authenticator.js'
export {
  type Access,
  type AuthenticationRequest,
  type AuthenticationScheme,
  type Authenticator,
  bearerCredentials,
  bearerScheme,
} from './access/authenticate.js'
export { bearerToken, noAuthentication, type TokenSource } from './access/bearer-token.js'
export { tenantId } from './access/tenant.js'
export {
  type TenantResolver,
  tenantFromHeader,
  tenantFromHost,
  tenantFromPath,
  withTenant,
} from './access/tenant-resolver.js'
export type { MediaType, ScimContext, TenantId, TraceParent } from './context.js'
export type { CursorKeySource } from './engine/cursor-key.js'
export type {
  DuplicateCollision,
  DuplicatePolicy,
  DuplicateRule,
  DuplicateRules,
} from './engine/duplicate-policies.js'
export type { IfMatchPolicy } from './engine/if-match-policy.js'
export type { Quota, Quotas } from './engine/quotas.js'
export type { UnknownMembersPolicy } from './engine/unknown-members.js'
export { ScimError, type ScimErrorOptions, type ScimErrors, type ScimType, scimError } from './errors.js'
export type { RequestEvent, ScimEvent, WriteEvent } from './events.js'
export type {
  CascadedChange,
  Change,
  HookDocument,
  MemberChanges,
  PendingChange,
} from './hooks/change.js'
export type { ChangeHooks, NamedHooks, ScimHooks } from './hooks/hooks.js'
export type { MePolicy } from './hooks/me-policy.js'
export type { SecretsHook } from './hooks/secrets-hook.js'
export { versionMismatchUrn } from './http/precondition-failed-body.js'
export { type HostList, hostList } from './http/url/host.js'
export {
  type Interop,
  type InteropPreset,
  type InteropSwitches,
  interopPresets,
  interopSwitchNames,
} from './interop.js'
export type { JsonObject, JsonValue } from './json/value.js'
export { defaultLimits, type Limits, limitsFrom, type TenantLimits } from './limits.js'
export {
  type Allowed,
  type AttributeMask,
  type AttributeRights,
  type AuthorizationDecision,
  type AuthorizationPath,
  type AuthorizationRequest,
  type Authorizer,
  allow,
  allowOnly,
  type Refused,
  refuse,
} from './operation-types/authorize.js'
export type { Operation } from './operation-types/operation.js'
export type { Outcome, OutcomeByKind } from './operation-types/outcome.js'
export { type Ports, platformPorts } from './ports.js'
export type { RateLimitOptions } from './rate-limit/rate-limit.js'
export type { Rate, RateDecision, RateLimiter } from './rate-limit/rate-limiter.js'
export type { ResourceRef } from './resource/ref.js'
export {
  type AttributeDefinition,
  defineSchema,
  type ResourceOperation,
  type ResourceTypeDefinition,
  type SchemaDefinition,
} from './schema/schema-definition.js'
export { enterpriseUserSchema } from './schema/standard/enterprise-user.js'
export { groupSchema } from './schema/standard/group.js'
export { groupType, userType } from './schema/standard/resource-types.js'
export { userSchema } from './schema/standard/user.js'
export { type ContextOptions, createScim, type Scim } from './scim.js'
export type { ProviderSource, ResourceTypeSource, ScimOptions } from './settings/options.js'
export type { TenantSettings, TenantSettingsSource } from './settings/tenant-settings.js'
export { ifVersion, type Precondition } from './versioning/precondition.js'
export {
  type EntityTags,
  type HttpVersion,
  httpVersion,
  parseHttpVersion,
  type RawVersion,
  rawVersion,
} from './versioning/version.js'
export type { WaitUntil } from './wait-until.js'
