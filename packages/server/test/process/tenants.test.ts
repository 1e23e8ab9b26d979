/** The command with several tenants: a file, connections, the token endpoint, rate limits, and flags that exclude each other. */
import { createHash } from 'node:crypto'
import { renameSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from '@jest/globals'
import { folder, run, type Served, serve } from '../support/command.js'
import { end, quiet } from '../support/served.js'
import { scimJson, user } from '../support/user.js'

const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex')
let files = 0

/** Writes a file of tenants as one step, so that the server never reads half of it. */
function writeTenants(tenants: object, path = join(folder, `tenants-${++files}.json`)): string {
  writeFileSync(`${path}.new`, JSON.stringify({ tenants }))
  renameSync(`${path}.new`, path)
  return path
}

/** A new database file. */
const database = (): string => `tenants-${++files}.db`

/** The output of a command that must succeed. */
function ran(args: readonly string[]): string {
  const { status, stdout, stderr } = run(args)
  if (status !== 0) throw new Error(stderr)
  return stdout.trim()
}

const get = ({ agent }: Served, path: string, token: string) => agent.get(path).auth(token, { type: 'bearer' })
const post = ({ agent }: Served, path: string, token: string, body: string) =>
  agent.post(path).auth(token, { type: 'bearer' }).type(scimJson).send(body)

async function until(condition: () => Promise<boolean>): Promise<void> {
  for (let i = 0; i < 200; i++) {
    if (await condition()) return
    await new Promise((resolve) => setTimeout(resolve, 50))
  }
  throw new Error('the condition was not fulfilled within 10 seconds')
}

describe.each(['express', 'koa', 'hono'])('on %s', (adapter) => {
  test('connections of the store: a token opens its own tenant alone, and ends within a second', async () => {
    const data = database()
    const server = await serve(['--multi-tenant', '--adapter', adapter, '--data', data, ...quiet])
    expect(server.url).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/scim\/:tenant\/v2$/)
    const acme = ran(['connection', 'create', '--data', data, '--tenant', 'acme', '--name', 'Okta'])
    const globex = ran([
      'connection',
      'create',
      '--data',
      data,
      '--tenant',
      'globex',
      '--name',
      'Audit',
      '--scopes',
      'scim.read',
    ])
    const created = await post(server, '/scim/acme/v2/Users', acme, user('ada@example.com')).expect(201)
    expect(created.headers.location).toContain('/scim/acme/v2/Users/')
    expect((await get(server, '/scim/globex/v2/Users', globex).expect(200)).body.totalResults).toBe(0)
    await post(server, '/scim/globex/v2/Users', globex, user('ada@example.com')).expect(403)
    const other = await get(server, '/scim/globex/v2/Users', acme).expect(401)
    const none = await get(server, '/scim/initech/v2/Users', acme).expect(401)
    expect(none.body).toEqual(other.body)
    expect(none.headers['www-authenticate']).toBe(other.headers['www-authenticate'])
    const [{ id }] = JSON.parse(ran(['connection', 'list', '--data', data, '--tenant', 'acme', '--json'])) as [
      { id: string },
    ]
    run(['connection', 'suspend', id, '--data', data])
    await new Promise((resolve) => setTimeout(resolve, 1_000))
    await get(server, '/scim/acme/v2/Users', acme).expect(401)
    expect(await end(server, 'SIGTERM')).toBe(0)
  })

  test('a file: settings and tokens, changed without a restart; tenants that are not in it are not served', async () => {
    const data = database()
    const token = 'a-token-of-globex-with-more-than-32-characters'
    const tokens = [{ name: 'okta', sha256: sha256(token) }]
    const path = writeTenants({ acme: { quotas: { User: 1 } }, globex: { tokens } })
    const flags = ['--tenants', path, '--adapter', adapter, '--data', data]
    const server = await serve([...flags, '--log', 'json'])
    const acme = ran(['connection', 'create', '--data', data, '--tenant', 'acme', '--name', 'Okta'])
    const initech = ran(['connection', 'create', '--data', data, '--tenant', 'initech', '--name', 'Okta'])
    await get(server, '/scim/globex/v2/Users', token).expect(200)
    await get(server, '/scim/acme/v2/Users', token).expect(401)
    await post(server, '/scim/acme/v2/Users', acme, user('a')).expect(201)
    await post(server, '/scim/acme/v2/Users', acme, user('b')).expect(403)
    await get(server, '/scim/initech/v2/Users', initech).expect(401)
    const permissions = { scopes: { scim: [{ operations: ['get', 'query'] }] } }
    writeTenants({ acme: { quotas: { User: 5 } }, initech: {}, globex: { tokens: [] } }, path)
    await until(async () => (await get(server, '/scim/initech/v2/Users', initech)).status === 200)
    await post(server, '/scim/acme/v2/Users', acme, user('b')).expect(201)
    await get(server, '/scim/globex/v2/Users', token).expect(401)
    expect(server.output.stderr).toContain(`tenants: read ${path} again, 3 tenants`)
    writeTenants({ acme: { quota: {} } }, path)
    await until(async () => server.output.stderr.includes('stay in force'))
    expect(server.output.stderr).toContain('tenants.acme: unknown name \\"quota\\"'.replaceAll('\\', ''))
    await get(server, '/scim/acme/v2/Users', acme).expect(200)
    expect(permissions).toBeDefined()
    expect(await end(server, 'SIGTERM')).toBe(0)
  })

  test('OAuth client credentials: metadata, a token of an hour for one tenant', async () => {
    const data = database()
    const oauth = ['--issuer', 'https://app.example/scim/:tenant', '--base-url', 'https://app.example/scim/:tenant/v2']
    const server = await serve(['--multi-tenant', ...oauth, '--adapter', adapter, '--data', data, ...quiet])
    const secret = ran([
      'connection',
      'create',
      '--data',
      data,
      '--tenant',
      'acme',
      '--name',
      'Entra',
      '--oauth',
      'secret',
    ])
    const [{ id }] = JSON.parse(ran(['connection', 'list', '--data', data, '--json'])) as [{ id: string }]
    const metadata = await server.agent.get('/.well-known/oauth-authorization-server/scim/acme').expect(200)
    expect(metadata.body.token_endpoint).toBe('https://app.example/scim/acme/oauth/token')
    const form = { grant_type: 'client_credentials', client_id: id, client_secret: secret }
    const granted = await server.agent.post('/scim/acme/oauth/token').type('form').send(form).expect(200)
    expect(granted.body).toMatchObject({ token_type: 'Bearer', expires_in: 3600, scope: 'scim' })
    await server.agent.post('/scim/globex/oauth/token').type('form').send(form).expect(401)
    const created = await post(server, '/scim/acme/v2/Users', granted.body.access_token, user('a')).expect(201)
    expect(created.headers.location).toMatch(/^https:\/\/app\.example\/scim\/acme\/v2\/Users\//)
    await get(server, '/scim/globex/v2/Users', granted.body.access_token).expect(401)
    expect(await end(server, 'SIGTERM')).toBe(0)
  })
})

test('the host or a header names the tenant', async () => {
  const data = database()
  const token = ran(['connection', 'create', '--data', data, '--tenant', 'acme', '--name', 'Okta'])
  for (const [flags, header, own, other] of [
    [['--tenant-host', '*.scim.example'], 'Host', 'acme.scim.example', 'globex.scim.example'],
    [['--tenant-header', 'X-Tenant'], 'X-Tenant', 'acme', 'globex'],
  ] as const) {
    const server = await serve(['--multi-tenant', ...flags, '--data', data, ...quiet])
    await get(server, '/scim/v2/Users', token).set(header, own).expect(200)
    await get(server, '/scim/v2/Users', token).set(header, other).expect(401)
    await end(server, 'SIGTERM')
  }
  const server = await serve(['--multi-tenant', '--base-path', '/scim/v2', '--data', data, ...quiet])
  await get(server, '/scim/v2/Users', token).expect(200)
  await end(server, 'SIGTERM')
})

test('rate limits: 50 requests per second and 200 at once by default, and the log has no token', async () => {
  const data = database()
  const token = ran(['connection', 'create', '--data', data, '--tenant', 'acme', '--name', 'Okta'])
  const other = ran(['connection', 'create', '--data', data, '--tenant', 'globex', '--name', 'Okta'])
  const server = await serve(['--multi-tenant', '--data', data, '--log', 'json'])
  const statuses = await Promise.all(
    Array.from({ length: 230 }, async () => (await get(server, '/scim/acme/v2/Users?count=0', token)).status),
  )
  expect(statuses.filter((status) => status === 200)).toHaveLength(200)
  expect(statuses.filter((status) => status === 429)).toHaveLength(30)
  await get(server, '/scim/globex/v2/Users', other).expect(200)
  expect(server.output.stderr).not.toContain(token.slice(21))
  await end(server, 'SIGTERM')
  const unlimited = await serve(['--multi-tenant', '--rate-limit', 'off', '--data', data, ...quiet])
  const all = await Promise.all(
    Array.from({ length: 230 }, async () => (await get(unlimited, '/scim/acme/v2/Users?count=0', token)).status),
  )
  expect(new Set(all)).toEqual(new Set([200]))
  await end(unlimited, 'SIGTERM')
})

test.each<[readonly string[], string]>([
  [['--tenant-host', '*.x.example'], '--tenant-host requires --tenants or --multi-tenant'],
  [['--issuer', 'https://a.example/:tenant'], '--issuer requires'],
  [['--base-path', '/scim/:tenant/v2'], '--base-path with a parameter requires'],
  [['--multi-tenant', '--token', 'x'.repeat(40)], 'cannot be used with --tenants or --multi-tenant'],
  [['--multi-tenant', '--new-token'], '--new-token cannot be used'],
  [['--multi-tenant', '--no-auth'], '--no-auth cannot be used'],
  [['--multi-tenant', '--seed-users', '5'], '--seed-users cannot be used'],
  [['--multi-tenant', '--tenant-host', 'x.example'], '--tenant-host: tenantFromHost: expected a pattern'],
  [['--multi-tenant', '--tenant-host', '*.x.example', '--tenant-header', 'X-Tenant'], 'Only one of'],
  [['--multi-tenant', '--base-path', '/scim/:customer/v2'], 'Expected a path such as'],
  [['--multi-tenant', '--rate-limit', 'fast'], 'Expected requests per second'],
  [['--multi-tenant', '--data', 'rates.db', '--rate-limit-store', 'postgres'], 'requires a PostgreSQL store'],
  [['--multi-tenant'], '--multi-tenant requires a database'],
  [['--rate-limit-store', 'postgres'], '--rate-limit-store requires --rate-limit'],
  [['--multi-tenant', '--allow-remote-without-auth'], '--allow-remote-without-auth cannot be used'],
  [['--multi-tenant', '--base-url', 'https://a.example/scim/v2'], '--base-url requires the segment :tenant'],
  [['--multi-tenant', '--issuer', 'https://a.example/:tenantx'], '--issuer: the only parameter is :tenant'],
  [
    ['--multi-tenant', '--tenant-host', '*.x.example', '--issuer', 'https://a.example/:tenant'],
    '--issuer cannot be used with --tenant-host',
  ],
  [['--tenants', 'no-such-file.json'], 'no-such-file.json'],
  [['--multi-tenant', '--data', 'issuer.db', '--issuer', 'ftp://a.example'], 'issuer'],
])('%j ends with an error', (flags, message) => {
  const store = flags.includes('--data') ? [] : ['--store', 'memory']
  const { status, stderr } = run(['serve', ...store, ...flags])
  expect(stderr).toContain(message)
  expect([1, 2]).toContain(status)
})
