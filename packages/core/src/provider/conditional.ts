import type { RawVersion } from '../versioning/version.js'

/**
 * The result of a conditional write; closed, so that a `switch` over `kind` can be exhaustive. A caller branches on
 * these results; failures that end the whole request (a full disk, a lost connection) are thrown.
 */
export type ConditionalResult<Value> =
  | Success<Value>
  | VersionMismatch
  | NotFound
  | Duplicate
  | UnknownMembers
  | OverQuota

/** The write is committed. */
export interface Success<Value> {
  readonly kind: 'success'
  readonly value: Value
}

/** A concurrent writer committed first; nothing was changed. */
export interface VersionMismatch {
  readonly kind: 'versionMismatch'
  readonly expected: RawVersion
  /** The current version, so far as the provider knows. */
  readonly current: RawVersion
}

/** The resource does not exist in this tenant; nothing was changed. */
export interface NotFound {
  readonly kind: 'notFound'
}

/** Another resource has this unique value; nothing was changed. */
export interface Duplicate {
  readonly kind: 'duplicate'
  /** The path of the attribute, as given in `next.unique`. */
  readonly attribute: string
}

/** Members to add that must exist do not exist in this tenant; nothing was changed. */
export interface UnknownMembers {
  readonly kind: 'unknownMembers'
  /** All ids in `next.members.add` that no resource has, of whatever type; never empty. */
  readonly ids: readonly string[]
}

/** The tenant has as many resources of the type as `next.quota` permits, or more; nothing was inserted. */
export interface OverQuota {
  readonly kind: 'overQuota'
}

/** The result of a write that committed. */
export function success<Value>(value: Value): Success<Value> {
  return { kind: 'success', value }
}

/** The result of a write whose expected version was no longer current. */
export function versionMismatch(expected: RawVersion, current: RawVersion): VersionMismatch {
  return { kind: 'versionMismatch', expected, current }
}

/** The result of a write to a resource that does not exist. */
export function notFound(): NotFound {
  return { kind: 'notFound' }
}

/** The result of a write whose unique value another resource has. */
export function duplicate(attribute: string): Duplicate {
  return { kind: 'duplicate', attribute }
}

/** The result of a write whose members to add had to exist, and some did not. `ids` as in {@link UnknownMembers}. */
export function unknownMembers(ids: readonly string[]): UnknownMembers {
  return { kind: 'unknownMembers', ids }
}

/** The result of an insert that would exceed `next.quota`. */
export function overQuota(): OverQuota {
  return { kind: 'overQuota' }
}

/**
 * Distinguishes "not found" from "changed meanwhile" after a conditional write touched no row: pass the result of a
 * fresh read.
 */
export function mismatchOrNotFound(
  current: { readonly version: RawVersion } | undefined,
  expected: RawVersion,
): VersionMismatch | NotFound {
  return current === undefined ? notFound() : versionMismatch(expected, current.version)
}

/** True if the write committed. */
export function isSuccess<Value>(result: ConditionalResult<Value>): result is Success<Value> {
  return result.kind === 'success'
}

/** The same result with another value; results without value pass through. */
export function mapResult<From, To>(
  result: ConditionalResult<From>,
  change: (value: From) => To,
): ConditionalResult<To> {
  return result.kind === 'success' ? success(change(result.value)) : result
}

/** The value of a write that must have committed. Throws an Error that names the other result. */
export function unwrap<Value>(result: ConditionalResult<Value>): Value {
  switch (result.kind) {
    case 'success':
      return result.value
    case 'versionMismatch':
      throw new Error(`version mismatch: expected ${result.expected}, found ${result.current}`)
    case 'notFound':
      throw new Error('not found')
    case 'duplicate':
      throw new Error(`duplicate ${result.attribute}`)
    case 'unknownMembers':
      throw new Error(`${result.ids.length} unknown members`)
    case 'overQuota':
      throw new Error('over the quota')
  }
}
