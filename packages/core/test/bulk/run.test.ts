/** The order of the operations of a bulk request, its end, and its effect on other requests. @see RFC 7644 §3.7 */
import { describe, expect, test } from '@jest/globals'
import { tenantId } from '../../src/index.js'
import { core, group, made, mount, serve, tenantsByToken, user } from '../support/server.js'
import { bulk, bulkRequest, counting, create, pathOf, remove, replace, titled } from './support/bulk-requests.js'
import { idIn, totals } from './support/bulk-results.js'

describe('order: as sent, except that a POST runs before the first operation that refers to it', () => {
  test('one after the other: each sees the result of the one before', async () => {
    const server = serve()
    const b = await made(server, user('b'))
    const { statuses } = await bulk(server, [
      replace(b.path, user('c')),
      create('x', user('b')),
      remove(b.path),
      titled(b.path, 'late'),
      create('y', user('c')),
    ])
    expect(statuses).toEqual(['200', '201', '204', '404', '201'])
  })

  test('a POST is not moved further than necessary', async () => {
    const server = serve()
    const taken = await made(server, user('taken'))
    // `q` needs the name that the first operation frees; only the second refers to it.
    const { statuses } = await bulk(server, [
      remove(taken.path),
      create('g', group('g', ['bulkId:q'])),
      create('q', user('taken')),
    ])
    expect(statuses).toEqual(['204', '201', '201'])
  })

  test('results are in the order of the request', async () => {
    const { results } = await bulk(serve(), [create('g', group('g', ['bulkId:u'])), create('u', user('u'))])
    expect(results.map(({ bulkId }) => bulkId)).toEqual(['g', 'u'])
  })
})

describe('failOnErrors', () => {
  const operations = [
    create('a', user('a')),
    remove('/Users/none-1'),
    create('b', user('b')),
    'junk',
    create('c', user('c')),
    remove('/Users/none-2'),
    create('d', user('d')),
  ]
  test.each([
    [1, ['201', '404']],
    [2, ['201', '404', '201', '400']],
    [3, ['201', '404', '201', '400', '201', '404']],
    [4, ['201', '404', '201', '400', '201', '404', '201']],
    [Number.MAX_SAFE_INTEGER, ['201', '404', '201', '400', '201', '404', '201']],
  ])('%d: the rest is not carried out, and the completed operations are reported', async (failOnErrors, expected) => {
    const server = serve()
    expect((await bulk(server, operations, { failOnErrors })).statuses).toEqual(expected)
    const users = expected.filter((status) => status === '201').length
    expect(await totals(server)).toEqual([users, 0])
  })

  test('operations that a failed POST prevents count too', async () => {
    const { results } = await bulk(
      serve(),
      [create('g', group('g', ['bulkId:u'])), create('u', { schemas: [core] }), create('v', user('v'))],
      { failOnErrors: 2 },
    )
    expect(results.map(({ bulkId, status }) => [bulkId, status])).toEqual([
      ['g', '409'],
      ['u', '400'],
    ])
  })
})

