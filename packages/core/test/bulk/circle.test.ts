/** POSTs that refer to each other. @see RFC 7644 §3.7.1 */
import { describe, expect, test } from '@jest/globals'
import type { ResourceProvider } from '../../src/entry-points/provider.js'
import { groupType, userType } from '../../src/index.js'
import type { JsonObject, JsonValue } from '../../src/json/value.js'
import { core, enterprise, group, groupUrn, made, type Server, serve, user } from '../support/server.js'
import { bulk, counting, create, pathOf, titled } from './support/bulk-requests.js'

const idIn = (result: JsonObject | undefined): string => pathOf(result).split('/').at(-1) ?? ''
const responseOf = (result: JsonObject | undefined): JsonObject => (result?.response ?? {}) as JsonObject
const membersOf = async (server: Server, result: JsonObject | undefined): Promise<readonly JsonValue[]> =>
  (((await server.get(pathOf(result))).json.members ?? []) as readonly JsonObject[]).map(
    ({ value }) => value as JsonValue,
  )
const managerOf = async (server: Server, result: JsonObject | undefined): Promise<JsonValue | undefined> =>
  (((await server.get(pathOf(result))).json[enterprise] as JsonObject | undefined)?.manager as JsonObject | undefined)
    ?.value
const managed = (userName: string, manager: string, more: JsonObject = {}): JsonObject =>
  user(userName, {
    schemas: [core, enterprise],
    [enterprise]: { employeeNumber: '1', manager: { value: manager } },
    ...more,
  })
const total = async (server: Server, path: string): Promise<unknown> =>
  (await server.get(`${path}?count=0`)).json.totalResults

describe('created, then linked', () => {
  test('two groups: each is created once; location and version are the last ones', async () => {
    const { provider, calls } = counting()
    const server = serve({ provider })
    const { results, statuses } = await bulk(server, [
      create('qwerty', group('Group A', ['bulkId:ytrewq'])),
      create('ytrewq', group('Group B', ['bulkId:qwerty'])),
    ])
    expect(statuses).toEqual(['201', '201'])
    expect(calls).toMatchObject({ insert: 2, replace: 2 })
    const [a, b] = results
    expect([await membersOf(server, a), await membersOf(server, b)]).toEqual([[idIn(b)], [idIn(a)]])
    for (const result of [a, b]) expect((await server.get(pathOf(result))).headers.ETag).toBe(result?.version)
  })

  test('users who manage each other, and one who is his own manager', async () => {
    const server = serve()
    const { results } = await bulk(server, [
      create('a', managed('a', 'bulkId:b')),
      create('b', managed('b', 'bulkId:a')),
      create('self', managed('self', 'bulkId:self')),
    ])
    const [a, b, self] = results
    expect(await managerOf(server, a)).toBe(idIn(b))
    expect(await managerOf(server, b)).toBe(idIn(a))
    expect(await managerOf(server, self)).toBe(idIn(self))
    expect((await server.get(pathOf(a))).json[enterprise]).toMatchObject({ employeeNumber: '1' })
  })

  test('others in between: resources that a circle needs come before, those that need it after', async () => {
    const server = serve()
    const { results, statuses } = await bulk(server, [
      create('all', group('all', ['bulkId:a', 'bulkId:b', 'bulkId:u'])),
      create('a', group('a', ['bulkId:u', 'bulkId:b', 'x'])),
      titled('/Users/bulkId:u', 'T'),
      create('b', group('b', ['bulkId:a'])),
      create('u', user('u')),
    ])
    expect(statuses).toEqual(['201', '201', '200', '201', '201'])
    const [all, a, , b, u] = results
    expect(new Set(await membersOf(server, all))).toEqual(new Set([idIn(a), idIn(b), idIn(u)]))
    expect(new Set(await membersOf(server, a))).toEqual(new Set([idIn(u), idIn(b), 'x']))
    expect(await membersOf(server, b)).toEqual([idIn(a)])
  })

  test.each(['lenient', 'entra', 'strict'] as const)(
    '%s; members that do not exist may be refused',
    async (interop) => {
      const server = serve({ interop, unknownMembers: 'reject' })
      const { statuses } = await bulk(server, [
        create('a', group('a', ['bulkId:b'])),
        create('b', group('b', ['bulkId:a'])),
        create('m', managed('m', 'bulkId:n')),
        create('n', managed('n', 'bulkId:m')),
      ])
      expect(statuses).toEqual(['201', '201', '201', '201'])
    },
  )

  test('a host that requires If-Match gets it: the link has a precondition', async () => {
    const { statuses } = await bulk(serve({ requireIfMatch: 'always' }), [create('a', group('a', ['bulkId:a']))])
    expect(statuses).toEqual(['201'])
  })

  test('a password is passed on once; the write events report both steps and the attributes that were left out', async () => {
    const passwords: unknown[] = []
    const server = serve({ secrets: { write: (_ref, secret) => void passwords.push(secret) } })
    const { results } = await bulk(server, [create('a', managed('a', 'bulkId:a', { password: 'pw', nothing: 1 }))])
    expect(passwords).toEqual(['pw'])
    expect(server.writes()).toMatchObject([
      { operation: 'create', requestId: 'id-1', ignored: ['nothing'] },
      { operation: 'patch', requestId: 'id-1', after: results[0]?.version, ignored: [] },
    ])
  })

  test('a reference in an attribute that is not written has no effect: User.groups is readOnly', async () => {
    const server = serve()
    const { results, statuses } = await bulk(server, [
      create('u', user('u', { groups: [{ value: 'bulkId:g' }] })),
      create('g', group('g', ['bulkId:u'])),
    ])
    expect(statuses).toEqual(['201', '201'])
    expect(await membersOf(server, results[1])).toEqual([idIn(results[0])])
  })
})

