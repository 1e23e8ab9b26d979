/** What a hook of the host receives: one change of one resource. */
import type { ScimContext } from '../context.js'
import type { MembersDelta } from '../resource/member.js'
import type { ResourceRef } from '../resource/ref.js'
import type { AnyResource } from '../schema/infer-resource.js'

/**
 * A document as it is stored: `schemas`, `id` and attributes, without `meta`, members, password and derived attributes.
 * It is frozen.
 */
export type HookDocument<Resource> = {
  readonly [Name in keyof Resource as Name extends 'meta' ? never : Name]: Resource[Name]
}

/** The changes of a write to the members of a group. */
export type MemberChanges = Pick<MembersDelta, 'add' | 'remove'>

/** The parts that every change has. */
interface AnyChange {
  /** Of a create: the new id, unless the store assigns its own. */
  readonly ref: ResourceRef
  /** Undefined if the members stay the same. */
  readonly members: MemberChanges | undefined
  /** The attributes that differ: `title`, `emails`, `urn:…:User:department`, `members`, `password`. Empty for a create and a removal. */
  readonly changed: readonly string[]
  /** True if access ends: `active` becomes false, or the resource is removed. */
  readonly deprovisioned: boolean
  /** The caller and its request. */
  readonly context: ScimContext
}

/** A change before it is written. */
export type PendingChange<Resource = AnyResource> = AnyChange &
  (
    | { readonly kind: 'create'; readonly before: undefined; readonly next: HookDocument<Resource> }
    | {
        readonly kind: 'replace' | 'patch'
        readonly before: HookDocument<Resource>
        readonly next: HookDocument<Resource>
      }
    | { readonly kind: 'remove'; readonly before: HookDocument<Resource>; readonly next: undefined }
  )

/** A change in its unit of work, or after its commit. */
export type Change<Resource = AnyResource> = AnyChange &
  (
    | { readonly kind: 'create'; readonly before: undefined; readonly after: HookDocument<Resource> }
    | {
        readonly kind: 'replace' | 'patch'
        readonly before: HookDocument<Resource>
        readonly after: HookDocument<Resource>
      }
    | { readonly kind: 'remove'; readonly before: HookDocument<Resource>; readonly after: undefined }
  )

/** A group that lost a member because the resource `removed` was removed. The group was not read: it has no documents. */
export interface CascadedChange extends AnyChange {
  readonly kind: 'cascade'
  readonly removed: ResourceRef
  readonly before: undefined
  readonly after: undefined
}
