/** The discovery options of a host, by caller. RFC 7643 §5, §6, §7; RFC 7644 §4; SEC-26. */
import { describe, expect, test } from '@jest/globals'
import {
  bearerToken,
  defineSchema,
  groupType,
  type ResourceTypeDefinition,
  type ScimContext,
  scimError,
  userType,
} from '../../src/index.js'
import type { JsonObject } from '../../src/json/value.js'
import { core, enterprise, groupUrn, made, serve, tenantsByToken, user } from '../support/server.js'

const token = 'x'.repeat(32)
const places = ['/ServiceProviderConfig', '/ResourceTypes', '/ResourceTypes/User', '/Schemas', `/Schemas/${core}`]
const named = (list: JsonObject): readonly unknown[] => (list.Resources as readonly JsonObject[]).map(({ id }) => id)
const attributesOf = ({ attributes }: JsonObject): readonly unknown[] =>
  (attributes as readonly JsonObject[]).map(({ name }) => name)

describe('ServiceProviderConfig', () => {
  test('has the documentation, and the schemes of the host', async () => {
    const scheme = { type: 'oauth2', name: 'OAuth', description: 'Client credentials', primary: true } as const
    const basic = { type: 'httpbasic', name: 'Basic', description: 'For old hands' } as const
    const documentationUri = 'https://app.example/docs/scim?from=config#start'
    const authenticationSchemes = [scheme, basic]
    const server = serve({ documentationUri, authenticationSchemes, authenticate: bearerToken(token) })
    const { json } = await server.get('/ServiceProviderConfig', { authorization: `Bearer ${token}` })
    expect(json).toMatchObject({ documentationUri, authenticationSchemes })
    expect((await server.get('/Users')).headers['WWW-Authenticate']).toContain('Basic realm')
  })

  test.each(['', 'app.example', 'ftp://x', 'https://a b', 'https://a"b', 'https://é', 5])(
    'documentationUri %s is refused',
    (documentationUri) => {
      expect(() => serve({ documentationUri: documentationUri as never })).toThrow(/documentationUri/)
    },
  )

  test.each<[unknown, RegExp]>([
    ['x', /a list/],
    [[{}], /type must be one of/],
    [[{ type: 'saml', name: 'a', description: 'b' }], /type must be one of/],
    [[{ type: 'oauth2', description: 'b' }], /name is required/],
    [[{ type: 'oauth2', name: 'a' }], /description is required/],
    [
      Array.from({ length: 2 }, () => ({ type: 'oauth2', name: 'a', description: 'b', primary: true })),
      /one may be primary/,
    ],
  ])('schemes %j are refused', (authenticationSchemes, message) => {
    expect(() => serve({ authenticationSchemes: authenticationSchemes as never })).toThrow(message)
  })
})

describe('publicDiscovery', () => {
  const open = () => serve({ publicDiscovery: true, authenticate: bearerToken(token) })

  test.each(places)('%s is public, with the same bytes as for authenticated callers', async (place) => {
    const server = open()
    const [anybody, caller] = [await server.get(place), await server.get(place, { authorization: `Bearer ${token}` })]
    expect(anybody).toEqual(caller)
    expect(anybody.status).toBe(200)
    const again = await server.get(place, { 'if-none-match': String(anybody.headers.ETag) })
    expect(again.status).toBe(304)
    expect((await server.ask({ method: 'HEAD', target: `/scim/v2${place}` })).status).toBe(200)
    expect((await server.get(`${place}?filter=id%20pr`)).status).toBe(403)
  })

  test.each([
    '/Users',
    '/Users/x',
    '/Groups',
    '/Me',
    '/',
    '/.search',
    '/Bulk',
    '/Schemas/x/y',
    '/schemas',
    '/Schemas/../Users',
    '/Schemas%2f..%2fUsers',
    '//Schemas',
    '/Nothing',
  ])('%s is not', async (place) => {
    const { status, json } = await open().get(place)
    expect([status, json.detail]).toEqual([401, 'Authentication is required.'])
  })

  test.each(['POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'])('%s is not', async (method) => {
    expect((await open().ask({ method, target: '/scim/v2/Schemas', body: {} })).status).toBe(401)
  })

  test('wrong credentials are 401 there too: a client that sends some must learn that they are invalid', async () => {
    const server = open()
    for (const authorization of ['Bearer wrong', `Basic ${token}`, '']) {
      expect((await server.get('/Schemas', { authorization })).status).toBe(401)
    }
  })

  test('an unknown document is 404, and an authenticator that fails fails', async () => {
    expect((await open().get('/Schemas/urn:nothing')).status).toBe(404)
    const throwing = (error: Error) =>
      serve({
        publicDiscovery: true,
        authenticate: () => {
          throw error
        },
      })
    expect((await throwing(scimError.unauthorized('Go away.')).get('/Schemas')).status).toBe(200)
    expect((await throwing(scimError.forbidden('Go away.')).get('/Schemas')).status).toBe(403)
    expect((await throwing(new Error('down')).get('/Schemas')).status).toBe(500)
  })

  test('its events name no tenant', async () => {
    const server = open()
    await server.get('/Schemas')
    expect(server.events).toMatchObject([{ kind: 'request', type: 'Schemas', status: 200 }])
    expect(server.events[0]?.tenant).toBeUndefined()
  })

  test('is off by default', async () => {
    for (const place of places) expect((await serve({ authenticate: bearerToken(token) }).get(place)).status).toBe(401)
  })
})

