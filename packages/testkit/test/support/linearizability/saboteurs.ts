/** Stores that are right as long as nobody else is there, each behind the real core. */
import { conflict, documentOnly, duplicate, notFound, type ResourceProvider, type Stored, success } from '@scimkit/core'
import { memoryProvider } from '@scimkit/memory-provider'
import { unconditionally } from '../../saboteurs/saboteur.js'

/** A store, and what it does wrong. */
export interface ConcurrentSaboteur {
  readonly name: string
  readonly make: () => ResourceProvider
}

// As long as a fast database takes.
const pause = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 1))

/** Every one must be flagged. */
export const concurrentSaboteurs: readonly ConcurrentSaboteur[] = [
  {
    name: 'reads, compares, waits, and puts whatever is there by then',
    make: () => {
      const inner = memoryProvider()
      return {
        ...inner,
        async replace(ref, expected, next, context) {
          const before = await inner.read(ref, documentOnly, context)
          if (before?.version !== expected) return conflict(before, expected)
          await pause()
          return unconditionally(inner, ref, context, (now) => inner.replace(ref, now, next, context))
        },
      }
    },
  },
  {
    name: 'reads, compares, waits, and removes whatever is there by then',
    make: () => {
      const inner = memoryProvider()
      return {
        ...inner,
        async remove(ref, expected, removal, context) {
          const before = await inner.read(ref, documentOnly, context)
          if (before?.version !== expected) return conflict(before, expected)
          await pause()
          const result = await unconditionally(inner, ref, context, (now) => inner.remove(ref, now, removal, context))
          return result.kind === 'notFound' ? success(undefined) : result
        },
      }
    },
  },
  {
    name: 'acknowledges a write and makes it a little later',
    make: () => {
      const inner = memoryProvider()
      return {
        ...inner,
        async replace(ref, expected, next, context) {
          const before = await inner.read(ref, documentOnly, context)
          if (before === undefined) return notFound()
          if (before.version !== expected) return conflict(before, expected)
          void pause().then(() => inner.replace(ref, expected, next, context))
          return success(next)
        },
      }
    },
  },
  {
    name: 'reads from a replica that is a little behind',
    make: () => {
      const inner = memoryProvider()
      const replica = new Map<string, Stored>()
      return {
        ...inner,
        async read(ref, needs, context) {
          const now = await inner.read(ref, needs, context)
          // Members come from elsewhere, so what is kept must have been asked for in the same way.
          const key = `${ref.id} ${JSON.stringify(needs)}`
          const before = replica.get(key)
          if (now !== undefined) void pause().then(() => replica.set(key, now))
          return now === undefined ? undefined : (before ?? now)
        },
      }
    },
  },
  {
    name: 'looks whether a name is free, waits, and inserts',
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

/** Acknowledges every write and makes none after the first hundreds: whatever came last is lost, on every draw. */
export function deafFromHereOn(): ResourceProvider {
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
      return before?.version === expected ? success(next) : conflict(before, expected)
    },
  }
}
