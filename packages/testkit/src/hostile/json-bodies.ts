import { type AttackTarget, citing, type HostileCase } from './hostile-case.js'
import { createUser, groupUrn, patch, patchText, send, userText } from './requests.js'

const hostile = citing('RFC 8259 §9; SEC-8')

/** Bodies that are not JSON, too large, or JSON that two parsers read differently. */
export function jsonCases(target: AttackTarget): readonly HostileCase[] {
  return [...nested(target), ...large(), ...unreadable(), ...ambiguous(), ...texts(target), ...bytes()]
}

function nested({ user }: AttackTarget): readonly HostileCase[] {
  const values = {
    '10,000 nested arrays': '['.repeat(10_000) + ']'.repeat(10_000),
    '10,000 nested objects': `${'{"a":'.repeat(10_000)}1${'}'.repeat(10_000)}`,
    '10,000 open arrays': '['.repeat(10_000),
    '500,000 open arrays': '['.repeat(500_000),
    '100,000 open objects': '{"a":'.repeat(100_000),
    '40 nested objects': `${'{"a":'.repeat(40)}1${'}'.repeat(40)}`,
  }
  return Object.entries(values).flatMap(([what, value]) => [
    hostile(`${what} as a body`, send('POST', '/Users', value), [400]),
    hostile(`${what} in an unknown attribute`, createUser('nested', `"unknown":${value}`), [400]),
    hostile(
      `${what} as a PATCH value`,
      patchText(`/Users/${user}`, `[{"op":"add","path":"emails","value":${value}}]`),
      [400],
    ),
  ])
}

function large(): readonly HostileCase[] {
  const keys = Array.from({ length: 1_001 }, (_, i) => `"k${i}":1`).join(',')
  return [
    hostile('1,001 keys in one object', createUser('keys', `"unknown":{${keys}}`), [400]),
    hostile('200,001 elements in one array', createUser('elements', `"unknown":[${'1,'.repeat(200_000)}1]`), [400]),
    hostile('a text longer than 64 KiB', createUser('long', `"title":"${'x'.repeat(65_537)}"`), [400]),
    hostile('a userName longer than 64 KiB', createUser('x'.repeat(65_537)), [400]),
    hostile('a user larger than 1 MiB', createUser('large', `"unknown":"${'x'.repeat(1_100_000)}"`), [413]),
    hostile('1 MB of empty objects', send('POST', '/Users', `[${'{},'.repeat(349_000)}{}]`), [400]),
    hostile(
      '1 MB of small objects',
      createUser('objects', `"unknown":[${'{"a":{"b":""}},'.repeat(66_000)}{}]`),
      [201, 400],
    ),
    hostile('1 MB of blanks', send('POST', '/Users', ' '.repeat(1_000_000)), [400]),
    hostile('1 MB of digits', send('POST', '/Users', '1'.repeat(1_000_000)), [400]),
    hostile('1 MB of quotes', send('POST', '/Users', '"'.repeat(1_000_000)), [400]),
    hostile('1 MB of backslashes', send('POST', '/Users', `"${'\\'.repeat(999_999)}`), [400]),
  ]
}

function unreadable(): readonly HostileCase[] {
  const bodies = [
    '',
    'null',
    'true',
    '1',
    '""',
    '[]',
    '[{}]',
    '{',
    '}',
    '{}}',
    '{"a"}',
    '{"a":}',
    '{"a":1,}',
    '{a:1}',
    "{'a':1}",
    '{"a":1}{"b":2}',
    '{"a":01}',
    '{"a":+1}',
    '{"a":1.}',
    '{"a":.5}',
    '{"a":1e}',
    '{"a":NaN}',
    '{"a":Infinity}',
    '{"a":undefined}',
    '{"a":TRUE}',
    '{"a":"\t"}',
    '{"a":"\\x"}',
    '{"a":"\\u12"}',
    '{"a":1} // comment',
    '/* comment */ {}',
    'schemas=x&userName=y',
    '<User/>',
    '\u00a0{}',
  ]
  return bodies.map((body) =>
    citing('RFC 8259 §2; RFC 7644 §3.12')(`the body ${JSON.stringify(body)}`, send('POST', '/Users', body), [400]),
  )
}

