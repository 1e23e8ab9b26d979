import { checkedRecords, type RecordChange, type RecordStore, type StoredRecord } from '@scimkit/core/provider'

/** A record store with one error, and the cases that must find it. */
export interface BrokenStore {
  readonly name: string
  readonly caughtBy: readonly string[]
  readonly make: () => RecordStore
}

type Records = Map<string, StoredRecord>

/** The parts of a correct store; a broken store replaces one of them. */
interface Parts {
  readonly nameOf: (key: { readonly kind: string; readonly id: string }) => string
  readonly applies: (change: RecordChange, stored: StoredRecord | undefined) => boolean
  readonly apply: (records: Records, name: string, change: RecordChange) => void
  /** Awaited between the comparisons and the changes. */
  readonly between: () => Promise<void> | undefined
  readonly keepsAppliedChanges: boolean
  readonly isAfter: (id: string, after: string) => boolean
  readonly compare: (left: string, right: string) => number
  readonly isListed: (stored: StoredRecord, kind: string, tenant: string | undefined) => boolean
  readonly hasExpired: (expires: number, now: number) => boolean
  readonly most: number
  readonly longestValue: number
}

const correct: Parts = {
  nameOf: ({ kind, id }) => `${kind} ${id}`,
  applies: (change, stored) =>
    change.change === 'insert' ? stored === undefined : stored?.revision === change.expected,
  apply(records, name, change) {
    const { kind, id } = change
    if (change.change === 'remove') return void records.delete(name)
    const stored = records.get(name)
    const tenant = change.change === 'insert' ? change.tenant : (stored?.tenant ?? '')
    const revision = (stored?.revision ?? 0) + 1
    records.set(name, { kind, id, tenant, revision, expires: change.expires, value: change.value })
  },
  between: () => undefined,
  keepsAppliedChanges: false,
  isAfter: (id, after) => id > after,
  compare: (left, right) => (left < right ? -1 : 1),
  isListed: (stored, kind, tenant) => stored.kind === kind && (tenant === undefined || stored.tenant === tenant),
  hasExpired: (expires, now) => expires <= now,
  most: 1_000,
  longestValue: 65_536,
}

/** A store of these parts. */
export function storeOf(parts: Partial<Parts> = {}, records: Records = new Map()): RecordStore {
  const { nameOf, applies, apply, between, ...how } = { ...correct, ...parts }
  return {
    read: (keys) => [...new Set(keys.map(nameOf))].flatMap((name) => records.get(name) ?? []),
    list: ({ kind, tenant, after = '', count }) =>
      [...records.values()]
        .filter((stored) => how.isListed(stored, kind, tenant) && how.isAfter(stored.id, after))
        .sort((left, right) => how.compare(left.id, right.id))
        .slice(0, Math.min(count, how.most)),
    async write(changes) {
      const isApplicable = (change: RecordChange): boolean => applies(change, records.get(nameOf(change)))
      if (!how.keepsAppliedChanges && !changes.every(isApplicable)) return 'conflict'
      const waited = between()
      if (waited !== undefined) await waited
      for (const change of changes) {
        if (how.keepsAppliedChanges && !isApplicable(change)) return 'conflict'
        const shortened = 'value' in change ? { ...change, value: change.value.slice(0, how.longestValue) } : change
        apply(records, nameOf(change), shortened)
      }
      return 'written'
    },
    removeExpired(now, count) {
      const expired = [...records].filter(([, { expires }]) => expires !== undefined && how.hasExpired(expires, now))
      const removed = expired.slice(0, count)
      for (const [name] of removed) records.delete(name)
      return removed.length
    },
  }
}

const broken = (name: string, caughtBy: readonly string[], parts: Partial<Parts>): BrokenStore => ({
  name,
  caughtBy,
  make: () => checkedRecords(storeOf(parts)),
})

