/** Pages of all types are one sorted list, by index and by cursor. */
import { expect, test } from '@jest/globals'
import fc from 'fast-check'
import { compareSortKeys } from '../../src/filter/evaluation/sort-key.js'
import type { JsonObject } from '../../src/json/value.js'
import { caseKey } from '../../src/schema/case-key.js'
import { group, user } from '../support/server.js'
import { filled, resources, walked } from './support/root-lists.js'

const texts = fc.constantFrom('a', 'A', 'b', 'ab', 'é', '\u{1f98a}', '\uff5e')

const anyResource = fc.oneof(
  fc.record({
    kind: fc.constant('user'),
    displayName: fc.option(texts),
    title: fc.option(texts),
    active: fc.option(fc.boolean()),
  }),
  fc.record({ kind: fc.constant('group'), displayName: texts }),
  fc.record({
    kind: fc.constant('badge'),
    displayName: fc.option(texts),
    title: fc.option(fc.integer({ min: -2, max: 2 })),
    active: fc.option(fc.integer({ min: 0, max: 2 })),
  }),
)

test('pages by index and by cursor are one list, sorted, with everything in it once', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(anyResource, { maxLength: 14 }),
      fc.constantFrom('displayName', 'title', 'active', 'userName', 'meta.created', 'id', ''),
      fc.boolean(),
      fc.constantFrom('', 'displayName pr', 'not (title eq null)', 'meta.resourceType ne "Group"'),
      async (all, sortBy, descending, filter) => {
        const bodies = all.map(({ kind, ...attributes }, i): JsonObject => {
          const body = Object.fromEntries(Object.entries(attributes).filter(([, value]) => value !== null))
          if (kind === 'user') return user(`u${i}`, body)
          return kind === 'group' ? { ...group(String(attributes.displayName)), ...body } : body
        })
        const server = await filled(bodies)
        const order = descending ? '&sortOrder=descending' : ''
        const query = `filter=${encodeURIComponent(filter)}${sortBy === '' ? '' : `&sortBy=${sortBy}${order}`}`
        const whole = resources(await server.get(`/?${query}`))
        const ids = whole.map(({ id }) => id)
        // Only the types decide which resources are in it.
        const apart: JsonObject[] = []
        for (const type of ['Users', 'Groups', 'Badges']) {
          const known = filter === 'not (title eq null)' && type === 'Groups' ? 'displayName eq "none of them"' : filter
          apart.push(
            ...resources(
              await server.get(`/${type}?${query.replace(encodeURIComponent(filter), encodeURIComponent(known))}`),
            ),
          )
        }
        expect([...ids].sort()).toEqual(apart.map(({ id }) => id).sort())
        const keys = whole.map((resource) => keyOf(resource, sortBy))
        for (let i = 1; i < keys.length; i++) {
          const [left, right] = [keys[i - 1], keys[i]]
          if (typeof left !== typeof right && left !== undefined && right !== undefined) continue
          expect(compareSortKeys(left, right, descending)).toBeLessThanOrEqual(0)
        }
        for (const count of [1, 3, 14]) {
          const pages: unknown[] = []
          for (let start = 1; start <= Math.max(ids.length, 1); start += count) {
            const answer = await server.get(`/?${query}&startIndex=${start}&count=${count}`)
            expect(answer.json.totalResults).toBe(ids.length)
            pages.push(...resources(answer).map(({ id }) => id))
          }
          expect(pages).toEqual(ids)
          expect((await walked(server, query, count)).map(({ id }) => id)).toEqual(ids)
        }
      },
    ),
    { numRuns: 40 },
  )
}, 60_000)

// In the order of the sort; names ignore case except for badges, whose case counts, so only others are compared.
function keyOf(resource: JsonObject, sortBy: string): string | number | boolean | undefined {
  if (sortBy === '' || sortBy === 'id' || sortBy.includes('.')) return undefined
  const value = resource[sortBy]
  if (typeof value !== 'string')
    return typeof value === 'number' || typeof value === 'boolean' ? Number(value) : undefined
  return (resource.meta as JsonObject).resourceType === 'Badge' ? value : caseKey(value)
}
