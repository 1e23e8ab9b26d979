/** Pages that end before they exceed limits.pageBytes. RFC 7644 §3.4.2.4; RFC 9865 §2. */
import { expect, test } from '@jest/globals'
import { memoryProvider } from '@scimkit/memory-provider'
import type { JsonObject } from '../../src/json/value.js'
import type { ResourceProvider } from '../../src/provider/provider.js'
import { type Answered, group, type Server, serve, user } from '../support/server.js'

const pageBytes = 12_000
const searchUrn = 'urn:ietf:params:scim:api:messages:2.0:SearchRequest'

/** Ignores `page.bytes`, like a provider written before there was one. */
function unbounded(): ResourceProvider {
  const inner = memoryProvider()
  return {
    ...inner,
    query: (type, query, context) =>
      inner.query(type, { ...query, page: { ...query.page, bytes: undefined } }, context),
  }
}

// Of 1,000 to 30,000 bytes each, some of them in characters of three bytes, some of them alone over the bound.
async function filled(provider: ResourceProvider): Promise<Server> {
  const server = serve({ provider, limits: { pageBytes } })
  for (let i = 0; i < 23; i++) {
    const title = (i % 3 === 0 ? '\uff5e' : 'x').repeat(i % 7 === 6 ? 30_000 : ((i * 1_237) % 3_000) + 300)
    const name = `n${String((i * 11) % 23).padStart(2, '0')}`
    if (i % 4 === 3) await server.post('/Groups', group(name, [`m${i}`]))
    else await server.post('/Users', user(`${name}@x`, { displayName: name, title }))
  }
  return server
}

const names = (json: JsonObject): readonly string[] =>
  (json.Resources as readonly JsonObject[]).map(({ displayName }) => String(displayName))

function expectBounded({ json }: Answered): void {
  const size = new TextEncoder().encode(JSON.stringify(json)).length
  if (size > pageBytes) expect(json.itemsPerPage).toBe(1)
  expect(names(json)).toHaveLength(Number(json.itemsPerPage))
  expect(names(json).length).toBeGreaterThan(0)
}

async function walkByIndex(ask: (startIndex: number) => Promise<Answered>): Promise<readonly string[]> {
  const seen: string[] = []
  for (;;) {
    const answer = await ask(seen.length + 1)
    expectBounded(answer)
    seen.push(...names(answer.json))
    if (seen.length >= Number(answer.json.totalResults)) return seen
  }
}

async function walkByCursor(ask: (cursor: string) => Promise<Answered>): Promise<readonly string[]> {
  const seen: string[] = []
  for (let cursor = ''; ; ) {
    const answer = await ask(cursor)
    expectBounded(answer)
    seen.push(...names(answer.json))
    if (answer.json.nextCursor === undefined) return seen
    cursor = String(answer.json.nextCursor)
  }
}

for (const [kind, provider] of [
  ['that supports the bound', memoryProvider],
  ['that ignores the bound', unbounded],
] as const) {
  for (const path of ['/', '/Users', '/Groups']) {
    for (const sort of [{}, { sortBy: 'displayName' }, { sortBy: 'displayName', sortOrder: 'descending' }]) {
      test(`${path} sorted by ${JSON.stringify(sort)}, from a provider ${kind}: every page bounded, none skipped or doubled`, async () => {
        const store = provider()
        const server = await filled(store)
        const whole = serve({ provider: store })
        const parameters = new URLSearchParams(sort).toString()
        const expected = names((await whole.get(`${path}?count=200&${parameters}`)).json)
        expect(expected.length).toBeGreaterThan(4)
        const get = (more: string) => server.get(`${path}?count=200&${parameters}&${more}`)
        expect(await walkByIndex((startIndex) => get(`startIndex=${startIndex}`))).toEqual(expected)
        expect(await walkByCursor((cursor) => get(`cursor=${cursor}`))).toEqual(expected)
        const search = (more: JsonObject) =>
          server.post(`${path === '/' ? '' : path}/.search`, { schemas: [searchUrn], count: 200, ...sort, ...more })
        expect(await walkByIndex((startIndex) => search({ startIndex }))).toEqual(expected)
        expect(await walkByCursor((cursor) => search({ cursor }))).toEqual(expected)
      })
    }
  }
}

test('a server passes the bound to its provider, and shows as many as fit into the response', async () => {
  const asked: unknown[] = []
  const inner = memoryProvider()
  const server = serve({
    provider: {
      ...inner,
      query: (type, query, context) => {
        asked.push(query.page.bytes)
        return inner.query(type, query, context)
      },
    },
    limits: { pageBytes },
  })
  for (let i = 0; i < 4; i++) await server.post('/Users', user(`u${i}`, { title: 'x'.repeat(5_000) }))
  const { json } = await server.get('/Users')
  expect(asked).toEqual([pageBytes])
  expect(json).toMatchObject({ totalResults: 4, itemsPerPage: 2, startIndex: 1 })
})
