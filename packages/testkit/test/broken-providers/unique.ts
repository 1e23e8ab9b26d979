import type { Next } from '@scimkit/core/provider'
import { memoryProvider } from '@scimkit/memory-provider'
import type { BrokenProvider } from './broken-provider.js'

function keyedAsSpelled(next: Next): Next {
  return { ...next, unique: next.unique.map(({ attribute }) => ({ attribute, key: String(next.resource[attribute]) })) }
}

/** Providers with wrong uniqueness. */
export const wrongUniqueness: readonly BrokenProvider[] = [
  {
    name: 'compares names by their spelling',
    caughtBy: ['duplicate-ignores-case', 'duplicate-replace', 'race-insert-unique'],
    make: () => {
      const inner = memoryProvider()
      return {
        ...inner,
        insert: (ref, next, context) => inner.insert(ref, keyedAsSpelled(next), context),
        replace: (ref, expected, next, context) => inner.replace(ref, expected, keyedAsSpelled(next), context),
      }
    },
  },
  {
    name: 'checks names on insert only',
    caughtBy: ['duplicate-replace', 'race-rename'],
    make: () => {
      const inner = memoryProvider()
      return {
        ...inner,
        replace: (ref, expected, next, context) => inner.replace(ref, expected, { ...next, unique: [] }, context),
      }
    },
  },
  {
    name: 'never releases a name',
    caughtBy: ['key-freed-by-replace', 'key-freed-by-remove'],
    make: () => {
      const inner = memoryProvider()
      const holders = new Map<string, string>()
      return {
        ...inner,
        async insert(ref, next, context) {
          const names = next.unique.map(({ attribute, key }) => `${context.tenant} ${ref.type} ${attribute} ${key}`)
          const index = names.findIndex((name) => holders.has(name))
          if (index >= 0) return { kind: 'duplicate', attribute: next.unique[index]?.attribute ?? '' }
          const result = await inner.insert(ref, next, context)
          if (result.kind === 'success') for (const name of names) holders.set(name, ref.id)
          return result
        },
      }
    },
  },
  {
    name: 'treats the own name of a resource as taken',
    caughtBy: ['key-kept'],
    make: () => {
      const inner = memoryProvider()
      const taken = new Set<string>()
      return {
        ...inner,
        async insert(ref, next, context) {
          const result = await inner.insert(ref, next, context)
          if (result.kind === 'success') for (const { key } of next.unique) taken.add(`${context.tenant} ${key}`)
          return result
        },
        replace(ref, expected, next, context) {
          const own = next.unique.find(({ key }) => taken.has(`${context.tenant} ${key}`))
          return own ? { kind: 'duplicate', attribute: own.attribute } : inner.replace(ref, expected, next, context)
        },
      }
    },
  },
]
