import { type AttackTarget, citing, type HostileCase } from './hostile-case.js'
import { groupUrn, patchUrn, send, userUrn } from './requests.js'

const hostile = citing('RFC 7644 §3.7, §3.7.4; SEC-20')
const bulkUrn = 'urn:ietf:params:scim:api:messages:2.0:BulkRequest'

/** Bulk requests with too many, too expensive or invalid operations: none of them changes anything. */
export function bulkCases(target: AttackTarget): readonly HostileCase[] {
  return [...tooMany(target), ...circles(), ...references(target), ...ambiguous(), ...places(target)].map((one) => ({
    changesNothing: true,
    ...one,
  }))
}

function bulk(operations: readonly unknown[], members = ''): HostileCase['request'] {
  return bulkText(JSON.stringify(operations), members)
}

function bulkText(operations: string, members = ''): HostileCase['request'] {
  return send('POST', '/Bulk', `{"schemas":["${bulkUrn}"],${members}"Operations":${operations}}`)
}

function post(bulkId: string, data: object): object {
  return { method: 'POST', path: 'userName' in data ? '/Users' : '/Groups', bulkId, data }
}

const user = (userName: unknown): object => ({ schemas: [userUrn], userName })
const group = (...members: readonly string[]): object => ({
  schemas: [groupUrn],
  displayName: 'hostile-bulk',
  members: members.map((value) => ({ value })),
})
const times = <Value>(count: number, make: (i: number) => Value): readonly Value[] =>
  Array.from({ length: count }, (_, i) => make(i))

function tooMany({ group: path }: AttackTarget): readonly HostileCase[] {
  const deep = { op: 'remove', path: `members[${'('.repeat(900)}` }
  return [
    hostile('bulk: 1,001 operations', bulk(times(1_001, (i) => post(`${i}`, user(`hostile-${i}`)))), [413]),
    hostile('bulk: 100,000 invalid operations', bulk(times(100_000, () => 0)), [413]),
    hostile('bulk: more bytes than it takes', bulkText('[]', `"x":"${' '.repeat(1_048_576)}",`), [413]),
    hostile(
      'bulk: 100 PATCHes with a deep filter',
      bulk(
        times(100, () => ({
          method: 'PATCH',
          path: `/Groups/${path}`,
          data: { schemas: [patchUrn], Operations: [deep] },
        })),
      ),
      [200],
    ),
    hostile(
      'bulk: data nested too deep',
      bulkText(`[{"method":"POST","path":"/Users","bulkId":"a","data":${'['.repeat(5_000)}${']'.repeat(5_000)}}]`),
      [400],
    ),
  ]
}

// With references in required attributes no operation can be first; in other attributes one invalid operation fails all.
function circles(): readonly HostileCase[] {
  const next = (i: number, size: number): string => `bulkId:${(i + 1) % size}`
  return [
    hostile('bulk: a circle of 100 names', bulk(times(100, (i) => post(`${i}`, user(next(i, 100))))), [200]),
    hostile(
      'bulk: a circle of 100 groups, one of them nameless',
      bulk(times(100, (i) => post(`${i}`, { ...group(next(i, 100)), ...(i === 50 && { displayName: null }) }))),
      [200],
    ),
    hostile(
      'bulk: a chain of 100 that ends nowhere',
      bulk(times(100, (i) => post(`${i}`, group(`bulkId:${i + 1}`)))),
      [200],
    ),
    hostile(
      'bulk: 30 nameless groups that each refer to all',
      bulk(times(30, (i) => post(`${i}`, { ...group(...times(30, (j) => `bulkId:${j}`)), displayName: null }))),
      [200],
    ),
    hostile('bulk: a name that is its own', bulk([post('a', user('bulkId:a'))]), [200]),
  ]
}