describe('types by caller', () => {
  const badge = defineSchema({ id: 'urn:example:badge', name: 'Badge', attributes: { number: { required: true } } })
  const one: readonly ResourceTypeDefinition[] = [userType]
  const two: readonly ResourceTypeDefinition[] = [
    { ...userType, extensions: [{ schema: badge, required: true }] },
    groupType,
  ]
  const asked: (string | undefined)[] = []
  const resourceTypes = async (context: ScimContext | undefined) => {
    asked.push(context?.tenant)
    return context?.tenant === 'two' ? two : one
  }
  const server = serve({ resourceTypes, authenticate: tenantsByToken({ one: {}, two: {} }), publicDiscovery: true })
  const as = (tenant: string) => ({ authorization: `Bearer ${tenant}` })

  test('each sees its own, and can use nothing else', async () => {
    expect(named((await server.get('/Schemas', as('one'))).json)).toEqual([core, enterprise])
    expect(named((await server.get('/Schemas', as('two'))).json)).toEqual([core, 'urn:example:badge', groupUrn])
    expect((await server.get('/Groups', as('one'))).status).toBe(404)
    expect((await server.get('/Groups', as('two'))).status).toBe(200)
    expect((await server.get('/Schemas/urn:example:badge', as('one'))).status).toBe(404)
    expect((await server.post('/Users', user('ada'), as('one'))).status).toBe(201)
    const badged = user('ada', { 'urn:example:badge': { number: '1' } })
    expect((await server.post('/Users', user('ada'), as('two'))).status).toBe(400)
    const { json } = await server.post('/Users', badged, as('two'))
    expect(json['urn:example:badge']).toEqual({ number: '1' })
    expect((await server.post('/Users', { ...badged, userName: 'bob' }, as('one'))).json).not.toHaveProperty(
      'urn:example:badge',
    )
  })

  test('an unauthenticated caller sees the types that are served to callers without a tenant', async () => {
    asked.length = 0
    expect(named((await server.get('/ResourceTypes')).json)).toEqual(['User'])
    expect(asked).toEqual([undefined])
  })

  test('a list is compiled once, not for every request', async () => {
    const seen: unknown[] = []
    const watched = new Proxy([...one], {
      get: (list, name, receiver) => {
        if (name === Symbol.iterator) seen.push(name)
        return Reflect.get(list, name, receiver)
      },
    })
    const own = serve({ resourceTypes: () => watched })
    for (let i = 0; i < 3; i++) expect((await own.get('/Users')).status).toBe(200)
    expect(seen).toHaveLength(1)
  })

  test('an invalid definition is a failure of that request, reported to the operator', async () => {
    const own = serve({ resourceTypes: () => [] })
    expect((await own.get('/Users')).status).toBe(500)
    expect(String(own.errors[0])).toContain('at least one is required')
  })
})

