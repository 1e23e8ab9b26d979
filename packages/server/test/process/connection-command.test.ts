/** `scimkit connection`, as its own process, and what its changes mean to another process on the database. */
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals'
import { type Connections, scimConnections } from '@scimkit/connections'
import type { Access } from '@scimkit/core'
import { createScim, tenantId } from '@scimkit/core'
import type { SqlProvider } from '@scimkit/sql-provider'
import { postgresProvider } from '@scimkit/sql-provider/postgres'
import { sqliteProvider } from '@scimkit/sql-provider/sqlite'
import { folder, run, serve } from '../support/command.js'
import { databases, missing, type TestDatabase } from '../support/databases.js'
import { quiet } from '../support/served.js'

for (const reason of missing) test.skip(reason, () => undefined)

const token = /^scim_[\w-]{65}\n$/
const secret = /^scimsec_[\w-]{61}\n$/

describe.each(databases)('$name', ({ make }) => {
  let database: TestDatabase
  let provider: SqlProvider
  let connections: Connections

  beforeEach(async () => {
    database = await make()
    const [, place = ''] = database.flags
    provider = place.startsWith('sqlite:') ? sqliteProvider(place.slice(7)) : postgresProvider(place)
    await provider.migrate()
    connections = scimConnections({ store: provider.records, cacheMilliseconds: 0 })
  })
  afterEach(async () => {
    await provider.close()
    await database.drop()
  })

  const connection = (name: string, ...args: string[]) => run(['connection', name, ...args, ...database.flags])

  const accessWith = async (text: string): Promise<Access | undefined> =>
    connections.authenticate({ method: 'GET', target: '/Users', header: () => `Bearer ${text.trim()}` }, undefined)

  const created = (...args: string[]): { readonly id: string; readonly text: string } => {
    const { status, stdout, stderr } = connection('create', '--tenant', 'acme', '--name', 'Okta', ...args)
    expect({ status, stdout }).toEqual({ status: 0, stdout: expect.stringMatching(token) })
    const [, id = ''] = /^Created connection (\S+) of tenant acme\.\n/.exec(stderr) ?? []
    return { id, text: stdout }
  }

  test('create prints the token to stdout, once, and the rest to stderr', async () => {
    const { id, text } = created('--expires', '90d')
    const access = await accessWith(text)
    expect(access).toEqual({ tenant: 'acme', principal: `connection:${id}`, scopes: ['scim'] })
    const shown = [connection('show', id), connection('list'), connection('test', id), connection('show', id, '--json')]
    for (const { status, stdout, stderr } of shown) {
      expect({ status, stderr }).toEqual({ status: 0, stderr: '' })
      expect(stdout).toContain(id)
      expect(stdout).not.toContain(text.trim().slice(21))
      expect(stdout).not.toContain('digest')
    }
    expect(connection('list', '--tenant', 'globex').stdout).toBe('')
    expect(connection('list', '--tenant', 'acme').stdout).toMatch(/^\S{22} {2}active {2}acme {2}scim {2}Okta\n$/)
    const [one] = await connections.listTokens(id)
    expect(Math.abs((one?.expires ?? 0) - Date.now() - 90 * 86_400_000)).toBeLessThan(120_000)
  })

  test('a token is added, rotated and revoked, beside a running server', async () => {
    const { child, exited } = await serve([...database.flags, ...quiet, '--no-auth'])
    const { id, text } = created()
    const second = connection('token', id, '--scopes', 'scim.read').stdout
    expect((await accessWith(second))?.scopes).toEqual(['scim.read'])
    const third = connection('rotate', id, '--grace', '0')
    expect(third).toMatchObject({ status: 0, stdout: expect.stringMatching(token) })
    for (const old of [text, second]) expect(await accessWith(old)).toBeUndefined()
    expect(await accessWith(third.stdout)).toBeDefined()
    // By its text, which may be all that the finder of a token has.
    const revoked = connection('revoke', id, third.stdout.trim())
    expect(revoked).toMatchObject({ status: 0, stdout: '' })
    expect(revoked.stderr).not.toContain(third.stdout.trim().slice(21))
    expect(await accessWith(third.stdout)).toBeUndefined()
    child.kill('SIGTERM')
    expect(await exited).toBe(0)
  })

  test('suspend, resume and test', async () => {
    const { id, text } = created()
    expect(connection('suspend', id)).toMatchObject({
      status: 0,
      stdout: '',
      stderr: `Connection ${id} is suspended.\n`,
    })
    expect(await accessWith(text)).toBeUndefined()
    const tested = connection('test', id)
    expect(tested.status).toBe(1)
    expect(tested.stdout).toContain('problem: The connection is suspended.\nusable: no\n')
    expect(connection('resume', id).status).toBe(0)
    expect(await accessWith(text)).toBeDefined()
    expect(connection('test', id)).toMatchObject({ status: 0, stdout: expect.stringContaining('usable: yes\n') })
  })

  test('client secrets and the settings of OAuth', async () => {
    const made = connection('create', '--tenant', 'acme', '--name', 'Entra', '--oauth', 'secret', '--json')
    const { connection: entra, secret: first, token: none } = JSON.parse(made.stdout)
    expect({ status: made.status, stderr: made.stderr, none }).toEqual({ status: 0, stderr: '', none: undefined })
    expect(`${first.text}\n`).toMatch(secret)
    const next = connection('secret', entra.id, '--expires', '24h')
    expect(next.stdout).toMatch(secret)
    expect(connection('rotate', entra.id, '--secret', '--grace', '0').stdout).toMatch(secret)
    expect(connection('revoke', entra.id, first.id).status).toBe(0)
    expect(connection('revoke', entra.id, first.id).status).toBe(1)
    const keys = ['--oauth', 'jwks-url=https://idp.example/keys', '--oauth', 'secret', '--token']
    const both = connection('create', '--tenant', 'acme', '--name', 'Both', ...keys)
    expect(both.stdout.split('\n').map((line) => line.slice(0, 8))).toEqual([
      expect.stringMatching(/^scim_/),
      'scimsec_',
      '',
    ])
    const trust = {
      issuer: 'https://login.example/t/v2.0',
      audiences: ['app'],
      subject: 'object',
      keys: { kind: 'issuer', issuer: 'https://login.example/t/v2.0' },
    }
    const file = join(folder, 'trust.json')
    writeFileSync(file, JSON.stringify(trust))
    const federated = connection(
      'create',
      '--tenant',
      'acme',
      '--name',
      'Federated',
      '--oauth',
      `trust=${file}`,
      '--json',
    )
    expect(JSON.parse(federated.stdout)).toMatchObject({ connection: { oauth: { trust } } })
  })

  test('decommission ends the credentials and changes the users', async () => {
    const scim = createScim({ provider, authenticate: () => undefined })
    const context = scim.context({ tenant: tenantId('acme') })
    for (const userName of ['ada', 'grace', 'edsger']) {
      const body = { schemas: ['urn:ietf:params:scim:schemas:core:2.0:User'], userName, active: true }
      await scim.perform({ kind: 'create', type: 'User', body }, context)
    }
    const { id, text } = created()
    const other = created()
    const refused = connection('decommission', id, '--users', 'deactivate')
    expect(refused).toMatchObject({ status: 1, stdout: '', stderr: expect.stringContaining('another connection') })
    expect(await accessWith(text)).toBeDefined()
    expect(connection('decommission', other.id, '--users', 'keep').status).toBe(0)
    const ended = connection('decommission', id, '--users', 'deactivate')
    expect(ended).toMatchObject({ status: 0, stderr: `Connection ${id} is decommissioned; 3 users changed.\n` })
    expect(await accessWith(text)).toBeUndefined()
    const { value } = await scim.perform({ kind: 'query', type: 'User', search: { filter: 'active eq true' } }, context)
    expect(value.totalResults).toBe(0)
  })

  test('a reason why nothing was changed is one line, with exit code 1', () => {
    const { id } = created()
    for (const args of [
      ['show', 'unknown'],
      ['show', id, '--tenant', 'globex'],
      ['revoke', id, 'unknown'],
      ['rotate', id, '--tenant', 'globex'],
    ] as const) {
      const [name, ...rest] = args
      expect(connection(name, ...rest)).toMatchObject({
        status: 1,
        stdout: '',
        stderr: expect.stringMatching(/^[^\n]+\n$/),
      })
    }
  })
})

