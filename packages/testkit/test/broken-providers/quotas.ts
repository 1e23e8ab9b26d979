import type { ScimContext } from '@scimkit/core'
import { type ConditionalResult, documentOnly, overQuota, type ResourceProvider } from '@scimkit/core/provider'
import { memoryProvider } from '@scimkit/memory-provider'
import { type BrokenProvider, moment } from './broken-provider.js'

async function numberOf(provider: ResourceProvider, type: string, context: ScimContext): Promise<number> {
  const page = { startIndex: 1, count: 0 }
  return (
    (await provider.query(type, { filter: undefined, sort: undefined, page, needs: documentOnly }, context))
      .totalResults ?? 0
  )
}

/** Providers with wrong quotas. */
export const wrongQuotas: readonly BrokenProvider[] = [
  {
    name: 'counts for the quota before the insert',
    caughtBy: ['quota-race', 'quota-race-removals'],
    make: () => {
      const inner = memoryProvider()
      return {
        ...inner,
        async insert(ref, { quota, ...next }, context) {
          if (quota !== undefined && (await numberOf(inner, ref.type, context)) >= quota) return overQuota()
          await moment()
          return inner.insert(ref, next, context)
        },
      }
    },
  },
  {
    name: 'ignores the quota',
    caughtBy: ['quota-insert', 'quota-race'],
    make: () => {
      const inner = memoryProvider()
      return { ...inner, insert: (ref, { quota: _, ...next }, context) => inner.insert(ref, next, context) }
    },
  },
  {
    name: 'counts inserts for the quota, and no removals',
    caughtBy: ['quota-freed', 'quota-race-removals'],
    make: () => {
      const inner = memoryProvider()
      const inserted = new Map<string, number>()
      return {
        ...inner,
        async insert(ref, next, context) {
          const name = `${context.tenant} ${ref.type}`
          const count = inserted.get(name) ?? 0
          if (next.quota !== undefined && count >= next.quota) return overQuota()
          inserted.set(name, count + 1)
          const result = await inner.insert(ref, next, context)
          if (result.kind !== 'success') inserted.set(name, (inserted.get(name) ?? 1) - 1)
          return result
        },
      }
    },
  },
  {
    name: 'counts resources of all types for the quota',
    caughtBy: ['quota-of-tenant-and-type'],
    make: () => {
      const inner = memoryProvider()
      return {
        ...inner,
        async insert(ref, next, context) {
          const others = ref.type === 'User' ? await numberOf(inner, 'Group', context) : 0
          const quota = next.quota === undefined ? undefined : Math.max(0, next.quota - others)
          return inner.insert(ref, { ...next, ...(quota !== undefined && { quota }) }, context)
        },
      }
    },
  },
  {
    name: 'checks the quota before unique keys',
    caughtBy: ['quota-after-duplicate'],
    make: () => {
      const inner = memoryProvider()
      return {
        ...inner,
        async insert(ref, next, context) {
          const result: ConditionalResult<unknown> = await inner.insert(ref, { ...next, unique: [] }, context)
          if (result.kind === 'overQuota') return result
          if (result.kind === 'success') {
            const now = await inner.read(ref, documentOnly, context)
            if (now !== undefined) await inner.remove(ref, now.version, { at: next.at, nonce: '00c0ffee1dea' }, context)
          }
          return inner.insert(ref, next, context)
        },
      }
    },
  },
  {
    name: 'does not say that it counts for quotas',
    caughtBy: ['quota-declared'],
    make: () => {
      const { supports: _, ...inner } = memoryProvider()
      return inner
    },
  },
]