describe('attributes that a host does not support', () => {
  const lean: ResourceTypeDefinition = {
    ...userType,
    without: [
      'ims',
      'X509Certificates',
      'name.middleName',
      `${core}:nickName`,
      `${enterprise}:manager`,
      `${enterprise}:costCenter`,
    ],
  }
  const serveLean = (interop: 'lenient' | 'strict' | { unknownAttributes: boolean } = 'lenient') =>
    serve({ resourceTypes: [lean, groupType], interop })

  test('are in no schema', async () => {
    const server = serveLean()
    const schema = (await server.get(`/Schemas/${core}`)).json
    for (const name of ['ims', 'x509Certificates', 'nickName']) expect(attributesOf(schema)).not.toContain(name)
    const name = (schema.attributes as readonly JsonObject[]).find((attribute) => attribute.name === 'name')
    expect(JSON.stringify(name)).not.toContain('middleName')
    expect(JSON.stringify(name)).toContain('givenName')
    expect(attributesOf((await server.get(`/Schemas/${enterprise}`)).json)).toEqual([
      'employeeNumber',
      'organization',
      'division',
      'department',
    ])
  })

  test('are ignored like unknown ones, or refused', async () => {
    const server = serveLean()
    const body = user('ada', { nickName: 'A', ims: [{ value: 'x' }], name: { givenName: 'Ada', middleName: 'B' } })
    const { json, status } = await server.post('/Users', body)
    expect([status, json.nickName, json.ims, json.name]).toEqual([201, undefined, undefined, { givenName: 'Ada' }])
    expect(server.writes()[0]?.ignored).toEqual(['nickName', 'ims', 'name.middleName'])
    const path = `/Users/${json.id}`
    expect((await server.patch(path, [{ op: 'add', path: 'nickName', value: 'A' }])).json).not.toHaveProperty(
      'nickName',
    )
    expect((await server.get('/Users?filter=nickName%20pr')).json.totalResults).toBe(0)
    expect((await serveLean({ unknownAttributes: false }).post('/Users', body)).status).toBe(400)
    const strict = serveLean('strict')
    const { path: other } = await made(strict, user('ada'))
    expect((await strict.patch(other, [{ op: 'add', path: 'nickName', value: 'A' }])).json.scimType).toBe('invalidPath')
    expect((await strict.get('/Users?filter=nickName%20pr')).json.scimType).toBe('invalidFilter')
  })

  test('are not shown either where they were stored before', async () => {
    const { provider } = await import('@scimkit/memory-provider').then(({ memoryProvider }) => ({
      provider: memoryProvider(),
    }))
    const before = serve({ provider })
    const { path } = await made(before, user('ada', { nickName: 'A', name: { givenName: 'Ada', middleName: 'B' } }))
    const after = serve({ provider, resourceTypes: [lean, groupType] })
    expect((await after.get(path)).json).toMatchObject({ userName: 'ada', name: { givenName: 'Ada' } })
    expect((await after.get(path)).text).not.toMatch(/nickName|middleName/)
    expect((await after.get('/Users')).text).not.toMatch(/nickName|middleName/)
  })

  test('an extension without attributes is removed; one named by its URN is removed as a whole', async () => {
    const all = Object.keys(userType.extensions?.[0]?.schema.attributes ?? {}).map((name) => `${enterprise}:${name}`)
    for (const without of [all, [enterprise], [enterprise.toUpperCase()]]) {
      const server = serve({ resourceTypes: [{ ...userType, without }] })
      expect((await server.get('/ResourceTypes/User')).json.schemaExtensions).toEqual([])
      expect((await server.get(`/Schemas/${enterprise}`)).status).toBe(404)
    }
  })

  test.each([
    ['userName', /it is required/],
    ['nothing', /no such attribute/],
    ['name.nothing', /no such attribute/],
    ['name.givenName.x', /no such attribute/],
    ['userName.x', /no such attribute/],
    ['id', /no such attribute/],
    ['', /no such attribute/],
    [`${enterprise}:nothing`, /no such attribute/],
    ['urn:example:nothing', /no such attribute/],
  ])('without %s is refused at start', (path, message) => {
    expect(() => serve({ resourceTypes: [{ ...userType, without: [path] }] })).toThrow(message)
  })
})

test('one URN identifies one schema', () => {
  const people: ResourceTypeDefinition = { ...userType, name: 'Person', endpoint: '/People' }
  expect(() => serve({ resourceTypes: [userType, people] })).not.toThrow()
  expect(() => serve({ resourceTypes: [userType, { ...people, without: ['ims'] }] })).toThrow(/two different schemas/)
})
