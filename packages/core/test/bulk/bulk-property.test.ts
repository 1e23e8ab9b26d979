/** What holds for every bulk request. @see RFC 7644 §3.7 */
import { describe, expect, test } from '@jest/globals'
import fc from 'fast-check'
import type { JsonObject, JsonValue } from '../../src/json/value.js'
import { core, enterprise, group, made, type Server, serve, user } from '../support/server.js'
import { bulk, counting, create, patch, remove, replace, titled } from './support/bulk-requests.js'

// ── the state of a server, without ids ──────────────────────────────────────────────────────────────────────────

interface Told {
  readonly members: readonly string[]
  readonly manager: string | undefined
  readonly title: JsonValue | undefined
  /** How many changes there were. */
  readonly generation: string
}

async function stateOf(server: Server): Promise<ReadonlyMap<string, Told>> {
  const all: JsonObject[] = []
  for (const endpoint of ['/Users', '/Groups']) {
    for (let start = 1; ; start += 200) {
      const { json } = await server.get(`${endpoint}?count=200&startIndex=${start}`)
      const page = json.Resources as readonly JsonObject[]
      all.push(...page)
      if (page.length === 0 || all.length > 5_000) break
    }
  }
  const nameOf = (resource: JsonObject): string => String(resource.userName ?? resource.displayName)
  const names = new Map(all.map((resource) => [resource.id, nameOf(resource)]))
  const told = all.map((resource): [string, Told] => {
    const { version } = resource.meta as JsonObject
    const members = (resource.members ?? []) as readonly JsonObject[]
    const { manager } = (resource[enterprise] ?? {}) as JsonObject
    const { value } = (manager ?? {}) as JsonObject
    return [
      nameOf(resource),
      {
        members: members.map((member) => names.get(member.value ?? null) ?? String(member.value)).sort(),
        manager: value === undefined ? undefined : (names.get(value) ?? String(value)),
        title: resource.title,
        generation: String(version).slice(3, String(version).indexOf('-')),
      },
    ]
  })
  return new Map(told.sort(([left], [right]) => (left < right ? -1 : 1)))
}

// ── requests ─────────────────────────────────────────────────────────────────────────────────────────────────────

// Resources that exist before: each has one operation at most.
const standing = 6
interface Old {
  readonly path: string
  readonly tag: string
}

const prepare = async (server: Server): Promise<readonly Old[]> => {
  const all: Old[] = []
  for (let i = 0; i < standing; i++) all.push(await made(server, i % 2 === 0 ? user(`old-${i}`) : group(`old-${i}`)))
  return all
}

type Change = 'put' | 'patch' | 'delete' | 'stale' | 'none'

interface Plan {
  /** New resources: even ones are users with a manager, odd ones groups with members; one in ten has bad data. */
  readonly created: readonly { readonly refersTo: readonly number[]; readonly bad: boolean }[]
  readonly changes: readonly { readonly kind: Change; readonly refersTo: number }[]
}

const plan: fc.Arbitrary<Plan> = fc.integer({ min: 1, max: 10 }).chain((size) => {
  const one = fc.integer({ min: 0, max: size - 1 })
  return fc.record({
    created: fc.array(
      fc.record({
        refersTo: fc.uniqueArray(one, { maxLength: 3 }),
        bad: fc.integer({ min: 0, max: 9 }).map((chance) => chance === 0),
      }),
      { minLength: size, maxLength: size },
    ),
    changes: fc.array(
      fc.record({ kind: fc.constantFrom<Change>('put', 'patch', 'delete', 'stale', 'none'), refersTo: one }),
      { minLength: standing, maxLength: standing },
    ),
  })
})

const stale = 'W/"0-000000000000000000000000"'

function operationsOf({ created, changes }: Plan, old: readonly Old[]): readonly JsonObject[] {
  const posts = created.map(({ refersTo, bad }, i): JsonObject => {
    const references = refersTo.map((target) => `bulkId:${target}`)
    if (bad) return { ...create(String(i), user(`new-${i}`)), data: { schemas: [core], title: references } }
    if (i % 2 === 1) return create(String(i), group(`new-${i}`, references))
    const [value] = references
    return create(String(i), user(`new-${i}`, value === undefined ? {} : { [enterprise]: { manager: { value } } }))
  })
  const writes = changes.map(({ kind, refersTo }, i) => changeOf(kind, i, `bulkId:${refersTo}`, old[i]))
  return [...posts, ...writes.filter((write) => write !== undefined)]
}

function changeOf(
  kind: Change,
  number: number,
  value: string,
  { path, tag }: Old = { path: '', tag: '' },
): JsonObject | undefined {
  const isUser = number % 2 === 0
  const name = `old-${number}`
  switch (kind) {
    case 'none':
      return undefined
    case 'delete':
      return remove(path, { version: tag })
    case 'stale':
      return remove(path, { version: stale })
    case 'put':
      return replace(path, isUser ? user(name, { title: 'put' }) : group(name, [value]), { version: tag })
    case 'patch':
      return isUser ? titled(path, 'patched') : patch(path, [{ op: 'add', path: 'members', value: [{ value }] }])
  }
}

describe('order', () => {
  test('any permutation of operations on distinct resources and names leads to the same state and the same statuses', async () => {
    const asked = plan.chain((given) =>
      fc.record({ given: fc.constant(given), keys: fc.array(fc.nat(), { minLength: 20, maxLength: 20 }) }),
    )
    await fc.assert(
      fc.asyncProperty(asked, async ({ given, keys }) => {
        const [first, second] = [serve(), serve()]
        const operations = operationsOf(given, await prepare(first))
        await prepare(second)
        const places = operations.map((_, place) => place).sort((a, b) => (keys[a] ?? 0) - (keys[b] ?? 0) || a - b)
        const asSent = await bulk(first, operations)
        const permuted = await bulk(
          second,
          places.map((place) => operations[place] ?? null),
        )
        const statuses = [...asSent.statuses]
        for (const [i, place] of places.entries())
          expect([place, permuted.statuses[i]]).toEqual([place, statuses[place]])
        expect(await stateOf(second)).toEqual(await stateOf(first))
      }),
      { numRuns: 100 },
    )
  })
})

