/** Long lists let other requests run, end when the client disconnects, and are refused beyond the budget. */
import { describe, expect, test } from '@jest/globals'
import type { Work } from '../../src/filter/evaluation/paced.js'
import { parseFilter } from '../../src/filter/parse.js'
import { interopFrom } from '../../src/interop.js'
import { defaultLimits } from '../../src/limits.js'
import { documentOnly, type Query, type Sort, type Stored } from '../../src/provider/provider.js'
import { type Candidate, queryInMemory } from '../../src/provider/query-in-memory.js'
import { resolvePath } from '../../src/schema/path.js'
import type { RawVersion } from '../../src/versioning/version.js'
import { thingType } from '../filter/support/types.js'

const interop = interopFrom('lenient')
const context = { signal: undefined }

function candidates(count: number, textOf: (i: number) => string = (i) => `t${(i * 7_919) % count}`): Candidate[] {
  return Array.from({ length: count }, (_, i) => {
    const resource = { id: String(i), text: textOf(i) }
    const stored: Stored = {
      ref: { type: 'Thing', id: String(i) },
      version: '1-a' as RawVersion,
      created: '2020-01-01T00:00:00Z',
      lastModified: '2020-01-01T00:00:00Z',
      resource,
    }
    return { stored, view: () => resource, order: i }
  })
}

function sortByText(): Sort {
  const path = resolvePath(thingType, 'text', interop)
  if (path === undefined) throw new Error('no attribute text')
  return { path, descending: false }
}

function queryOf(filter: string | undefined, sort?: Sort, page: Query['page'] = { startIndex: 1, count: 1 }): Query {
  const read = filter === undefined ? undefined : parseFilter(filter, thingType, interop, defaultLimits)
  return { filter: read, sort, page, needs: documentOnly }
}

const terms = (count: number): string => Array.from({ length: count }, (_, i) => `text ne "none${i}"`).join(' and ')

/** How many turns of the event loop other requests get while the work runs. */
async function turnsDuring(work: Promise<unknown>): Promise<number> {
  let turns = 0
  let ended = false
  const count = (): void => {
    if (ended) return
    turns += 1
    setTimeout(count, 0)
  }
  setTimeout(count, 0)
  await work.finally(() => {
    ended = true
  })
  return turns
}

describe('a long list lets other requests run', () => {
  test.each<[string, Query]>([
    ['filter', queryOf(terms(30))],
    ['sort', queryOf(undefined, sortByText())],
    ['keyset page', queryOf(terms(10), undefined, { after: undefined, count: 5 })],
    ['sorted keyset page', queryOf(undefined, sortByText(), { after: undefined, count: 5 })],
  ])('%s', async (_, query) => {
    expect(await turnsDuring(queryInMemory(candidates(40_000), query, context))).toBeGreaterThanOrEqual(3)
  })
})

describe('scanWork', () => {
  test('ten terms and a sort over 60,000 resources are within the default', async () => {
    const page = await queryInMemory(candidates(60_000), queryOf(terms(10), sortByText()), context)
    expect(page.totalResults).toBe(60_000)
  })

  test('a hundred terms over 60,000 are not, and few of the resources are evaluated', async () => {
    let looked = 0
    const counted = candidates(60_000).map((one) => ({
      ...one,
      view: (work: Work) => {
        looked += 1
        return one.view(work)
      },
    }))
    await expect(queryInMemory(counted, queryOf(terms(100)), context)).rejects.toMatchObject({
      status: 400,
      scimType: 'tooMany',
    })
    expect(looked).toBe(20_000)
  })

  test('is an option', async () => {
    const query = queryOf(terms(2))
    expect((await queryInMemory(candidates(50), query, context, { scanWork: 100 })).totalResults).toBe(50)
    await expect(queryInMemory(candidates(51), query, context, { scanWork: 100, remedy: 'Index it.' })).rejects.toThrow(
      /more than 100 comparisons.*scanWork.*Index it\.$/,
    )
    await expect(queryInMemory([], query, context, { scanWork: 0 })).rejects.toThrow(TypeError)
  })

  test('a list without filter and sort costs none of it', async () => {
    const page = await queryInMemory(candidates(50), queryOf(undefined), context, { scanWork: 1 })
    expect(page.totalResults).toBe(50)
  })

  test('texts with a long common beginning cost more to sort', async () => {
    const alike = 'x'.repeat(20_000)
    const sorted = candidates(100, (i) => `${alike}${i}`)
    await expect(queryInMemory(sorted, queryOf(undefined, sortByText()), context, { scanWork: 2_000 })).rejects.toThrow(
      'scanWork',
    )
    const { resources } = await queryInMemory(sorted, queryOf(undefined, sortByText()), context)
    expect(resources[0]?.ref.id).toBe('0')
  })
})

test('a list ends when the client has disconnected', async () => {
  const client = new AbortController()
  let looked = 0
  function* endless(): Generator<Candidate> {
    for (const one of candidates(60_000)) {
      looked += 1
      if (looked === 5_000) client.abort()
      yield one
    }
  }
  await expect(queryInMemory(endless(), queryOf(terms(30)), client)).rejects.toMatchObject({ status: 503 })
  expect(looked).toBeLessThan(30_000)
})

test('a view may be a promise', async () => {
  const slow = candidates(3).map((one) => ({ ...one, view: async (work: Work) => one.view(work) }))
  const page = await queryInMemory(slow, queryOf('text eq "t0"', sortByText()), context)
  expect(page.resources.map(({ ref }) => ref.id)).toEqual(['0'])
})
