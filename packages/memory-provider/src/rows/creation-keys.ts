import { type CreationKey, type CreationRecord, instantOf, type ResourceRef } from '@scimkit/core/provider'

/** The idempotency keys of a tenant's creates, the oldest first. */
export type CreationKeys = Map<string, Kept>

interface Kept extends CreationRecord {
  /** Milliseconds since 1970. */
  readonly at: number
}

// More than one, so that the number of expired records falls.
const mostRemovedAtOnce = 8

/** The record of a key, if it is still valid. */
export function recordOf(keys: CreationKeys | undefined, key: CreationKey): CreationRecord | undefined {
  const kept = keys?.get(nameOf(key))
  if (kept === undefined || kept.at < instantIn(key.expired)) return undefined
  const { ref, version, digest } = kept
  return { ref, version, digest }
}

/** Stores the record of a create at `at`, an RFC 3339 time, and removes some that have expired. */
export function keepRecord(
  keys: CreationKeys,
  key: CreationKey,
  { type, id }: ResourceRef,
  { version, at }: Pick<CreationRecord, 'version'> & { readonly at: string },
): void {
  const [name, expired] = [nameOf(key), instantIn(key.expired)]
  let removed = 0
  for (const [oldest, { at: then }] of keys) {
    if (then >= expired || removed === mostRemovedAtOnce) break
    keys.delete(oldest)
    removed += 1
  }
  // Deleted first: a Map keeps the place of a name that is set again.
  keys.delete(name)
  keys.set(name, { ref: Object.freeze({ type, id }), version, digest: key.digest, at: instantIn(at) })
}

function nameOf({ principal, key }: CreationKey): string {
  return JSON.stringify([principal, key])
}

function instantIn(time: string): number {
  return instantOf(time) ?? 0
}
