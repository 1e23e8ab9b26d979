/** Bulk requests, searches at the root, /Me and discovery do not bypass the host’s decision. */
import { describe, expect, test } from '@jest/globals'
import {
  type Authorizer,
  allow,
  bearerToken,
  groupType,
  refuse,
  ScimError,
  type ScimOptions,
  tenantId,
  userType,
} from '../../src/index.js'
import { bulk, counting, create, pathOf, remove, titled } from '../bulk/support/bulk-requests.js'
import { core, enterprise, group, groupUrn, made, mount, serve, user } from '../support/server.js'
import { asking, noCalls, search } from './support/authorizers.js'

const refusing = (...kinds: readonly string[]): Authorizer => {
  return ({ kind, type }) => (kinds.includes(kind) || kinds.includes(`${kind}.${type}`) ? refuse() : allow)
}

describe.each(['lenient', 'entra', 'strict'] as const)('%s: refused in a bulk request', (interop) => {
  test('an operation that is refused alone is refused there', async () => {
    const server = serve({ interop, authorize: refusing('remove') })
    const { path } = await made(server, user('ada'))
    expect((await server.del(path)).status).toBe(403)
    const { statuses, results } = await bulk(server, [remove(path), titled(path, 'T')], {})
    expect(statuses).toEqual(['403', '200'])
    expect(results[0]).toMatchObject({ method: 'DELETE', response: { detail: 'This operation is not permitted.' } })
    expect(server.writes().map(({ operation }) => operation)).toEqual(['create', 'patch'])
  })

  test('one refused operation of a circle: no resource of the circle is created', async () => {
    const { provider, calls } = counting()
    const server = serve({ interop, provider, authorize: refusing('create.User') })
    const managed = { ...user('u'), schemas: [core, enterprise], [enterprise]: { manager: { value: 'bulkId:g' } } }
    const { statuses, results } = await bulk(server, [create('g', group('g', ['bulkId:u'])), create('u', managed)])
    expect(statuses).toEqual(['409', '403'])
    expect(results[0]).not.toHaveProperty('location')
    expect(calls).toEqual(noCalls)
  })

  test('a caller that may not PATCH may create in a circle: the links are part of the POSTs', async () => {
    const server = serve({ interop, authorize: refusing('patch') })
    const { statuses, results } = await bulk(server, [
      create('a', group('a', ['bulkId:b'])),
      create('b', group('b', ['bulkId:a'])),
    ])
    expect(statuses).toEqual(['201', '201'])
    expect((await server.get(pathOf(results[0]))).json).toMatchObject({
      members: [{ value: pathOf(results[1]).split('/').at(-1) }],
    })
  })

  test('a type that offers no PATCH may be created in a circle too', async () => {
    const resourceTypes = [userType, { ...groupType, operations: ['create', 'read'] as const }]
    const server = serve({ interop, resourceTypes })
    const { statuses, results } = await bulk(server, [
      create('a', group('a', ['bulkId:b'])),
      create('b', group('b', ['bulkId:a'])),
    ])
    expect(statuses).toEqual(['201', '201'])
    expect((await server.get(pathOf(results[0]))).json).toHaveProperty('members')
  })
})

describe('a search at the root', () => {
  const filled = async (authorize: Authorizer, interop: ScimOptions['interop'] = 'lenient') => {
    const { provider, calls } = counting()
    const open = serve({ provider })
    for (const name of ['a', 'c', 'e']) await made(open, user(name, { displayName: name }))
    for (const name of ['b', 'd']) await made(open, { schemas: [groupUrn], displayName: name })
    Object.assign(calls, noCalls)
    return { server: serve({ provider, interop, authorize }), calls }
  }

  test('leaves out refused types, and does not read them from the store', async () => {
    const { server, calls } = await filled(refusing('query.Group'))
    for (const path of ['/', '/?sortBy=displayName', '/?count=2&startIndex=2']) {
      const { status, json } = await server.get(path)
      expect([status, json.totalResults]).toEqual([200, 3])
      for (const resource of json.Resources as readonly object[]) expect(resource).toHaveProperty('userName')
    }
    const single = calls.query
    expect(single).toBe(3)
  })

  test('a filter keeps its meaning: attributes of a refused type are known, and match nothing', async () => {
    for (const interop of ['lenient', 'entra', 'strict'] as const) {
      const { server } = await filled(refusing('query.Group'), interop)
      expect(await server.get('/?filter=members%20pr')).toMatchObject({ status: 200, json: { totalResults: 0 } })
      expect((await server.get('/?filter=password%20pr')).status).toBe(403)
    }
  })

  test('a walk by cursor continues for the same types alone', async () => {
    let refused = ['query.Group']
    const { server } = await filled((request, context) => refusing(...refused)(request, context))
    const names: unknown[] = []
    let cursor: unknown = ''
    while (typeof cursor === 'string') {
      const { status, json } = await server.get(`/?sortBy=displayName&count=1&cursor=${cursor}`)
      expect(status).toBe(200)
      names.push(...(json.Resources as readonly { displayName: string }[]).map(({ displayName }) => displayName))
      cursor = json.nextCursor
    }
    expect(names).toEqual(['a', 'c', 'e'])
    const { json } = await server.get('/?count=1&cursor=')
    refused = ['query.User']
    expect((await server.get(`/?count=1&cursor=${json.nextCursor}`)).json).toMatchObject({ scimType: 'invalidCursor' })
  })

  test('of which everything is refused is 403, with the reason given first', async () => {
    const { server, calls } = await filled(({ type }) => refuse(`No ${type}.`))
    expect(await server.get('/')).toMatchObject({ status: 403, json: { detail: 'No User.' } })
    expect(await server.post('/.search', { schemas: [search] })).toMatchObject({ status: 403 })
    expect(calls).toEqual(noCalls)
  })
})

