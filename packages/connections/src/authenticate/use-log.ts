/**
 * Writes when connections and tokens were used last, and the last error. It never delays a request and never fails one:
 * each write begins after the response is on its way, and a conflict means that another process has written the same.
 */

import type { WaitUntil } from '@scimkit/core'
import type { RecordStore } from '@scimkit/core/provider'
import type { ConnectionPorts } from '../ports.js'
import type { ConnectionRecord, TokenRecord, UseRecord } from '../records/connection.js'
import type { Versioned } from '../records/read-records.js'
import { insertUse, readUses, replaceUse } from '../records/stored-records.js'

/** Takes notes of requests. */
export interface UseLog {
  /** A request was accepted. */
  used(connection: ConnectionRecord, token: TokenRecord, waitUntil?: WaitUntil): void
  /** A request with a known connection was refused. */
  failed(connection: Pick<ConnectionRecord, 'id' | 'tenant'>, reason: string, waitUntil?: WaitUntil): void
}

/** A note is written at most this often for each record, by all processes together. */
const interval = 60_000

// The last use of a token without an end is removed with the token's own, or after this time without a use.
const keptFor = 400 * 86_400_000

// Records whose last note this process remembers; more of them cost reads, not writes.
const remembered = 10_000

interface Note {
  readonly id: string
  readonly tenant: string
  readonly expires: number | undefined
  /** The record with the note; undefined if a note is too recent. */
  readonly add: (use: UseRecord, now: number) => UseRecord | undefined
}

/** A log in this store. `failed` receives the errors of the store. */
export function useLog(store: RecordStore, ports: ConnectionPorts, onError: (error: unknown) => void): UseLog {
  const noted = new Map<string, number>()

  // Before the timer starts, so that concurrent requests write once.
  const isDue = (key: string): boolean => {
    const now = ports.elapsed()
    const last = noted.get(key)
    if (last !== undefined && now - last < interval) return false
    noted.delete(key)
    noted.set(key, now)
    for (const oldest of noted.keys()) {
      if (noted.size <= remembered) break
      noted.delete(oldest)
    }
    return true
  }

  const write = async (notes: readonly Note[]): Promise<void> => {
    await ports.sleep(0)
    const uses = await readUses(
      store,
      notes.map(({ id }) => id),
    )
    const now = ports.now()
    const changes = notes.flatMap((note) => {
      const change = changeOf(note, uses.get(note.id), now)
      return change === undefined ? [] : [change]
    })
    if (changes.length > 0) await store.write(changes)
  }

  const later = (notes: readonly Note[], waitUntil: WaitUntil | undefined): void => {
    if (notes.length === 0) return
    const writing = write(notes).catch(onError)
    try {
      waitUntil?.(writing)
    } catch (error) {
      onError(error)
    }
  }

  return {
    used: ({ id, tenant }, token, waitUntil) => {
      const notes: Note[] = []
      if (isDue(`used ${id}`)) notes.push({ id, tenant, expires: undefined, add: withUse })
      // An access token lives for hours, and its client is the connection.
      if (token.issued === 'static' && isDue(`used ${token.id}`)) {
        notes.push({ id: token.id, tenant, expires: token.expires ?? ports.now() + keptFor, add: withUse })
      }
      later(notes, waitUntil)
    },
    failed: ({ id, tenant }, reason, waitUntil) => {
      if (!isDue(`failed ${id}`)) return
      later([{ id, tenant, expires: undefined, add: (use, now) => withError(use, reason, now) }], waitUntil)
    },
  }
}

function withUse(use: UseRecord, now: number): UseRecord | undefined {
  return isRecent(use.lastUsed, now) ? undefined : { ...use, lastUsed: new Date(now).toISOString() }
}

function withError(use: UseRecord, reason: string, now: number): UseRecord | undefined {
  if (isRecent(use.lastError?.at, now)) return undefined
  return { ...use, lastError: { at: new Date(now).toISOString(), reason } }
}

function isRecent(time: string | undefined, now: number): boolean {
  return time !== undefined && Math.abs(now - Date.parse(time)) < interval
}

function changeOf({ id, tenant, expires, add }: Note, before: Versioned<UseRecord> | undefined, now: number) {
  const next = add(before?.record ?? { lastUsed: undefined, lastError: undefined }, now)
  if (next === undefined) return undefined
  return before === undefined ? insertUse(id, tenant, next, expires) : replaceUse(id, next, before.revision, expires)
}
