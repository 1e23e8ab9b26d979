import type { ScimContext } from '@scimkit/core'
import {
  type ConditionalResult,
  documentOnly,
  mismatchOrNotFound,
  type Next,
  type ResourceProvider,
  unknownMembers,
} from '@scimkit/core/provider'
import { memoryProvider } from '@scimkit/memory-provider'
import { type BrokenProvider, moment } from './broken-provider.js'

function unasked({ members, ...next }: Next): Next {
  return { ...next, members: members && { add: members.add, remove: members.remove } }
}

/** Whether a resource exists, for a provider that checks before the write instead of atomically with it. */
type Knows = (inner: ResourceProvider, id: string, context: ScimContext) => Promise<boolean>

/** Checks the members separately, then applies the delta without a check. */
function askingFirst(knows: Knows): ResourceProvider {
  const inner = memoryProvider()
  const missing = async ({ members }: Next, context: ScimContext): Promise<readonly string[]> => {
    const unknown: string[] = []
    if (!members?.mustExist) return unknown
    for (const { value } of members.add) if (!(await knows(inner, value, context))) unknown.push(value)
    return unknown
  }
  return {
    ...inner,
    async insert(ref, next, context) {
      const ids = await missing(next, context)
      return ids.length > 0 ? unknownMembers(ids) : inner.insert(ref, unasked(next), context)
    },
    async replace(ref, expected, next, context) {
      const before = await inner.read(ref, documentOnly, context)
      if (before?.version !== expected) return mismatchOrNotFound(before, expected)
      const ids = await missing(next, context)
      return ids.length > 0 ? unknownMembers(ids) : inner.replace(ref, expected, unasked(next), context)
    },
  }
}

async function has(inner: ResourceProvider, type: string, id: string, context: ScimContext): Promise<boolean> {
  return (await inner.read({ type, id }, documentOnly, context)) !== undefined
}

/** A provider with a changed result for unknown members. */
function telling(change: (ids: readonly string[]) => readonly string[]): ResourceProvider {
  const inner = memoryProvider()
  const changed = <Value>(result: ConditionalResult<Value>): ConditionalResult<Value> =>
    result.kind === 'unknownMembers' ? unknownMembers(change(result.ids)) : result
  return {
    ...inner,
    insert: async (ref, next, context) => changed(await inner.insert(ref, next, context)),
    replace: async (ref, expected, next, context) => changed(await inner.replace(ref, expected, next, context)),
  }
}

/** Providers with wrong checks of members. */
export const wrongMemberChecks: readonly BrokenProvider[] = [
  {
    name: 'adds members whether or not they exist',
    caughtBy: [
      'must-exist-insert',
      'must-exist-replace',
      'must-exist-removed',
      'must-exist-tenant',
      'must-exist-many',
      'race-must-exist',
    ],
    make: () => {
      const inner = memoryProvider()
      return {
        ...inner,
        insert: (ref, next, context) => inner.insert(ref, unasked(next), context),
        replace: (ref, expected, next, context) => inner.replace(ref, expected, unasked(next), context),
      }
    },
  },
  {
    name: 'checks that members exist, waits, and then writes',
    caughtBy: ['race-must-exist'],
    make: () =>
      askingFirst(async (inner, id, context) => {
        const known = (await has(inner, 'User', id, context)) || (await has(inner, 'Group', id, context))
        await moment()
        return known
      }),
  },
  {
    name: 'looks for members only among users',
    caughtBy: ['must-exist-known'],
    make: () => askingFirst((inner, id, context) => has(inner, 'User', id, context)),
  },
  {
    name: 'looks for members in every tenant',
    caughtBy: ['must-exist-tenant'],
    make: () => {
      const made = new Set<string>()
      const provider = askingFirst(async (_inner, id) => made.has(id))
      return {
        ...provider,
        insert(ref, next, context) {
          made.add(ref.id)
          return provider.insert(ref, next, context)
        },
      }
    },
  },
  {
    name: 'checks members before comparing versions',
    caughtBy: ['must-exist-stale'],
    make: () => {
      const inner = memoryProvider()
      return {
        ...inner,
        async replace(ref, expected, next, context) {
          const result = await inner.replace(ref, expected, next, context)
          const lost = result.kind === 'versionMismatch' || result.kind === 'notFound'
          return lost && next.members?.mustExist ? unknownMembers(next.members.add.map(({ value }) => value)) : result
        },
      }
    },
  },
  {
    name: 'returns only the first unknown member',
    caughtBy: ['must-exist-insert', 'must-exist-replace', 'must-exist-many'],
    make: () => telling((ids) => ids.slice(0, 1)),
  },
  {
    name: 'returns only as many unknown members as a statement has parameters',
    caughtBy: ['must-exist-many'],
    make: () => telling((ids) => ids.slice(0, 999)),
  },
  {
    name: 'checks all members, also existing and removed ones',
    caughtBy: ['must-exist-added-only'],
    make: () => {
      const inner = memoryProvider()
      return {
        ...inner,
        async replace(ref, expected, next, context) {
          const { members } = next
          if (!members?.mustExist) return inner.replace(ref, expected, next, context)
          const { members: there = [] } = (await inner.read(ref, { members: 'all', derived: false }, context)) ?? {}
          const add = [...members.add, ...there, ...members.remove.map((value) => ({ value }))]
          return inner.replace(ref, expected, { ...next, members: { ...members, add } }, context)
        },
      }
    },
  },
  {
    name: 'writes, then reports missing members',
    caughtBy: ['must-exist-insert', 'must-exist-replace'],
    make: () => {
      const inner = memoryProvider()
      return {
        ...inner,
        async insert(ref, next, context) {
          const result = await inner.insert(ref, next, context)
          if (result.kind === 'unknownMembers') await inner.insert(ref, unasked(next), context)
          return result
        },
        async replace(ref, expected, next, context) {
          const result = await inner.replace(ref, expected, next, context)
          if (result.kind === 'unknownMembers') await inner.replace(ref, expected, unasked(next), context)
          return result
        },
      }
    },
  },
]
