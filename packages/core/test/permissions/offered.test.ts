/** Resource types that do not offer everything. RFC 7644 §3.2; RFC 9110 §15.5.6. */
import { describe, expect, test } from '@jest/globals'
import { groupType, type ResourceOperation, type ResourceTypeDefinition, tenantId, userType } from '../../src/index.js'
import { compileResourceType } from '../../src/schema/compile.js'
import { bulk } from '../bulk/support/bulk-requests.js'
import { group, mount, patchOp, type Server, serve, user } from '../support/server.js'

const offering = (operations: readonly ResourceOperation[]): Server =>
  serve({ resourceTypes: [{ ...userType, operations }] })

describe('an invalid list is refused at start', () => {
  test.each<[unknown, string]>([
    [[], 'must have "read"'],
    [['create', 'replace', 'patch', 'remove'], 'must have "read"'],
    [['read', 'delete'], 'unknown operation "delete"; known are create, read, replace, patch, remove'],
    [['read', 'get'], 'unknown operation "get"'],
    [['read', 'Create'], 'unknown operation "Create"'],
    [['read', 'create', 'read'], 'duplicate'],
    ['read', 'takes a list'],
    [null, 'takes a list'],
    [{ read: true }, 'takes a list'],
  ])('%j', (operations, message) => {
    const definition = { ...userType, operations } as unknown as ResourceTypeDefinition
    expect(() => compileResourceType(definition)).toThrow(TypeError)
    expect(() => serve({ resourceTypes: [definition] })).toThrow(message)
  })

  test('no list means all operations', () => {
    const all = ['create', 'read', 'replace', 'patch', 'remove'] as const
    expect(compileResourceType(userType).operations).toEqual(new Set(all))
    expect(compileResourceType({ ...userType, operations: all }).operations).toEqual(new Set(all))
  })
})

describe('methods: 405 with Allow, over HTTP and without', () => {
  const bodies = { POST: user('a'), PUT: user('a'), PATCH: { schemas: [patchOp], Operations: [] } }

  test.each<[readonly ResourceOperation[], string, string]>([
    [['read'], 'GET, HEAD', 'GET, HEAD'],
    [['read', 'create'], 'GET, HEAD, POST', 'GET, HEAD'],
    [['read', 'replace'], 'GET, HEAD', 'GET, HEAD, PUT'],
    [['patch', 'read'], 'GET, HEAD', 'GET, HEAD, PATCH'],
    [['remove', 'read'], 'GET, HEAD', 'GET, HEAD, DELETE'],
    [['create', 'read', 'replace', 'patch'], 'GET, HEAD, POST', 'GET, HEAD, PUT, PATCH'],
    [['create', 'read', 'replace', 'patch', 'remove'], 'GET, HEAD, POST', 'GET, HEAD, PUT, PATCH, DELETE'],
  ])('%j', async (operations, collection, resource) => {
    const server = offering(operations)
    for (const [path, allow] of [
      ['/Users', collection],
      ['/Users/x', resource],
    ] as const) {
      for (const method of ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS']) {
        const body = bodies[method as keyof typeof bodies]
        const target = `${mount}${path}`
        const { status, headers } = await server.ask({ method, target, ...(body !== undefined && { body }) })
        const offered = allow.split(', ').includes(method)
        expect([method, path, status === 405, headers.Allow]).toEqual([
          method,
          path,
          !offered,
          offered ? undefined : allow,
        ])
      }
    }
  })

  test('without HTTP', async () => {
    const { scim } = offering(['read'])
    const context = scim.context({ tenant: tenantId('t') })
    const ref = { type: 'User', id: 'x' }
    const body = (): never => {
      throw new Error('the body was read')
    }
    const refused = { status: 405, headers: { Allow: 'GET, HEAD' } }
    await expect(scim.perform({ kind: 'create', type: 'User', body }, context)).rejects.toMatchObject(refused)
    await expect(scim.perform({ kind: 'replace', ref, body }, context)).rejects.toMatchObject(refused)
    await expect(scim.perform({ kind: 'patch', ref, body }, context)).rejects.toMatchObject(refused)
    await expect(scim.perform({ kind: 'remove', ref }, context)).rejects.toMatchObject(refused)
    expect(await scim.perform({ kind: 'get', ref }, context)).toEqual({ kind: 'notFound' })
  })

  test('before 428: an operation that is not offered needs no precondition', async () => {
    const resourceTypes = [{ ...userType, operations: ['create', 'read', 'patch'] as const }]
    const server = serve({ requireIfMatch: 'always', resourceTypes })
    const { json } = await server.post('/Users', user('ada'))
    expect((await server.del(`/Users/${json.id}`)).status).toBe(405)
    expect((await server.patch(`/Users/${json.id}`, [])).status).not.toBe(405)
  })

  test('errors of a bulk request for the wrong kind of address name the same methods', async () => {
    const server = offering(['read', 'create', 'patch'])
    const { results } = await bulk(server, [
      { method: 'POST', path: '/Users/x', bulkId: 'a', data: user('a') },
      { method: 'DELETE', path: '/Users' },
      { method: 'DELETE', path: '/Users/x' },
    ])
    expect(results.map(({ status, response }) => [status, (response as { detail: string }).detail])).toEqual([
      ['405', 'This endpoint takes GET, HEAD, PATCH.'],
      ['405', 'This endpoint takes GET, HEAD, POST.'],
      ['405', 'This endpoint takes GET, HEAD, PATCH.'],
    ])
  })
})

