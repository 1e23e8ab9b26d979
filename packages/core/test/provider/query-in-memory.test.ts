import { describe, expect, jest, test } from '@jest/globals'
import { parseFilter } from '../../src/filter/parse.js'
import { interopFrom } from '../../src/interop.js'
import type { JsonObject } from '../../src/json/value.js'
import { defaultLimits } from '../../src/limits.js'
import { documentOnly, type Query, type Sort, type Stored } from '../../src/provider/provider.js'
import { type Candidate, queryInMemory, queryUses } from '../../src/provider/query-in-memory.js'
import { resolvePath } from '../../src/schema/path.js'
import type { RawVersion } from '../../src/versioning/version.js'
import { thingExtension, thingType } from '../filter/support/types.js'

const interop = interopFrom('lenient')

function candidate(resource: JsonObject & { readonly id: string }): Candidate {
  const stored: Stored = {
    ref: { type: 'Thing', id: resource.id },
    version: '1-a' as RawVersion,
    created: '2020-01-01T00:00:00Z',
    lastModified: '2020-01-01T00:00:00Z',
    resource,
  }
  return { stored, view: () => resource }
}

function sortBy(path: string, descending: boolean): Sort {
  const resolved = resolvePath(thingType, path, interop)
  if (resolved === undefined) throw new Error(`no attribute ${path}`)
  return { path: resolved, descending }
}

function queryOf(parts: { filter?: string; sort?: Sort; startIndex?: number; count?: number }): Query {
  return {
    filter: parts.filter === undefined ? undefined : parseFilter(parts.filter, thingType, interop, defaultLimits),
    sort: parts.sort,
    page: { startIndex: parts.startIndex ?? 1, count: parts.count ?? 100 },
    needs: documentOnly,
  }
}

const context = { signal: undefined }

async function ids(
  resources: readonly (JsonObject & { readonly id: string })[],
  query: Query,
): Promise<readonly string[]> {
  const { resources: found } = await queryInMemory(resources.map(candidate), query, context)
  return found.map((stored) => stored.ref.id)
}

// RFC 7644 §3.4.2.3
describe('sorting', () => {
  test.each<[string, readonly JsonObject[], string]>([
    ['text', [{ text: 'b' }, { text: 'C' }, { text: 'A' }], '201'],
    ['exact', [{ exact: 'b' }, { exact: 'C' }, { exact: 'A' }], '210'],
    ['count', [{ count: 10 }, { count: 9 }, { count: -1 }], '210'],
    ['flag', [{ flag: true }, { flag: false }, {}], '102'],
    [
      'born',
      [{ born: '2011-05-13T04:00:00-05:00' }, { born: '2011-05-13T05:00:00Z' }, { born: '2012-01-01T00:00:00Z' }],
      '102',
    ],
    ['place.street', [{ place: { street: 'b' } }, { place: {} }, { place: { street: 'A' } }], '201'],
    ['owner', [{ owner: { value: 'b' } }, { owner: { value: 'a' } }], '10'],
    ['tags', [{ tags: ['b', 'a'] }, { tags: ['a', 'z'] }, { tags: [] }], '102'],
    [
      'parts',
      [{ parts: [{ value: 'a' }, { value: 'z', primary: true }] }, { parts: [{ value: 'b' }, { value: 'a' }] }],
      '10',
    ],
    ['parts.size', [{ parts: [{ size: 1 }, { size: 9, primary: true }] }, { parts: [{ size: 5 }] }], '10'],
    ['parts.size', [{ parts: [{ size: 1 }, { primary: true }] }, { parts: [{ size: 5 }] }], '10'],
    ['colour', [{ [thingExtension]: { colour: 'b' } }, { [thingExtension]: { colour: 'A' } }], '10'],
    [
      'meta.created',
      [{ meta: { created: '2012-01-01T00:00:00Z' } }, { meta: { created: '2011-01-01T00:00:00Z' } }],
      '10',
    ],
    ['text', [{ text: '🦊' }, { text: '\uff5e' }], '10'],
    ['text', [{}, { text: '' }, { text: 'a' }, { text: null }], '1203'],
    ['place', [{ place: { street: 'b' } }, { place: { street: 'a' } }], '01'],
  ])('by %s', async (path, resources, expected) => {
    const things = resources.map((resource, i) => ({ ...resource, id: String(i) }))
    expect((await ids(things, queryOf({ sort: sortBy(path, false) }))).join('')).toBe(expected)
  })

  test('without a value: last when ascending, first when descending; equals keep their order in both', async () => {
    const things = [{ text: 'b' }, {}, { text: 'a' }, { text: 'B' }, {}].map((thing, i) => ({
      ...thing,
      id: String(i),
    }))
    expect((await ids(things, queryOf({ sort: sortBy('text', false) }))).join('')).toBe('20314')
    expect((await ids(things, queryOf({ sort: sortBy('text', true) }))).join('')).toBe('14032')
  })
})

