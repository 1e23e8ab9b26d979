/** A record store in a Map, with every call noted, and failures on demand. */
import type { RecordChange, RecordKey, RecordQuery, RecordStore, StoredRecord } from '@scimkit/core/provider'

export interface MapRecords extends RecordStore {
  readonly records: Map<string, StoredRecord>
  /** The keys of each read, as `kind/id`. */
  readonly reads: string[][]
  readonly writes: (readonly RecordChange[])[]
  /** While it is set, every call rejects with it. */
  failure: Error | undefined
  /** Called before each write takes effect: the place for a concurrent writer. */
  beforeWrite: ((changes: readonly RecordChange[]) => void | Promise<void>) | undefined
  /** Called before each read. */
  beforeRead: (() => void | Promise<void>) | undefined
}

const nameOf = ({ kind, id }: RecordKey): string => `${kind}/${id}`

export function mapRecords(records: Map<string, StoredRecord> = new Map()): MapRecords {
  const check = (): void => {
    if (store.failure !== undefined) throw store.failure
  }
  const applies = (change: RecordChange): boolean => {
    const stored = records.get(nameOf(change))
    return change.change === 'insert' ? stored === undefined : stored?.revision === change.expected
  }
  const apply = (change: RecordChange): void => {
    const { kind, id } = change
    const stored = records.get(nameOf(change))
    if (change.change === 'remove') return void records.delete(nameOf(change))
    const tenant = change.change === 'insert' ? change.tenant : (stored?.tenant ?? '')
    const revision = (stored?.revision ?? 0) + 1
    records.set(nameOf(change), { kind, id, tenant, revision, expires: change.expires, value: change.value })
  }
  const store: MapRecords = {
    records,
    reads: [],
    writes: [],
    failure: undefined,
    beforeWrite: undefined,
    beforeRead: undefined,
    read: async (keys) => {
      store.reads.push(keys.map(nameOf))
      await store.beforeRead?.()
      check()
      return keys.flatMap((key) => records.get(nameOf(key)) ?? [])
    },
    list: async ({ kind, tenant, after = '', count }: RecordQuery) => {
      check()
      return [...records.values()]
        .filter((one) => one.kind === kind && one.id > after && (tenant === undefined || one.tenant === tenant))
        .sort((left, right) => (left.id < right.id ? -1 : 1))
        .slice(0, count)
    },
    write: async (changes) => {
      await store.beforeWrite?.(changes)
      check()
      if (!changes.every(applies)) return 'conflict'
      store.writes.push(changes)
      for (const change of changes) apply(change)
      return 'written'
    },
    removeExpired: async (now, count) => {
      check()
      const expired = [...records].filter(([, { expires }]) => expires !== undefined && expires <= now).slice(0, count)
      for (const [name] of expired) records.delete(name)
      return expired.length
    },
  }
  return store
}
