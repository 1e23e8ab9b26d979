/** References to resources that the same bulk request creates, by whole requests. @see RFC 7644 §3.7.2 */
import { describe, expect, test } from '@jest/globals'
import type { JsonObject, JsonValue } from '../../src/json/value.js'
import { enterprise, group, made, type Server, serve, user } from '../support/server.js'
import { bulk, counting, create, patch, pathOf, remove, replace, titled } from './support/bulk-requests.js'
import { idIn, responseOf, totals } from './support/bulk-results.js'

const detailOf = (result: JsonObject | undefined): string => String(responseOf(result).detail)

const membersOf = async (server: Server, path: string): Promise<readonly JsonValue[]> =>
  (((await server.get(path)).json.members ?? []) as readonly JsonObject[]).map(({ value }) => value as JsonValue)

describe('references (§3.7.2)', () => {
  test('backward and forward; in members, manager, path, PATCH values and filters', async () => {
    const server = serve()
    const { results, statuses } = await bulk(server, [
      create('late', group('late', ['bulkId:boss', 'bulkId:u'])),
      create('u', user('u', { [enterprise]: { manager: { value: 'bulkId:boss' } } })),
      create('v', user('v', { manager: 'bulkId:boss' })),
      create('boss', user('boss')),
      patch('/Groups/bulkId:late', [
        { op: 'add', path: 'members', value: [{ value: 'bulkId:v' }] },
        { op: 'remove', path: 'members[value eq "bulkId:boss"]' },
      ]),
      replace('/Users/bulkId:boss', { ...user('boss'), id: 'bulkId:boss', title: 'CEO' }),
      create('gone', user('gone')),
      remove('/Users/bulkId:gone'),
    ])
    expect(statuses).toEqual(['201', '201', '201', '201', '200', '200', '201', '204'])
    const [late, u, v, boss] = results
    expect(await membersOf(server, pathOf(late))).toEqual([idIn(u), idIn(v)])
    for (const one of [u, v]) {
      expect((await server.get(pathOf(one))).json[enterprise]).toMatchObject({ manager: { value: idIn(boss) } })
    }
    expect((await server.get(pathOf(boss))).json.title).toBe('CEO')
    expect(results[4]?.location).toBe(late?.location)
    expect(results[7]?.location).toBe(results[6]?.location)
  })

  test('also where the store creates the ids', async () => {
    const { provider } = counting()
    let ids = 0
    const own = { ...provider, insert: withOwnId() }
    function withOwnId(): typeof provider.insert {
      return async (ref, next, context) => {
        const id = `own-${++ids}`
        const result = await provider.insert({ ...ref, id }, { ...next, resource: { ...next.resource, id } }, context)
        return result.kind === 'success' ? { ...result, value: { ...result.value, id } } : result
      }
    }
    const server = serve({ provider: own })
    const { results } = await bulk(server, [
      create('a', group('a', ['bulkId:b', 'bulkId:u'])),
      create('b', group('b', ['bulkId:a'])),
      create('u', user('u')),
    ])
    expect(results.map(idIn).every((id) => id.startsWith('own-'))).toBe(true)
    expect(await membersOf(server, pathOf(results[0]))).toEqual(
      expect.arrayContaining([idIn(results[1]), idIn(results[2])]),
    )
    expect(await membersOf(server, pathOf(results[1]))).toEqual([idIn(results[0])])
  })

  test('to an unknown bulkId: 400 in that operation, before it writes anything, and it is named', async () => {
    const { provider, calls } = counting()
    const server = serve({ provider })
    const b = await made(server, user('b'))
    const before = { ...calls }
    const { results } = await bulk(server, [
      create('g', group('g', ['bulkId:none'])),
      titled('/Users/bulkId:none', 'T'),
      patch(b.path, [{ op: 'add', path: 'title', value: 'bulkId:' }]),
      remove('/Users/bulkId:%3Cscript%3E'),
      create('on-g', group('on-g', ['bulkId:g'])),
    ])
    expect(results.map(({ status }) => status)).toEqual(['400', '400', '400', '400', '409'])
    expect(results.slice(0, 4).map((result) => responseOf(result).scimType)).toEqual(Array(4).fill('invalidValue'))
    expect(detailOf(results[0])).toContain('"none"')
    expect(JSON.stringify(results)).not.toContain('script')
    expect(detailOf(results[4])).toContain('"g"')
    // §3.7.3: all but a failed POST have a location, and there is none for a resource that was never created.
    expect(results.map(({ location }) => location)).toEqual([
      undefined,
      undefined,
      `https://scim.example/scim/v2${b.path}`,
      undefined,
      undefined,
    ])
    expect(calls).toEqual(before)
  })

  test('to a PUT, PATCH or DELETE do not exist: their bulkIds are only echoed', async () => {
    const server = serve()
    const b = await made(server, user('b'))
    const { results } = await bulk(server, [
      { ...titled(b.path, 'T'), bulkId: 'b' },
      { ...titled(b.path, 'U'), bulkId: 'b' },
      create('g', group('g', ['bulkId:b'])),
    ])
    expect(results.map(({ status, bulkId }) => [status, bulkId])).toEqual([
      ['200', 'b'],
      ['200', 'b'],
      ['400', 'g'],
    ])
  })

  test('to a POST that fails: 409, not carried out, and so on for all that depend on it', async () => {
    const { provider, calls } = counting()
    const server = serve({ provider })
    await made(server, user('taken'))
    const inserts = calls.insert
    const { statuses, results } = await bulk(server, [
      create('outer', group('outer', ['bulkId:inner'])),
      create('inner', group('inner', ['bulkId:u'])),
      create('u', user('taken')),
      titled('/Users/bulkId:u', 'T'),
      create('fine', user('fine')),
    ])
    expect(statuses).toEqual(['409', '409', '409', '409', '201'])
    expect(results.map(detailOf).slice(0, 4)).toEqual([
      expect.stringContaining('"inner"'),
      expect.stringContaining('"u"'),
      'Another resource has this userName.',
      expect.stringContaining('"u"'),
    ])
    expect(results[3]).not.toHaveProperty('location')
    expect(calls.insert - inserts).toBe(2)
    expect(await totals(server)).toEqual([2, 0])
  })

  test('in `id` and `meta` of new data are not resolved: these are the server’s', async () => {
    const { statuses } = await bulk(serve(), [
      create('a', user('a', { ID: 'bulkId:x', meta: { location: 'bulkId:a' } })),
    ])
    expect(statuses).toEqual(['201'])
  })

  test('a member whose text looks like a reference of another spelling is a plain id', async () => {
    const server = serve()
    const { results } = await bulk(server, [create('g', group('g', ['BulkId:x']))])
    expect(await membersOf(server, pathOf(results[0]))).toEqual(['BulkId:x'])
  })
})
