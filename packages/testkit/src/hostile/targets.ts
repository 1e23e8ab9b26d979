import { type AttackTarget, citing, type HostileCase } from './hostile-case.js'
import { createUser, get, userText } from './requests.js'

/** Request lines that a proxy and a server interpret differently, and invalid queries. */
export function targetCases(target: AttackTarget): readonly HostileCase[] {
  return [...paths(target), ...unsendable(), ...queries(), ...methods(target)]
}

function paths({ user }: AttackTarget): readonly HostileCase[] {
  const hostile = citing('RFC 3986 §2.1, §3.3; SEC-17')
  const wrong = [
    '/Users/..',
    '/Users/../Groups',
    '/Users/./x',
    '/Users/%2e%2e/Groups',
    '/Users/%2e',
    `/Users%2f${user}`,
    `/Users/x%2f..%2f${user}`,
    '/Users/a%2fb',
    '/Users/a%5cb',
    '//',
    '///Users',
    `///Users/${user}`,
    `//Users//${user}`,
    `/%2fUsers/${user}`,
    '//Users/..',
    '//evil.example/Users',
    `/Users//${user}`,
    `/Users/${user}//`,
    `/Users;a=b/${user}`,
    `/Users/${user};a=b`,
    `/Users/${user}/extra`,
    '/Users/%',
    '/Users/%z',
    '/Users/%zz',
    '/Users/%ff',
    '/Users/%c0%ae',
    '/Users/%ed%a0%80',
    '/Users/%00',
    `/Users/${user}%00`,
    `/Users/${user}%20`,
    `/Users/${user}%0d%0aX-Injected:%20yes`,
    '/Users/%0d%0a%0d%0a',
    '/Users/%250d%250a',
    `/Users/${'x'.repeat(10_000)}`,
    `/Users/${'%78'.repeat(3_000)}`,
    '/Users/%3Cscript%3Ealert(1)%3C%2Fscript%3E',
    '/Users/%F0%9F%92%A9',
    "/Users/'%20or%201=1",
    '/Users/*',
    '/Users/.search/x',
    '/Schemas/%3Cscript%3E',
    '/ResourceTypes/..%2fUser',
    '/~root',
    '/.git/config',
    `/${'a/'.repeat(4_000)}`,
    `/Users/${'../'.repeat(50)}etc/passwd`,
  ]
  // One empty segment directly below the mount is ignored; nothing else differs.
  const folded = ['//Users', `//Users/${user}`].map((path) =>
    citing('RFC 3986 §3.3; FP-H8; IDP-50')(`GET ${path}`, get(path), [200], { notEchoed: '//Users' }),
  )
  const refused = wrong.map((path) =>
    hostile(`GET ${path.slice(0, 60)}`, get(path), path.length > 1_000 ? [400, 404, 414] : [400, 404], {
      platform: [400, 404, 414, 431],
      notEchoed: path.includes('script') ? 'script' : 'X-Injected',
    }),
  )
  return [...folded, ...refused]
}

// Other adapters may pass these in, and `perform` behind a queue does.
function unsendable(): readonly HostileCase[] {
  return [
    '/Users/a\r\nX-Injected: yes',
    '/Users/a b',
    '/Users/\u0000',
    '/Users/é',
    '/Users\\x',
    '/Users?filter=a\r\nb',
    '/Users#x',
    '#',
    'Users',
  ].map((path) =>
    citing('RFC 3986 §2.1, §3.3; SEC-17')(`the raw target ${JSON.stringify(path)}`, get(path), [400, 404], {
      notEchoed: 'X-Injected',
      inProcessOnly: true,
    }),
  )
}