// RFC 7644 §3.4.2.4
describe('pages', () => {
  const things = Array.from({ length: 10 }, (_, i) => ({ id: String(i), count: i }))

  test.each([
    [1, 3, '012', 6],
    [4, 3, '345', 6],
    [5, 3, '45', 6],
    [7, 3, '', 6],
    [1, 0, '', 6],
    [1, -1, '', 6],
    [0, 2, '01', 6],
    [-5, 2, '01', 6],
  ])('startIndex %d, count %d', async (startIndex, count, expected, totalResults) => {
    const page = await queryInMemory(
      things.map(candidate),
      queryOf({ filter: 'count lt 6', startIndex, count }),
      context,
    )
    expect(page.resources.map((stored) => stored.ref.id).join('')).toBe(expected)
    expect(page.totalResults).toBe(totalResults)
  })

  test('returns the same Stored objects that were passed in', async () => {
    const candidates = things.map(candidate)
    expect((await queryInMemory(candidates, queryOf({ count: 1 }), context)).resources[0]).toBe(candidates[0]?.stored)
  })
})

// RFC 9865; provider.ts, KeysetPage
describe('pages by position', () => {
  const texts = ['b', 'B', undefined, 'a', 'b', undefined, '\u{1f98a}', '\uff5e', 'c']
  const ordered: readonly Candidate[] = texts.map((text, i) => ({
    ...candidate({ id: String(i), count: i, flag: i % 2 === 0, ...(text !== undefined && { text }) }),
    order: i * 10,
  }))

  async function pageOf(
    candidates: readonly Candidate[],
    parts: Parameters<typeof queryOf>[0] & { readonly after?: string | undefined },
  ): Promise<{ readonly ids: string; readonly next: string | undefined; readonly total: number | undefined }> {
    const page = { after: parts.after, count: parts.count ?? 100 }
    const { resources, next, totalResults } = await queryInMemory(candidates, { ...queryOf(parts), page }, context)
    return { ids: resources.map(({ ref }) => ref.id).join(''), next, total: totalResults }
  }

  test.each<[string, Sort | undefined]>([
    ['no sort', undefined],
    ['text', sortBy('text', false)],
    ['text, descending', sortBy('text', true)],
    ['exact, without any value', sortBy('exact', true)],
    ['count, descending', sortBy('count', true)],
    ['flag', sortBy('flag', false)],
  ])('by %s: of any size, they are the index list', async (_, sort) => {
    for (const filter of [undefined, 'count ne 3']) {
      const parts = { ...(sort !== undefined && { sort }), ...(filter !== undefined && { filter }) }
      const { resources } = await queryInMemory(ordered, queryOf(parts), context)
      const whole = resources.map(({ ref }) => ref.id).join('')
      for (const count of [1, 2, 4, whole.length, whole.length + 1]) {
        let [seen, after]: [string, string | undefined] = ['', undefined]
        do {
          const page = await pageOf(ordered, { ...parts, count, after })
          expect(page.ids.length).toBeGreaterThan(0)
          expect(page.total).toBe(whole.length)
          seen += page.ids
          after = page.next
        } while (after !== undefined && seen.length <= whole.length)
        expect(seen).toBe(whole)
      }
    }
  })

  test('a position is a place, not a resource: it stays valid when the resource is removed, and later ones are seen', async () => {
    const sort = sortBy('text', false)
    const { ids: seen, next } = await pageOf(ordered, { sort, count: 3 })
    expect(seen).toBe('301')
    const since: readonly Candidate[] = [
      ...ordered.filter(({ stored }) => stored.ref.id !== '1'),
      { ...candidate({ id: 'n', text: 'B' }), order: 100 },
      { ...candidate({ id: 'm', text: 'a' }), order: 110 },
    ]
    expect((await pageOf(since, { sort, after: next })).ids).toBe('4n87625')
  })

  test.each([0, -1])('count %d: nothing, and no next', async (count) => {
    expect(await pageOf(ordered, { count })).toEqual({ ids: '', next: undefined, total: 9 })
    const { next } = await pageOf(ordered, { count: 2 })
    expect(await pageOf(ordered, { count, after: next })).toMatchObject({ next: undefined })
  })

  test.each(['', 'x', '[]', '{}', '[1', '["1"]', '[1.5]', '[1,2]', '[null]', '1', 'null', '[1e400]'])(
    '%j is not a position in a list without sort',
    async (after) => {
      await expect(pageOf(ordered, { after })).rejects.toThrow(TypeError)
      await expect(pageOf([], { after })).rejects.toThrow(TypeError)
    },
  )

  test.each(['', 'x', '[]', '[1]', '[1,[]]', '[1,{}]', '["1","b"]', '[1,"b",2]', '[null,"b"]'])(
    '%j is not a position in a sorted list',
    async (after) => {
      await expect(pageOf(ordered, { sort: sortBy('text', false), after })).rejects.toThrow(TypeError)
    },
  )

  test('candidates without an order have no positions', async () => {
    await expect(pageOf([candidate({ id: '1' })], { count: 1 })).rejects.toThrow(
      new TypeError('queryInMemory: a keyset page needs candidates with an order.'),
    )
  })
})

