import type { AttackTarget, HostileCase } from './hostile-case.js'
import { groupUrn, patchUrn, send, userUrn } from './requests.js'

const citation = 'RFC 7644 §3.7, §3.7.4; SEC-20'
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
    {
      id: 'bulk: 1,001 operations',
      citation,
      request: bulk(times(1_001, (i) => post(`${i}`, user(`hostile-${i}`)))),
      statuses: [413],
    },
    { id: 'bulk: 100,000 invalid operations', citation, request: bulk(times(100_000, () => 0)), statuses: [413] },
    {
      id: 'bulk: more bytes than it takes',
      citation,
      request: bulkText('[]', `"x":"${' '.repeat(1_048_576)}",`),
      statuses: [413],
    },
    {
      id: 'bulk: 100 PATCHes with a deep filter',
      citation,
      request: bulk(
        times(100, () => ({
          method: 'PATCH',
          path: `/Groups/${path}`,
          data: { schemas: [patchUrn], Operations: [deep] },
        })),
      ),
      statuses: [200],
    },
    {
      id: 'bulk: data nested too deep',
      citation,
      request: bulkText(
        `[{"method":"POST","path":"/Users","bulkId":"a","data":${'['.repeat(5_000)}${']'.repeat(5_000)}}]`,
      ),
      statuses: [400],
    },
  ]
}

// With references in required attributes no operation can be first; in other attributes one invalid operation fails all.
function circles(): readonly HostileCase[] {
  const next = (i: number, size: number): string => `bulkId:${(i + 1) % size}`
  return [
    {
      id: 'bulk: a circle of 100 names',
      citation,
      request: bulk(times(100, (i) => post(`${i}`, user(next(i, 100))))),
      statuses: [200],
    },
    {
      id: 'bulk: a circle of 100 groups, one of them nameless',
      citation,
      request: bulk(
        times(100, (i) => post(`${i}`, { ...group(next(i, 100)), ...(i === 50 && { displayName: null }) })),
      ),
      statuses: [200],
    },
    {
      id: 'bulk: a chain of 100 that ends nowhere',
      citation,
      request: bulk(times(100, (i) => post(`${i}`, group(`bulkId:${i + 1}`)))),
      statuses: [200],
    },
    {
      id: 'bulk: 30 nameless groups that each refer to all',
      citation,
      request: bulk(
        times(30, (i) => post(`${i}`, { ...group(...times(30, (j) => `bulkId:${j}`)), displayName: null })),
      ),
      statuses: [200],
    },
    { id: 'bulk: a name that is its own', citation, request: bulk([post('a', user('bulkId:a'))]), statuses: [200] },
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
      {
        id: `bulk: a reference to nothing called ${JSON.stringify(name)}, ${i}`,
        citation,
        request: bulk([
          post('a', group(`bulkId:${name}`)),
          { method: 'DELETE', path: `/Users/bulkId:${name}` },
          {
            method: 'PATCH',
            path: `/Users/${id}`,
            data: { schemas: [patchUrn], Operations: [{ op: 'add', path: 'title', value: `bulkId:${name}` }] },
          },
        ]),
        statuses: [200],
      },
      {
        id: `bulk: a bulkId ${JSON.stringify(name)} of what fails, ${i}`,
        citation,
        request: bulk([post(name, user(true)), post('b', group(`bulkId:${name}`))]),
        statuses: [200],
      },
    ]),
    {
      id: 'bulk: 20,000 references to nothing',
      citation,
      request: bulk([post('a', group(...times(20_000, () => 'bulkId:x')))]),
      statuses: [200],
    },
    {
      id: 'bulk: a script for a reference',
      citation: 'RFC 7644 §3.12; SEC-16',
      request: bulk([
        post('a', group('bulkId:<script>alert(1)</script>')),
        { method: 'DELETE', path: '/Users/bulkId:<script>' },
        { method: '<script>', path: '/<script>', version: '<script>' },
        { method: 'DELETE', path: `/Users/${id}`, version: '<script>' },
      ]),
      statuses: [200],
      notEchoed: '<script>',
    },
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
    ...texts.map(([name, text]) => ({ id: `bulk: ${name}`, citation, request: bulkText(text), statuses: [400] })),
    ...['-1', '0', '0.5', '1e400', '"1"', '"one"', '""', '{}', '[1]'].map((value) => ({
      id: `bulk: failOnErrors ${value}`,
      citation,
      request: bulkText(`[${one}]`, `"failOnErrors":${value},`),
      statuses: [400],
    })),
    ...['{}', '[[]]', '1', '"x"', '"[]"', 'true', '[null]', '[1]', '[{}]', '[{"method":{}}]'].map((text) => ({
      id: `bulk: Operations ${text}`,
      citation,
      request: bulkText(text),
      statuses: [200, 400],
    })),
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
      ['PUT', 'DELETE'].map((method) => ({
        id: `bulk: ${method} of the place ${i}`,
        citation: 'RFC 7644 §3.7; RFC 3986 §3.3; SEC-17',
        request: bulk([{ method, path, data: { schemas: [userUrn], userName: 'hostile-bulk' } }]),
        statuses: [200],
      })),
    ),
    ...versions.map((version, i) => ({
      id: `bulk: the version ${i}`,
      citation: 'RFC 7644 §3.7; FP-B3',
      request: bulk([{ method: 'DELETE', path: `/Users/${id}`, version }]),
      statuses: [200],
    })),
  ]
}
