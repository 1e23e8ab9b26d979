import type { JsonObject, RawVersion } from '@scimkit/core'
import { type ConditionalResult, documentOnly, success, versionMismatch } from '@scimkit/core/provider'
import { memoryProvider } from '@scimkit/memory-provider'
import { type BrokenProvider, unconditionally } from './broken-provider.js'

function without(document: JsonObject, lost: string): JsonObject {
  return Object.fromEntries(Object.entries(document).filter(([name]) => name !== lost))
}

function asMismatch<Value>(result: ConditionalResult<Value>, expected: RawVersion): ConditionalResult<Value> {
  return result.kind === 'notFound' ? versionMismatch(expected, expected) : result
}

/** Providers that do not store or do not return the written state. */
export const wrongWrites: readonly BrokenProvider[] = [
  {
    name: 'drops an attribute of writes',
    caughtBy: ['insert-then-read'],
    make: () => {
      const inner = memoryProvider()
      return {
        ...inner,
        insert: (ref, next, context) =>
          inner.insert(ref, { ...next, resource: without(next.resource, 'nickName') }, context),
      }
    },
  },
  {
    name: 'treats false as absent',
    caughtBy: ['insert-then-read', 'replace-whole-document', 'filter-evaluate'],
    make: () => {
      const inner = memoryProvider()
      const truthy = (document: JsonObject): JsonObject =>
        Object.fromEntries(Object.entries(document).filter(([, value]) => value !== false))
      return {
        ...inner,
        insert: (ref, next, context) => inner.insert(ref, { ...next, resource: truthy(next.resource) }, context),
        replace: (ref, expected, next, context) =>
          inner.replace(ref, expected, { ...next, resource: truthy(next.resource) }, context),
      }
    },
  },
  {
    name: 'merges where it should replace',
    caughtBy: ['replace-whole-document'],
    make: () => {
      const inner = memoryProvider()
      return {
        ...inner,
        async replace(ref, expected, next, context) {
          const before = await inner.read(ref, documentOnly, context)
          const kept = before !== undefined && 'resource' in before ? before.resource : {}
          return inner.replace(ref, expected, { ...next, resource: { ...kept, ...next.resource } }, context)
        },
      }
    },
  },
  {
    name: 'changes created with every write',
    caughtBy: ['replace-times'],
    make: () => {
      const inner = memoryProvider()
      return {
        ...inner,
        async read(ref, needs, context) {
          const stored = await inner.read(ref, needs, context)
          return stored && { ...stored, created: stored.lastModified }
        },
      }
    },
  },
  {
    name: 'returns the expected version as the current one',
    caughtBy: ['replace-current', 'remove-current', 'cascade-stale-write'],
    make: () => {
      const inner = memoryProvider()
      return {
        ...inner,
        async replace(ref, expected, next, context) {
          const result = await inner.replace(ref, expected, next, context)
          return result.kind === 'versionMismatch' ? versionMismatch(expected, expected) : result
        },
        async remove(ref, expected, removal, context) {
          const result = await inner.remove(ref, expected, removal, context)
          return result.kind === 'versionMismatch' ? versionMismatch(expected, expected) : result
        },
      }
    },
  },
  {
    name: 'reports a mismatch for zero changed rows, whether or not the resource exists',
    caughtBy: ['replace-not-found', 'replace-removed', 'remove-not-found', 'tenant-replace', 'tenant-remove'],
    make: () => {
      const inner = memoryProvider()
      return {
        ...inner,
        replace: async (ref, expected, next, context) =>
          asMismatch(await inner.replace(ref, expected, next, context), expected),
        remove: async (ref, expected, removal, context) =>
          asMismatch(await inner.remove(ref, expected, removal, context), expected),
      }
    },
  },
  {
    name: 'inserts on a replace of an unknown id',
    caughtBy: ['replace-not-found', 'replace-removed', 'tenant-replace'],
    make: () => {
      const inner = memoryProvider()
      return {
        ...inner,
        async replace(ref, expected, next, context) {
          const result = await inner.replace(ref, expected, next, context)
          return result.kind === 'notFound' ? inner.insert(ref, next, context) : result
        },
      }
    },
  },
  {
    name: 'overwrites existing resources on insert',
    caughtBy: ['insert-taken-id'],
    make: () => {
      const inner = memoryProvider()
      return {
        ...inner,
        async insert(ref, next, context) {
          const before = await inner.read(ref, documentOnly, context)
          if (before === undefined) return inner.insert(ref, next, context)
          return inner.replace(ref, before.version, next, context)
        },
      }
    },
  },
  {
    name: 'ignores the expected version',
    caughtBy: ['replace-stale', 'race-replace'],
    make: () => {
      const inner = memoryProvider()
      return {
        ...inner,
        replace: (ref, _expected, next, context) =>
          unconditionally(inner, ref, context, (now) => inner.replace(ref, now, next, context)),
      }
    },
  },
  {
    name: 'removes without comparing the version',
    caughtBy: ['remove-stale', 'cascade-lost-remove'],
    make: () => {
      const inner = memoryProvider()
      return {
        ...inner,
        remove: (ref, _expected, removal, context) =>
          unconditionally(inner, ref, context, (now) => inner.remove(ref, now, removal, context)),
      }
    },
  },
  {
    name: 'returns success and writes nothing',
    caughtBy: ['replace-whole-document', 'version-as-answered'],
    make: () => ({ ...memoryProvider(), replace: (_ref, _expected, next) => success(next) }),
  },
  {
    name: 'derives the version from the content, so that it is used again',
    caughtBy: ['versions-never-return'],
    make: () => {
      const inner = memoryProvider()
      const versions = new Map<string, RawVersion>()
      return {
        ...inner,
        replace(ref, expected, next, context) {
          const content = JSON.stringify(next.resource)
          const version = versions.get(content) ?? next.version
          versions.set(content, version)
          return inner.replace(ref, expected, { ...next, version }, context)
        },
      }
    },
  },
]