describe('how discovery reports it', () => {
  const told = async (server: Server) => ({
    type: (await server.get('/ResourceTypes/User')).json,
    config: (await server.get('/ServiceProviderConfig')).json,
  })

  test('all: the description as it was', async () => {
    const { type, config } = await told(serve())
    expect(type.description).toBe('User Account')
    expect(config).toMatchObject({ patch: { supported: true }, bulk: { supported: true } })
  })

  test.each<[string | undefined, string]>([
    ['User Account', 'User Account. Supported operations: create, read.'],
    ['People.', 'People. Supported operations: create, read.'],
    [undefined, 'Supported operations: create, read.'],
  ])('less: the description %j ends with the operations', async (description, expected) => {
    const { description: _, ...plain } = userType
    const definition = {
      ...plain,
      ...(description !== undefined && { description }),
      operations: ['read', 'create'] as const,
    }
    const { type } = await told(serve({ resourceTypes: [definition] }))
    expect(type.description).toBe(expected)
    expect(Object.keys(type)).toEqual(Object.keys((await told(serve())).type))
  })

  test('ServiceProviderConfig: features that no type offers are not supported', async () => {
    const secrets = { write: () => undefined }
    const config = async (...operations: readonly ResourceOperation[]) =>
      (await told(serve({ secrets, resourceTypes: [{ ...userType, operations }] }))).config
    expect(await config('read')).toMatchObject({
      patch: { supported: false },
      bulk: { supported: false },
      changePassword: { supported: false },
    })
    expect(await config('read', 'create')).toMatchObject({
      patch: { supported: false },
      bulk: { supported: true },
      changePassword: { supported: false },
    })
    expect(await config('read', 'replace')).toMatchObject({
      patch: { supported: false },
      changePassword: { supported: true },
    })
    const two = serve({ resourceTypes: [{ ...userType, operations: ['read'] }, groupType] })
    expect((await told(two)).config).toMatchObject({ patch: { supported: true }, bulk: { supported: true } })
  })

  test('types that a function returns follow the same rules', async () => {
    const readOnly = [{ ...userType, operations: ['read'] as const }, groupType]
    const server = serve({ resourceTypes: () => readOnly })
    expect((await server.post('/Users', user('a'))).headers.Allow).toBe('GET, HEAD')
    expect((await server.post('/Groups', group('g'))).status).toBe(201)
  })
})
