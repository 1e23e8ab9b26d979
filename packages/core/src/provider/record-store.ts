/**
 * Records of a host beside the resources: credentials, connections, settings. Any database can keep them, so the port
 * has no more than a unit of compare-and-swaps, reads by id, lists, and expiry.
 */
import type { MaybePromise } from './provider.js'

/** The address of a record among all records of a store. */
export interface RecordKey {
  /** What it is: `connection`, `token`. 1 to 32 ASCII letters, digits and `-`. */
  readonly kind: string
  /** 1 to 200 visible ASCII characters, unique within its kind. */
  readonly id: string
}

/** A record as it is stored. */
export interface StoredRecord extends RecordKey {
  /** The tenant that it belongs to, at most 128 characters; empty for a record of the whole server. It never changes. */
  readonly tenant: string
  /** Counts the changes of this record: 1 for a new one. */
  readonly revision: number
  /** Milliseconds since 1970 after which the record has no effect and may be removed; undefined: it stays. */
  readonly expires: number | undefined
  /** JSON text, of 65,536 characters at most, without U+0000 and lone surrogates. */
  readonly value: string
}

/** One change of a unit. */
export type RecordChange = RecordInsert | RecordReplace | RecordRemoval

/** Stores a record if no record has its kind and id. An expired record that is not removed yet counts as one. */
export interface RecordInsert extends RecordKey {
  readonly change: 'insert'
  readonly tenant: string
  readonly expires?: number | undefined
  readonly value: string
}

/** Replaces value and expiry of a record if its revision is `expected`. */
export interface RecordReplace extends RecordKey {
  readonly change: 'replace'
  readonly expected: number
  readonly expires?: number | undefined
  readonly value: string
}

/** Removes a record if its revision is `expected`. */
export interface RecordRemoval extends RecordKey {
  readonly change: 'remove'
  readonly expected: number
}

/** Which records a list has, ordered by id (code points of ASCII). */
export interface RecordQuery {
  readonly kind: string
  /** Only records of this tenant. Default: of all tenants. */
  readonly tenant?: string
  /** Only records whose id comes after this one. */
  readonly after?: string
  /** At most this many, 1 to 1,000. */
  readonly count: number
}

/**
 * A store of records. Each function rejects with a TypeError if an argument is outside these limits, and with the error of the
 * store if its outcome is not known. Two processes with one database have one store: what one has written, the next read of the
 * other returns. Records with an `expires` in the past are returned like others, until they are removed.
 */
export interface RecordStore {
  /** The records with these keys, in any order; a key without a record is left out. At most 100 keys. */
  read(keys: readonly RecordKey[]): MaybePromise<readonly StoredRecord[]>
  list(query: RecordQuery): MaybePromise<readonly StoredRecord[]>
  /**
   * Makes all of these changes, or none of them: `written`, or `conflict` if one of them found another state. 1 to 50
   * changes, each of another record.
   */
  write(changes: readonly RecordChange[]): MaybePromise<'written' | 'conflict'>
  /**
   * Removes at most `count` records (1 to 1,000) that have expired at `now`, milliseconds since 1970: those whose `expires` is
   * `now` or before. Returns their number.
   */
  removeExpired(now: number, count: number): MaybePromise<number>
}
