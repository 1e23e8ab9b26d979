/**
 * Records that were read a short time ago. The age of a record counts from the start of its read, so that a change is
 * seen after the given time by every request, however long the read took.
 */
import type { ConnectionPorts } from '../ports.js'

/** A cache of records of one kind, by id. */
export interface RecordCache<Record> {
  /** The record; undefined if there is none, which is not kept. Rejects with the error of the store. */
  read(id: string): Record | Promise<Record | undefined>
  /** The record, if it was read a short time ago. */
  kept(id: string): Record | undefined
  /** Removes a record that this process has changed; a read in progress is not used for later requests. */
  forget(id: string): void
}

/** How long records are kept, and how many. */
export interface RecordCacheOptions {
  readonly milliseconds: number
  readonly entries: number
  /** Whether one read serves all requests that need it meanwhile. Not on Workers, where the promise of one request may never settle for another. */
  readonly shared: boolean
}

interface Timed<Value> {
  readonly from: number
  readonly value: Value
}

/** A cache in front of `load`. */
export function recordCache<Record>(
  load: (id: string) => Promise<Record | undefined>,
  { milliseconds, entries, shared }: RecordCacheOptions,
  { elapsed }: Pick<ConnectionPorts, 'elapsed'>,
): RecordCache<Record> {
  const kept = new Map<string, Timed<Record>>()
  const reads = new Map<string, Timed<Promise<Record | undefined>>>()
  const isFresh = ({ from }: Timed<unknown>): boolean => elapsed() - from < milliseconds

  const keep = (id: string, from: number, value: Record): void => {
    kept.delete(id)
    if (entries > 0 && isFresh({ from, value })) kept.set(id, { from, value })
    // The oldest read is first.
    for (const oldest of kept.keys()) {
      if (kept.size <= entries) return
      kept.delete(oldest)
    }
  }

  const start = (id: string): Promise<Record | undefined> => {
    const from = elapsed()
    const read: Timed<Promise<Record | undefined>> = { from, value: load(id) }
    reads.set(id, read)
    // A read that `forget` or a newer read has replaced may have seen an older state.
    const end = (value: Record | undefined): void => {
      if (reads.get(id) !== read) return
      reads.delete(id)
      if (value !== undefined) keep(id, from, value)
    }
    read.value.then(end, () => end(undefined))
    return read.value
  }

  return {
    read: (id) => {
      const record = kept.get(id)
      if (record !== undefined && isFresh(record)) return record.value
      kept.delete(id)
      const read = shared ? reads.get(id) : undefined
      return read !== undefined && isFresh(read) ? read.value : start(id)
    },
    kept: (id) => {
      const record = kept.get(id)
      return record !== undefined && isFresh(record) ? record.value : undefined
    },
    forget: (id) => {
      kept.delete(id)
      reads.delete(id)
    },
  }
}
