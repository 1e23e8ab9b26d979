/** Stores that are correct without concurrent writers only, each behind the real core. */
import {
  documentOnly,
  duplicate,
  mismatchOrNotFound,
  notFound,
  type ResourceProvider,
  type Stored,
  success,
} from '@scimkit/core/provider'
import { memoryProvider } from '@scimkit/memory-provider'
import { removesTooLate, replacesTooLate } from './compares-too-early.js'

/** A faulty store, with the description of its fault. */
export interface InconsistentProvider {
  readonly name: string
  readonly make: () => ResourceProvider
}

// About the duration of a query in a fast database.
const pause = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 1))

/** The checker must flag each of these. */
export const inconsistentProviders: readonly InconsistentProvider[] = [
  {
    name: 'reads, compares, waits, and replaces without comparing again',
    make: () => replacesTooLate(pause),
  },
  {
    name: 'reads, compares, waits, and removes without comparing again',
    make: () => removesTooLate(pause),
  },
  {
    name: 'acknowledges a write before applying it',
    make: () => {
      const inner = memoryProvider()
      return {
        ...inner,
        async replace(ref, expected, next, context) {
          const before = await inner.read(ref, documentOnly, context)
          if (before === undefined) return notFound()
          if (before.version !== expected) return mismatchOrNotFound(before, expected)
          void pause().then(() => inner.replace(ref, expected, next, context))
          return success(next)
        },
      }
    },
  },
  {
    name: 'reads from a replica with a replication lag',
    make: () => {
      const inner = memoryProvider()
      const replica = new Map<string, Stored>()
      return {
        ...inner,
        async read(ref, needs, context) {
          const now = await inner.read(ref, needs, context)
          // Members are loaded separately, so a cached result is only valid for the same question.
          const key = `${ref.id} ${JSON.stringify(needs)}`
          const before = replica.get(key)
          if (now !== undefined) void pause().then(() => replica.set(key, now))
          return now === undefined ? undefined : (before ?? now)
        },
      }
    },
  },
  {
    name: 'checks that a name is free, waits, and inserts without checking again',
    make: () => {
      const inner = memoryProvider()
      const taken = new Map<string, string>()
      return {
        ...inner,
        async insert(ref, next, context) {
          const keys = next.unique.map(({ attribute, key }) => ({ attribute, name: `${attribute} ${key}` }))
          const held = keys.find(({ name }) => taken.has(name))
          if (held !== undefined) return duplicate(held.attribute)
          await pause()
          for (const { name } of keys) taken.set(name, ref.id)
          return inner.insert(ref, { ...next, unique: [] }, context)
        },
        replace: (ref, expected, next, context) => inner.replace(ref, expected, { ...next, unique: [] }, context),
        async remove(ref, expected, removal, context) {
          const result = await inner.remove(ref, expected, removal, context)
          if (result.kind === 'success') for (const [name, id] of taken) if (id === ref.id) taken.delete(name)
          return result
        },
      }
    },
  },
  {
    name: 'loses every twentieth write that it acknowledges',
    make: () => losing((write) => write % 20 === 0),
  },
]

/** Acknowledges every write, but applies none after the first 400: the last writes are lost for every seed. */
export function losesAllLaterWrites(): ResourceProvider {
  return losing((write) => write > 400)
}

function losing(isLost: (write: number) => boolean): ResourceProvider {
  const inner = memoryProvider()
  let writes = 0
  return {
    ...inner,
    async replace(ref, expected, next, context) {
      writes += 1
      if (!isLost(writes)) return inner.replace(ref, expected, next, context)
      const before = await inner.read(ref, documentOnly, context)
      return before?.version === expected ? success(next) : mismatchOrNotFound(before, expected)
    },
  }
}
