/** Long lists: other requests in between, and the effect of concurrent writes. */
import { describe, expect, it } from '@jest/globals'
import { rawVersion } from '@scimkit/core'
import { documentOnly, type Page, type Query, type ResourceProvider } from '@scimkit/core/provider'
import { memoryProvider } from '@scimkit/memory-provider'
import { at, context, insert, listOf } from '../support/resources.js'

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

const terms = (count: number): string => Array.from({ length: count }, (_, i) => `title ne "${i}"`).join(' and ')

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
