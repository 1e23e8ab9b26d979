/** Providers that compare the version, wait, and then write without comparing again: the classic lost update. */
import { documentOnly, mismatchOrNotFound, type ResourceProvider, success } from '@scimkit/core/provider'
import { memoryProvider } from '@scimkit/memory-provider'
import { unconditionally } from './broken-provider.js'

/** Replaces without comparing again. */
export function replacesTooLate(wait: () => Promise<void>): ResourceProvider {
  const inner = memoryProvider()
  return {
    ...inner,
    async replace(ref, expected, next, context) {
      const before = await inner.read(ref, documentOnly, context)
      if (before?.version !== expected) return mismatchOrNotFound(before, expected)
      await wait()
      return unconditionally(inner, ref, context, (now) => inner.replace(ref, now, next, context))
    },
  }
}

/** Removes without comparing again. */
export function removesTooLate(wait: () => Promise<void>): ResourceProvider {
  const inner = memoryProvider()
  return {
    ...inner,
    async remove(ref, expected, removal, context) {
      const before = await inner.read(ref, documentOnly, context)
      if (before?.version !== expected) return mismatchOrNotFound(before, expected)
      await wait()
      const result = await unconditionally(inner, ref, context, (now) => inner.remove(ref, now, removal, context))
      return result.kind === 'notFound' ? success({ affected: [] }) : result
    },
  }
}
