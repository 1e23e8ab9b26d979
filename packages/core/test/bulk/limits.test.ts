/** The limits of a bulk request: operations, bytes, work. @see RFC 7644 §3.7.4 */
import { describe, expect, test } from '@jest/globals'
import type { JsonObject } from '../../src/json/value.js'
import { errorUrn, group, made, type Server, serve, user } from '../support/server.js'
import { bulk, counting, create, patch, remove, replace } from './support/bulk-requests.js'
import { responseOf, totals } from './support/bulk-results.js'

describe('limits (§3.7.4)', () => {
  test('1,000 operations; one more is 413 that names the limit, and nothing is done', async () => {
    const server = serve()
    const many = (count: number) => Array.from({ length: count }, (_, i) => remove(`/Users/none-${i}`))
    expect((await bulk(server, many(1_000))).results).toHaveLength(1_000)
    const answer = await bulk(server, [create('a', user('a')), ...many(1_000)])
    expect(answer).toMatchObject({ status: 413, json: { schemas: [errorUrn], status: '413' } })
    expect(answer.json.detail).toContain('maxOperations (1000)')
    expect(await totals(server)).toEqual([0, 0])
  })

  test('more bytes than maxPayloadSize are 413 that names the limit', async () => {
    const server = serve({ limits: { bulkPayloadBytes: 500 } })
    const answer = await bulk(server, [create('a', user('a', { title: 'x'.repeat(500) }))])
    expect(answer).toMatchObject({ status: 413, json: { status: '413' } })
    expect(answer.json.detail).toContain('maxPayloadSize (500)')
    const announced = await bulk(server, [], {}, { 'content-length': '501' })
    expect(announced.json.detail).toContain('maxPayloadSize (500)')
    expect((await server.get('/ServiceProviderConfig')).json.bulk).toEqual({
      supported: true,
      maxOperations: 1_000,
      maxPayloadSize: 500,
    })
  })

  describe('work is counted together: when the budget is used up, the remaining operations are 400 tooMany and are not tried', () => {
    // 100 members count as 20,000 characters.
    const members = Array.from({ length: 100 }, (_, i) => `m-${i}`)
    const looksAtMembers = (path: string): JsonObject => patch(path, [{ op: 'remove', path: 'members[type eq "x"]' }])
    const used = async (server: Server, operation: JsonObject): Promise<number> => {
      const { results, statuses } = await bulk(
        server,
        Array.from({ length: 50 }, () => operation),
      )
      const done = statuses.indexOf('400')
      expect(new Set(statuses.slice(0, done))).toEqual(new Set(['200']))
      expect(new Set(results.slice(done).map((result) => responseOf(result).scimType))).toEqual(new Set(['tooMany']))
      return done
    }

    test('reads: the members of a group, for a PUT that removes most of them', async () => {
      const { provider, calls } = counting()
      const server = serve({ provider, limits: { bulkWork: 100_000 } })
      const { path } = await made(server, group('g', members))
      const reads = calls.read
      // The members of the first read alone fit five times into the budget, with the documents four times.
      expect(await used(server, replace(path, group('g', members)))).toBe(4)
      expect(calls.read - reads).toBeLessThanOrEqual(5 * 3)
    })

    test('the work of a PATCH', async () => {
      const server = serve({ limits: { bulkWork: 100_000 } })
      const { path } = await made(server, user('u', { roles: members.map((value) => ({ value })) }))
      // Read as text it is a few thousand characters; processed, 20,000 and more.
      const look = patch(path, [{ op: 'replace', path: 'roles[value eq "m-1"].type', value: 't' }])
      const done = await used(server, look)
      expect(done).toBeGreaterThan(0)
      expect(done).toBeLessThan(5)
    })

    test('another request starts with a new budget', async () => {
      const server = serve({ limits: { bulkWork: 100_000 } })
      const { path } = await made(server, group('g', members))
      expect(await used(server, looksAtMembers(path))).toBeGreaterThan(0)
      expect(await used(server, looksAtMembers(path))).toBeGreaterThan(0)
    })
  })
})