// ── size ─────────────────────────────────────────────────────────────────────────────────────────────────────────

// A graph that is the same every time: backward, forward and circular, two references each.
function graphOf(size: number): readonly { readonly name: string; readonly refersTo: readonly number[] }[] {
  let state = 42
  const random = (below: number): number => {
    state = (Math.imul(state, 1_103_515_245) + 12_345) >>> 0
    return Math.floor((state / 2 ** 32) * below)
  }
  return Array.from({ length: size }, (_, i) => ({ name: `n-${i}`, refersTo: [random(size), random(size)] }))
}

const groupsOf = (size: number): readonly JsonObject[] =>
  graphOf(size).map(({ name, refersTo }) =>
    create(
      name,
      group(
        name,
        refersTo.map((target) => `bulkId:n-${target}`),
      ),
    ),
  )

describe('1,000 operations', () => {
  test('a graph with forward and circular references: each resource is created once, and every reference has the right target', async () => {
    const { provider, calls } = counting()
    const server = serve({ provider })
    const { statuses } = await bulk(server, groupsOf(1_000))
    expect(new Set(statuses)).toEqual(new Set(['201']))
    expect(calls.insert).toBe(1_000)
    expect(calls.replace).toBeLessThanOrEqual(1_000)
    const state = await stateOf(server)
    expect(state.size).toBe(1_000)
    for (const { name, refersTo } of graphOf(1_000)) {
      const wanted = [...new Set(refersTo.map((target) => `n-${target}`))].sort()
      expect([name, state.get(name)?.members]).toEqual([name, wanted])
    }
  })

  test('one in five is stale, and fails alone', async () => {
    const server = serve()
    const old: Old[] = []
    for (let i = 0; i < 1_000; i++) old.push(await made(server, user(`u-${i}`)))
    const operations = old.map(({ path, tag }, i) => {
      const more = { version: i % 5 === 0 ? stale : tag }
      if (i % 3 === 0) return titled(path, 'T', more)
      return i % 3 === 1 ? replace(path, user(`u-${i}`, { title: 'T' }), more) : remove(path, more)
    })
    const { statuses } = await bulk(server, operations)
    const expected = (i: number) => (i % 5 === 0 ? '412' : i % 3 === 2 ? '204' : '200')
    expect(statuses).toEqual(old.map((_, i) => expected(i)))
    const state = await stateOf(server)
    for (let i = 0; i < 1_000; i++) {
      const told = state.get(`u-${i}`)
      if (i % 5 === 0) expect(told).toMatchObject({ title: undefined, generation: '1' })
      else expect(told?.title).toBe(i % 3 === 2 ? undefined : 'T')
    }
  })

  test.each<[string, (size: number) => readonly JsonObject[]]>([
    ['in a graph', groupsOf],
    [
      'in one circle',
      (size) => Array.from({ length: size }, (_, i) => create(`${i}`, group(`${i}`, [`bulkId:${(i + 1) % size}`]))),
    ],
    [
      'in a chain, in reverse order',
      (size) =>
        Array.from({ length: size }, (_, i) => create(`${i}`, group(`${i}`, i + 1 < size ? [`bulkId:${i + 1}`] : []))),
    ],
    [
      'all on one',
      (size) => Array.from({ length: size }, (_, i) => create(`${i}`, group(`${i}`, [`bulkId:${size - 1}`]))),
    ],
    [
      'one on all',
      (size) => [
        create(
          'g',
          group(
            'g',
            Array.from({ length: size - 1 }, (_, i) => `bulkId:${i}`),
          ),
        ),
        ...Array.from({ length: size - 1 }, (_, i) => create(`${i}`, user(`${i}`))),
      ],
    ],
  ])('their cost grows with their number: %s', async (_, operations) => {
    const cost = async (size: number): Promise<number> => {
      const { provider, calls } = counting()
      const { statuses } = await bulk(serve({ provider }), operations(size))
      expect(new Set(statuses)).toEqual(new Set(['201']))
      const { read, query, insert, replace: replaced, remove: removed } = calls
      expect([insert, query, removed]).toEqual([size, 0, 0])
      // A response without a body needs no reads.
      if (replaced === 0) expect(read).toBe(0)
      return read + insert + replaced
    }
    const [small, large] = [await cost(100), await cost(1_000)]
    // A write and, in a circle, a second one with the reads it needs.
    expect(small).toBeLessThanOrEqual(100 * 4)
    expect(large).toBeLessThanOrEqual(1_000 * 4)
    expect(large).toBeLessThanOrEqual(small * 11)
  })

  test('a response is no longer than the request and some hundred characters for each operation', async () => {
    const bulkId = 'b'.repeat(1_000)
    const operations = [
      ...Array.from({ length: 250 }, (_, i) => create(`${bulkId}${i}`, group('g', [`bulkId:${bulkId}${i + 1}`]))),
      ...Array.from({ length: 250 }, (_, i) => remove(`/Users/${'%3C'.repeat(300)}${i}`)),
      ...Array.from({ length: 250 }, () => ({ method: 'x'.repeat(500) })),
    ]
    const answer = await bulk(serve(), operations)
    expect(answer.results).toHaveLength(750)
    expect(String(answer.text).length).toBeLessThan(JSON.stringify(operations).length + 750 * 500)
  })
})
