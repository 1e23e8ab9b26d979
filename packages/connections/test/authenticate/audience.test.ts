/** Each token is accepted at one endpoint: SCIM, or the tools for agents. docs/adr/0072-audiences-of-tokens.md. */
import { describe, expect, test } from '@jest/globals'
import type { AuthenticationRequest, ScimError } from '@scimkit/core'
import { memoryRecords } from '../../src/memory-records/memory-records.js'
import { scimConnections } from '../../src/scim-connections/scim-connections.js'
import { clockAt, portsOf, requestWith, textOf } from '../support/platform.js'

function start() {
  const clock = clockAt()
  const reasons: string[] = []
  const connections = scimConnections({
    store: memoryRecords(),
    ports: portsOf(clock),
    onRejected: (reason) => reasons.push(reason),
  })
  const accepts = async (endpoint: 'authenticate' | 'authenticateMcp', text: string): Promise<boolean> =>
    (await connections[endpoint](requestWith(`Bearer ${text}`), undefined)) !== undefined
  return { clock, connections, reasons, accepts }
}

describe('audiences of tokens (SEC-25)', () => {
  test('a token of one endpoint is refused at the other, also while it is kept as accepted', async () => {
    const { connections, reasons, accepts } = start()
    const { connection, token } = await connections.create({ tenant: 'acme', name: 'Okta', token: true })
    const mcp = await connections.createToken(connection.id, { audience: 'mcp' })
    expect([token?.audience, mcp.audience]).toEqual(['scim', 'mcp'])
    for (let i = 0; i < 3; i++) {
      expect(await accepts('authenticate', textOf(token))).toBe(true)
      expect(await accepts('authenticateMcp', textOf(token))).toBe(false)
      expect(await accepts('authenticateMcp', mcp.text)).toBe(true)
      expect(await accepts('authenticate', mcp.text)).toBe(false)
    }
    expect(new Set(reasons)).toEqual(new Set(['audience']))
    expect(reasons).toHaveLength(6)
  })

  test('a connection can be created with a token for agents alone', async () => {
    const { connections, accepts } = start()
    const { token } = await connections.create({ tenant: 'acme', name: 'Agent', token: { audience: 'mcp' } })
    expect([await accepts('authenticate', textOf(token)), await accepts('authenticateMcp', textOf(token))]).toEqual([
      false,
      true,
    ])
  })

  test('rotation ends the tokens of the same endpoint only', async () => {
    const { clock, connections, accepts } = start()
    const { connection, token } = await connections.create({ tenant: 'acme', name: 'Okta', token: true })
    const mcp = await connections.createToken(connection.id, { audience: 'mcp' })
    const next = await connections.rotate(connection.id, { audience: 'mcp', graceMilliseconds: 0 })
    clock.pass(1_000)
    expect(await accepts('authenticateMcp', mcp.text)).toBe(false)
    expect(await accepts('authenticateMcp', next.text)).toBe(true)
    expect(await accepts('authenticate', textOf(token))).toBe(true)
    const listed = await connections.listTokens(connection.id)
    expect(listed.map(({ audience, alive }) => [audience, alive])).toEqual([
      ['scim', true],
      ['mcp', false],
      ['mcp', true],
    ])
  })

  test('another audience is refused when a token is created', async () => {
    const { connections } = start()
    const { connection } = await connections.create({ tenant: 'acme', name: 'Okta' })
    const audience = 'api' as 'mcp'
    await expect(connections.createToken(connection.id, { audience })).rejects.toThrow('audience must be scim or mcp')
  })

  test('each 401 names the metadata of its own endpoint', async () => {
    const connections = scimConnections({
      store: memoryRecords(),
      issuer: 'https://app.example/scim/:tenant',
      mcpResource: 'https://app.example/:tenant/mcp',
    })
    const challengeAt = async (endpoint: 'authenticate' | 'authenticateMcp', target: string): Promise<unknown> => {
      const request: AuthenticationRequest = { ...requestWith('Bearer x'), target }
      const refusal = async () => connections[endpoint](request, undefined)
      const error = await refusal().catch((reason: ScimError) => reason)
      return (error as ScimError).headers?.['WWW-Authenticate']
    }
    const metadata = 'https://app.example/.well-known/oauth-protected-resource'
    const start = 'Bearer realm="SCIM", error="invalid_token", resource_metadata='
    expect(await challengeAt('authenticate', '/scim/acme/v2/Users')).toBe(`${start}"${metadata}/scim/acme/v2"`)
    expect(await challengeAt('authenticateMcp', '/acme/mcp')).toBe(`${start}"${metadata}/acme/mcp"`)
  })

  test('mcpResource without an issuer is a TypeError', () => {
    expect(() => scimConnections({ store: memoryRecords(), mcpResource: 'https://app.example/mcp' })).toThrow(
      'options.mcpResource',
    )
  })
})
