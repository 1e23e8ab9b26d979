/** The versions of a resource, as a provider with a history reports them: names of attributes, never values. */
import { namesVersion, type RawVersion } from '../versioning/version.js'

/** One committed change of a resource. */
export interface VersionChange {
  /** The version after the change. */
  readonly version: RawVersion
  /** The version before the change; undefined for the insert, which created the resource. */
  readonly previous: RawVersion | undefined
  /** RFC 3339 time in UTC, the value of `next.at`. */
  readonly at: string
  /**
   * The attributes that differ from before, as `next.changed` gave them: `title`, `emails`, `urn:…:User:department`,
   * `members`, `password`. Empty for the insert.
   */
  readonly changed: readonly string[]
}

// All of them are read for one 412.
const longest = 1_000

/**
 * A provider's option `history`: how many changes of each resource it keeps; 0, the default, is none. Throws a TypeError
 * unless it is a whole number from 0 to 1,000.
 */
export function historyLength(option = 0): number {
  if (Number.isSafeInteger(option) && option >= 0 && option <= longest) return option
  throw new TypeError(`history: expected a whole number from 0 to ${longest}, got ${String(option)}`)
}

/**
 * The names of the attributes that have changed since the newest of the versions `since`, sorted; undefined if the
 * history does not lead from `current` back to one of them without a gap. `history` is newest first and may begin with
 * versions later than `current`. A gap is a version that was written without a history: its changes are not known, so
 * the result is undefined.
 */
export function changedSince(
  history: readonly VersionChange[],
  current: RawVersion,
  since: readonly RawVersion[],
): readonly string[] | undefined {
  const names = new Set<string>()
  let at: RawVersion | undefined = current
  for (const { version, previous, changed } of history) {
    if (!namesVersion(at, version)) {
      if (at === current) continue
      return undefined
    }
    for (const name of changed) names.add(name)
    if (previous === undefined) return undefined
    if (since.some((one) => namesVersion(one, previous))) return [...names].sort()
    at = previous
  }
  return undefined
}
