import type { ResourceRef, ScimContext } from '@scimkit/core'
import { documentOnly, type Next, type ResourceProvider, type VersionChange } from '@scimkit/core/provider'
import { memoryProvider } from '@scimkit/memory-provider'
import type { BrokenProvider } from './broken-provider.js'

const keeps = 3

type History = NonNullable<ResourceProvider['history']>

/** A provider that keeps the history of the reference, and returns it changed. */
function telling(change: (entries: readonly VersionChange[]) => readonly VersionChange[]): ResourceProvider {
  const inner = memoryProvider({ history: keeps })
  return { ...inner, history: async (...asked) => change((await inner.history?.(...asked)) ?? []) }
}

/** A provider that keeps a separate history, and records writes by `notes`. */
function noting(notes: (inner: ResourceProvider, log: Log) => Partial<ResourceProvider>): ResourceProvider {
  const inner = memoryProvider()
  const entries = new Map<string, VersionChange[]>()
  const log: Log = {
    add: (ref, entry) => entries.set(ref.id, [entry, ...(entries.get(ref.id) ?? [])].slice(0, keeps)),
    of: (ref) => entries.get(ref.id) ?? [],
  }
  const history: History = async (ref, context) =>
    (await inner.read(ref, documentOnly, context)) === undefined ? [] : log.of(ref)
  const insert: ResourceProvider['insert'] = async (ref, next, context) => {
    const result = await inner.insert(ref, next, context)
    if (result.kind === 'success')
      log.add(ref, { version: next.version, previous: undefined, at: next.at, changed: [] })
    return result
  }
  return { ...inner, insert, history, ...notes(inner, log) }
}

interface Log {
  readonly add: (ref: ResourceRef, entry: VersionChange) => void
  readonly of: (ref: ResourceRef) => readonly VersionChange[]
}

const entryOf = ({ version, at, changed = [] }: Next, previous: VersionChange['previous']): VersionChange => ({
  version,
  previous,
  at,
  changed,
})

/** Providers with a wrong history. */
export const wrongHistories: readonly BrokenProvider[] = [
  {
    name: 'claims to keep a history and has none',
    caughtBy: ['history-insert', 'history-replace', 'history-cascade'],
    make: () => memoryProvider(),
  },
  {
    name: 'returns the oldest change first',
    caughtBy: ['history-replace', 'history-newest'],
    make: () => telling((entries) => [...entries].reverse()),
  },
  {
    name: 'keeps one change more than configured',
    caughtBy: ['history-newest'],
    make: () => memoryProvider({ history: keeps + 1 }),
  },
  {
    name: 'keeps one change less than configured',
    caughtBy: ['history-newest'],
    make: () => memoryProvider({ history: keeps - 1 }),
  },
  {
    name: 'drops the names',
    caughtBy: ['history-replace', 'history-members', 'history-cascade'],
    make: () => telling((entries) => entries.map((entry) => ({ ...entry, changed: [] }))),
  },
  {
    name: 'drops the previous version of a change',
    caughtBy: ['history-replace', 'history-race'],
    make: () => telling((entries) => entries.map((entry) => ({ ...entry, previous: undefined }))),
  },
  {
    name: 'records a replace before comparing versions',
    caughtBy: ['history-lost-write', 'history-race'],
    make: () =>
      noting((inner, { add }) => ({
        replace(ref, expected, next, context) {
          add(ref, entryOf(next, expected))
          return inner.replace(ref, expected, next, context)
        },
      })),
  },
  {
    name: 'records a replace without changed names as an entry without names',
    caughtBy: ['history-untold'],
    make: () => {
      const inner = memoryProvider({ history: keeps })
      return {
        ...inner,
        replace: (ref, expected, next, context) =>
          inner.replace(ref, expected, { ...next, changed: next.changed ?? [] }, context),
      }
    },
  },
  {
    name: 'records direct writes only, and not the cascade of a remove',
    caughtBy: ['history-cascade', 'history-cascade-many'],
    make: () =>
      noting((inner, { add }) => ({
        async replace(ref, expected, next, context) {
          const result = await inner.replace(ref, expected, next, context)
          if (result.kind === 'success') add(ref, entryOf(next, expected))
          return result
        },
      })),
  },
  {
    name: 'keeps the history of removed resources',
    caughtBy: ['history-remove'],
    make: () => {
      const inner = memoryProvider({ history: keeps })
      const kept = new Map<string, readonly VersionChange[]>()
      return {
        ...inner,
        async remove(ref, expected, removal, context) {
          kept.set(ref.id, (await inner.history?.(ref, context)) ?? [])
          return inner.remove(ref, expected, removal, context)
        },
        history: async (ref, context) => [
          ...((await inner.history?.(ref, context)) ?? []),
          ...(kept.get(ref.id) ?? []),
        ],
      }
    },
  },
  {
    name: 'keeps one ring buffer for all resources',
    caughtBy: ['history-of-each'],
    make: () => {
      const inner = memoryProvider({ history: 100 })
      const order: string[] = []
      return {
        ...inner,
        async insert(ref, next, context) {
          order.unshift(next.version)
          return inner.insert(ref, next, context)
        },
        async replace(ref, expected, next, context) {
          order.unshift(next.version)
          return inner.replace(ref, expected, next, context)
        },
        history: async (ref, context) => {
          const newest = new Set(order.slice(0, keeps))
          return ((await inner.history?.(ref, context)) ?? []).filter(({ version }) => newest.has(version))
        },
      }
    },
  },
  {
    name: 'returns the history to every tenant, and for every type',
    caughtBy: ['history-tenant', 'history-other-type'],
    make: () => {
      const inner = memoryProvider({ history: keeps })
      const owners = new Map<string, readonly [ResourceRef, ScimContext]>()
      return {
        ...inner,
        insert(ref, next, context) {
          owners.set(ref.id, [ref, context])
          return inner.insert(ref, next, context)
        },
        history: (ref, context) => {
          const [owned, owner] = owners.get(ref.id) ?? [ref, context]
          return inner.history?.(owned, owner) ?? []
        },
      }
    },
  },
  {
    name: 'records the groups of a refused remove',
    caughtBy: ['history-lost-remove'],
    make: () =>
      noting((inner, { add }) => ({
        async remove(ref, expected, removal, context) {
          const user = await inner.read(ref, { members: 'none', derived: true }, context)
          for (const { value } of user?.derived?.groups ?? []) {
            const group = { type: 'Group', id: value }
            const stored = await inner.read(group, documentOnly, context)
            if (stored)
              add(group, { version: stored.version, previous: stored.version, at: removal.at, changed: ['members'] })
          }
          return inner.remove(ref, expected, removal, context)
        },
      })),
  },
]
