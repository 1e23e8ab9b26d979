/** Invalid command lines, the help and the version. */
import { describe, expect, test } from '@jest/globals'
import { defaultLimits } from '@scimkit/core'
import { run } from '../support/command.js'

const token = 'a-token-of-more-than-32-characters'

const withToken = ['--token', token]

describe('an invalid command line ends with 2 and names the valid form', () => {
  test.each<[string, string, string[], NodeJS.ProcessEnv?]>([
    ['a short token', 'at least 32', ['--token', 'short']],
    ['a short token in the environment', 'at least 32', [], { SCIMKIT_TOKEN: 'short' }],
    ['an empty token in the environment', 'SCIMKIT_TOKEN: The token has 0', [], { SCIMKIT_TOKEN: '' }],
    ['no host', '0.0.0.0', ['--host', '']],
    ['a host that others can reach, and no name', '--hosts scim.example', ['--host', '0.0.0.0']],
    ['a host of this machine by another address, and no name', '--base-url', ['--host', '192.0.2.1']],
    ['invalid names', 'options.hosts', ['--hosts', 'scim.example,https://scim.example']],
    ['a number of proxies that is not a number', '100', ['--trust-proxy', 'nginx']],
    ['a token that no header can contain', 'letters, digits', ['--token', `${token} ${token}`]],
    ['a token and no authentication', 'cannot be used with', [...withToken, '--no-auth']],
    ['a token and a new one', 'cannot be used with', [...withToken, '--new-token']],
    ['a token in the environment and a new one', 'SCIMKIT_TOKEN', ['--new-token'], { SCIMKIT_TOKEN: token }],
    ['a new token without authentication', 'cannot be used with', ['--new-token', '--no-auth']],
    ['an unknown store', 'sqlite:PATH', ['--store', 'sqlite']],
    ['an unknown database', 'sqlite:PATH', ['--store', `mysql://scim:${token}@db.example/scim`]],
    ['an invalid PostgreSQL URL', 'Not a PostgreSQL URL', ['--store', `postgres://scim:${token}@:x/scim`]],
    ['half a PostgreSQL URL', 'Not a PostgreSQL URL', ['--store', 'postgres:scim']],
    ['no path', 'empty', ['--store', 'sqlite:']],
    ['no file', 'empty', ['--data', '']],
    ['a path like a URL', '//', ['--store', 'sqlite:///var/lib/people.db']],
    ['a database in memory', '--store memory', ['--data', ':memory:']],
    ['two stores', 'cannot be used with', ['--store', 'memory', '--data', 'people.db']],
    ['durability of memory', 'SQLite only', ['--store', 'memory', '--durability', 'full']],
    ['a pooler of SQLite', 'PostgreSQL only', ['--pooler']],
    ['connections of memory', 'PostgreSQL only', ['--store', 'memory', '--connections', '5']],
    ['no connections', '1000', ['--store', 'postgres://scim@db.example/scim', '--connections', '0']],
    ['unknown durability', 'normal', ['--durability', 'half']],
    ['an index of memory', '--index', ['--store', 'memory', '--index', 'User:title']],
    ['an index of no type', 'User, Group', ['--index', 'title']],
    ['an index of an unknown type', 'User, Group', ['--index', 'Device:title']],
    ['an index of an unknown attribute', 'famlyName', ['--index', 'User:name.famlyName']],
    ['an index of a complex attribute', 'User:name.familyName', ['--index', 'User:name']],
    ['an index of a derived attribute', 'documents', ['--index', 'User:groups.value']],
    ['an index of members', 'documents', ['--index', 'Group:members.value']],
    ['an index of secrets', 'documents', ['--index', 'User:password']],
    ['a quota of an unknown type', 'User, Group', ['--quota', 'Device=5']],
    ['a quota twice', 'Duplicate quota', ['--quota', 'User=5', '--quota', 'User=6']],
    ['an unknown policy for members', 'reject', ['--unknown-members', 'drop']],
    ['a history too long', '1000', ['--history', '1001']],
    ['a history that is not a number', '1000', ['--history', 'long']],
    ['an unknown adapter', 'koa', ['--adapter', 'fastify']],
    ['an unknown switch', 'uniqueGroupDisplayName', ['--interop', 'entra,bogus']],
    ['two presets', 'one preset', ['--interop', 'entra,strict']],
    ['an unknown limit', 'filterLength', ['--limit', 'filterlength=5']],
    ['a limit without a value', 'whole number', ['--limit', 'filterLength']],
    ['a limit of 0', 'whole number', ['--limit', 'filterLength=0']],
    ['a limit twice', 'Duplicate limit', ['--limit', 'pageSize=5', '--limit', 'pageSize=6']],
    ['limits that exclude each other', 'maxPageSize', ['--limit', 'pageSize=5', '--limit', 'maxPageSize=4']],
    ['a port out of range', '65535', ['--port', '65536']],
    ['a port that is not a number', '65535', ['--port', '']],
    ['the base path of a probe', '/readyz', ['--base-path', '/readyz']],
    ['a base path below a probe', '/healthz', ['--base-path', '/healthz/scim/']],
    ['a base path with a pattern in it', '/scim/v2', ['--base-path', '/scim/:id*']],
    ['an invalid base URL', 'https://', ['--base-url', 'app.example']],
    ['an unknown flag', '--help', ['--bogus']],
  ])('%s', (_, words, args, env = {}) => {
    const { status, stdout, stderr } = run(['serve', ...args], env)
    expect({ status, stdout }).toEqual({ status: 2, stdout: '' })
    expect(stderr).toContain(words)
    expect(stderr).not.toContain(token)
    expect(stderr).not.toContain('    at ')
  })

  test('no command at all shows the help', () => {
    expect(run([])).toMatchObject({ status: 2, stdout: '' })
  })
})

test('--help and --version', () => {
  const help = run(['serve', '--help'])
  expect(help).toMatchObject({ status: 0, stderr: '' })
  const flags =
    'adapter host port base-path base-url hosts trust-proxy store data durability pooler connections index token new-token no-auth allow-remote-without-auth interop ' +
    'limit quota unknown-members history passwords seed-users log help'
  for (const flag of flags.split(' ')) expect(help.stdout).toContain(`--${flag}`)
  expect(help.stdout).toContain('SCIMKIT_TOKEN')
  expect(help.stdout).toContain('Examples:')
  for (const [name, value] of Object.entries(defaultLimits)) expect(help.stdout).toContain(`${name}=${value}\n`)
  expect(run(['--version'])).toMatchObject({ status: 0, stdout: expect.stringMatching(/^\d+\.\d+\.\d+\n$/) })
})
