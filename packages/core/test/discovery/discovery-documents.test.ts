/** ServiceProviderConfig, ResourceTypes and Schemas. RFC 7644 §4; RFC 7643 §5, §6, §7. */
import { describe, expect, test } from '@jest/globals'
import { bearerToken, type Interop, noAuthentication } from '../../src/index.js'
import type { JsonObject } from '../../src/json/value.js'
import { base, core, enterprise, groupUrn, mount, serve, tenantsByToken } from '../support/server.js'

const listUrn = 'urn:ietf:params:scim:api:messages:2.0:ListResponse'
const schemaUrn = 'urn:ietf:params:scim:schemas:core:2.0:Schema'
const token = 'x'.repeat(32)

const places = [
  '/ServiceProviderConfig',
  '/ResourceTypes',
  '/ResourceTypes/User',
  '/ResourceTypes/Group',
  '/Schemas',
  `/Schemas/${core}`,
  `/Schemas/${groupUrn}`,
  `/Schemas/${enterprise}`,
]

describe.each(places)('%s', (place) => {
  test('200 with ETag, and the headers of a resource', async () => {
    const { status, headers, json } = await serve().get(place)
    expect(status).toBe(200)
    expect(headers).toEqual({
      'Cache-Control': 'private, no-cache',
      ...('meta' in json && { 'Content-Location': `${base}${place}` }),
      'Content-Type': 'application/scim+json',
      ETag: expect.stringMatching(/^W\/"[0-9a-f]{24}"$/),
      Vary: 'Accept, Authorization',
      'X-Content-Type-Options': 'nosniff',
    })
    // A list has no meta of its own; each document in it has one, and so has each alone.
    for (const document of (json.Resources ?? [json]) as readonly JsonObject[]) {
      expect(document.schemas).toEqual([expect.stringMatching(/^urn:ietf:params:scim:schemas:core:2\.0:/)])
      const { location, version } = document.meta as JsonObject
      const alone = await serve().get(String(location).slice(base.length))
      expect(alone).toMatchObject({ status: 200, json: document, headers: { ETag: version } })
    }
  })

  test('304 for the tag, 412 for a stale If-Match', async () => {
    const server = serve()
    const tag = (await server.get(place)).headers.ETag ?? ''
    const same = await server.get(place, { 'if-none-match': tag })
    expect(same).toMatchObject({ status: 304, text: null, headers: { ETag: tag } })
    expect((await server.get(place, { 'if-none-match': 'W/"x"' })).status).toBe(200)
    expect((await server.get(place, { 'if-match': 'W/"x"' })).status).toBe(412)
    expect((await server.get(place, { 'if-match': tag })).status).toBe(200)
    const head = await server.ask({ method: 'HEAD', target: `${mount}${place}` })
    expect(head).toMatchObject({ status: 200, text: null, headers: { ETag: tag } })
  })

  test('a filter is 403, whatever its text (RFC 7644 §4)', async () => {
    const server = serve()
    for (const filter of ['id%20eq%20%22User%22', '', 'x']) {
      expect((await server.get(`${place}?filter=${filter}`)).status).toBe(403)
    }
    // Sort and paging are ignored there.
    expect((await server.get(`${place}?sortBy=id&startIndex=5&count=1&attributes=id`)).text).toBe(
      (await server.get(place)).text,
    )
  })

  test.each(['POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS', 'TRACE', 'get'])('%s is 405 with Allow', async (method) => {
    const { status, headers } = await serve().ask({ method, target: `${mount}${place}`, body: {} })
    expect({ status, allow: headers.Allow }).toEqual({ status: 405, allow: 'GET, HEAD' })
  })

  test('requires authentication like every other endpoint (SEC-26)', async () => {
    const server = serve({ authenticate: bearerToken(token) })
    expect((await server.get(place)).status).toBe(401)
    expect((await server.get(place, { authorization: `Bearer ${token}` })).status).toBe(200)
  })
})

test.each([
  '/ServiceProviderConfig/x',
  '/ServiceProviderConfigs',
  '/serviceproviderconfig',
  '/ResourceTypes/user',
  '/ResourceTypes/Nothing',
  '/ResourceTypes/__proto__',
  '/ResourceTypes/User/x',
  '/Schemas/User',
  `/Schemas/${core}x`,
  `/Schemas/${core}/attributes`,
  '/Schemas/constructor',
  '/ResourceType',
  '/Schema',
])('%s is 404', async (place) => {
  expect((await serve().get(place)).status).toBe(404)
})

