/** Key sets of clients and issuers, read when needed and kept. */
import type { ConnectionPorts } from '../ports.js'
import type { KeySource } from '../records/connection.js'
import { jwksUriOf } from './issuer-metadata.js'
import type { KeyFetcher } from './key-fetcher.js'
import { keyFor, type PublicKey, publicKeysIn, usableKeys } from './public-key.js'

/** Finds keys. */
export interface KeySets {
  /** The key for a signature with this algorithm and `kid`; undefined if the set has none, or cannot be read. */
  find(source: KeySource, kid: string | undefined, algorithm: string): Promise<PublicKey | undefined>
  /** Reads the set now; for the test of a connection. Rejects if it cannot be read or has no usable key. */
  check(source: KeySource): Promise<void>
}

/** How long keys are kept, in milliseconds, and of how many sets. */
export interface KeySetOptions {
  /** A set is read again after this time. Default one hour. */
  readonly refreshMilliseconds?: number
  /** An unreachable set is used for this time. Default 24 hours. */
  readonly staleMilliseconds?: number
  /** The least time between two reads of one set. Default one minute. */
  readonly betweenMilliseconds?: number
  /** Default 1,000. */
  readonly sets?: number
  /** Receives the error of a set that cannot be read. */
  readonly onError?: (error: unknown) => void
}

type RemoteKeys = Exclude<KeySource, { readonly kind: 'jwks' }>

interface Kept {
  keys: readonly PublicKey[] | undefined
  /** When `keys` were read. */
  readAt: number
  /** When the last read began; undefined: none yet. */
  triedAt: number | undefined
  reading: boolean
}

// A reader that has not ended after this time has been ended by the platform with its request.
const abandonedAfter = 15_000
const pollMilliseconds = 20

/** Reads the set of a source now. Rejects if it cannot be read. */
export async function readKeySet(source: KeySource, fetchJson: KeyFetcher): Promise<readonly PublicKey[]> {
  switch (source.kind) {
    case 'jwks':
      return usableKeys(source.keys)
    case 'jwksUrl':
      return publicKeysIn(await fetchJson(source.url))
    case 'issuer':
      return publicKeysIn(await fetchJson(await jwksUriOf(source.issuer, fetchJson)))
  }
}

/**
 * Key sets that `fetchJson` reads. Requests share what was read, and no promise: on Workers the promise of one request
 * may never settle for another, so a request that needs a set which another one reads looks again after a short time.
 */
export function keySets(
  fetchJson: KeyFetcher,
  { elapsed, sleep }: Pick<ConnectionPorts, 'elapsed' | 'sleep'>,
  options: KeySetOptions = {},
): KeySets {
  const { refreshMilliseconds = 3_600_000, staleMilliseconds = 86_400_000, betweenMilliseconds = 60_000 } = options
  const { sets = 1_000, onError = () => undefined } = options
  const kept = new Map<string, Kept>()

  const entryOf = (source: RemoteKeys): Kept => {
    const name = nameOf(source)
    const entry = kept.get(name) ?? { keys: undefined, readAt: 0, triedAt: undefined, reading: false }
    kept.delete(name)
    kept.set(name, entry)
    // The set that was used least recently is first.
    for (const oldest of kept.keys()) {
      if (kept.size <= sets) break
      kept.delete(oldest)
    }
    return entry
  }

  const read = async (entry: Kept, source: KeySource): Promise<void> => {
    const began = elapsed()
    entry.triedAt = began
    entry.reading = true
    try {
      entry.keys = await readKeySet(source, fetchJson)
      entry.readAt = began
    } catch (error) {
      onError(error)
    } finally {
      entry.reading = false
    }
  }

  // Between two reads of a set the given time passes, whatever the result and however many requests ask.
  const mayRead = ({ reading, triedAt }: Kept): boolean =>
    triedAt === undefined || elapsed() - triedAt >= (reading ? abandonedAfter : betweenMilliseconds)
  const isBeingRead = ({ reading, triedAt }: Kept): boolean =>
    reading && triedAt !== undefined && elapsed() - triedAt < abandonedAfter
  const keysOf = ({ keys, readAt }: Kept): readonly PublicKey[] =>
    keys !== undefined && elapsed() - readAt < staleMilliseconds ? keys : []

  return {
    find: async (source, kid, algorithm) => {
      if (source.kind === 'jwks') return keyFor(usableKeys(source.keys), kid, algorithm)
      const entry = entryOf(source)
      const isOld = entry.keys === undefined || elapsed() - entry.readAt >= refreshMilliseconds
      const known = keyFor(keysOf(entry), kid, algorithm)
      if (known !== undefined && !isOld) return known
      if (mayRead(entry)) await read(entry, source)
      else if (known === undefined) while (isBeingRead(entry)) await sleep(pollMilliseconds)
      return keyFor(keysOf(entry), kid, algorithm)
    },
    check: async (source) => {
      const keys = await readKeySet(source, fetchJson)
      if (keys.length === 0) throw new Error('The key set has no usable key.')
    },
  }
}

function nameOf(source: RemoteKeys): string {
  switch (source.kind) {
    case 'jwksUrl':
      return `url ${source.url}`
    case 'issuer':
      return `issuer ${source.issuer}`
  }
}
