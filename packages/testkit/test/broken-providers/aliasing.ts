import type { JsonObject, ResourceRef, ScimContext } from '@scimkit/core'
import type { Next, ResourceProvider, Stored } from '@scimkit/core/provider'
import { memoryProvider } from '@scimkit/memory-provider'
import type { BrokenProvider } from './broken-provider.js'

/** A provider that stores documents with `keep` and returns them with `give`; a correct provider does the rest. */
function keeping(keep: (document: JsonObject) => JsonObject, give: (kept: JsonObject) => JsonObject): ResourceProvider {
  const inner = memoryProvider()
  const documents = new Map<string, JsonObject>()
  const keyOf = (ref: ResourceRef, { tenant }: ScimContext): string => `${tenant} ${ref.type} ${ref.id}`
  const kept = (stored: Stored, context: ScimContext): Stored => {
    const { ref, version, created, lastModified, members, derived } = stored
    const resource = give(documents.get(keyOf(ref, context)) ?? {})
    const asked = { ...(members !== undefined && { members }), ...(derived !== undefined && { derived }) }
    return { ref, version, created, lastModified, resource, ...asked }
  }
  const note = (ref: ResourceRef, next: Next, context: ScimContext): void => {
    documents.set(keyOf(ref, context), keep(next.resource))
  }
  return {
    async read(ref, needs, context) {
      const stored = await inner.read(ref, needs, context)
      return stored && kept(stored, context)
    },
    async query(type, query, context) {
      const { resources, totalResults } = await inner.query(type, query, context)
      return { resources: resources.map((stored) => kept(stored, context)), totalResults }
    },
    async insert(ref, next, context) {
      const result = await inner.insert(ref, next, context)
      if (result.kind === 'success') note(ref, next, context)
      return result
    },
    async replace(ref, expected, next, context) {
      const result = await inner.replace(ref, expected, next, context)
      if (result.kind === 'success') note(ref, next, context)
      return result
    },
    remove: inner.remove,
  }
}

function copyOf(document: JsonObject): JsonObject {
  return JSON.parse(JSON.stringify(document)) as JsonObject
}

/** Providers that share objects with their callers. */
export const aliasing: readonly BrokenProvider[] = [
  {
    name: 'stores a reference to the document passed in',
    caughtBy: ['alias-insert', 'alias-replace'],
    make: () => keeping((document) => document, copyOf),
  },
  {
    name: 'returns a reference to the stored document',
    caughtBy: ['alias-read', 'alias-query'],
    make: () => keeping(copyOf, (kept) => kept),
  },
  {
    name: 'makes shallow copies of documents',
    caughtBy: ['alias-insert', 'alias-replace', 'alias-read'],
    make: () =>
      keeping(
        (document) => ({ ...document }),
        (kept) => ({ ...kept }),
      ),
  },
  {
    name: 'changes results that it has returned',
    caughtBy: ['answers-stay'],
    make: () => {
      const inner = memoryProvider()
      const given = new Map<string, { nickName?: string }[]>()
      return {
        ...inner,
        async read(ref, needs, context) {
          const stored = await inner.read(ref, needs, context)
          if (stored === undefined || !('resource' in stored)) return stored
          const { ref: own, version, created, lastModified } = stored
          const resource = copyOf(stored.resource)
          given.set(ref.id, [...(given.get(ref.id) ?? []), resource as { nickName?: string }])
          return { ...stored, ref: own, version, created, lastModified, resource }
        },
        replace(ref, expected, next, context) {
          for (const resource of given.get(ref.id) ?? []) resource.nickName = String(next.resource.nickName)
          return inner.replace(ref, expected, next, context)
        },
      }
    },
  },
]
