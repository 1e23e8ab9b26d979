import {
  checkedRecords,
  type RecordChange,
  type RecordKey,
  type RecordStore,
  type StoredRecord,
} from '@scimkit/core/provider'

/**
 * Records in the memory of this process, for tests and trials: they are gone when it ends, and no other process sees them.
 * @example
 * ```ts
 * import { memoryRecords, scimConnections } from '@scimkit/connections'
 *
 * const connections = scimConnections({ store: memoryRecords() })
 * ```
 */
export function memoryRecords(): RecordStore {
  const kinds = new Map<string, Map<string, StoredRecord>>()
  const recordOf = ({ kind, id }: RecordKey): StoredRecord | undefined => kinds.get(kind)?.get(id)

  function applies(change: RecordChange): boolean {
    const stored = recordOf(change)
    return change.change === 'insert' ? stored === undefined : stored?.revision === change.expected
  }

  function apply(change: RecordChange): void {
    const { kind, id } = change
    const records = kinds.get(kind) ?? new Map<string, StoredRecord>()
    kinds.set(kind, records)
    if (change.change === 'remove') {
      records.delete(id)
      return
    }
    const stored = records.get(id)
    const tenant = change.change === 'insert' ? change.tenant : (stored?.tenant ?? '')
    const revision = (stored?.revision ?? 0) + 1
    // A record of its own, so that the caller's object may change.
    records.set(id, { kind, id, tenant, revision, expires: change.expires, value: change.value })
  }

  return checkedRecords({
    read: (keys) => [...new Set(keys.map(recordOf))].filter((stored) => stored !== undefined).map(copy),
    list({ kind, tenant, after = '', count }) {
      const listed: StoredRecord[] = []
      for (const stored of kinds.get(kind)?.values() ?? []) {
        if (stored.id > after && (tenant === undefined || stored.tenant === tenant)) listed.push(stored)
      }
      return listed
        .sort((left, right) => (left.id < right.id ? -1 : 1))
        .slice(0, count)
        .map(copy)
    },
    // Synchronous, so nothing runs between the comparisons and the changes.
    write(changes) {
      if (!changes.every(applies)) return 'conflict'
      changes.forEach(apply)
      return 'written'
    },
    removeExpired(now, count) {
      let removed = 0
      for (const records of kinds.values()) {
        for (const { id, expires } of records.values()) {
          if (removed === count) return removed
          if (expires === undefined || expires > now) continue
          records.delete(id)
          removed += 1
        }
      }
      return removed
    },
  })
}

const copy = (stored: StoredRecord): StoredRecord => ({ ...stored })
