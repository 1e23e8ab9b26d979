/** Long reads of the memory provider: their cost, their limits, and the effect of concurrent writes. */
import { describe, expect, it } from '@jest/globals'
import {
  caseKey,
  compileResourceType,
  defaultLimits,
  documentOnly,
  interopFrom,
  type JsonObject,
  type Needs,
  type Page,
  parseFilter,
  type Query,
  type ResourceProvider,
  type ResourceRef,
  rawVersion,
  resolvePath,
  userType,
} from '@scimkit/core'
import { memoryProvider } from '@scimkit/memory-provider'
import { testContext } from '@scimkit/testkit'

const context = testContext()
const users = compileResourceType(userType)
const interop = interopFrom('lenient')
const groupsOnly: Needs = { members: 'none', derived: true }
const at = '2026-01-01T00:00:00.000Z'

async function insert(
  provider: ResourceProvider,
  ref: ResourceRef,
  attributes: JsonObject,
  members: readonly string[] = [],
) {
  const { userName } = attributes
  const unique = typeof userName === 'string' ? [{ attribute: 'userName', key: caseKey(userName) }] : []
  const add = members.map((value) => ({ value }))
  const resource = { id: ref.id, ...attributes }
  const delta = ref.type === 'Group' ? { add, remove: [] } : undefined
  await provider.insert(ref, { resource, version: rawVersion('1-a'), at, unique, members: delta }, context)
}

async function withUsers(count: number): Promise<ResourceProvider> {
  const provider = memoryProvider()
  for (let i = 0; i < count; i++) {
    await insert(
      provider,
      { type: 'User', id: `u${i}` },
      { userName: `user-${String(i).padStart(6, '0')}`, title: 'x' },
    )
  }
  return provider
}

/** A user in a hundred groups that are nested in each other. */
async function dense(options: Parameters<typeof memoryProvider>[0] = {}): Promise<ResourceProvider> {
  const provider = memoryProvider(options)
  await insert(provider, { type: 'User', id: 'u' }, { userName: 'u' })
  const ids = Array.from({ length: 100 }, (_, i) => `g${i}`)
  for (const id of ids) {
    await insert(provider, { type: 'Group', id }, { displayName: id }, [...ids.filter((other) => other !== id), 'u'])
  }
  return provider
}

function listOf(text: string | undefined, sortBy?: string, page: Query['page'] = { startIndex: 1, count: 200 }): Query {
  const path = sortBy === undefined ? undefined : resolvePath(users, sortBy, interop)
  const filter = text === undefined ? undefined : parseFilter(text, users, interop, defaultLimits)
  return { filter, sort: path && { path, descending: false }, page, needs: documentOnly }
}

const terms = (count: number): string => Array.from({ length: count }, (_, i) => `title ne "${i}"`).join(' and ')

describe('dense groups', () => {
  it('are returned once each', async () => {
    const provider = await dense()
    const stored = await provider.read({ type: 'User', id: 'u' }, groupsOnly, context)
    const groups = stored?.derived?.groups ?? []
    expect(groups.length).toBe(100)
    expect(new Set(groups.map(({ value }) => value)).size).toBe(100)
    expect(groups.every(({ type }) => type === 'direct')).toBe(true)
  })

  it('are bounded by groupEdges: the read is refused with groups, and succeeds without them', async () => {
    const provider = await dense({ groupEdges: 5_000 })
    const ref = { type: 'User', id: 'u' }
    await expect(provider.read(ref, groupsOnly, context)).rejects.toMatchObject({
      status: 400,
      scimType: 'tooMany',
      message: expect.stringMatching(/5000.*groupEdges.*excludedAttributes=groups/),
    })
    expect(await provider.read(ref, { members: 'none', derived: 'manager' }, context)).toMatchObject({ ref })
    expect(await provider.read(ref, documentOnly, context)).toMatchObject({ ref })
    await expect((await dense({ groupEdges: 100 * 100 })).read(ref, groupsOnly, context)).resolves.toMatchObject({
      ref,
    })
  })

  it('count the followed memberships as cost of a filter on groups', async () => {
    const provider = await dense({ scanWork: 100 })
    await expect(provider.query('User', listOf('groups.display eq "none"'), context)).rejects.toMatchObject({
      scimType: 'tooMany',
    })
  })

  it.each([0, -1, 1.5, Number.NaN])('groupEdges %p is a TypeError', (groupEdges) => {
    expect(() => memoryProvider({ groupEdges })).toThrow(TypeError)
    expect(() => memoryProvider({ scanWork: groupEdges })).toThrow(TypeError)
  })
})

