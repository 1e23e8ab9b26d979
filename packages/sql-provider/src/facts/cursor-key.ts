/**
 * The secrets that encrypt cursors. All processes on a database have the same ones: they read them again after
 * {@link readAgainMilliseconds}. A new key opens cursors at once and seals them only when every process knows it, so no
 * process receives a cursor that it cannot open.
 */
import type { Facts } from './facts.js'

// The key of a database whose keys were never rotated.
const firstName = 'cursor_key'
// Of others: a JSON array of entries, the newest first.
const rotatedName = 'cursor_keys'
const keyLength = 32
const readAgainMilliseconds = 10_000
// For clocks of processes that differ, and for a slow read.
const margin = 20_000

/** How keys are rotated. */
export interface CursorKeyRotation {
  /**
   * The longest life of a cursor in seconds, the option `cursorSeconds` of the servers: so long do the earlier keys open.
   * Default 3,600. 0: cursors of the earlier keys are invalid as soon as the new key seals.
   */
  readonly cursorSeconds?: number
}

/** The result of a rotation, as RFC 3339 times in UTC. */
export interface CursorKeyRotated {
  /** From then on, every process seals with the new key. */
  readonly sealsFrom: string
  /** From then on, no cursor of an earlier key is accepted. */
  readonly earlierUntil: string
}

/** The keys of a database. */
export interface CursorKeys {
  /** The keys, the one that seals first. Created at the first use. */
  read(): Promise<readonly string[]>
  /** Creates a new key. Throws a TypeError for an invalid life. */
  rotate(rotation?: CursorKeyRotation): Promise<CursorKeyRotated>
}

/** One key. Times are milliseconds since 1970. */
interface Entry {
  readonly key: string
  /** It seals from then on. */
  readonly from: number
  /** It opens until then; absent for the newest key. */
  readonly until?: number
}

interface Known {
  readonly text: string | undefined
  readonly entries: readonly Entry[]
}

/** The keys in the facts of a database; `now` in milliseconds since 1970. */
export function cursorKeysIn(facts: Facts, now: () => number = Date.now): CursorKeys {
  let known: Known | undefined
  let readAt = 0

  async function readNow(): Promise<Known> {
    const found = new Map((await facts.list(firstName, '', 10)).map(({ name, text }) => [name, text]))
    const text = found.get(rotatedName)
    if (text !== undefined) return { text, entries: JSON.parse(text) as readonly Entry[] }
    return { text, entries: [{ key: found.get(firstName) ?? (await firstKey(facts)), from: 0 }] }
  }

  return {
    async read() {
      const time = now()
      if (known === undefined || Math.abs(time - readAt) >= readAgainMilliseconds) {
        known = await readNow()
        readAt = time
      }
      return keysAt(known.entries, time)
    },
    async rotate({ cursorSeconds = 3_600 } = {}) {
      if (!Number.isSafeInteger(cursorSeconds) || cursorSeconds < 0) {
        throw new TypeError(`cursorSeconds: expected a whole number from 0, got ${String(cursorSeconds)}`)
      }
      const key = newKey()
      for (;;) {
        const { text, entries } = await readNow()
        const time = now()
        const from = Math.max(time + margin, ...entries.map((entry) => entry.from + 1))
        const until = from + cursorSeconds * 1_000
        const kept = entries
          .filter((entry) => entry.until === undefined || entry.until > time)
          .map((entry) => ({ ...entry, until: Math.min(entry.until ?? until, until) }))
        const next: readonly Entry[] = [{ key, from }, ...kept]
        if (await facts.swap(rotatedName, text, JSON.stringify(next))) {
          known = undefined
          return { sealsFrom: new Date(from).toISOString(), earlierUntil: new Date(until).toISOString() }
        }
      }
    },
  }
}

/** The keys that open at a time, the one that seals first. */
function keysAt(entries: readonly Entry[], time: number): readonly string[] {
  const open = entries.filter(({ until }) => until === undefined || until > time)
  const sealing = open.find(({ from }) => from <= time) ?? open.at(-1)
  return [sealing, ...open.filter((entry) => entry !== sealing)].flatMap((entry) => entry?.key ?? [])
}

async function firstKey(facts: Facts): Promise<string> {
  const key = newKey()
  if (await facts.swap(firstName, undefined, key)) return key
  const stored = await facts.read(firstName)
  if (stored === undefined) throw new Error('The cursor key was removed from scim_meta while it was read.')
  return stored
}

function newKey(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(keyLength))
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('')
}
