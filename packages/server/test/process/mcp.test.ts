/** Tools for agents by the command: beside SCIM over HTTP, and over stdin and stdout. */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { describe, expect, test } from '@jest/globals'
import { type Agent, agentAt, agentOf } from '../../../mcp/test/support/agent.js'
import { commandFile, folder, run, serve } from '../support/command.js'

const token = 'a-token-of-32-characters-or-more-it-is'
const revision = '2026-07-28'

const withAgent = async (start: Promise<Agent>, use: (agent: Agent) => Promise<void>): Promise<void> => {
  const agent = await start
  try {
    await use(agent)
  } finally {
    await agent.close()
  }
}

describe('serve --mcp', () => {
  test.each(['express', 'koa', 'hono'])('%s: SCIM and the tools are one directory', async (adapter) => {
    const served = await serve(['--adapter', adapter, '--store', 'memory', '--mcp'], { SCIMKIT_TOKEN: token })
    const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/scim+json' }
    const schemas = ['urn:ietf:params:scim:schemas:core:2.0:User']
    const created = await fetch(`${served.url}/Users`, {
      method: 'POST',
      headers,
      body: JSON.stringify({ schemas, userName: 'ada' }),
    })
    const { id } = (await created.json()) as { id: string }
    await withAgent(agentAt(new URL('/mcp', served.url).href, token, revision), async (agent) => {
      const read = await agent.call('get_user', { id })
      expect(read).toMatchObject({ resource: { userName: 'ada', meta: { location: `${served.url}/Users/${id}` } } })
      const operations = [{ op: 'replace', path: 'title', value: 'Countess' }]
      await agent.call('patch_user', { id, expectedVersion: String(read.version), operations })
    })
    const seen = await fetch(`${served.url}/Users/${id}`, { headers })
    expect(await seen.json()).toMatchObject({ title: 'Countess' })
    const refused = await fetch(new URL('/mcp', served.url), { method: 'POST', headers: { authorization: 'Bearer x' } })
    expect(refused.status).toBe(401)
  })

  test('another path, read-only, and a budget of writes', async () => {
    const flags = ['--store', 'memory', '--mcp', '/agents/mcp', '--mcp-write-budget', '0.001/1']
    const served = await serve(flags, { SCIMKIT_TOKEN: token })
    const at = new URL('/agents/mcp', served.url).href
    await withAgent(agentAt(at, token, revision), async (agent) => {
      await agent.call('create_user', { resource: { userName: 'ada' } })
      const { result } = await agent.ask('create_user', { resource: { userName: 'bob' } })
      expect(result).toMatchObject({ outcome: 'error', status: 429 })
    })
    const reading = await serve(['--store', 'memory', '--mcp', '--mcp-read-only'], { SCIMKIT_TOKEN: token })
    await withAgent(agentAt(new URL('/mcp', reading.url).href, token, revision), async (agent) => {
      expect((await agent.tools()).map(({ name }) => name)).not.toContain('create_user')
    })
  })

  test('without --mcp there is no endpoint', async () => {
    const served = await serve(['--store', 'memory'], { SCIMKIT_TOKEN: token })
    const answer = await fetch(new URL('/mcp', served.url), { method: 'POST' })
    expect(answer.status).toBe(404)
  })

  test('several tenants: tokens of an audience of their own, at the path of the tenant', async () => {
    const data = 'agents-of-tenants.db'
    const issuer = 'https://app.example/scim/:tenant'
    const served = await serve(['--data', data, '--multi-tenant', '--issuer', issuer, '--mcp'])
    const tokenOf = (tenant: string): readonly [string, string] => {
      const scim = run(['connection', 'create', '--data', data, '--tenant', tenant, '--name', 'Okta', '--json']).stdout
      const { connection, token: issued } = JSON.parse(scim) as { connection: { id: string }; token: { text: string } }
      const mcp = run(['connection', 'token', connection.id, '--data', data, '--audience', 'mcp'])
      return [issued.text, mcp.stdout.trim()]
    }
    const [scimToken, mcpToken] = tokenOf('acme')
    const [, foreign] = tokenOf('globex')
    const at = new URL('/acme/mcp', served.url.replace(':tenant', 'acme')).href
    await withAgent(agentAt(at, mcpToken, revision), async (agent) => {
      await agent.call('create_user', { resource: { userName: 'ada' } })
    })
    for (const wrong of [scimToken, foreign]) {
      const answer = await fetch(at, { method: 'POST', headers: { authorization: `Bearer ${wrong}` } })
      expect(answer.status).toBe(401)
      expect(answer.headers.get('www-authenticate')).toContain(
        'resource_metadata="https://app.example/.well-known/oauth-protected-resource/acme/mcp"',
      )
    }
    const users = new URL('/scim/acme/v2/Users', at)
    expect((await fetch(users, { headers: { authorization: `Bearer ${mcpToken}` } })).status).toBe(401)
    const listed = await fetch(users, { headers: { authorization: `Bearer ${scimToken}` } })
    expect(await listed.json()).toMatchObject({ totalResults: 1 })
    const metadata = await fetch(new URL('/.well-known/oauth-protected-resource/acme/mcp', at))
    expect(await metadata.json()).toMatchObject({ resource: 'https://app.example/acme/mcp' })
  })
})