describe('a long list', () => {
  /** The page, and how many other requests were served meanwhile. */
  async function beside(
    provider: ResourceProvider,
    query: Query,
    other: () => unknown,
  ): Promise<readonly [Page, number]> {
    let [answered, ended] = [0, false]
    const page = Promise.resolve(provider.query('User', query, context)).finally(() => {
      ended = true
    })
    while (!ended) {
      await new Promise((resolve) => setTimeout(resolve, 0))
      if (ended) break
      await other()
      answered += 1
    }
    return [await page, answered]
  }

  it.each<[string, Query]>([
    ['filter', listOf(terms(60))],
    ['sort', listOf(undefined, 'userName')],
    ['cursor page', listOf(terms(20), 'userName', { after: undefined, count: 10 })],
  ])('%s: lets others be answered', async (_, query) => {
    const provider = await withUsers(30_000)
    const [page, answered] = await beside(provider, query, () =>
      provider.read({ type: 'User', id: 'u7' }, documentOnly, context),
    )
    expect(page.totalResults).toBe(30_000)
    expect(answered).toBeGreaterThanOrEqual(3)
  })

  it('returns a snapshot: a name that moves from one user to another is returned once', async () => {
    const provider = await withUsers(20_000)
    const swap = async (id: string, title: string, version: string): Promise<void> => {
      const userName = `user-${id.slice(1).padStart(6, '0')}`
      const unique = [{ attribute: 'userName', key: userName }]
      const next = { resource: { id, userName, title }, version: rawVersion(version), at, unique, members: undefined }
      const stored = await provider.read({ type: 'User', id }, documentOnly, context)
      if (stored === undefined) throw new Error(`no ${id}`)
      await provider.replace({ type: 'User', id }, stored.version, next, context)
    }
    await swap('u19999', 'chief', '2-a')
    let turn = 2
    // From the last user to the first and back: a read without a snapshot returns it twice or not at all.
    const [page] = await beside(
      provider,
      listOf(`title eq "chief" and (${terms(60).replaceAll('and', 'or')})`),
      async () => {
        turn += 1
        const [from, to] = turn % 2 === 1 ? ['u19999', 'u0'] : ['u0', 'u19999']
        await swap(from, 'x', `${turn}-b`)
        await swap(to, 'chief', `${turn}-c`)
      },
    )
    expect(turn).toBeGreaterThan(3)
    expect(page.totalResults).toBe(1)
    expect(page.resources.map(({ ref }) => ref.id)).toEqual(['u19999'])
  })

  it('omits users that were removed meanwhile, and ends', async () => {
    const provider = await withUsers(20_000)
    let removed = 0
    const [page] = await beside(provider, listOf(terms(60)), async () => {
      if (removed === 100) return
      const ref = { type: 'User', id: `u${removed}` }
      removed += 1
      await provider.remove(ref, rawVersion('1-a'), { at, nonce: 'n' }, context)
    })
    expect(removed).toBeGreaterThan(0)
    expect(page.totalResults).toBe(20_000)
    for (const { ref } of page.resources) expect(Number(ref.id.slice(1))).toBeGreaterThanOrEqual(removed - 2)
    expect(page.resources.length).toBeGreaterThanOrEqual(100)
  })
})