test('memory has no connections for another process', () => {
  const { status, stdout, stderr } = run(['connection', 'list', '--store', 'memory'])
  expect({ status, stdout }).toEqual({ status: 2, stdout: '' })
  expect(stderr).toContain('--store memory')
})

test.each([
  [['create', '--name', 'Okta'], '--tenant'],
  [['create', '--tenant', 'acme'], '--name'],
  [['create', '--tenant', 'acme', '--name', 'Okta', '--expires', 'soon'], '--expires'],
  [['create', '--tenant', 'acme', '--name', 'Okta', '--oauth', 'password'], '--oauth'],
  [['create', '--tenant', 'acme', '--name', 'Okta', '--scopes', 'a"b'], 'scope'],
  [['create', '--tenant', 'a\u0007', '--name', 'Okta'], 'tenant'],
  [['decommission', 'x', '--users', 'delete'], '--users'],
  [['decommission', 'x'], '--users'],
] as const)('connection %j is a usage error', (args, names) => {
  const { status, stdout, stderr } = run(['connection', ...args, '--data', join(folder, 'usage.db')])
  expect({ status, stdout }).toEqual({ status: 2, stdout: '' })
  expect(stderr).toContain(names)
})

test('a token in the wrong place is not printed', () => {
  const text = `scim_${'a'.repeat(65)}`
  for (const args of [
    ['connection', text],
    ['connection', 'show', text, text],
  ]) {
    const { status, stderr } = run([...args, '--data', join(folder, 'usage.db')])
    expect(status).not.toBe(0)
    expect(stderr).not.toContain('aaaa')
  }
})
