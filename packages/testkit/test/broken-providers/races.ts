import type { RawVersion } from '@scimkit/core'
import { documentOnly, duplicate, mismatchOrNotFound, notFound, success } from '@scimkit/core/provider'
import { memoryProvider } from '@scimkit/memory-provider'
import { type BrokenProvider, moment } from './broken-provider.js'
import { removesTooLate, replacesTooLate } from './compares-too-early.js'

const noKeys = { unique: [] }

/** Providers that are correct without concurrent writers only. */
export const wrongRaces: readonly BrokenProvider[] = [
  {
    name: 'compares, waits, then replaces without comparing again',
    caughtBy: ['race-replace', 'race-same-version'],
    make: () => replacesTooLate(moment),
  },
  {
    name: 'compares, waits, then removes without comparing again',
    caughtBy: ['race-remove', 'race-remove-replace'],
    make: () => removesTooLate(moment),
  },
  {
    name: 'reports success if the current version equals its own',
    caughtBy: ['race-same-version'],
    make: () => {
      const inner = memoryProvider()
      return {
        ...inner,
        async replace(ref, expected, next, context) {
          await inner.replace(ref, expected, next, context)
          const now = await inner.read(ref, documentOnly, context)
          return now?.version === next.version ? success(next) : mismatchOrNotFound(now, expected)
        },
      }
    },
  },
  {
    name: 'checks that a name is free, waits, then inserts',
    caughtBy: ['race-insert-unique'],
    make: () => {
      const inner = memoryProvider()
      const taken = new Map<string, string>()
      return {
        ...inner,
        async insert(ref, next, context) {
          const keys = next.unique.map(({ attribute, key }) => `${context.tenant} ${ref.type} ${attribute} ${key}`)
          const index = keys.findIndex((key) => taken.has(key))
          if (index >= 0) return duplicate(next.unique[index]?.attribute ?? '')
          await moment()
          for (const key of keys) taken.set(key, ref.id)
          return inner.insert(ref, { ...next, ...noKeys }, context)
        },
      }
    },
  },
  {
    name: 'returns the new version before the document is stored',
    caughtBy: ['race-read'],
    make: () => {
      const inner = memoryProvider()
      const coming = new Map<string, RawVersion>()
      return {
        ...inner,
        async read(ref, needs, context) {
          const stored = await inner.read(ref, needs, context)
          const version = coming.get(ref.id)
          return stored && version !== undefined ? { ...stored, version } : stored
        },
        async replace(ref, expected, next, context) {
          const before = await inner.read(ref, documentOnly, context)
          if (before === undefined) return notFound()
          if (before.version !== expected) return mismatchOrNotFound(before, expected)
          coming.set(ref.id, next.version)
          await moment()
          const result = await inner.replace(ref, expected, next, context)
          coming.delete(ref.id)
          return result
        },
      }
    },
  },
]