function ambiguous(): readonly HostileCase[] {
  const duplicates = {
    'a duplicate key': '"title":"a","title":"b"',
    'a duplicate key, escaped': '"title":"a","titl\\u0065":"b"',
    'a duplicate key in name': '"name":{"givenName":"a","givenName":"b"}',
    'a duplicate key in an e-mail': '"emails":[{"value":"a","value":"b"}]',
    'a duplicate key in an unknown attribute': '"unknown":{"a":1,"a":2}',
    'a duplicate schemas': '"schemas":[]',
  }
  const integers = ['-0', '0.1e+3', '1e-999']
  const numbers = ['1e999', '-1e999', '1e-999', '9'.repeat(400), `1${'0'.repeat(60_000)}`, '-0', '0.1e+3']
  return [
    ...Object.entries(duplicates).map(([what, members]) => hostile(what, createUser('duplicate', members), [400])),
    citing('RFC 7643 §2.1')(
      'a name twice in different letter case',
      createUser('hostile-case-twice', '"title":"a","TITLE":"b"'),
      [201, 400],
    ),
    ...numbers.flatMap((number) => [
      hostile(
        `the number ${number.slice(0, 12)} (${number.length} digits) as an unknown attribute`,
        createUser(`hostile-number-${number.slice(0, 8)}-${number.length}`, `"unknown":${number}`),
        [201, 400],
      ),
      // JavaScript reads these as 0 and 100, and by default an integer for a string is read as its digits.
      hostile(
        `the number ${number.slice(0, 12)} (${number.length} digits) as a text`,
        createUser(`hostile-text-${number.slice(0, 8)}-${number.length}`, `"title":${number}`),
        integers.includes(number) ? [201, 400] : [400],
      ),
    ]),
  ]
}

// Stores cannot keep these: PostgreSQL refuses U+0000, UTF-8 has no surrogates, a C string ends at NUL.
function texts({ user, group }: AttackTarget): readonly HostileCase[] {
  const bad = {
    'U+0000': '\\u0000',
    'a high surrogate': '\\ud800x',
    'a low surrogate': '\\udc00',
    'surrogates in the wrong order': '\\udc00\\ud800',
  }
  return Object.entries(bad).flatMap(([what, text]) =>
    [
      {
        where: 'userName',
        request: send(
          'POST',
          '/Users',
          `{"schemas":["urn:ietf:params:scim:schemas:core:2.0:User"],"userName":"a${text}"}`,
        ),
      },
      { where: 'externalId', request: createUser('bad-text', `"externalId":"${text}"`) },
      { where: 'a sub-attribute', request: createUser('bad-text', `"name":{"givenName":"a${text}"}`) },
      { where: 'a list', request: createUser('bad-text', `"emails":[{"value":"${text}@example.com"}]`) },
      { where: 'an unknown attribute', request: createUser('bad-text', `"unknown":"${text}"`) },
      { where: 'a key', request: createUser('bad-text', `"k${text}":1`) },
      { where: 'schemas', request: send('POST', '/Users', userText('bad-text').replace('["', `["${text}","`)) },
      {
        where: 'a PATCH value',
        request: patchText(`/Users/${user}`, `[{"op":"add","path":"title","value":"${text}"}]`),
      },
      { where: 'a PATCH path', request: patchText(`/Users/${user}`, `[{"op":"add","path":"ti${text}","value":"x"}]`) },
      { where: 'a PATCH op', request: patchText(`/Users/${user}`, `[{"op":"add${text}","path":"title","value":"x"}]`) },
      {
        where: 'a member',
        request: patchText(`/Groups/${group}`, `[{"op":"add","path":"members","value":[{"value":"${text}"}]}]`),
      },
    ].map(({ where, request }) => hostile(`${what} in ${where}`, request, [400])),
  )
}

function bytes(): readonly HostileCase[] {
  const [before = '', after = ''] = userText('bytes', '"title":"|"').split('|')
  const around = (...middle: readonly number[]): Uint8Array =>
    Uint8Array.from([...new TextEncoder().encode(before), ...middle, ...new TextEncoder().encode(after)])
  const bad = {
    'bytes of no character': around(0xff, 0xfe),
    'an overlong NUL': around(0xc0, 0x80),
    'an overlong slash': around(0xe0, 0x80, 0xaf),
    'half a character': around(0xe2, 0x82),
    'a surrogate in UTF-8': around(0xed, 0xa0, 0x80),
    'a character above U+10FFFF': around(0xf4, 0x90, 0x80, 0x80),
    'a raw NUL': around(0x00),
    'a raw line feed': around(0x0a),
    'Latin-1': around(0xe9),
    'UTF-16': Uint8Array.from([0xff, 0xfe, ...[...userText('x')].flatMap((character) => [character.charCodeAt(0), 0])]),
  }
  return [
    ...Object.entries(bad).map(([what, body]) => hostile(`${what} in a body`, send('POST', '/Users', body), [400])),
    citing('RFC 8259 §8.1')(
      'a byte order mark before a body',
      send('POST', '/Users', `\ufeff${userText('hostile-byte-order-mark')}`),
      [201, 400],
    ),
  ]
}