test('a schema’s URN may be in any case (RFC 8141 §3.1)', async () => {
  const server = serve()
  expect((await server.get(`/Schemas/${core.toUpperCase()}`)).text).toBe((await server.get(`/Schemas/${core}`)).text)
})

describe('the contents', () => {
  test('lists are ListResponses with all of their documents (RFC 7644 §3.4.2)', async () => {
    const server = serve()
    const types = (await server.get('/ResourceTypes')).json
    expect(types).toMatchObject({ schemas: [listUrn], totalResults: 2, startIndex: 1, itemsPerPage: 2 })
    const schemas = (await server.get('/Schemas')).json
    expect(schemas).toMatchObject({ schemas: [listUrn], totalResults: 3, itemsPerPage: 3 })
    expect((schemas.Resources as readonly JsonObject[]).map(({ id }) => id)).toEqual([core, enterprise, groupUrn])
  })

  test('ServiceProviderConfig reports the supported features', async () => {
    const { json } = await serve({ limits: { maxPageSize: 50, bodyBytes: 2_000 } }).get('/ServiceProviderConfig')
    expect(json).toEqual({
      schemas: ['urn:ietf:params:scim:schemas:core:2.0:ServiceProviderConfig'],
      patch: { supported: true },
      bulk: { supported: true, maxOperations: 1_000, maxPayloadSize: 1_048_576 },
      filter: { supported: true, maxResults: 50 },
      changePassword: { supported: false },
      sort: { supported: true },
      etag: { supported: true },
      pagination: {
        cursor: true,
        index: true,
        defaultPaginationMethod: 'index',
        defaultPageSize: 50,
        maxPageSize: 50,
        cursorTimeout: 3600,
      },
      authenticationSchemes: [],
      meta: {
        resourceType: 'ServiceProviderConfig',
        location: `${base}/ServiceProviderConfig`,
        version: expect.any(String),
      },
    })
    // authentik reads 0 as "all at once" (IDP-P5).
    expect((json.bulk as JsonObject).maxOperations).toBeGreaterThan(0)
  })

  test('pagination is left out for the callers whose interop switches it off, each document with a version of its own', async () => {
    const quiet: Interop = { preset: 'strict', announcePagination: false }
    const authenticate = tenantsByToken({ ping: { interop: quiet }, other: {} })
    const server = serve({ authenticate, publicDiscovery: true })
    const config = (token?: string) =>
      server.get('/ServiceProviderConfig', token === undefined ? {} : { authorization: `Bearer ${token}` })
    const [ping, other, anyone] = [await config('ping'), await config('other'), await config()]
    expect(ping.json).not.toHaveProperty('pagination')
    expect(other.json).toHaveProperty('pagination')
    expect(anyone).toEqual(other)
    const { pagination: _, meta: __, ...rest } = other.json
    expect(ping.json).toEqual({ ...rest, meta: { ...(ping.json.meta as JsonObject), version: ping.headers.ETag } })
    expect(ping.headers.ETag).not.toBe(other.headers.ETag)
    expect(await config('ping')).toEqual(ping)
    const headers = { authorization: 'Bearer ping', 'if-none-match': other.headers.ETag ?? '' }
    expect((await server.get('/ServiceProviderConfig', headers)).status).toBe(200)
  })

  test.each(['lenient', 'entra', 'strict'] as const)(
    'pagination is there in %s, and for public discovery by the server’s setting',
    async (preset) => {
      const config = async (interop: Interop) =>
        (await serve({ interop, publicDiscovery: true }).get('/ServiceProviderConfig')).json
      expect(await config(preset)).toHaveProperty('pagination')
      expect(await config({ preset, announcePagination: false })).not.toHaveProperty('pagination')
    },
  )

  test('the authentication schemes are the authenticator’s', async () => {
    const server = serve({ authenticate: bearerToken(token) })
    const { json } = await server.get('/ServiceProviderConfig', { authorization: `Bearer ${token}` })
    expect(json.authenticationSchemes).toMatchObject([{ type: 'oauthbearertoken', primary: true }])
    expect(JSON.stringify(json)).not.toContain(token)
    expect((await serve({ authenticate: noAuthentication() }).get('/ServiceProviderConfig')).json).toMatchObject({
      authenticationSchemes: [],
    })
  })

  test('a resource type (RFC 7643 §6; errata 5607, 7522: schemaExtensions is a list)', async () => {
    expect((await serve().get('/ResourceTypes/User')).json).toEqual({
      schemas: ['urn:ietf:params:scim:schemas:core:2.0:ResourceType'],
      id: 'User',
      name: 'User',
      endpoint: '/Users',
      description: 'User Account',
      schema: core,
      schemaExtensions: [{ schema: enterprise, required: false }],
      meta: { resourceType: 'ResourceType', location: `${base}/ResourceTypes/User`, version: expect.any(String) },
    })
    expect((await serve().get('/ResourceTypes/Group')).json.schemaExtensions).toEqual([])
  })

  test('a schema (RFC 7643 §7; erratum 8417: schemas and meta)', async () => {
    const { json } = await serve().get(`/Schemas/${groupUrn}`)
    expect(json).toMatchObject({
      schemas: [schemaUrn],
      id: groupUrn,
      name: 'Group',
      meta: { resourceType: 'Schema', location: `${base}/Schemas/${groupUrn}` },
    })
    const [displayName, members] = json.attributes as readonly JsonObject[]
    expect(displayName).toEqual({
      name: 'displayName',
      type: 'string',
      multiValued: false,
      description: expect.any(String),
      required: true,
      caseExact: false,
      mutability: 'readWrite',
      returned: 'default',
      uniqueness: 'none',
    })
    expect(members).toMatchObject({ name: 'members', type: 'complex', multiValued: true })
    // Errata 6004: no uniqueness on complex attributes.
    expect(members).not.toHaveProperty('uniqueness')
    expect(members).not.toHaveProperty('caseExact')
    const subs = members?.subAttributes as readonly JsonObject[]
    expect(subs.map(({ name }) => name)).toEqual(['value', '$ref', 'type', 'display'])
    expect(subs[1]).toMatchObject({ type: 'reference', referenceTypes: ['User', 'Group'], mutability: 'immutable' })
    expect(subs[2]).toMatchObject({ canonicalValues: ['User', 'Group'] })
  })

  test('every attribute has the characteristics that RFC 7643 §7 gives its type, and no others', async () => {
    const { json } = await serve().get('/Schemas')
    const look = (attribute: JsonObject): void => {
      const { type } = attribute
      for (const name of ['name', 'type', 'multiValued', 'description', 'required', 'mutability', 'returned']) {
        expect(attribute).toHaveProperty(name)
      }
      expect('subAttributes' in attribute).toBe(type === 'complex')
      expect('referenceTypes' in attribute).toBe(type === 'reference')
      expect('uniqueness' in attribute).toBe(type !== 'complex' && type !== 'binary')
      expect(attribute.description).not.toBe('')
      for (const sub of (attribute.subAttributes ?? []) as readonly JsonObject[]) look(sub)
    }
    for (const schema of json.Resources as readonly JsonObject[]) {
      for (const attribute of schema.attributes as readonly JsonObject[]) look(attribute)
    }
  })

  const names = (schema: JsonObject): readonly unknown[] =>
    (schema.attributes as readonly JsonObject[]).map(({ name }) => name)

  test('password is in the schema only where the host takes it; changePassword too (FP-S1)', async () => {
    const without = serve()
    expect(names((await without.get(`/Schemas/${core}`)).json)).not.toContain('password')
    const withHook = serve({ secrets: { write: () => undefined } })
    const schema = (await withHook.get(`/Schemas/${core}`)).json
    const password = (schema.attributes as readonly JsonObject[]).find(({ name }) => name === 'password')
    expect(password).toMatchObject({ mutability: 'writeOnly', returned: 'never' })
    expect((await withHook.get('/ServiceProviderConfig')).json.changePassword).toEqual({ supported: true })
  })

  test('tags depend on the content, not on the caller or the address', async () => {
    const tagOf = async (server: ReturnType<typeof serve>, host: string) =>
      (await server.ask({ target: `${mount}/ResourceTypes/User`, host })).headers.ETag
    expect(await tagOf(serve(), 'a.example')).toBe(await tagOf(serve(), 'a.example'))
    const other = {
      name: 'User',
      endpoint: '/People',
      schema: { id: core, name: 'User', attributes: { userName: {} } },
    }
    expect(await tagOf(serve({ resourceTypes: [other] }), 'a.example')).not.toBe(await tagOf(serve(), 'a.example'))
  })
})
