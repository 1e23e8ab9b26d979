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