describe('/Me', () => {
  const place = async (authorize: Authorizer) => {
    let mine = ''
    const server = serve({ authorize, me: () => ({ type: 'User', id: mine }) })
    const { id } = await made(server, user('ada'))
    mine = id
    return { server, location: `https://scim.example${mount}/Users/${id}` }
  }

  test('is refused as itself before the host is asked for the caller’s resource', async () => {
    let asked = false
    const server = serve({
      authorize: refusing('me'),
      me: () => {
        asked = true
        return undefined
      },
    })
    const { status, headers } = await server.get('/Me')
    expect([status, headers.Location, asked]).toEqual([403, undefined, false])
  })

  test('does not bypass the refusal for the resource; the response has its Location (§3.11)', async () => {
    const { server, location } = await place(refusing('replace', 'patch', 'remove'))
    for (const answer of [
      await server.put('/Me', user('eve')),
      await server.patch('/Me', [{ op: 'add', path: 'title', value: 'x' }]),
      await server.del('/Me'),
    ]) {
      expect(answer).toMatchObject({ status: 403, headers: { Location: location } })
    }
    expect((await server.get('/Me')).status).toBe(200)
    expect(server.writes()).toHaveLength(1)
  })
})

describe('bypass', () => {
  test('the event of a refused request has 403, and no id that might not exist', async () => {
    const server = serve({ authorize: refusing('remove') })
    await server.del('/Users/x')
    expect(server.events).toEqual([
      expect.objectContaining({ kind: 'request', method: 'DELETE', type: 'User', id: undefined, status: 403 }),
    ])
  })

  test('the event of a bulk request counts refused operations', async () => {
    const server = serve({ authorize: refusing('remove') })
    await bulk(server, [remove('/Users/x'), remove('/Users/y'), create('a', user('a'))], { failOnErrors: 2 })
    expect(server.events.at(-1)).toMatchObject({ status: 200, bulk: { operations: 2, failed: 2 } })
  })

  test('public discovery has no caller, so the host is not asked; with credentials it is', async () => {
    const token = 'x'.repeat(32)
    const { server, asked } = asking(() => refuse(), { publicDiscovery: true, authenticate: bearerToken(token) })
    for (const path of ['/ServiceProviderConfig', '/ResourceTypes', '/Schemas']) {
      expect((await server.get(path)).status).toBe(200)
      expect(asked).toEqual([])
    }
    for (const path of ['/ServiceProviderConfig', '/ResourceTypes', '/Schemas']) {
      expect((await server.get(path, { authorization: `Bearer ${token}` })).status).toBe(403)
    }
    expect(asked).toHaveLength(3)
    // Anything else still needs a caller.
    expect((await server.get('/Users')).status).toBe(401)
  })

  test('an unauthenticated caller gets 401; the host is not asked', async () => {
    const { server, asked } = asking(() => refuse(), { authenticate: () => undefined })
    expect((await server.get('/Users')).status).toBe(401)
    expect(asked).toEqual([])
  })

  test('perform without HTTP throws the refusal', async () => {
    const server = serve({ authorize: refusing('remove') })
    const { id } = await made(server, user('ada'))
    const context = server.scim.context({ tenant: tenantId('default') })
    const removal = server.scim.perform({ kind: 'remove', ref: { type: 'User', id } }, context)
    await expect(removal).rejects.toThrow(ScimError)
    const request = { entries: [{ operation: { kind: 'remove', ref: { type: 'User', id } } as const }] }
    const outcome = await server.scim.perform({ kind: 'bulk', request }, context)
    expect(outcome.value.results).toMatchObject([{ outcome: { kind: 'error', error: { status: 403 } } }])
    expect((await server.get(`/Users/${id}`)).status).toBe(200)
  })
})