/** Stores with an error each. */
export const brokenStores: readonly BrokenStore[] = [
  broken('compares before it waits', ['record-insert-race', 'record-replace-race', 'record-counter'], {
    between: () => new Promise((resolve) => setImmediate(resolve)),
  }),
  broken('keeps the changes before a conflict', ['record-unit-conflict-3', 'record-unit-conflict-5'], {
    keepsAppliedChanges: true,
  }),
  broken('replaces any revision', ['record-revision', 'record-replace-race'], {
    applies: (change, stored) => (change.change === 'insert') === (stored === undefined),
  }),
  broken('inserts over an existing record', ['record-insert-taken', 'record-expired', 'record-insert-race'], {
    applies: (change, stored) => change.change === 'insert' || correct.applies(change, stored),
  }),
  broken('lets an insert replace an expired record', ['record-expired'], {
    applies: (change, stored) =>
      correct.applies(change, change.change === 'insert' && (stored?.expires ?? Infinity) < 1_000 ? undefined : stored),
  }),
  broken('keeps the expiry after a replacement without one', ['record-replace', 'record-expired'], {
    apply(records, name, change) {
      const { expires } = records.get(name) ?? {}
      correct.apply(records, name, change.change === 'replace' ? { expires, ...change } : change)
    },
  }),
  broken('forgets what comes after a slash', ['record-kinds'], {
    nameOf: ({ kind, id }) => `${kind} ${id}`.split('/')[0] ?? '',
  }),
  broken('forgets the kind of a key', ['record-read-many', 'record-kinds'], { nameOf: ({ id }) => id }),
  broken('lists all tenants', ['record-kinds', 'record-tenants', 'record-1000'], {
    isListed: (stored, kind) => stored.kind === kind,
  }),
  broken('compares tenants without letter case', ['record-tenants'], {
    isListed: (stored, kind, tenant) =>
      stored.kind === kind && (tenant === undefined || stored.tenant.toLowerCase() === tenant.toLowerCase()),
  }),
  broken('normalizes tenants', ['record-tenants'], {
    isListed: (stored, kind, tenant) =>
      stored.kind === kind && (tenant === undefined || stored.tenant.normalize() === tenant.normalize()),
  }),
  broken('takes an empty tenant for all', ['record-tenants'], {
    isListed: (stored, kind, tenant) => stored.kind === kind && (!tenant || stored.tenant === tenant),
  }),
  broken('lists the kinds that begin alike', ['record-kinds'], {
    isListed: (stored, kind, tenant) =>
      stored.kind.startsWith(kind) && (tenant === undefined || stored.tenant === tenant),
  }),
  broken('orders as a language does', ['record-order'], { compare: (left, right) => left.localeCompare(right, 'en') }),
  broken('begins a page with the last one of the page before', ['record-order', 'record-1000'], {
    isAfter: (id, after) => id >= after,
  }),
  broken('lists at most 500', ['record-1000'], { most: 500 }),
  broken('cuts large values', ['record-64k'], { longestValue: 65_535 }),
  broken('keeps records until after their expiry', ['record-expired'], { hasExpired: (expires, now) => expires < now }),
  broken('changes the tenant with a replacement', ['record-kinds'], {
    apply(records, name, change) {
      correct.apply(records, name, change)
      const stored = records.get(name)
      if (stored !== undefined && 'tenant' in change) records.set(name, { ...stored, tenant: change.tenant })
    },
  }),
  {
    name: 'hides expired records',
    caughtBy: ['record-expired'],
    make: () => {
      const inner = storeOf()
      const isShown = ({ expires }: StoredRecord): boolean => expires === undefined || expires > 1_000
      return checkedRecords({ ...inner, read: async (keys) => (await inner.read(keys)).filter(isShown) })
    },
  },
  {
    name: 'returns a record twice if it is asked twice',
    caughtBy: ['record-read-many'],
    make: () => {
      const inner = storeOf()
      const eachOf = async (keys: Parameters<RecordStore['read']>[0]) =>
        (await Promise.all(keys.map((key) => inner.read([key])))).flat()
      return checkedRecords({ ...inner, read: eachOf })
    },
  },
  { name: 'checks no limits', caughtBy: ['record-limits'], make: () => storeOf() },
]
