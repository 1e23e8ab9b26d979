/** The name of a database in messages: never its URL, for any content. */
import { createServer } from 'node:net'
import { describe, expect, test } from '@jest/globals'
import { isLoopback } from '../src/loopback.js'
import { redact } from '../src/redact.js'
import { redactUrl } from '../src/redact-url.js'
import { parseStore, sqliteFile } from '../src/store-choice.js'
import { tokenProblem } from '../src/token.js'
import { run } from './support/command.js'

const secret = 'hunter2'

describe('a PostgreSQL database is named', () => {
  test.each([
    ['postgres://scim@db.example:5432/scim', 'PostgreSQL at db.example'],
    [`postgresql://scim:${secret}@db.example/scim?sslmode=verify-full`, 'PostgreSQL at db.example'],
    [`postgres://scim:pw%40${secret}%25@10.0.0.1:5433/scim?password=${secret}`, 'PostgreSQL at 10.0.0.1'],
    [`postgres://scim:pw%${secret}@db_1/scim`, 'PostgreSQL at db_1'],
    [`postgres://scim:${secret}@[::1]:5432/scim`, 'PostgreSQL at [::1]'],
    ['postgresql:///scim?host=/run/postgresql', 'PostgreSQL'],
  ])('%s', (url, place) => expect(redactUrl(url)).toEqual({ place, certain: true }))

  test.each([
    `postgres://scim:p@${secret}@db.example/scim`,
    `postgres://scim:12/${secret}@db.example/scim`,
    `postgres://scim:12#${secret}@db.example/scim`,
    `postgres://scim:12?${secret}@db.example/scim`,
    `postgres://scim/${secret}@db.example/scim`,
    `postgres://scim@db.example/scim@${secret}`,
    `postgres://scim@db.example/scim#${secret}`,
    `postgres://scim@db.example/scim?user=a@${secret}`,
    `host=db.example password=${secret}`,
  ])('%s is ambiguous: only its kind is named', (url) => {
    expect(redactUrl(url)).toEqual({ place: 'PostgreSQL', certain: false })
  })
})

describe('no message contains a part of a password', () => {
  const port = async (): Promise<number> => {
    const server = createServer().listen(0, '127.0.0.1')
    await new Promise((resolve) => server.once('listening', resolve))
    const address = server.address()
    await new Promise((resolve) => server.close(resolve))
    return typeof address === 'object' && address !== null ? address.port : 0
  }

  test.each([
    ['an @', 1, (p: number) => ['--store', `postgres://scim:p@${secret}@127.0.0.1:${p}/scim`]],
    ['a /', 1, (p: number) => ['--store', `postgres://127.0.0.1:${p}/${secret}@db.example/scim`]],
    ['a #', 1, (p: number) => ['--store', `postgres://127.0.0.1:${p}#${secret}@db.example/scim`]],
    ['a ?', 1, (p: number) => ['--store', `postgres://127.0.0.1:${p}?${secret}@db.example/scim`]],
    ['a %', 1, (p: number) => ['--store', `postgres://scim:%f${secret}@127.0.0.1:${p}/scim`]],
    ['a / that leaves no port', 2, () => ['--store', `postgres://scim:a/${secret}@db.example/scim`]],
    ['the key=value form', 2, () => ['--store', `host=db.example password=${secret}`]],
    ['the key=value form behind a scheme', 2, () => ['--store', `postgres:host=db.example password=${secret}`]],
    ['the key=value form as a file', 2, () => ['--data', `host=db.example password=${secret}`]],
    ['a URL as a file', 2, () => ['--data', `postgres://scim:${secret}@db.example/scim`]],
    ['a URL as a path of SQLite', 2, () => ['--store', `sqlite:postgres://scim:${secret}@db.example/scim`]],
    ['a mistyped flag', 2, () => [`--stroe=postgres://scim:${secret}@db.example/scim`]],
    ['a mistyped token', 2, () => [`--tokn=${secret}-and-much-more`]],
    ['a URL for another flag', 2, () => ['--adapter', `postgres://scim:${secret}@db.example/scim`]],
    ['a URL without a flag', 2, () => [`postgres://scim:${secret}@db.example/scim`]],
  ])('%s', async (_, code, args) => {
    const free = await port()
    for (const command of ['serve', 'migrate', 'check']) {
      const { status, stdout, stderr } = run([command, ...args(free)])
      expect(stderr + stdout).not.toContain(secret)
      expect(stderr).not.toContain('    at ')
      expect(stdout).toBe('')
      expect(status).toBe(command === 'check' ? 2 : code)
    }
  })

  test('a URL in the place of a command', () => {
    const { status, stdout, stderr } = run([`postgres://scim:${secret}@db.example/scim`])
    expect([status, stdout, (stdout + stderr).includes(secret)]).toEqual([2, '', false])
  })

  test('for an ambiguous URL the message has the code of the error, and the characters to encode', () => {
    const { stderr } = run(['serve', '--store', `postgres://scim:p@${secret}@127.0.0.1:9/scim`])
    expect(stderr).toMatch(/^Cannot use PostgreSQL: ECONNREFUSED\. .*%40.*PGPASSWORD\.\n$/)
  })

  test('a flag is named without its value, and harmless values remain', () => {
    expect(redact("error: unknown option '--tokn=abc'", ['--tokn=abc'])).toBe("error: unknown option '--tokn'")
    const harmless = "error: option '--port <number>' argument '70000' is invalid."
    expect(redact(harmless, ['--port', '70000'])).toBe(harmless)
  })
})

test('the path of a file must not look like an address', () => {
  expect(sqliteFile('/var/lib/people=1.db')).toMatchObject({ kind: 'sqlite' })
  expect(() => sqliteFile('mysql://a@b/c')).toThrow('address of a database')
  expect(() => parseStore('sqlite:dbname=x user=y')).toThrow('address of a database')
})

test('a token of one repeated character is rejected', () => {
  for (const token of ['a'.repeat(32), '0'.repeat(64), `${'x'.repeat(40)}==`]) {
    expect(tokenProblem(token)).toContain('one character repeated')
  }
  expect(tokenProblem(`${'a'.repeat(31)}b`)).toBeUndefined()
})

describe('--no-auth', () => {
  test.each(['127.0.0.1', '127.255.0.1', '::1', 'localhost', 'LOCALHOST', '::ffff:127.0.0.1'])(
    '%s is loopback',
    (host) => expect(isLoopback(host)).toBe(true),
  )
  test.each(['0.0.0.0', '::', '10.0.0.1', '127.example.com', 'localhost.example.com', '1270.0.0.1', '::ffff:10.0.0.1'])(
    '%s is not',
    (host) => expect(isLoopback(host)).toBe(false),
  )

  test('on another address requires a second flag', () => {
    const args = ['serve', '--store', 'memory', '--no-auth', '--host', '0.0.0.0', '--hosts', 'scim.example']
    const { status, stdout, stderr } = run(args)
    expect([status, stdout]).toEqual([2, ''])
    expect(stderr).toContain('--allow-remote-without-auth')
    expect(run(['serve', '--allow-remote-without-auth'])).toMatchObject({ status: 2, stdout: '' })
  })
})
