/**
 * The host decides about every operation, before anything is read. RFC 7644 §3.12, table 8 (403);
 * docs/adr/0038-one-decision-point.md.
 */
import { describe, expect, test } from '@jest/globals'
import { allow, groupType, type Operation, refuse, type ScimOptions, tenantId, userType } from '../../src/index.js'
import { bulk, counting, create, pathOf, remove, titled } from '../bulk/support/bulk-requests.js'
import { group, made, mount, patchOp, requestOf, serve, user } from '../support/server.js'
import { asking, noCalls, search } from './support/authorizers.js'

const titles = { schemas: [patchOp], Operations: [{ op: 'replace', path: 'title', value: 'x' }] }

describe('the host decides about every kind of operation, before the store or the body is read', () => {
  const ref = { type: 'User', id: '42' }
  const never = (): never => {
    throw new Error('the body was read')
  }
  // A kind that is added to Operation does not compile until it is here, and fails here until the host decides about
  // it.
  const operations: Readonly<Record<Operation['kind'], Operation>> = {
    create: { kind: 'create', type: 'User', body: never },
    get: { kind: 'get', ref },
    query: { kind: 'query', type: 'User', search: never },
    replace: { kind: 'replace', ref, body: never },
    patch: { kind: 'patch', ref, body: never },
    remove: { kind: 'remove', ref },
    discover: { kind: 'discover', endpoint: 'Schemas' },
    me: { kind: 'me', operation: { kind: 'get' } },
    bulk: { kind: 'bulk', request: never },
  }

  test.each(Object.values(operations))('$kind', async (operation) => {
    const { provider, calls } = counting()
    const asked: unknown[] = []
    const server = serve({
      provider,
      me: () => ref,
      authorize: (request) => {
        asked.push(request)
        return refuse('Not you.')
      },
    })
    const context = server.scim.context({ tenant: tenantId('t') })
    await expect(server.scim.perform(operation, context)).rejects.toMatchObject({ status: 403, message: 'Not you.' })
    expect(asked).toEqual([expect.objectContaining({ kind: operation.kind, via: 'direct' })])
    expect(calls).toEqual(noCalls)
  })

  test('a search of all types is one question for each type', async () => {
    const { provider, calls } = counting()
    const { server, asked } = asking(() => refuse(), { provider })
    const context = server.scim.context({ tenant: tenantId('t') })
    await expect(server.scim.perform({ kind: 'query', search: never }, context)).rejects.toMatchObject({ status: 403 })
    expect(asked).toEqual(['User', 'Group'].map((type) => ({ kind: 'query', type, id: undefined, via: 'root' })))
    expect(calls).toEqual(noCalls)
  })

  test.each([
    ['POST', '/Users', user('ada')],
    ['PUT', '/Users/1', user('ada')],
    ['PATCH', '/Users/1', titles],
    ['POST', '/Users/.search', { schemas: [search] }],
    ['POST', '/.search', { schemas: [search] }],
    ['POST', '/Bulk', { Operations: [] }],
    ['PUT', '/Me', user('ada')],
  ])('%s %s over HTTP does not read the body', async (method, path, body) => {
    const { server } = asking(() => refuse(), { me: () => ({ type: 'User', id: '1' }) })
    const request = requestOf({ method, target: `${mount}${path}`, body })
    expect(await server.scim.handle(request)).toMatchObject({ status: 403 })
    expect(request.bodyReads()).toBe(0)
  })
})

