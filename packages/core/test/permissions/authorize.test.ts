/** The host decides about every operation. RFC 7644 §3.12, table 8 (403); docs/adr/0038-one-decision-point.md. */
import { describe, expect, test } from '@jest/globals'
import {
  type AuthorizationRequest,
  type Authorizer,
  allow,
  bearerToken,
  groupType,
  type Operation,
  refuse,
  ScimError,
  type ScimOptions,
  scimError,
  tenantId,
  userType,
} from '../../src/index.js'
import { bulk, counting, create, pathOf, remove, titled } from '../bulk/support/bulk-requests.js'
import {
  core,
  enterprise,
  group,
  groupUrn,
  made,
  mount,
  patchOp,
  requestOf,
  type Server,
  serve,
  user,
} from '../support/server.js'

const noCalls = { read: 0, query: 0, insert: 0, replace: 0, remove: 0 }
const search = 'urn:ietf:params:scim:api:messages:2.0:SearchRequest'
const titles = { schemas: [patchOp], Operations: [{ op: 'replace', path: 'title', value: 'x' }] }

/** A server that records the requests to its host. */
function asking(
  decide: Authorizer = () => allow,
  options: Partial<ScimOptions> = {},
): { readonly server: Server; readonly asked: AuthorizationRequest[] } {
  const asked: AuthorizationRequest[] = []
  const server = serve({
    authorize: (request, context) => {
      asked.push(request)
      return decide(request, context)
    },
    ...options,
  })
  return { server, asked }
}

const refusing = (...kinds: readonly string[]): Authorizer => {
  return ({ kind, type }) => (kinds.includes(kind) || kinds.includes(`${kind}.${type}`) ? refuse() : allow)
}

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

describe('the results of the host', () => {
  const failures: readonly (readonly [string, Authorizer])[] = [
    ...[
      undefined,
      null,
      true,
      false,
      1,
      'allow',
      {},
      [],
      ['allow'],
      { kind: 'Allow' },
      { kind: 'deny' },
      { allow: true },
      // Masks are not supported, so a result with them must not be read as one that permits everything.
      { kind: 'allow', readable: ['userName'] },
      Object.assign(Object.create({ readable: ['userName'] }), { kind: 'allow' }),
      Object.defineProperty({ kind: 'allow' }, 'writable', { value: [], enumerable: false }),
      { kind: 'allow', [Symbol('readable')]: [] },
      { kind: 'allow', writable: [] },
      { kind: 'allow', detail: 'x' },
      { kind: 'refuse', detail: 5 },
      { kind: 'refuse', status: 404 },
      () => allow,
    ].map((answer): readonly [string, Authorizer] => [
      typeof answer === 'function' ? 'a function' : `${JSON.stringify(answer)}`,
      () => answer as unknown as ReturnType<Authorizer>,
    ]),
    ['a promise of nothing', async () => undefined as never],
    ['a rejection', () => Promise.reject(new Error('no table'))],
    [
      'an exception',
      () => {
        throw new Error('no table')
      },
    ],
    ['a rejection without an error', () => Promise.reject()],
  ]

  test.each(failures)('%s: 500, reported to onError, and nothing is read or done', async (_, authorize) => {
    const { provider, calls } = counting()
    const server = serve({ provider, authorize })
    for (const answer of [
      await server.get('/Users'),
      await server.get('/'),
      await server.del('/Users/x'),
      await server.post('/Users', user('ada')),
      await server.get('/Schemas'),
    ]) {
      expect(answer).toMatchObject({ status: 500, json: { status: '500' } })
      expect(answer.text).toContain('nothing was done')
      expect(answer.text).not.toContain('no table')
    }
    expect(server.errors).toHaveLength(5)
    expect(calls).toEqual(noCalls)
  })

  test.each(failures)('%s, in a bulk request: 500 of that operation', async (_, authorize) => {
    const { provider, calls } = counting()
    const server = serve({
      provider,
      authorize: (request, context) => (request.kind === 'bulk' ? allow : authorize(request, context)),
    })
    const { statuses } = await bulk(server, [
      remove('/Users/x'),
      create('a', group('a', ['bulkId:b'])),
      create('b', group('b', ['bulkId:a'])),
    ])
    expect(statuses).toEqual(['500', '500', '500'])
    expect(server.errors).toHaveLength(3)
    expect(calls).toEqual(noCalls)
  })

  test('refuse, with a text or without; forbidden thrown is the same', async () => {
    for (const [authorize, detail] of [
      [() => refuse(), 'This operation is not permitted.'],
      [() => refuse('Ask your administrator.'), 'Ask your administrator.'],
      [async () => ({ kind: 'refuse', detail: 'Later.' }), 'Later.'],
      [
        () => {
          throw scimError.forbidden('Thrown.')
        },
        'Thrown.',
      ],
    ] as const satisfies readonly (readonly [Authorizer, string])[]) {
      for (const path of ['/Users', '/', '/Users/x', '/Schemas']) {
        const { status, json } = await serve({ authorize }).get(path)
        expect([status, json]).toEqual([
          403,
          { schemas: ['urn:ietf:params:scim:api:messages:2.0:Error'], detail, status: '403' },
        ])
      }
    }
  })

  test('another ScimError ends the operation with that error, also a search of all types', async () => {
    const { provider, calls } = counting()
    const server = serve({
      provider,
      authorize: ({ type }) => {
        if (type === 'Group') throw scimError.unavailable('The permissions are not known yet.', 5)
        return allow
      },
    })
    for (const path of ['/Groups', '/Groups/x', '/']) {
      expect(await server.get(path)).toMatchObject({ status: 503, headers: { 'Retry-After': '5' } })
    }
    expect(calls).toEqual(noCalls)
  })

  test('a result may be asynchronous', async () => {
    const authorize: Authorizer = async ({ kind }) => {
      await new Promise((resolve) => setTimeout(resolve, 1))
      return kind === 'remove' ? refuse() : { kind: 'allow' }
    }
    const server = serve({ authorize })
    const { path } = await made(server, user('ada'))
    expect((await server.del(path)).status).toBe(403)
    expect((await server.get(path)).status).toBe(200)
  })

  test.each([null, true, 'allow', {}])('%j is not an authorizer', (authorize) => {
    expect(() => serve({ authorize: authorize as unknown as Authorizer })).toThrow('options.authorize')
  })

  test('without an authorizer every authenticated caller may do everything', async () => {
    const server = serve()
    const { path } = await made(server, user('ada'))
    expect((await server.del(path)).status).toBe(204)
  })
})

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