function queries(): readonly HostileCase[] {
  const hostile = citing('RFC 7644 §3.4.2')
  const numbers = [
    '0',
    '-1',
    '-99999999999999999999',
    '99999999999999999999',
    '1e9',
    '1e999',
    '1.5',
    'abc',
    '',
    'NaN',
    'Infinity',
    '0x10',
    '%00',
    '%D9%A3',
    '1,2',
    '+1',
    '%20',
  ]
  const doubtful = [
    'count=1&count=2',
    'count=1&COUNT=2',
    'attributes=userName&attributes=title',
    'Filter=%28%28%28',
    `${'attributes=a&'.repeat(1_000)}`,
    'filter=userName%20pr&filter=title%20pr',
    'attributes=userName&excludedAttributes=userName',
    'attributes=,,,',
    'attributes=%22',
    'attributes=userName%00',
    'attributes=emails%5Btype%20eq%20%22work%22%5D',
    'sortBy=%27%20or%201=1',
    'sortBy=emails%5B0%5D',
    'sortBy=userName&sortOrder=sideways',
    'sortOrder=descending',
    `${'a=1&'.repeat(3_000)}`,
    '&&&&',
    '=',
    '?',
    'filter',
    '%zz=1',
  ]
  const malformed = [
    'filter=%',
    'filter=%z',
    'filter=userName%20eq%20%22%zz%22',
    'filter=userName%20eq%20%22%ff%22',
    'filter=userName%20eq%20%22%ed%a0%80%22',
  ]
  return [
    ...numbers.flatMap((number) =>
      ['startIndex', 'count'].map((name) => hostile(`${name}=${number}`, get(`/Users?${name}=${number}`), [200, 400])),
    ),
    ...doubtful.map((query) => hostile(`GET /Users?${query.slice(0, 50)}`, get(`/Users?${query}`), [200, 400])),
    ...malformed.map((query) =>
      citing('RFC 3986 §2.1, §3.4; SEC-17')(`GET /Users?${query}`, get(`/Users?${query}`), [400]),
    ),
    hostile(
      '2,000 attributes',
      get(`/Users?attributes=${Array.from({ length: 2_000 }, (_, i) => `a${i}`).join(',')}`),
      [400],
    ),
  ]
}

function methods({ user }: AttackTarget): readonly HostileCase[] {
  const hostile = citing('RFC 9110 §9.1, §15.5.6; SEC-17')
  const refused: readonly (readonly [string, string])[] = [
    ['TRACE', '/Users'],
    ['PROPFIND', '/Users'],
    ['OPTIONS', `/Users/${user}`],
    ['PUT', '/Users'],
    ['PATCH', '/Users'],
    ['DELETE', '/Users'],
    ['POST', `/Users/${user}`],
    ['POST', '/ServiceProviderConfig'],
    ['DELETE', '/Schemas'],
    ['PUT', '/ResourceTypes/User'],
    ['GET', '/Users/.search'],
  ]
  return [
    ...refused.map(
      (
        [method, path], // `.search` is not an id, so a GET of it may also be an unknown path.
      ) =>
        hostile(
          `${method} ${path.replace(user, '42')}`,
          { ...get(path), method },
          path.endsWith('.search') ? [404, 405] : [405],
        ),
    ),
    ...['get', 'Delete', 'GET ', 'GET\r\nX-Injected: yes', '', '__proto__', 'constructor'].map((method) =>
      hostile(`the method ${JSON.stringify(method)}`, { ...get(`/Users/${user}`), method }, [400, 405], {
        inProcessOnly: true,
        notEchoed: 'X-Injected',
      }),
    ),
    citing('RFC 9110 §9.3.1')('GET with a body', { ...createUser('get-with-a-body'), method: 'GET' }, [200, 400], {
      changesNothing: true,
    }),
    citing('RFC 9110 §9.3.5')(
      'DELETE of an unknown id with a body',
      { ...get('/Users/unknown'), method: 'DELETE', body: userText('x') },
      [400, 404],
    ),
    citing('RFC 7644 §3.5.1')(
      'a PUT to an unknown id',
      { ...createUser('put-to-unknown'), method: 'PUT', path: '/Users/unknown' },
      [404],
    ),
  ]
}