/** Bodies of the correct structure with values of a wrong type. */
export function wrongTypeCases({ user, group }: AttackTarget): readonly HostileCase[] {
  const wrong = {
    userName: ['1.5', 'true', '{}', '[]', '[1]', '[["x"]]', '""', 'null'],
    title: ['1.5', 'true', '{}', '[{}]', '["a","b"]'],
    name: ['1', 'true', '[[]]', '[1]', '[{},{}]', '{"givenName":1.5}', '{"givenName":{}}', '{"givenName":["a","b"]}'],
    emails: ['1', '[1]', '[[]]', '[[{"value":"x"}]]', '[{"value":1.5}]', '[{"value":{}}]', '[{"primary":"perhaps"}]'],
    active: ['"perhaps"', '1', '{}', '[true,false]', '""'],
    externalId: ['1.5', '{}', '["a","b"]'],
    schemas: ['1', '{}', '[1]', '[null]', '[[]]', '[{}]', 'true'],
    [enterprise]: ['1', '"x"', '[[]]', '[1]', '{"department":1.5}', '{"manager":[[]]}', '{"manager":{"value":{}}}'],
  }
  const bad = (id: string, request: HostileCase['request']): HostileCase =>
    citing('RFC 7643 §2.3; RFC 7644 §3.12 (invalidValue)')(id, request, [400])
  const groupOf = (members: string): string => `{"schemas":["${groupUrn}"],"displayName":"x","members":${members}}`
  return [
    ...Object.entries(wrong).flatMap(([name, values]) =>
      values.map((value) => bad(`${name}: ${value} in a new user`, send('POST', '/Users', withMember(name, value)))),
    ),
    ...Object.entries(wrong).flatMap(([name, values]) =>
      values.map((value) => bad(`${name}: ${value} in a PUT`, send('PUT', `/Users/${user}`, withMember(name, value)))),
    ),
    ...['1', '[1]', '[[]]', '[{"value":1.5}]', '[{"value":{}}]', '[{"value":""}]', 'true'].flatMap((members) => [
      bad(`members: ${members} in a new group`, send('POST', '/Groups', groupOf(members))),
      bad(
        `members: ${members} in a PATCH`,
        patchText(`/Groups/${group}`, `[{"op":"add","path":"members","value":${members}}]`),
      ),
    ]),
    // Without unknown keys they are empty: dropping and refusing them are both correct, creating a member is not.
    ...['[{}]', '{}', '{"a":1}', '[null]', '[{"value":null}]'].map((members) => ({
      ...bad(
        `members: ${members} in a PATCH`,
        patchText(`/Groups/${group}`, `[{"op":"add","path":"members","value":${members}}]`),
      ),
      statuses: [200, 204, 400],
      changesNothing: true,
    })),
    ...operations.map((text) => bad(`Operations: ${text}`, patchText(`/Users/${user}`, text))),
    bad('a PATCH that is a list', send('PATCH', `/Users/${user}`, '[{"op":"add","path":"title","value":"x"}]')),
    bad('a PATCH without Operations', send('PATCH', `/Users/${user}`, '{"schemas":[]}')),
    bad('a PATCH that is half a user', send('PATCH', `/Users/${user}`, '{"title":"half a PATCH"}')),
    ...['null', '[]'].map((text) => ({
      ...bad(`Operations: ${text}`, patchText(`/Users/${user}`, text)),
      statuses: [200, 204],
      changesNothing: true,
    })),
    bad(
      'a later operation that fails',
      patch(`/Users/${user}`, goodOperation, { op: 'add', path: 'active', value: {} }),
    ),
  ]
}

const enterprise = 'urn:ietf:params:scim:schemas:extension:enterprise:2.0:User'
const goodOperation = { op: 'add', path: 'title', value: 'half a PATCH' }

const operations = [
  '{}',
  '1',
  '"x"',
  '"[]"',
  '[1]',
  '[null]',
  '[[]]',
  '[{}]',
  '[{"op":1}]',
  '[{"op":["add"],"path":"title","value":"x"}]',
  '[{"op":"move","path":"title","value":"x"}]',
  '[{"op":"","path":"title","value":"x"}]',
  '[{"op":"add","path":1,"value":"x"}]',
  '[{"op":"add","path":{},"value":"x"}]',
  '[{"op":"add","path":["title"],"value":"x"}]',
  '[{"op":"add","path":"title"}]',
  '[{"op":"add"}]',
  '[{"op":"replace","value":1}]',
  '[{"op":"replace","value":"x"}]',
  '[{"op":"replace","value":[]}]',
  '[{"op":"replace","value":[{"title":"a"},{"title":"b"}]}]',
  '[{"op":"replace","value":"{\\"__proto__\\":{}}"}]',
  '[{"op":"replace","value":"{\\"title\\":1,\\"title\\":2}"}]',
  `[{"op":"replace","value":"${'['.repeat(10_000)}"}]`,
  `[{"op":"replace","value":"${'{\\"a\\":'.repeat(5_000)}"}]`,
  '[{"op":"remove"}]',
  '[{"op":"replace","path":"title","value":{}}]',
  '[{"op":"replace","path":"name","value":[[]]}]',
  '[{"op":"replace","path":"active","value":"perhaps"}]',
  '[{"op":"replace","path":"emails[type eq \\"work\\"].value","value":{}}]',
  '[{"op":"replace","path":"emails[type eq \\"work\\"]","value":[[]]}]',
]

function withMember(name: string, value: string): string {
  if (name === 'userName') return `{"schemas":["urn:ietf:params:scim:schemas:core:2.0:User"],"userName":${value}}`
  if (name === 'schemas') return `{"schemas":${value},"userName":"wrong-type"}`
  return userText('wrong-type', `"${name}":${value}`)
}
