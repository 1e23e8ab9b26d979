import { describe, expect, jest, test } from '@jest/globals'
import { parseFilter } from '../../src/filter/parse.js'
import { interopFrom } from '../../src/interop.js'
import type { JsonObject } from '../../src/json.js'
import { defaultLimits } from '../../src/limits.js'
import { documentOnly, type Query, type Sort, type Stored } from '../../src/provider/provider.js'
import { type Candidate, mentions, queryInMemory } from '../../src/provider/query-in-memory.js'
import { resolvePath } from '../../src/schema/path.js'
import type { RawVersion } from '../../src/versioning/version.js'
import { thingExtension, thingType } from '../filter/types.js'

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

function ids(resources: readonly (JsonObject & { readonly id: string })[], query: Query): readonly string[] {
  return queryInMemory(resources.map(candidate), query).resources.map((stored) => stored.ref.id)
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
  ])('by %s', (path, resources, expected) => {
    const things = resources.map((resource, i) => ({ ...resource, id: String(i) }))
    expect(ids(things, queryOf({ sort: sortBy(path, false) })).join('')).toBe(expected)
  })

  test('without a value: last when ascending, first when descending; equals keep their order in both', () => {
    const things = [{ text: 'b' }, {}, { text: 'a' }, { text: 'B' }, {}].map((thing, i) => ({
      ...thing,
      id: String(i),
    }))
    expect(ids(things, queryOf({ sort: sortBy('text', false) })).join('')).toBe('20314')
    expect(ids(things, queryOf({ sort: sortBy('text', true) })).join('')).toBe('14032')
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
  ])('startIndex %d, count %d', (startIndex, count, expected, totalResults) => {
    const page = queryInMemory(things.map(candidate), queryOf({ filter: 'count lt 6', startIndex, count }))
    expect(page.resources.map((stored) => stored.ref.id).join('')).toBe(expected)
    expect(page.totalResults).toBe(totalResults)
  })

  test('hands out the very Stored that came in', () => {
    const candidates = things.map(candidate)
    expect(queryInMemory(candidates, queryOf({ count: 1 })).resources[0]).toBe(candidates[0]?.stored)
  })
})

test('a view is made once for a filter and a sort together, and never for a plain page', () => {
  const view = jest.fn(() => ({ id: '1', text: 'a' }))
  const one: Candidate = { stored: candidate({ id: '1' }).stored, view }
  queryInMemory([one], queryOf({}))
  expect(view).toHaveBeenCalledTimes(0)
  queryInMemory([one], queryOf({ filter: 'text pr', sort: sortBy('text', false) }))
  expect(view).toHaveBeenCalledTimes(1)
})

test('candidates may come from a generator', () => {
  function* generate(): Generator<Candidate> {
    yield candidate({ id: '1', text: 'a' })
    yield candidate({ id: '2', text: 'b' })
  }
  expect(queryInMemory(generate(), queryOf({ filter: 'text eq "B"' })).totalResults).toBe(1)
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
])('the query %s mentions %s: %p', (filter, path, expected) => {
  expect(mentions(queryOf({ filter }), path)).toBe(expected)
})

test('a sort mentions its attribute too', () => {
  expect(mentions(queryOf({ sort: sortBy('meta.created', false) }), 'meta')).toBe(true)
  expect(mentions(queryOf({ sort: sortBy('text', false) }), 'meta')).toBe(false)
  expect(mentions(queryOf({}), 'meta')).toBe(false)
})
