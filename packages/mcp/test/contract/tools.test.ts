/** Every tool over every transport, with the official client. */
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { memoryProvider } from '@scimkit/memory-provider'
import { bundledSource } from '../../../testkit/test/support/bundled-command.js'
import { type Agent, agentAt, agentOf, type Revision, revisions } from '../support/agent.js'
import { applications, type Listening, listening } from '../support/applications.js'
import { byToken } from '../support/callers.js'
import { toolCases } from './tool-cases.js'

let names = 0

function describeTools(revision: Revision, start: () => Promise<Agent>): void {
  let agent: Agent | undefined
  beforeAll(async () => {
    agent = await start()
  })
  afterAll(() => agent?.close())
  test('speaks the revision', () => expect(agent?.revision).toBe(revision))
  test.each(toolCases)('$name', async ({ run }) => {
    const own = ++names
    await run(agent as Agent, (name) => `${name}-${own}`)
  })
}

describe.each(Object.entries(applications))('%s', (_, application) => {
  let server: Listening
  beforeAll(async () => {
    server = await listening(application({ provider: memoryProvider({ history: 20 }), authenticate: byToken }))
  })
  afterAll(() => server.close())

  for (const revision of revisions) {
    describe(revision, () => describeTools(revision, () => agentAt(`${server.origin}/mcp`, 'acme.agent', revision)))
  }

  test('a tenant sees nothing of the other, and cannot name it', async () => {
    const acme = await agentAt(`${server.origin}/mcp`, 'acme.agent', '2026-07-28')
    const globex = await agentAt(`${server.origin}/mcp`, 'globex.agent', '2026-07-28')
    const made = await acme.call('create_user', { resource: { userName: 'only-in-acme' } })
    const given = { id: String(made.id), expectedVersion: String(made.version) }
    const operations = [{ op: 'replace', path: 'title', value: 'X' }]
    const foreign = await Promise.all([
      globex.ask('get_user', { id: given.id }),
      globex.ask('delete_user', given),
      globex.ask('patch_user', { ...given, operations }),
      globex.ask('merge_user', { ...given, base: made.resource ?? null, operations }),
      globex.ask('replace_user', { ...given, resource: { userName: 'x' } }),
      globex.ask('deactivate_user', given),
      globex.ask('preview_user', { id: given.id, operations }),
    ])
    for (const { result } of foreign) expect(result).toMatchObject({ outcome: 'error', status: 404 })
    const found = await globex.call('search_user', { filter: 'userName eq "only-in-acme"' })
    expect(found).toMatchObject({ resources: [], totalResults: 0 })
    await globex.call('create_user', { resource: { userName: 'only-in-acme' } })
    expect(await acme.call('get_user', { id: given.id })).toMatchObject({ version: made.version })
    await Promise.all([acme.close(), globex.close()])
  })
})

describe('stdio', () => {
  const program = bundledSource(fileURLToPath(new URL('../support/stdio-program.ts', import.meta.url)))
  for (const revision of revisions) {
    describe(`in memory, ${revision}`, () => describeTools(revision, () => agentOf([program, 'memory'], {}, revision)))
  }

  describe('at another server', () => {
    let server: Listening
    beforeAll(async () => {
      const { Express } = applications
      if (Express === undefined) throw new Error('no Express')
      server = await listening(Express({ provider: memoryProvider({ history: 20 }), authenticate: byToken }))
    })
    afterAll(() => server.close())
    const revision = '2026-07-28'
    describeTools(revision, () => agentOf([program, `${server.origin}/scim/v2`, 'acme.agent'], {}, revision))
  })
})