describe('other requests, and the host', () => {
  test('a client that disconnects ends it between two operations', async () => {
    const { provider, calls } = counting()
    const gone = new AbortController()
    const server = serve({
      provider: {
        ...provider,
        insert: (...asked) => {
          if (calls.insert === 2) gone.abort()
          return provider.insert(...asked)
        },
      },
    })
    const Operations = ['a', 'b', 'c', 'd', 'e'].map((name) => create(name, user(name)))
    const answer = await server.ask({
      method: 'POST',
      target: `${mount}/Bulk`,
      body: { schemas: [bulkRequest], Operations },
      signal: gone.signal,
    })
    expect(answer.json.Operations).toHaveLength(3)
    expect(await totals(server)).toEqual([3, 0])
  })

  test('other requests get a turn every few milliseconds', async () => {
    const { provider } = counting()
    const server = serve({
      provider: {
        ...provider,
        insert: (...asked) => {
          server.pass(4)
          return provider.insert(...asked)
        },
      },
    })
    await bulk(
      server,
      ['a', 'b', 'c', 'd', 'e', 'f', 'g'].map((name) => create(name, user(name))),
    )
    expect(server.sleeps).toEqual([0, 0])
  })

  test('a store that fails fails that operation: 500, reported to the host, and the others continue', async () => {
    const { provider } = counting()
    const server = serve({
      provider: {
        ...provider,
        insert: (ref, next, context) => {
          if (next.resource.userName === 'b') throw new Error('disk /var/db is full')
          return provider.insert(ref, next, context)
        },
      },
    })
    const answer = await bulk(server, [create('a', user('a')), create('b', user('b')), create('c', user('c'))])
    expect(answer.statuses).toEqual(['201', '500', '201'])
    expect(answer.text).not.toContain('disk')
    expect(server.errors).toMatchObject([{ message: 'disk /var/db is full' }])
  })

  test('each write has its event, all with the id of the request; the request’s event counts', async () => {
    const server = serve({ authenticate: tenantsByToken({ t: { principal: 'p' } }) })
    const headers = { authorization: 'Bearer t' }
    const { results } = await bulk(
      server,
      [create('u', user('u', { nothing: 1 })), titled('/Users/bulkId:u', 'T'), 'junk', remove('/Users/bulkId:u')],
      {},
      headers,
    )
    const id = idIn(results[0])
    expect(server.events).toMatchObject([
      { kind: 'write', operation: 'create', id, requestId: 'id-1', principal: 'p', tenant: 't', ignored: ['nothing'] },
      { kind: 'write', operation: 'patch', id, requestId: 'id-1' },
      { kind: 'write', operation: 'remove', id, requestId: 'id-1' },
      { kind: 'request', requestId: 'id-1', type: 'Bulk', status: 200, bulk: { operations: 4, failed: 1 } },
    ])
    await server.get('/Users', headers)
    expect(server.events.at(-1)).toMatchObject({ kind: 'request', bulk: undefined })
  })

  test('another tenant’s ids do not exist, and its bulkIds are unknown', async () => {
    const server = serve({ authenticate: tenantsByToken({ one: {}, two: {} }) })
    const [one, two] = [{ authorization: 'Bearer one' }, { authorization: 'Bearer two' }]
    const first = await bulk(server, [create('u', user('u'))], {}, one)
    const path = pathOf(first.results[0])
    const { statuses } = await bulk(server, [titled(path, 'T'), remove(path), titled('/Users/bulkId:u', 'T')], {}, two)
    expect(statuses).toEqual(['404', '404', '400'])
    expect((await server.get(path, one)).json).not.toHaveProperty('title')
  })
})

describe('without HTTP', () => {
  test('too many operations are 413 there too', async () => {
    const { scim } = serve({ limits: { bulkOperations: 1 } })
    const operation = { kind: 'remove', ref: { type: 'User', id: 'x' } } as const
    const asked = scim.perform(
      { kind: 'bulk', request: { entries: [{ operation }, { operation }] } },
      scim.context({ tenant: tenantId('t') }),
    )
    await expect(asked).rejects.toMatchObject({ status: 413 })
  })

  test('the same, as a typed operation', async () => {
    const { scim } = serve()
    const context = scim.context({ tenant: tenantId('t'), baseUrl: 'https://x.example/v2' })
    const outcome = await scim.perform(
      {
        kind: 'bulk',
        request: {
          failOnErrors: 1,
          entries: [
            { operation: { kind: 'create', type: 'Group', body: group('g', ['bulkId:u']) }, bulkId: 'g' },
            { operation: { kind: 'create', type: 'User', body: user('u') }, bulkId: 'u' },
            { operation: { kind: 'create', type: 'User', body: user('nameless') } },
            { operation: { kind: 'remove', ref: { type: 'User', id: 'bulkId:u' } } },
          ],
        },
      },
      context,
    )
    expect(outcome).toMatchObject({
      kind: 'bulk',
      value: {
        failed: 1,
        results: [
          { method: 'POST', bulkId: 'g', outcome: { kind: 'created' } },
          { method: 'POST', bulkId: 'u', outcome: { kind: 'created' } },
          { method: 'POST', outcome: { kind: 'error', error: { status: 400, scimType: 'invalidValue' } } },
        ],
      },
    })
    expect(outcome.value.results[1]?.location).toMatch(/^https:\/\/x\.example\/v2\/Users\//)
  })
})
