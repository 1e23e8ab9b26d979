import { describe, expect, test } from '@jest/globals'
import { hostList, isHost } from '../../../src/http/url/host.js'

describe('a Host', () => {
  test.each([
    'localhost',
    'app.example',
    'APP.example.',
    'app.example:8443',
    'my_service:3000',
    'a-b.example',
    '3.example',
    'xn--bcher-kva.example',
    `${'x'.repeat(63)}.example`,
    '127.0.0.1',
    '255.255.255.255:65535',
    '[::]',
    '[::1]:3000',
    '[2001:db8::1]',
    '[1:2:3:4:5:6:7:8]',
    '[1:2:3:4:5:6:7::]',
    '[::ffff:192.0.2.1]',
    '[1:2:3:4:5:6:192.0.2.1]',
  ])('%s is valid', (host) => {
    expect(isHost(host)).toBe(true)
  })

  test.each([
    '',
    '.',
    '..',
    'a..b',
    '.a',
    'a.example..',
    '-a',
    'a-',
    'a.-b',
    'a b',
    'a,b',
    'a/b',
    'a@b',
    'é.example',
    `${'x'.repeat(64)}.example`,
    'x.'.repeat(128),
    '1',
    '1.2.3',
    '1.2.3.4.5',
    '256.1.1.1',
    '01.2.3.4',
    'a.1',
    'a:',
    'a:b',
    'a:65536',
    'a:1:2',
    '::1',
    '[]',
    '[::1',
    '::1]',
    '[::1]x',
    '[1:2:3:4:5:6:7]',
    '[1:2:3:4:5:6:7:8:9]',
    '[1:2:3:4:5:6:7:8::]',
    '[1::2::3]',
    '[:::]',
    '[:1]',
    '[12345::]',
    '[g::]',
    '[::1.2.3]',
    '[1.2.3.4::]',
    '[1:2:3:4:5:6:7:1.2.3.4]',
    '[fe80::1%eth0]',
  ])('%j is invalid', (host) => {
    expect(isHost(host)).toBe(false)
  })
})

describe('a list of hosts', () => {
  const answers = hostList(['App.example', 'other.example:8443', '[::1]:3000', '*.tenants.example'])

  test.each([
    ['app.example', 'https', true],
    ['APP.EXAMPLE', 'http', true],
    ['app.example:443', 'https', true],
    ['app.example:80', 'http', true],
    ['app.example:443', 'http', false],
    ['app.example:8443', 'https', false],
    ['other.example:8443', 'https', true],
    ['other.example', 'https', false],
    ['[::1]:3000', 'http', true],
    ['a.tenants.example', 'https', true],
    ['a.b.tenants.example', 'https', true],
    ['tenants.example', 'https', false],
    ['xtenants.example', 'https', false],
    ['a.tenants.example.evil.example', 'https', false],
    ['app.example.', 'https', false],
    ['..', 'https', false],
  ])('%s over %s: %s', (host, scheme, expected) => {
    expect(answers(host, scheme)).toBe(expected)
  })

  test.each([
    [[]],
    [['https://app.example']],
    [['a/b']],
    [['*']],
    [['*.']],
    [['a.*.b']],
    [['*.1.2.3.4']],
    ['app.example'],
  ])('%j is refused at start', (hosts) => {
    expect(() => hostList(hosts as readonly string[])).toThrow(/options\.hosts/)
  })
})
