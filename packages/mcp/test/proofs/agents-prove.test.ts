/**
 * Eight agents and two identity providers write the same 50 users (R19): no change is overwritten silently, and every
 * conflict is seen by its agent. 600 operations here, 10,000 with SCIMKIT_EFFORT=full.
 */
import { describe, expect, test } from '@jest/globals'
import { createClient } from '@scimkit/client'
import type { JsonObject } from '@scimkit/core'
import { isolationStores } from '../../../testkit/test/isolation/support/stores.js'
import { effort, seed } from '../../../testkit/test/support/effort.js'
import { type Agent, agentAt, revisions } from '../support/agent.js'
import { applications, listening } from '../support/applications.js'
import { byToken } from '../support/callers.js'
import { type Random, randomOf } from '../support/random.js'

const [people, agents, providers] = [50, 8, 2]
const operations = { short: 600, full: 10_000 }[effort]

/** What the writers know they have done, by the id of the user. */
interface Book {
  /** Acknowledged writes of everyone. */
  readonly writes: Map<string, number>
  /** Acknowledged increments of `nickName` by patches of agents. */
  readonly increments: Map<string, number>
  /** The newest acknowledged `locale` of merges, with the generation of its version. */
  readonly locales: Map<string, { readonly generation: number; readonly value: string }>
  readonly figures: { calls: number; conflicts: number; merged: number; mergeConflicts: number; written: number }
}

// A version starts with the number of writes, in a tag after `W/"`.
const generationOf = (version: string): number => Number.parseInt(version.replace('W/"', ''), 10)

const addTo = (counts: Map<string, number>, id: string): void => void counts.set(id, (counts.get(id) ?? 0) + 1)

/** One change by an agent that knows nothing but the results of its tools, until it is written. */
async function change(agent: Agent, id: string, own: string, random: Random, book: Book): Promise<void> {
  let seen = await agent.call('get_user', { id })
  for (;;) {
    // Meanwhile others write.
    await new Promise((resolve) => setTimeout(resolve, random.below(6)))
    const resource = seen.resource as JsonObject
    const given = { id, expectedVersion: String(seen.version) }
    const next = String(Number(resource.nickName) + 1)
    const isMerge = random.oneIn(3)
    book.figures.calls += 1
    // A merge takes the same value from two writers for one change, so merges write values that are written once.
    const value = isMerge ? `${own}-${book.figures.calls}` : next
    const operations = [{ op: 'replace', path: isMerge ? 'locale' : 'nickName', value }]
    const { result, isError } = isMerge
      ? await agent.ask('merge_user', { ...given, base: resource, operations })
      : await agent.ask('patch_user', { ...given, operations })
    if (result.outcome === 'success') {
      addTo(book.writes, id)
      book.figures.written += 1
      if (isMerge) {
        book.figures.merged += 1
        const generation = generationOf(String(result.version))
        if (generation > (book.locales.get(id)?.generation ?? 0)) book.locales.set(id, { generation, value })
      } else addTo(book.increments, id)
      return
    }
    expect([isError, ['conflict', 'mergeConflict'].includes(String(result.outcome)), result.nextStep]).toEqual([
      true,
      true,
      expect.stringContaining('nothing was written'),
    ])
    if (result.outcome === 'conflict') book.figures.conflicts += 1
    else book.figures.mergeConflicts += 1
    seen = { version: String(result.currentVersion), resource: result.resource as JsonObject }
  }
}

describe.each(isolationStores)('agents on $name (R19)', ({ name, open }) => {
  test(`${agents} agents, ${providers} identity providers, ${people} users, ${operations} operations, seed ${seed}`, async () => {
    const store = await open()
    const scim = { provider: store.provider, authenticate: byToken }
    const server = await listening(applications.Koa?.(scim) ?? (() => undefined))
    const started = performance.now()
    try {
      const clientOf = (token: string) => createClient(`${server.origin}/scim/v2`, { token, ifMatch: false })
      const { users } = clientOf('acme.setup')
      const ids: string[] = []
      for (let i = 0; i < people; i++) {
        ids.push((await users.create({ userName: `person-${i}`, nickName: '0' })).id)
      }
      const figures = { calls: 0, conflicts: 0, merged: 0, mergeConflicts: 0, written: 0 }
      const book: Book = { writes: new Map(), increments: new Map(), locales: new Map(), figures }
      let left = operations
      const take = (): boolean => left-- > 0

      const runAgent = async (i: number): Promise<void> => {
        const random = randomOf(seed + i)
        const revision = revisions[i % revisions.length] ?? '2026-07-28'
        const agent = await agentAt(`${server.origin}/mcp`, `acme.agent-${i}`, revision)
        while (take()) await change(agent, random.pick(ids), `agent-${i}`, random, book)
        await agent.close()
      }
      // Without If-Match, as the interoperability profile demands; each has an attribute of its own.
      const lastByProvider = new Map<string, string>()
      const runProvider = async (i: number): Promise<void> => {
        const random = randomOf(seed + 100 + i)
        const directory = clientOf(`acme.idp-${i}`)
        const path = ['title', 'displayName'][i] ?? ''
        while (take()) {
          const [id, value] = [random.pick(ids), `idp-${i}-${left}`]
          await directory.users.patch(id, [{ op: 'replace', path, value }])
          addTo(book.writes, id)
          lastByProvider.set(`${id}.${path}`, value)
        }
      }
      await Promise.all([
        ...Array.from({ length: agents }, (_, i) => runAgent(i)),
        ...Array.from({ length: providers }, (_, i) => runProvider(i)),
      ])

      let overwritten = 0
      for (const id of ids) {
        const user = (await users.get(id)) as unknown as JsonObject
        const generation = generationOf(String((user.meta as JsonObject).version))
        // Each acknowledged write is one generation, and each increment is in the sum.
        if (generation !== 1 + (book.writes.get(id) ?? 0)) overwritten += 1
        if (Number(user.nickName) !== (book.increments.get(id) ?? 0)) overwritten += 1
        if (user.locale !== book.locales.get(id)?.value) overwritten += 1
        for (const path of ['title', 'displayName']) {
          if (user[path] !== lastByProvider.get(`${id}.${path}`)) overwritten += 1
        }
      }
      const seconds = ((performance.now() - started) / 1000).toFixed(1)
      console.log(
        `${name}: ${operations} operations in ${seconds} s, ${figures.written} writes by agents (${figures.merged} merged) in ${figures.calls} calls, ${figures.conflicts} conflicts and ${figures.mergeConflicts} conflicts of merges, all seen, ${overwritten} silent overwrites`,
      )
      expect(overwritten).toBe(0)
      expect(figures.calls).toBe(figures.written + figures.conflicts + figures.mergeConflicts)
      expect(figures.conflicts).toBeGreaterThan(0)
    } finally {
      await server.close()
      await store.close()
    }
  }, 3_600_000)
})
