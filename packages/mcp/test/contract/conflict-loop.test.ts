/**
 * An agent that knows nothing of this server resolves conflicts with what results say: it reads `nextStep`, and calls the
 * tool that it names with the version that it names.
 */
import { describe, expect, test } from '@jest/globals'
import type { JsonObject } from '@scimkit/core'
import { memoryProvider } from '@scimkit/memory-provider'
import { type Agent, agentAt } from '../support/agent.js'
import { applications, listening } from '../support/applications.js'
import { byToken } from '../support/callers.js'

/** Follows `nextStep` until the call succeeds, at most so often. Returns the tools that it called. */
async function follow(agent: Agent, tool: string, given: JsonObject, most: number): Promise<readonly string[]> {
  const called: string[] = []
  let [next, args] = [tool, given]
  while (called.length < most) {
    called.push(next)
    const { result, isError } = await agent.ask(next, args)
    if (!isError) return called
    const step = /call (\w+) (?:again )?with expectedVersion ("[^"]+")/.exec(String(result.nextStep))
    if (step === null) throw new Error(`no next step in ${JSON.stringify(result)}`)
    next = step[1] ?? ''
    const { base: _, ...others } = args
    args = { ...others, expectedVersion: JSON.parse(step[2] ?? '') as string }
  }
  throw new Error(`no success after ${called.join(', ')}`)
}

async function withTwo(use: (agent: Agent, other: Agent) => Promise<void>): Promise<void> {
  const scim = { provider: memoryProvider({ history: 5 }), authenticate: byToken }
  const server = await listening(applications.Hono?.(scim) ?? (() => undefined))
  try {
    const agents = await Promise.all(
      ['acme.one', 'acme.two'].map((token) => agentAt(`${server.origin}/mcp`, token, '2026-07-28')),
    )
    const [agent, other] = agents
    if (agent === undefined || other === undefined) throw new Error('no agents')
    await use(agent, other)
    await Promise.all(agents.map((one) => one.close()))
  } finally {
    await server.close()
  }
}

const title = (value: string): readonly JsonObject[] => [{ op: 'replace', path: 'title', value }]

describe('the conflict loop', () => {
  test.each(['patch_user', 'replace_user', 'deactivate_user', 'delete_user'])('%s', async (tool) => {
    await withTwo(async (agent, other) => {
      const made = await agent.call('create_user', { resource: { userName: 'ada', active: true } })
      const given = { id: String(made.id), expectedVersion: String(made.version) }
      await other.call('patch_user', { ...given, operations: title('Countess') })
      const more =
        tool === 'patch_user'
          ? { operations: [{ op: 'add', path: 'nickName', value: 'Ada' }] }
          : tool === 'replace_user'
            ? { resource: { userName: 'ada', nickName: 'Ada' } }
            : {}
      expect(await follow(agent, tool, { ...given, ...more }, 3)).toEqual([tool, tool])
    })
  })

  test('a conflict of a merge leads to a patch with the decided value', async () => {
    await withTwo(async (agent, other) => {
      const made = await agent.call('create_user', { resource: { userName: 'ada', title: 'Miss' } })
      const given = { id: String(made.id), expectedVersion: String(made.version) }
      await other.call('patch_user', { ...given, operations: title('Lady') })
      const merge = { ...given, base: made.resource ?? null, operations: title('Countess') }
      expect(await follow(agent, 'merge_user', merge, 3)).toEqual(['merge_user', 'patch_user'])
      expect(await agent.call('get_user', { id: given.id })).toMatchObject({ resource: { title: 'Countess' } })
    })
  })

  test('another writer after each read: each conflict names the newest version', async () => {
    await withTwo(async (agent, other) => {
      const made = await agent.call('create_user', { resource: { userName: 'ada' } })
      const id = String(made.id)
      let version = String(made.version)
      for (const value of ['A', 'B', 'C']) {
        const written = await other.call('patch_user', { id, expectedVersion: version, operations: title(value) })
        const stale = { id, expectedVersion: version, operations: [{ op: 'add', path: 'nickName', value: 'x' }] }
        const { result } = await agent.ask('patch_user', stale)
        expect(result).toMatchObject({ outcome: 'conflict', currentVersion: written.version, changed: ['title'] })
        version = String(result.currentVersion)
      }
    })
  })
})
