import type { ScimContext } from '@scimkit/core'
import {
  alreadyCreated,
  type CreationKey,
  type CreationRecord,
  duplicate,
  isSuccess,
  type Next,
  type ResourceProvider,
  type ResourceRef,
} from '@scimkit/core/provider'
import { memoryProvider } from '@scimkit/memory-provider'
import { type BrokenProvider, moment } from './broken-provider.js'

type Keyed = Pick<ResourceProvider, 'createdWith' | 'insert'>

/** The reference, with some of its functions replaced. */
function changing(change: (inner: Required<Keyed>) => Partial<Keyed>): () => ResourceProvider {
  return () => {
    const inner = memoryProvider()
    const { createdWith = () => undefined, insert } = inner
    return { ...inner, ...change({ createdWith, insert }) }
  }
}

/** A provider that keeps the records itself, under a name, beside the reference. */
function keeping(nameOf: (key: CreationKey, context: ScimContext) => string, options: Kept = {}): ResourceProvider {
  const inner = memoryProvider()
  const records = new Map<string, CreationRecord & { readonly at: string }>()
  const recordOf = (key: CreationKey, context: ScimContext): CreationRecord | undefined => {
    const found = records.get(nameOf(key, context))
    if (found === undefined || (options.expires !== false && found.at < key.expired)) return undefined
    const { at: _, ...record } = found
    return record
  }
  const keep = (ref: ResourceRef, next: Next, context: ScimContext): void => {
    const { creationKey, version, at } = next
    if (creationKey === undefined) return
    records.set(nameOf(creationKey, context), { ref, version, digest: creationKey.digest, at })
  }
  return {
    ...inner,
    createdWith: recordOf,
    async insert(ref, { creationKey, ...next }, context) {
      const found = creationKey && recordOf(creationKey, context)
      if (found !== undefined) return alreadyCreated(found)
      const keyed = { ...next, ...(creationKey !== undefined && { creationKey }) }
      if (options.when === 'before') keep(ref, keyed, context)
      if (options.when === 'later') await moment()
      const result = await inner.insert(ref, next, context)
      if (options.when !== 'before' && isSuccess(result)) keep(ref, keyed, context)
      return result
    },
  }
}

interface Kept {
  readonly expires?: false
  /** `before`: the record is stored before the insert. `later`: the check and the insert are two steps. */
  readonly when?: 'before' | 'later'
}

const whole = ({ key, principal }: CreationKey, { tenant }: ScimContext): string =>
  JSON.stringify([tenant, principal, key])

/** Providers with wrong records of idempotency keys. */
export const wrongCreationKeys: readonly BrokenProvider[] = [
  {
    name: 'claims to store idempotency keys and has no createdWith',
    caughtBy: ['creation-key-record', 'creation-key-tenant'],
    make: () => {
      const { createdWith: _, ...inner } = memoryProvider()
      return inner
    },
  },
  {
    name: 'stores no record',
    caughtBy: ['creation-key-record', 'creation-key-again', 'creation-key-race'],
    make: changing(({ insert }) => ({
      insert: (ref, { creationKey: _, ...next }, context) => insert(ref, next, context),
    })),
  },
  {
    name: 'remembers the key before the insert, which may be refused',
    caughtBy: ['creation-key-refused', 'creation-key-failed'],
    make: () => keeping(whole, { when: 'before' }),
  },
  {
    name: 'stores the key after the insert, in a step of its own',
    caughtBy: ['creation-key-race'],
    make: () => keeping(whole, { when: 'later' }),
  },
  {
    name: 'finds the key of another tenant',
    caughtBy: ['creation-key-tenant'],
    make: () => keeping(({ key, principal }) => JSON.stringify([principal, key])),
  },
  {
    name: 'finds the key of another principal',
    caughtBy: ['creation-key-principal'],
    make: () => keeping(({ key }, { tenant }) => JSON.stringify([tenant, key])),
  },
  {
    name: 'compares keys without letter case',
    caughtBy: ['creation-key-spelling'],
    make: () => keeping((key, context) => whole(key, context).toLowerCase()),
  },
  {
    name: 'truncates keys',
    caughtBy: ['creation-key-spelling'],
    make: () => keeping((key, context) => whole({ ...key, key: key.key.slice(0, 200) }, context)),
  },
  {
    name: 'finds a key only for the same digest',
    caughtBy: ['creation-key-record', 'creation-key-again'],
    make: () => keeping((key, context) => JSON.stringify([whole(key, context), key.digest])),
  },
  {
    name: 'never lets a key expire',
    caughtBy: ['creation-key-expiry'],
    make: () => keeping(whole, { expires: false }),
  },
  {
    name: 'lets a key expire too early',
    caughtBy: ['creation-key-expiry'],
    make: changing(({ createdWith }) => ({
      createdWith: (key, context) =>
        createdWith({ ...key, expired: new Date(Date.parse(key.expired) + 1).toISOString() }, context),
    })),
  },
  {
    name: 'reports a duplicate before the key',
    caughtBy: ['creation-key-before-duplicate'],
    make: () => {
      const inner = memoryProvider()
      const taken = new Set<string>()
      return {
        ...inner,
        async insert(ref, next, context) {
          const names = next.unique.map(({ key }) => JSON.stringify([context.tenant, key]))
          const [unique] = next.unique
          if (unique !== undefined && names.some((name) => taken.has(name))) return duplicate(unique.attribute)
          const result = await inner.insert(ref, next, context)
          if (isSuccess(result)) for (const name of names) taken.add(name)
          return result
        },
      }
    },
  },
  {
    name: 'forgets the key when the resource is removed',
    caughtBy: ['creation-key-later-writes'],
    make: () => {
      const inner = memoryProvider()
      const { createdWith = () => undefined } = inner
      return {
        ...inner,
        async createdWith(key, context) {
          const record = await createdWith(key, context)
          const stored = record && (await inner.read(record.ref, { members: 'none', derived: false }, context))
          return stored && record
        },
      }
    },
  },
  {
    name: 'returns the current version instead of that of the insert',
    caughtBy: ['creation-key-later-writes'],
    make: () => {
      const inner = memoryProvider()
      const { createdWith = () => undefined } = inner
      return {
        ...inner,
        async createdWith(key, context) {
          const record = await createdWith(key, context)
          const stored = record && (await inner.read(record.ref, { members: 'none', derived: false }, context))
          return record && { ...record, version: stored?.version ?? record.version }
        },
      }
    },
  },
]