describe('mcp --stdio', () => {
  test('on the database of a server that runs', async () => {
    const data = 'agents.db'
    const served = await serve(['--data', data], { SCIMKIT_TOKEN: token })
    await withAgent(agentOf([commandFile, 'mcp', '--stdio', '--data', data], {}, revision, folder), async (agent) => {
      const { id } = await agent.call('create_user', { resource: { userName: 'ada' } })
      const headers = { authorization: `Bearer ${token}` }
      const seen = await fetch(`${served.url}/Users/${String(id)}`, { headers })
      expect(await seen.json()).toMatchObject({ userName: 'ada' })
    })
  })

  test('each tenant has a directory of its own', async () => {
    run(['migrate', '--data', 'two-tenants.db'])
    const toolsOf = (tenant: string) =>
      agentOf([commandFile, 'mcp', '--stdio', '--data', 'two-tenants.db', '--tenant', tenant], {}, revision, folder)
    await withAgent(toolsOf('acme'), async (acme) => {
      const { id } = await acme.call('create_user', { resource: { userName: 'ada' } })
      await withAgent(toolsOf('globex'), async (globex) => {
        const { result } = await globex.ask('get_user', { id: String(id) })
        expect(result).toMatchObject({ outcome: 'error', status: 404 })
        await globex.call('create_user', { resource: { userName: 'ada' } })
      })
      expect((await acme.call('search_user', {})).resources).toHaveLength(1)
    })
  })

  test('at another server, with its token in the environment', async () => {
    const served = await serve(['--store', 'memory'], { SCIMKIT_TOKEN: token })
    const args = [commandFile, 'mcp', '--stdio', '--url', served.url, '--read-only']
    await withAgent(agentOf(args, { SCIMKIT_TOKEN: token }, '2025-11-25', folder), async (agent) => {
      expect((await agent.tools()).map(({ name }) => name)).toEqual([
        'get_user',
        'search_user',
        'preview_user',
        'get_group',
        'search_group',
        'preview_group',
      ])
      expect(await agent.call('search_user', {})).toMatchObject({ resources: [] })
    })
    const wrong = agentOf(args, { SCIMKIT_TOKEN: `${token}x` }, revision, folder)
    await withAgent(wrong, async (agent) => {
      await expect(agent.tools()).rejects.toThrow('SCIM 401: Authentication is required.')
    })
  })

  test('ends when its input ends, with code 0 and nothing else on stdout', async () => {
    run(['migrate', '--data', 'ends.db'])
    const child = spawn(process.execPath, [commandFile, 'mcp', '--stdio', '--data', 'ends.db'], { cwd: folder })
    let stdout = ''
    child.stdout.on('data', (chunk) => {
      stdout += String(chunk)
    })
    child.stdin.end(`${JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'ping' })}\n`)
    const [code] = await once(child, 'exit')
    expect(code).toBe(0)
    for (const line of stdout.split('\n').filter((one) => one !== ''))
      expect(JSON.parse(line)).toHaveProperty('jsonrpc')
  })

  test.each<readonly [readonly string[], string]>([
    [['mcp'], '--stdio is required'],
    [['mcp', '--stdio', '--url', 'https://x.example/scim/v2', '--data', 'x.db'], '--url cannot be used with'],
    [['mcp', '--stdio', '--store', 'memory'], 'memory has no data'],
    [['mcp', '--stdio', '--write-budget', 'x'], 'such as 50/200'],
    [['mcp', '--stdio', '--url', 'x'], 'Expected a URL'],
    [['serve', '--mcp', 'mcp'], 'Expected a path'],
  ])('%j is an error of the command line', (args, message) => {
    const { status, stderr } = run(args)
    expect(status).toBe(2)
    expect(stderr).toContain(message)
  })

  test('a file that does not exist is an error', () => {
    const { status, stderr } = run(['mcp', '--stdio', '--data', 'nowhere.db'])
    expect({ status, stderr }).toMatchObject({ status: 1, stderr: expect.stringContaining('file not found') })
  })
})