function references({ user: id }: AttackTarget): readonly HostileCase[] {
  const names = [
    '__proto__',
    'constructor',
    'toString',
    'hasOwnProperty',
    '',
    ' ',
    'bulkId:',
    '\\u0000',
    '../',
    '%2e%2e',
  ]
  return [
    ...names.flatMap((name, i): HostileCase[] => [
      hostile(
        `bulk: a reference to nothing called ${JSON.stringify(name)}, ${i}`,
        bulk([
          post('a', group(`bulkId:${name}`)),
          { method: 'DELETE', path: `/Users/bulkId:${name}` },
          {
            method: 'PATCH',
            path: `/Users/${id}`,
            data: { schemas: [patchUrn], Operations: [{ op: 'add', path: 'title', value: `bulkId:${name}` }] },
          },
        ]),
        [200],
      ),
      hostile(
        `bulk: a bulkId ${JSON.stringify(name)} of what fails, ${i}`,
        bulk([post(name, user(true)), post('b', group(`bulkId:${name}`))]),
        [200],
      ),
    ]),
    hostile('bulk: 20,000 references to nothing', bulk([post('a', group(...times(20_000, () => 'bulkId:x')))]), [200]),
    citing('RFC 7644 §3.12; SEC-16')(
      'bulk: a script for a reference',
      bulk([
        post('a', group('bulkId:<script>alert(1)</script>')),
        { method: 'DELETE', path: '/Users/bulkId:<script>' },
        { method: '<script>', path: '/<script>', version: '<script>' },
        { method: 'DELETE', path: `/Users/${id}`, version: '<script>' },
      ]),
      [200],
      { notEchoed: '<script>' },
    ),
  ]
}

function ambiguous(): readonly HostileCase[] {
  const one = JSON.stringify(post('a', user('hostile-bulk')))
  const texts: readonly (readonly [string, string])[] = [
    ['one bulkId of two POSTs', `[${one},${one}]`],
    ['the same key twice', `[{"method":"POST","method":"DELETE","path":"/Users","bulkId":"a","data":{}}]`],
    ['a prototype', '[{"method":"POST","path":"/Users","bulkId":"a","data":{"__proto__":{"polluted":true}}}]'],
    ['a prototype for an operation', '[{"__proto__":{"method":"DELETE"}}]'],
    ['no list', '{"0":{"method":"DELETE"}}'],
    ['half a list', '[{"method":"POST"'],
  ]
  return [
    ...texts.map(([name, text]) => hostile(`bulk: ${name}`, bulkText(text), [400])),
    ...['-1', '0', '0.5', '1e400', '"1"', '"one"', '""', '{}', '[1]'].map((value) =>
      hostile(`bulk: failOnErrors ${value}`, bulkText(`[${one}]`, `"failOnErrors":${value},`), [400]),
    ),
    ...['{}', '[[]]', '1', '"x"', '"[]"', 'true', '[null]', '[1]', '[{}]', '[{"method":{}}]'].map((text) =>
      hostile(`bulk: Operations ${text}`, bulkText(text), [200, 400]),
    ),
  ]
}

function places({ user: id, tag }: AttackTarget): readonly HostileCase[] {
  const paths = [
    '',
    '/',
    '//Users',
    '/Bulk',
    '/Me',
    '/.search',
    '/Users/.search',
    '/Schemas',
    '/Users/..',
    `/Groups/../Users/${id}`,
    `/Users/${id}/`.repeat(2),
    `/Users%2F${id}`,
    `/Users/${id};x`,
    '/Users/%00',
    '/Users/%zz',
    `http://localhost/Users/${id}`,
    '/users/x',
    `/Groups/${id}`,
    'x'.repeat(60_000),
  ]
  const versions = ['', 'W/', 'W/"', '"', '*', `${tag}\r\nX: y`, 'x'.repeat(60_000), 1, [tag], {}]
  return [
    ...paths.flatMap((path, i) =>
      ['PUT', 'DELETE'].map((method) =>
        citing('RFC 7644 §3.7; RFC 3986 §3.3; SEC-17')(
          `bulk: ${method} of the place ${i}`,
          bulk([{ method, path, data: { schemas: [userUrn], userName: 'hostile-bulk' } }]),
          [200],
        ),
      ),
    ),
    ...versions.map((version, i) =>
      citing('RFC 7644 §3.7; FP-B3')(
        `bulk: the version ${i}`,
        bulk([{ method: 'DELETE', path: `/Users/${id}`, version }]),
        [200],
      ),
    ),
  ]
}
