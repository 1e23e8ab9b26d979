import type { KeysetPage, Query, ResourceProvider, Stored } from '@scimkit/core/provider'
import { memoryProvider } from '@scimkit/memory-provider'
import type { BrokenProvider } from './broken-provider.js'

/** A provider that slices its pages from the whole list, at the index that it derives from the position. */
function cutting(
  positionOf: (last: Stored, end: number) => string,
  startOf: (whole: readonly Stored[], after: string) => number,
): ResourceProvider {
  const inner = memoryProvider()
  return {
    ...inner,
    async query(type, query, context) {
      const { page } = query
      if (!('after' in page)) return inner.query(type, query, context)
      const whole = await inner.query(type, { ...query, page: { startIndex: 1, count: 10_000 } }, context)
      const start = page.after === undefined ? 0 : startOf(whole.resources, page.after)
      const end = start + page.count
      const resources = whole.resources.slice(start, end)
      const last = resources.at(-1)
      const next = last !== undefined && end < whole.resources.length ? { next: positionOf(last, end) } : {}
      return { resources, totalResults: whole.totalResults, ...next }
    },
  }
}

/** A provider that changes the query of a keyset page. */
function asking(change: (query: Query, page: KeysetPage) => Query): ResourceProvider {
  const inner = memoryProvider()
  return {
    ...inner,
    query: (type, query, context) =>
      inner.query(type, 'after' in query.page ? change(query, query.page) : query, context),
  }
}

function nickNameOf(stored: Stored): string {
  return JSON.stringify('resource' in stored ? (stored.resource.nickName ?? null) : null).toLowerCase()
}

/** Providers with wrong keyset pages. */
export const wrongKeysets: readonly BrokenProvider[] = [
  {
    name: 'uses offsets instead of keyset positions',
    caughtBy: ['keyset-under-writes', 'keyset-under-writes-sorted', 'keyset-garbled'],
    make: () =>
      cutting(
        (_last, end) => String(end),
        (_whole, after) => Number(after),
      ),
  },
  {
    name: 'looks up the resource of the position, and starts over when it was removed',
    caughtBy: ['keyset-under-writes', 'keyset-under-writes-sorted', 'keyset-garbled'],
    make: () =>
      cutting(
        ({ ref }) => ref.id,
        (whole, after) => whole.findIndex(({ ref }) => ref.id === after) + 1,
      ),
  },
  {
    name: 'continues after the sort value, and skips resources with an equal value',
    caughtBy: ['keyset-walk-sorted', 'keyset-under-writes-sorted'],
    make: () => cutting(nickNameOf, (whole, after) => whole.map(nickNameOf).lastIndexOf(after) + 1),
  },
  {
    name: 'ignores the sort of keyset pages',
    caughtBy: ['keyset-walk-sorted'],
    make: () => asking((query) => ({ ...query, sort: undefined })),
  },
  {
    name: 'reverses resources with an equal value in descending order',
    caughtBy: ['keyset-walk-sorted'],
    make: () => {
      const walker = cutting(
        ({ ref }) => ref.id,
        (whole, after) => whole.findIndex(({ ref }) => ref.id === after) + 1,
      )
      return {
        ...walker,
        async query(type, query, context) {
          const { page, sort } = query
          if (!('after' in page) || !sort?.descending) return walker.query(type, query, context)
          const whole = await walker.query(
            type,
            { ...query, sort: { ...sort, descending: false }, page: { startIndex: 1, count: 10_000 } },
            context,
          )
          const down = [...whole.resources].reverse()
          const start = page.after === undefined ? 0 : down.findIndex(({ ref }) => ref.id === page.after) + 1
          const resources = down.slice(start, start + page.count)
          const last = resources.at(-1)
          const more = last !== undefined && start + page.count < down.length
          return { resources, totalResults: down.length, ...(more && { next: last.ref.id }) }
        },
      }
    },
  },
  {
    name: 'starts every page at the first resource',
    caughtBy: ['keyset-again', 'keyset-walk'],
    make: () => asking((query, page) => ({ ...query, page: { ...page, after: undefined } })),
  },
  {
    name: 'drops the filter after the first page',
    caughtBy: ['keyset-walk-filtered'],
    make: () => asking((query, page) => (page.after === undefined ? query : { ...query, filter: undefined })),
  },
  {
    name: 'returns a next position when the last page is full',
    caughtBy: ['keyset-walk'],
    make: () => {
      const inner = memoryProvider()
      return {
        ...inner,
        async query(type, query, context) {
          const page = await inner.query(type, query, context)
          if (!('after' in query.page) || page.next !== undefined) return page
          const isFull = page.resources.length > 0 && page.resources.length === query.page.count
          return isFull ? { ...page, next: '[1000000]' } : page
        },
      }
    },
  },
  {
    name: 'treats an invalid position as the start',
    caughtBy: ['keyset-garbled'],
    make: () => {
      const inner = memoryProvider()
      return {
        ...inner,
        async query(type, query, context) {
          try {
            return await inner.query(type, query, context)
          } catch {
            return inner.query(type, { ...query, page: { after: undefined, count: query.page.count } }, context)
          }
        },
      }
    },
  },
  {
    name: 'ignores needs of a keyset page',
    caughtBy: ['keyset-needs'],
    make: () => asking((query) => ({ ...query, needs: { members: 'none', derived: false } })),
  },
]
