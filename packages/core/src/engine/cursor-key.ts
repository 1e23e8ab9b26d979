/** The keys that seal cursors: bytes that cannot be guessed. */
export type CursorKey = Uint8Array<ArrayBuffer>

/** A key as a host writes it: at least 32 bytes, or a text of at least 32 characters. */
export type CursorKeySource = string | Uint8Array

const shortestKey = 32

/** The keys of an option or a provider: the first seals, all open. Throws a TypeError for none, or one that is too short. */
export function cursorKeysFrom(
  source: CursorKeySource | readonly CursorKeySource[],
  name: string,
): readonly CursorKey[] {
  const sources = typeof source === 'string' || source instanceof Uint8Array ? [source] : source
  if (!Array.isArray(sources) || sources.length === 0) {
    throw new TypeError(`${name}: expected a key, or a list of keys of which the first seals`)
  }
  return sources.map((key) => keyFrom(key, name))
}

function keyFrom(source: CursorKeySource, name: string): CursorKey {
  const isKey = typeof source === 'string' || source instanceof Uint8Array
  if (!isKey || source.length < shortestKey) {
    throw new TypeError(
      `${name}: a key has at least ${shortestKey} random bytes or characters. Generate one with: openssl rand -hex 32`,
    )
  }
  return typeof source === 'string' ? new TextEncoder().encode(source) : Uint8Array.from(source)
}