// A device must have an owner, and the owner may have a device.
const device = {
  name: 'Device',
  endpoint: '/Devices',
  schema: {
    id: 'urn:x:device',
    name: 'Device',
    attributes: { owner: { type: 'string', required: true }, spares: { type: 'string', multiValued: true } },
  },
} as const
const deskUser = {
  ...userType,
  extensions: [{ required: false, schema: { id: 'urn:x:desk', name: 'Desk', attributes: { device: {} } } }],
}
const devices = { resourceTypes: [deskUser, groupType, device] }
const newDevice = (bulkId: string, owner: string, more: JsonObject = {}): JsonObject => ({
  method: 'POST',
  path: '/Devices',
  bulkId,
  data: { schemas: ['urn:x:device'], owner, ...more },
})
const owner = (bulkId: string, ofDevice: string): JsonObject =>
  create(bulkId, user(bulkId, { 'urn:x:desk': { device: ofDevice } }))

describe('a required reference exists first', () => {
  test.each([
    ['the resource that needs it first', [newDevice('d', 'bulkId:u'), owner('u', 'bulkId:d')]],
    ['last', [owner('u', 'bulkId:d'), newDevice('d', 'bulkId:u')]],
  ])('%s', async (_, operations) => {
    const { provider, calls } = counting()
    const server = serve({ ...devices, provider })
    const { results, statuses } = await bulk(server, operations)
    expect(statuses).toEqual(['201', '201'])
    expect(calls).toMatchObject({ insert: 2, replace: 1 })
    const find = (bulkId: string) => results.find((result) => result.bulkId === bulkId)
    expect((await server.get(pathOf(find('d')))).json.owner).toBe(idIn(find('u')))
    expect((await server.get(pathOf(find('u')))).json['urn:x:desk']).toEqual({ device: idIn(find('d')) })
  })

  test('each needs the other first: 409 for both, before any write', async () => {
    const { provider, calls } = counting()
    const server = serve({ ...devices, provider })
    const { results, statuses } = await bulk(server, [
      newDevice('d', 'bulkId:e'),
      newDevice('e', 'bulkId:d'),
      newDevice('self', 'bulkId:self'),
      create('u', user('u')),
    ])
    expect(statuses).toEqual(['409', '409', '409', '201'])
    expect(responseOf(results[0]).detail).toContain('Circular references')
    expect(calls).toMatchObject({ insert: 1, replace: 0 })
  })
})

describe('one of them is invalid: none is created', () => {
  test('where a required extension would have no attributes left', async () => {
    const { provider, calls } = counting()
    const extensions = deskUser.extensions.map(({ schema }) => ({ schema, required: true }))
    const server = serve({ provider, resourceTypes: [{ ...userType, extensions }] })
    const { results } = await bulk(server, [owner('u', 'bulkId:v'), owner('v', 'bulkId:u')])
    expect(results.map(({ status }) => status)).toEqual(['400', '400'])
    expect(responseOf(results[0]).detail).toContain('urn:x:desk')
    expect(calls).toMatchObject({ insert: 0 })
  })

  test.each<[string, JsonObject, string]>([
    ['wrong data', create('b', { schemas: [groupUrn], members: [{ value: 'bulkId:a' }] }), '400'],
    ['a wrong element', create('b', { ...group('b'), members: [{ value: 'bulkId:a', type: 5.5 }] }), '400'],
    ['data that is not an object', { method: 'POST', path: '/Groups', bulkId: 'b', data: ['bulkId:a'] }, '400'],
    ['a POST before that has failed', create('b', group('b', ['bulkId:a', 'bulkId:bad'])), '409'],
  ])('%s', async (_, operation, status) => {
    const { provider, calls } = counting()
    const server = serve({ provider })
    const { results } = await bulk(server, [
      create('a', group('a', ['bulkId:c'])),
      operation,
      create('c', group('c', ['bulkId:b'])),
      create('bad', { schemas: [core] }),
      create('on-a', group('on-a', ['bulkId:a'])),
    ])
    expect(results.map((result) => [result.bulkId, result.status])).toEqual([
      ['a', '409'],
      ['b', status],
      ['c', '409'],
      ['bad', '400'],
      ['on-a', '409'],
    ])
    expect(calls).toMatchObject({ insert: 0, replace: 0 })
  })
})

