/**
 * Cursors: the position of a walk through a list, sealed. The server keeps no state; a cursor contains all that the
 * next page needs, and opens only for its own caller, tenant and question.
 * @see RFC 9865 §2, §5.2
 */
import type { CursorKey } from '../engine/cursor-key.js'
import { scimError } from '../errors.js'
import { isArray, type JsonValue } from '../json/value.js'
import type { Limits } from '../limits.js'
import { seal, unseal } from '../sealed.js'

/**
 * The position of a walk in one list: before its first resource, behind a position of the provider's, or at the end.
 */
export type Place = 'start' | 'end' | { readonly after: string }

/** The position of a walk. */
export interface Walk {
  /** One for each list of the walk. */
  readonly places: readonly Place[]
  /** The `count` of its pages. */
  readonly count: number
}

/** The inputs of the cursors of one question, by one caller. */
export interface CursorSetting {
  /** The first seals, all open. */
  readonly keys: readonly CursorKey[]
  /** Distinguishes caller and question from all others. */
  readonly bound: string
  /** Milliseconds since 1970. */
  readonly now: number
  /** How long a cursor is valid; 0 means that it never expires. */
  readonly seconds: number
  readonly limits: Pick<Limits, 'cursorLength'>
}

/** The cursor; undefined if it would be longer than a cursor may be. `salt`: 16 random bytes. */
export async function sealCursor(
  { places, count }: Walk,
  { keys: [key], bound, now, seconds, limits }: CursorSetting,
  salt: Uint8Array<ArrayBuffer>,
): Promise<string | undefined> {
  if (key === undefined) throw new TypeError('A cursor needs a key.')
  const expires = seconds === 0 ? 0 : now + seconds * 1000
  const cursor = await seal(key, JSON.stringify([expires, count, ...places.map(placeAsJson)]), bound, salt)
  return cursor.length <= limits.cursorLength ? cursor : undefined
}

/**
 * The position of the walk. Throws 400 invalidCursor, with one text for every error in it, or 400 expiredCursor for a
 * valid one that has expired.
 */
export async function openCursor(cursor: string, { keys, bound, now, limits }: CursorSetting): Promise<Walk> {
  const text = cursor.length <= limits.cursorLength ? await unseal(keys, cursor, bound) : undefined
  if (text === undefined) throw scimError.invalidCursor()
  const parts = JSON.parse(text) as JsonValue
  const [expires, count, ...places] = isArray(parts) ? parts : []
  if (typeof expires !== 'number' || typeof count !== 'number') throw scimError.invalidCursor()
  if (expires !== 0 && expires <= now) throw scimError.expiredCursor()
  return { places: places.map(placeFromJson), count }
}

function placeAsJson(place: Place): JsonValue {
  if (typeof place === 'object') return place.after
  return place === 'end'
}

function placeFromJson(json: JsonValue): Place {
  if (typeof json === 'string') return { after: json }
  return json === true ? 'end' : 'start'
}
