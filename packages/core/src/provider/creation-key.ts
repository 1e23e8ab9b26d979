import type { ResourceRef } from '../resource/ref.js'
import type { RawVersion } from '../versioning/version.js'

/** The idempotency key of a create, as a provider stores it in the atomic step of the insert. */
export interface CreationKey {
  /** From the `Idempotency-Key` of the request: 1 to 256 visible ASCII characters. Unique for a tenant and `principal`. */
  readonly key: string
  /** The caller; empty if it has no name. */
  readonly principal: string
  /** Identifies the request: its type and body, without the password. */
  readonly digest: string
  /** RFC 3339 time in UTC: records from before it are no longer valid. */
  readonly expired: string
}

/** What a provider has stored with a {@link CreationKey}, in the atomic step of the insert. */
export interface CreationRecord {
  /** The created resource; it may have been removed since. */
  readonly ref: ResourceRef
  /** The version that the insert stored. */
  readonly version: RawVersion
  /** `digest` of the key that was inserted. */
  readonly digest: string
}