describe('the store decides last', () => {
  test('a name that is taken: resources created before remain, and their results say so', async () => {
    const server = serve()
    await made(server, user('taken'))
    const { results, statuses } = await bulk(server, [
      create('a', managed('a', 'bulkId:b')),
      create('b', managed('taken', 'bulkId:c')),
      create('c', managed('c', 'bulkId:a')),
      create('on-a', group('on-a', ['bulkId:a'])),
      create('on-c', group('on-c', ['bulkId:c'])),
    ])
    expect(statuses).toEqual(['409', '409', '409', '201', '409'])
    const [a, b, c, onA] = results
    expect(responseOf(b)).toMatchObject({ scimType: 'uniqueness' })
    // It was created, so others may refer to it; without a manager, so it has failed.
    expect(responseOf(a).detail).toContain('was created')
    expect(await server.get(pathOf(a))).toMatchObject({ status: 200, headers: { ETag: a?.version } })
    expect(await managerOf(server, a)).toBe(undefined)
    expect(await membersOf(server, onA)).toEqual([idIn(a)])
    for (const none of [b, c]) expect(none).not.toHaveProperty('location')
    expect(await total(server, '/Users')).toBe(2)
  })

  test('resources that need none of the failed ones are still linked', async () => {
    const server = serve({ interop: { uniqueGroupDisplayName: true } })
    await made(server, group('taken'))
    const { results, statuses } = await bulk(server, [
      create('a', group('a', ['bulkId:b'])),
      create('b', group('b', ['bulkId:a', 'bulkId:c'])),
      create('c', group('taken', ['bulkId:a'])),
    ])
    expect(statuses).toEqual(['201', '409', '409'])
    expect(await membersOf(server, results[0])).toEqual([idIn(results[1])])
    expect(await membersOf(server, results[1])).toEqual([])
  })

  const failing = (fail: ResourceProvider['replace']): Server => {
    const { provider } = counting()
    return serve({ provider: { ...provider, replace: fail } })
  }
  const pair = [create('a', group('a', ['bulkId:b'])), create('b', group('b', ['bulkId:a']))]

  test('a store that fails at the link: 500, and the result names the created resource', async () => {
    const server = failing(() => {
      throw new Error('disk full')
    })
    const { results, statuses, text } = await bulk(server, pair)
    expect(statuses).toEqual(['500', '500'])
    expect(text).not.toContain('disk')
    for (const result of results) {
      expect(responseOf(result).detail).toContain('was created')
      expect(await server.get(pathOf(result))).toMatchObject({ status: 200, headers: { ETag: result.version } })
    }
    expect(server.errors).toHaveLength(2)
    expect(server.events.find(({ kind }) => kind === 'request')).toMatchObject({ bulk: { operations: 2, failed: 2 } })
  })

  test('a concurrent writer removes one before it is linked: 409', async () => {
    const { statuses } = await bulk(
      failing(() => ({ kind: 'notFound' })),
      pair,
    )
    expect(statuses).toEqual(['409', '409'])
  })

  test('concurrent changes meanwhile stay', async () => {
    const { provider, calls } = counting()
    const server = serve({
      provider: {
        ...provider,
        replace: async (...asked) => {
          if (calls.replace === 0) {
            calls.replace++
            const tag = (await server.get('/Groups/id-2')).headers.ETag ?? ''
            const add = { op: 'add', path: 'members', value: [{ value: 'theirs' }] }
            expect((await server.patch('/Groups/id-2', [add], { 'if-match': tag })).status).toBe(200)
          }
          return provider.replace(...asked)
        },
      },
    })
    const { results, statuses } = await bulk(server, pair)
    expect(statuses).toEqual(['201', '201'])
    expect(new Set(await membersOf(server, results[0]))).toEqual(new Set(['theirs', idIn(results[1])]))
  })

  test('failOnErrors: a circle that has begun is completed', async () => {
    const server = serve()
    await made(server, user('taken'))
    const { statuses } = await bulk(
      server,
      [create('a', managed('a', 'bulkId:b')), create('b', managed('taken', 'bulkId:a')), create('c', user('c'))],
      { failOnErrors: 1 },
    )
    expect(statuses).toEqual(['409', '409'])
  })
})