describe('the requests to the host', () => {
  const place = async (options: Partial<ScimOptions> = {}) => {
    let mine = ''
    const all = asking(() => allow, { me: () => ({ type: 'User', id: mine }), ...options })
    const { id } = await made(all.server, user('ada'))
    mine = id
    all.asked.length = 0
    return { ...all, id }
  }

  test.each([
    ['GET', '/Users/x', { kind: 'get', type: 'User', id: 'x', via: 'direct' }],
    ['HEAD', '/Users/x', { kind: 'get', type: 'User', id: 'x', via: 'direct' }],
    ['DELETE', '/Groups/x', { kind: 'remove', type: 'Group', id: 'x', via: 'direct' }],
    ['GET', '/Groups', { kind: 'query', type: 'Group', id: undefined, via: 'direct' }],
    ['GET', '/Schemas', { kind: 'discover', endpoint: 'Schemas', type: undefined, id: undefined, via: 'direct' }],
    [
      'GET',
      '/ResourceTypes/User',
      { kind: 'discover', endpoint: 'ResourceTypes', type: undefined, id: 'User', via: 'direct' },
    ],
  ])('%s %s', async (method, path, request) => {
    const { server, asked } = await place()
    await server.ask({ method, target: `${mount}${path}` })
    expect(asked).toEqual([request])
  })

  test('/Me: for /Me, then for the caller’s own resource', async () => {
    const { server, asked, id } = await place()
    expect((await server.patch('/Me', [{ op: 'add', path: 'title', value: 'x' }])).status).toBe(200)
    expect(asked).toEqual([
      { kind: 'me', operation: 'patch', type: undefined, id: undefined, via: 'direct' },
      { kind: 'patch', type: 'User', id, via: 'me' },
    ])
  })

  test('a bulk request: for it, then for each operation when its turn comes, with the created ids', async () => {
    const { server, asked, id } = await place()
    const { statuses, results } = await bulk(server, [
      create('a', user('bob')),
      titled('/Users/bulkId:a', 'T'),
      remove(`/Users/${id}`),
    ])
    expect(statuses).toEqual(['201', '200', '204'])
    expect(asked).toEqual([
      { kind: 'bulk', type: undefined, id: undefined, via: 'direct' },
      { kind: 'create', type: 'User', id: undefined, via: 'bulk' },
      { kind: 'patch', type: 'User', id: pathOf(results[0]).split('/').at(-1), via: 'bulk' },
      { kind: 'remove', type: 'User', id, via: 'bulk' },
    ])
  })

  test('POSTs in a circle: for each of them once, and not for the PATCH that the client has not sent', async () => {
    const { server, asked } = await place()
    const { statuses } = await bulk(server, [
      create('a', group('a', ['bulkId:b'])),
      create('b', group('b', ['bulkId:a'])),
    ])
    expect(statuses).toEqual(['201', '201'])
    expect(asked.map(({ kind, type, via }) => [kind, type, via])).toEqual([
      ['bulk', undefined, 'direct'],
      ['create', 'Group', 'bulk'],
      ['create', 'Group', 'bulk'],
    ])
  })

  test('none for a request without an operation of a type: 404 and 405 come first', async () => {
    const { server, asked } = await place({ resourceTypes: [userType, { ...groupType, operations: ['read'] }] })
    expect((await server.get('/Nothing')).status).toBe(404)
    expect((await server.del('/Users')).status).toBe(405)
    expect((await server.del('/Groups/x')).status).toBe(405)
    const context = server.scim.context({ tenant: tenantId('t') })
    const of = (type: string): Promise<unknown> =>
      server.scim.perform({ kind: 'remove', ref: { type, id: 'x' } }, context)
    await expect(of('Robot')).rejects.toMatchObject({ status: 404 })
    await expect(of('Group')).rejects.toMatchObject({ status: 405, headers: { Allow: 'GET, HEAD' } })
    expect(asked).toEqual([])
  })

  test('the context of the caller is passed with it', async () => {
    const seen: unknown[] = []
    const server = serve({
      authenticate: () => ({ tenant: tenantId('acme'), principal: 'okta' }),
      authorize: (_, { tenant, principal }) => {
        seen.push([tenant, principal])
        return allow
      },
    })
    await server.get('/Users')
    expect(seen).toEqual([['acme', 'okta']])
  })
})
