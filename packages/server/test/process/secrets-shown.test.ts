/** No output contains a secret of the command line. */
import { createServer } from 'node:net'
import { describe, expect, test } from '@jest/globals'
import { redactArguments } from '../../src/terminal/redact-arguments.js'
import { run } from '../support/command.js'

const secret = 'hunter2'

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
    expect(redactArguments("error: unknown option '--tokn=abc'", ['--tokn=abc'])).toBe("error: unknown option '--tokn'")
    const harmless = "error: option '--port <number>' argument '70000' is invalid."
    expect(redactArguments(harmless, ['--port', '70000'])).toBe(harmless)
  })
})