test('a view is created once for a filter and a sort together, and never for a plain page', async () => {
  const view = jest.fn(() => ({ id: '1', text: 'a' }))
  const one: Candidate = { stored: candidate({ id: '1' }).stored, view }
  await queryInMemory([one], queryOf({}), context)
  expect(view).toHaveBeenCalledTimes(0)
  await queryInMemory([one], queryOf({ filter: 'text pr', sort: sortBy('text', false) }), context)
  expect(view).toHaveBeenCalledTimes(1)
})

test('candidates may come from a generator', async () => {
  function* generate(): Generator<Candidate> {
    yield candidate({ id: '1', text: 'a' })
    yield candidate({ id: '2', text: 'b' })
  }
  expect((await queryInMemory(generate(), queryOf({ filter: 'text eq "B"' }), context)).totalResults).toBe(1)
})

test.each<[string, string, boolean]>([
  ['parts eq "x"', 'parts', true],
  ['parts[type eq "x"]', 'parts', true],
  ['not (parts pr)', 'parts.value', true],
  ['meta.created pr', 'meta', true],
  ['metadata pr', 'meta', false],
  ['text pr', 'parts', false],
  [`${thingExtension} pr`, `${thingExtension}:keeper.since`, true],
  ['keeper.value pr', `${thingExtension}:keeper.since`, false],
])('the query %s queryUses %s: %p', (filter, path, expected) => {
  expect(queryUses(queryOf({ filter }), path)).toBe(expected)
})

test('a sort queryUses its attribute too', () => {
  expect(queryUses(queryOf({ sort: sortBy('meta.created', false) }), 'meta')).toBe(true)
  expect(queryUses(queryOf({ sort: sortBy('text', false) }), 'meta')).toBe(false)
  expect(queryUses(queryOf({}), 'meta')).toBe(false)
})
