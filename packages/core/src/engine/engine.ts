import type { ScimContext, TenantId } from '../context.js'
import type { DiscoveryDocuments } from '../discovery/discovery-documents.js'
import type { ScimEvent } from '../events.js'
import type { AnyHooks } from '../hooks/hooks.js'
import type { MePolicy } from '../hooks/me-policy.js'
import type { SecretsHook } from '../hooks/secrets-hook.js'
import type { Gates } from '../in-flight/gates.js'
import type { Limits } from '../limits.js'
import type { Authorizer } from '../operation-types/authorize.js'
import { type Pace, paceOf } from '../pacing/portions.js'
import type { Ports } from '../ports.js'
import type { MaybePromise, ResourceProvider } from '../provider/provider.js'
import type { ResourceRef } from '../resource/ref.js'
import type { ResourceType } from '../schema/attribute.js'
import type { EntityTags } from '../versioning/version.js'
import type { CursorKey } from './cursor-key.js'
import type { DuplicateRules } from './duplicate-policies.js'
import type { IfMatchPolicy } from './if-match-policy.js'
import type { KeyedQueue } from './keyed-queue.js'
import type { Quotas } from './quotas.js'
import type { UnknownMembersPolicy } from './unknown-members.js'

/**
 * The dependencies of every operation: created once by createScim, except the provider, which may depend on the
 * request.
 */
export interface Engine {
  readonly provider: ResourceProvider
  /** By name. */
  readonly types: ReadonlyMap<string, ResourceType>
  readonly limits: Limits
  readonly ports: Ports
  readonly secrets: SecretsHook | undefined
  /** By resource type; empty without hooks. */
  readonly hooks: ReadonlyMap<string, AnyHooks>
  readonly discovery: DiscoveryDocuments
  /** Unconditional writers of one resource wait here for each other. */
  readonly queue: KeyedQueue
  /** Bounds on work in flight. */
  readonly gates: Gates
  readonly emit: (event: ScimEvent, about: Reported) => void
  /** Calls code of the host without waiting for its end; its failure goes to `onError`. */
  readonly detach: (hook: () => unknown, about: Reported) => void
  /** For failures that must not fail a request that has done its work. */
  readonly onError: (error: unknown, about: Reported) => void
  /** A rule about stored data, so it holds for every caller, whatever their own leniencies. */
  readonly uniqueGroupDisplayName: boolean
  readonly unknownMembers: UnknownMembersPolicy
  /** Shared count of the operations of one bulk request; undefined outside one. Throws 400 tooMany. */
  readonly sharedWork?: (weight: number) => void
  /** True, once, for a resource that a bulk request has read ahead; undefined outside of one. */
  readonly takeAhead?: (ref: ResourceRef) => boolean
  readonly me: MePolicy | undefined
  /** Called for every operation; undefined permits all of them to every authenticated caller. */
  readonly authorize: Authorizer | undefined
  /** The keys that cursors are sealed with: the first seals, all open. At least one. */
  readonly cursorKeys: () => MaybePromise<readonly CursorKey[]>
  /** How long a cursor is valid; 0 means that it never expires. */
  readonly cursorSeconds: number
  /** How long the record of an idempotency key is valid. */
  readonly idempotencySeconds: number
  readonly etag: EntityTags
  readonly requireIfMatch: IfMatchPolicy
  /** How many resources of each type a tenant may have; undefined for no quotas. */
  readonly quotas: Quotas | undefined
  /** The treatment of creates whose unique value another resource has; undefined rejects all. */
  readonly onDuplicate: DuplicateRules | undefined
}

/** The request that a report to the host is about. */
export type Reported = Pick<ScimContext, 'requestId' | 'waitUntil'>

/** The time now, as `meta` shows it. */
export function timeNow(engine: Engine): string {
  return new Date(engine.ports.now()).toISOString()
}

/** The pace of a request's own work. */
export function paceFor({ ports }: Pick<Engine, 'ports'>, { signal }: Pick<ScimContext, 'signal'>): Pace {
  return paceOf(ports, signal)
}

/** Names a resource among all tenants and types of one provider. */
export function queueKey(tenant: TenantId, type: string, id: string): string {
  return JSON.stringify([tenant, type, id])
}
