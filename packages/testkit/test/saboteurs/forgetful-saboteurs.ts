import {
  type ConditionalResult,
  documentOnly,
  type JsonObject,
  type RawVersion,
  success,
  versionMismatch,
} from '@scimkit/core'
import { memoryProvider } from '@scimkit/memory-provider'
import { type Saboteur, unconditionally } from './saboteur.js'

function without(document: JsonObject, lost: string): JsonObject {
  return Object.fromEntries(Object.entries(document).filter(([name]) => name !== lost))
}

function asMismatch<Value>(result: ConditionalResult<Value>, expected: RawVersion): ConditionalResult<Value> {
  return result.kind === 'notFound' ? versionMismatch(expected, expected) : result
}

/** Those that do not keep, or do not tell, what they were given. */
export const forgetfulSaboteurs: readonly Saboteur[] = [
  {
    name: 'loses an attribute on the way in',
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
    name: 'takes false for absent',
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
    name: 'gives a new created with every change',
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
    name: 'tells the version expected for the one that is there',
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
    name: 'takes no rows changed for a mismatch, whether or not the resource is there',
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
    name: 'inserts what it should replace and does not find',
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
    name: 'inserts over what is there',
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
    name: 'removes whatever the version is',
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
    name: 'answers success and writes nothing',
    caughtBy: ['replace-whole-document', 'version-as-answered'],
    make: () => ({ ...memoryProvider(), replace: (_ref, _expected, next) => success(next) }),
  },
  {
    name: 'takes its version from the content, so that it comes back',
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
