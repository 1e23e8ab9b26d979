import { equalityOn, type Filter } from '@scimkit/core/filter'
import type { Page, Query, ResourceProvider } from '@scimkit/core/provider'
import { memoryProvider } from '@scimkit/memory-provider'
import type { BrokenProvider } from './broken-provider.js'

/** A provider with a changed query. */
function asking(change: (query: Query) => Query): ResourceProvider {
  const inner = memoryProvider()
  return { ...inner, query: (type, query, context) => inner.query(type, change(query), context) }
}

/** A provider that reorders the whole list before it slices a page. */
function reordering(reorder: (resources: Page['resources'], call: number) => Page['resources']): ResourceProvider {
  const inner = memoryProvider()
  let calls = 0
  return {
    ...inner,
    async query(type, query, context) {
      const { page } = query
      if ('after' in page) return inner.query(type, query, context)
      calls += 1
      const whole = await inner.query(type, { ...query, page: { startIndex: 1, count: 10_000 } }, context)
      const start = page.startIndex - 1
      const resources = reorder(whole.resources, calls).slice(start, start + page.count)
      return { resources, totalResults: whole.totalResults }
    },
  }
}

// The result of `WHERE user_name = ?` if the rest of the filter is dropped.
function onlyUserName(filter: Filter | undefined): Filter | undefined {
  if (filter?.kind !== 'or' && filter?.kind !== 'and') return filter
  return filter.terms.find((term) => equalityOn(term, 'userName') !== undefined) ?? filter
}

/** Providers with wrong lists. */
export const wrongLists: readonly BrokenProvider[] = [
  {
    name: 'ignores filters',
    caughtBy: ['filter-evaluate', 'filter-case', 'filter-members', 'filter-meta', 'page-partition-filtered'],
    make: () => asking((query) => ({ ...query, filter: undefined })),
  },
  {
    name: 'uses an index on userName and drops the rest of the filter',
    caughtBy: ['filter-logic'],
    make: () => asking((query) => ({ ...query, filter: onlyUserName(query.filter) })),
  },
  {
    name: 'returns the list in a different order each time',
    caughtBy: ['page-order-same', 'page-partition'],
    make: () => reordering((resources, call) => (call % 2 === 0 ? resources : [...resources].reverse())),
  },
  {
    name: 'lists the most recently changed resources first',
    caughtBy: ['page-order-after-write'],
    make: () => reordering((resources) => [...resources].sort((a, b) => (a.lastModified < b.lastModified ? 1 : -1))),
  },
  {
    name: 'counts from 0',
    caughtBy: ['page-partition', 'page-past-end'],
    make: () =>
      asking(({ page, ...query }) => ({
        ...query,
        page: 'after' in page ? page : { ...page, startIndex: page.startIndex + 1 },
      })),
  },
  {
    name: 'treats count 0 as no limit',
    caughtBy: ['page-count-zero', 'keyset-count-zero'],
    make: () => asking(({ page, ...query }) => ({ ...query, page: { ...page, count: page.count || 10_000 } })),
  },
  {
    name: 'returns the page size as total',
    caughtBy: ['page-count-zero', 'page-past-end'],
    make: () => {
      const inner = memoryProvider()
      return {
        ...inner,
        async query(type, query, context) {
          const { resources } = await inner.query(type, query, context)
          return { resources, totalResults: resources.length }
        },
      }
    },
  },
  {
    name: 'ignores sortBy',
    caughtBy: ['sort-absent', 'sort-case', 'sort-code-points', 'sort-primary'],
    make: () => asking((query) => ({ ...query, sort: undefined })),
  },
]
