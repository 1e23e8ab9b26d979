/** Addresses that only this machine reaches, and servers without authentication. */
import { describe, expect, test } from '@jest/globals'
import { isLoopback } from '../../src/command/loopback.js'
import { run } from '../support/command.js'

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
