/** The terms of a commit: the change, its target, and how it ends. */
import type { JsonObject } from '../json/value.js'
import type {
  MismatchOutcome,
  NotFoundOutcome,
  PreconditionRequiredOutcome,
  UnwrittenOutcome,
} from '../operation-types/outcome.js'
import type { Steps } from '../pacing/portions.js'
import type { AffectedResource, Needs, Stored } from '../provider/provider.js'
import type { Member, MembersNeed } from '../resource/member.js'
import type { ResourceRef } from '../resource/ref.js'
import type { ResourceType } from '../schema/attribute.js'
import type { Precondition } from '../versioning/precondition.js'
import type { RawVersion } from '../versioning/version.js'
import type { Secret } from './secret.js'

/** A change that is ready to apply: its body is read and parsed. */
export interface Change {
  /** The request. */
  readonly kind: 'replace' | 'patch'
  /** The members that it needs to read. */
  readonly members: MembersNeed
  /**
   * The resulting document, in steps. Pure, and run once per attempt. `before` contains the members that were needed.
   */
  readonly apply: (before: JsonObject) => Steps<JsonObject>
}

/** A write that is committed, or a no-op. */
export interface Committed {
  readonly kind: 'committed'
  readonly before: Stored
  /** The document as it is now, without members. */
  readonly resource: JsonObject
  readonly version: RawVersion
  readonly lastModified: string
  /** False for a no-op: the stored state was the same already, and nothing was written. */
  readonly changed: boolean
  /** All current members; undefined if the change read only some of them. */
  readonly members: readonly Member[] | undefined
  /** How many members were left out because no resource has their id. */
  readonly skippedMembers: number
  /** The secret to pass to the host now that the write has committed. */
  readonly secret: Secret | undefined
  readonly attempts: number
  /** Calls the host's hook `after`; undefined without one, and for a no-op. */
  readonly callAfter: (() => unknown) | undefined
}

/** How a commit ends. */
export type CommitResult = Committed | UnwrittenOutcome

/** The resource and the precondition of the write. */
export interface Target {
  readonly type: ResourceType
  readonly ref: ResourceRef
  readonly precondition: Precondition
  /** The derived attributes that the response will show, so that they are read along. */
  readonly derived: Needs['derived']
}

/** A write that ends before its compare-and-swap: the resource is absent, or its precondition does not hold. */
export type Refused = MismatchOutcome | PreconditionRequiredOutcome | NotFoundOutcome

/** The resource of a write whose precondition holds, or how the write ends. */
export type Read = { readonly kind: 'read'; readonly stored: Stored } | Refused

/** How one compare-and-swap ends: `lost` if a concurrent writer committed first. */
export type Swap = CommitResult | { readonly kind: 'lost'; readonly current: RawVersion }

/** True for a no-op. */
export function isUnchanged(result: Swap): boolean {
  return result.kind === 'committed' && !result.changed
}

/** A removal that is committed. */
export interface Removed {
  readonly kind: 'removed'
  readonly before: Stored
  /** The version after the removal, if one can be computed: it orders the removal after all writes before it. */
  readonly after: RawVersion
  /** The groups that lost the resource as a member. */
  readonly affected: readonly AffectedResource[]
  readonly attempts: number
  /** Calls the host's hook `after`; undefined without one. */
  readonly callAfter: (() => unknown) | undefined
}
