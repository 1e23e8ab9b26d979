import { describe, expect, test } from '@jest/globals'
import { memoryProvider } from '@scimkit/memory-provider'
import type { DuplicateCollision, DuplicateRules } from '../../../src/engine/duplicate-policies.js'
import { allow, allowOnly, defineSchema, refuse, scimError, tenantId, userType } from '../../../src/index.js'
import type { JsonObject } from '../../../src/json/value.js'
import type { ResourceProvider } from '../../../src/provider/provider.js'
import { groupUrn, made, type Server, serve, user } from '../../support/server.js'

const inactive = (name: string, attributes: JsonObject = {}) => user(name, { active: false, ...attributes })
const reactivating: DuplicateRules = { User: 'reactivate' }

describe('the event of a POST that reactivates', () => {
  test('is a replace that says so, with the versions before and after', async () => {
    const server = serve({ onDuplicate: reactivating })
    const { id, tag } = await made(server, inactive('ada'))
    const { headers } = await server.post('/Users', user('ada', { nonsense: 1 }))
    expect(server.writes().slice(1)).toEqual([
      expect.objectContaining({
        operation: 'replace',
        duplicate: true,
        id,
        before: tag,
        after: headers.ETag,
        attempts: 1,
        ignored: ['nonsense'],
      }),
    ])
    await server.put(`/Users/${id}`, user('ada'))
    expect(server.writes().at(-1)).not.toHaveProperty('duplicate')
  })
})

test('the password of a returning person goes to the hook with the version of the write, once', async () => {
  const secrets: unknown[] = []
  const write = (ref: unknown, secret: unknown, version: string) => void secrets.push([ref, secret, version])
  const server = serve({ onDuplicate: reactivating, secrets: { write } })
  const { id } = await made(server, inactive('ada'))
  const { headers, json } = await server.post('/Users', user('ada', { password: 'secret' }))
  expect(secrets).toEqual([[{ type: 'User', id }, 'secret', headers.ETag?.slice(3, -1)]])
  expect(json).not.toHaveProperty('password')
  expect((await server.post('/Users', user('ada', { password: 'other' }))).status).toBe(409)
  expect(secrets).toHaveLength(1)
})

describe('a policy of a function', () => {
  test('gets copies of both documents, the attribute and the context, and no password', async () => {
    const seen: DuplicateCollision[] = []
    const server = serve({
      secrets: { write: () => undefined },
      onDuplicate: {
        User: async (collision) => {
          seen.push(collision)
          Object.assign(collision.current, { title: 'changed by the policy' })
          Object.assign(collision.next, { title: 'changed by the policy' })
          return 'replace' as const
        },
      },
    })
    const { id } = await made(server, user('ada', { title: 'old' }))
    const { status, json } = await server.post('/Users', user('Ada', { title: 'new', password: 'secret' }))
    expect([status, json.id, json.title]).toEqual([201, id, 'new'])
    const [{ type, attribute, current, next, context } = {} as DuplicateCollision] = seen
    expect({ type, attribute, tenant: context?.tenant }).toEqual({
      type: 'User',
      attribute: 'userName',
      tenant: 'default',
    })
    expect(current).toMatchObject({ id, userName: 'ada' })
    expect(next).toMatchObject({ userName: 'Ada' })
    expect(next).not.toHaveProperty('password')
  })

  test('of groups replaces the members too, as PUT does', async () => {
    const server = serve({ interop: { uniqueGroupDisplayName: true }, onDuplicate: { Group: () => 'replace' } })
    const [ada, grace] = [await made(server, user('ada')), await made(server, user('grace'))]
    const group = await made(server, { schemas: [groupUrn], displayName: 'all', members: [{ value: ada.id }] })
    const again = { schemas: [groupUrn], displayName: 'ALL', members: [{ value: grace.id }] }
    const { status, json } = await server.post('/Groups', again)
    expect([status, json.id]).toEqual([201, group.id])
    expect((json.members as JsonObject[]).map(({ value }) => value)).toEqual([grace.id])
  })

  test.each(['ignore', true, undefined, null])('that returns %j is 500, and nothing is changed', async (wrong) => {
    const server = serve({ onDuplicate: { User: () => wrong as never } })
    const { path, tag } = await made(server, user('ada'))
    expect((await server.post('/Users', user('ada', { title: 'new' }))).status).toBe(500)
    expect(String(server.errors[0])).toContain('options.onDuplicate.User')
    expect((await server.get(path)).headers.ETag).toBe(tag)
  })

  test('that throws a ScimError ends the request with it', async () => {
    const server = serve({
      onDuplicate: {
        User: () => {
          throw scimError.forbidden('The person has left for good.')
        },
      },
    })
    await made(server, user('ada'))
    const { status, json } = await server.post('/Users', user('ada'))
    expect([status, json.detail]).toEqual([403, 'The person has left for good.'])
  })
})

describe('concurrent writers', () => {
  /** Runs `between` once, right before the first replace of a returning user. */
  function interrupted(between: (server: Server) => Promise<unknown>): Server {
    const inner = memoryProvider()
    let pending = true
    const provider: ResourceProvider = {
      ...inner,
      async replace(ref, expected, next, context) {
        if (pending && next.resource.title === 'returned') {
          pending = false
          await between(server)
        }
        return inner.replace(ref, expected, next, context)
      },
    }
    const server = serve({ provider, onDuplicate: reactivating })
    return server
  }

  test('that change the inactive user: decided again, on the new state', async () => {
    let path = ''
    const changed = interrupted((server) => server.put(path, inactive('ada', { title: 'changed' })))
    path = (await made(changed, inactive('ada'))).path
    const { status, json } = await changed.post('/Users', user('ada', { title: 'returned' }))
    expect([status, json.id]).toEqual([201, path.slice('/Users/'.length)])
    expect(changed.writes().at(-1)).toMatchObject({ operation: 'replace', duplicate: true, attempts: 2 })

    const activated = interrupted((server) => server.put(path, user('ada', { active: true, title: 'active' })))
    path = (await made(activated, inactive('ada'))).path
    expect((await activated.post('/Users', user('ada', { title: 'returned' }))).status).toBe(409)
    expect((await activated.get(path)).json.title).toBe('active')
  })

  test('that rename or remove it: the POST creates a new user', async () => {
    for (const change of [
      (server: Server, path: string) => server.del(path),
      (server: Server, path: string) => server.put(path, inactive('countess')),
    ]) {
      let path = ''
      const server = interrupted((own) => change(own, path))
      path = (await made(server, inactive('ada'))).path
      const { status, json } = await server.post('/Users', user('ada', { title: 'returned' }))
      expect(status).toBe(201)
      expect(`/Users/${json.id}`).not.toBe(path)
      expect(server.writes().at(-1)).toMatchObject({ operation: 'create' })
    }
  })

  test('without an end are 503, and each attempt is decided again', async () => {
    const inner = memoryProvider()
    let rounds = 0
    const provider: ResourceProvider = {
      ...inner,
      replace: (_ref, expected) => {
        rounds++
        return { kind: 'versionMismatch', expected, current: `${rounds}-a` as typeof expected }
      },
    }
    const server = serve({ provider, onDuplicate: reactivating })
    await made(server, inactive('ada'))
    const { status, headers } = await server.post('/Users', user('ada'))
    expect([status, headers['Retry-After']]).toEqual([503, expect.any(String)])
    expect(rounds).toBe(server.scim.limits.writeAttempts)
  })
})

test('a store whose filters do not find what its unique keys contain: 409', async () => {
  const inner = memoryProvider()
  const provider = { ...inner, query: () => ({ resources: [], totalResults: 0 }) }
  const server = serve({ provider, onDuplicate: reactivating })
  await made(server, inactive('ada'))
  expect((await server.post('/Users', user('ada'))).status).toBe(409)
})

describe('the rules of PUT', () => {
  const badge = 'urn:example:Badge'
  const schema = defineSchema({
    id: badge,
    name: 'Badge',
    attributes: {
      number: { uniqueness: 'server' },
      issued: { mutability: 'immutable' },
      door: { mutability: 'readOnly' },
    },
  })
  const resourceTypes = [{ ...userType, extensions: [...(userType.extensions ?? []), { schema, required: false }] }]
  const withBadge = (name: string, values: JsonObject, attributes: JsonObject = {}) => ({
    schemas: ['urn:ietf:params:scim:schemas:core:2.0:User', badge],
    userName: name,
    [badge]: values,
    ...attributes,
  })

  test('another unique value that a third resource has is 409 with that attribute', async () => {
    const server = serve({ resourceTypes, onDuplicate: reactivating })
    const { path, tag } = await made(server, withBadge('ada', { number: '1' }, { active: false }))
    await made(server, withBadge('grace', { number: '2' }))
    const { status, json } = await server.post('/Users', withBadge('ada', { number: '2' }))
    expect([status, json.scimType, json.detail]).toEqual([
      409,
      'uniqueness',
      `Another resource has this ${badge}:number.`,
    ])
    expect((await server.get(path)).headers.ETag).toBe(tag)
  })

  test('the collision of another attribute than userName reactivates nothing', async () => {
    const server = serve({ resourceTypes, onDuplicate: reactivating })
    await made(server, withBadge('ada', { number: '1' }, { active: false }))
    const { status, json } = await server.post('/Users', withBadge('grace', { number: '1' }))
    expect([status, json.detail]).toEqual([409, `Another resource has this ${badge}:number.`])
    const byFunction = serve({
      resourceTypes,
      onDuplicate: { User: ({ attribute }) => (attribute === `${badge}:number` ? 'replace' : 'reject') },
    })
    const { id } = await made(byFunction, withBadge('ada', { number: '1' }))
    expect((await byFunction.post('/Users', withBadge('grace', { number: '1' }))).json).toMatchObject({
      id,
      userName: 'grace',
    })
  })

  test('an immutable value that differs is 400 mutability, and nothing is changed', async () => {
    const server = serve({ resourceTypes, onDuplicate: reactivating })
    const { path, tag } = await made(server, withBadge('ada', { issued: 'monday' }, { active: false }))
    const { status, json } = await server.post('/Users', withBadge('ada', { issued: 'tuesday' }))
    expect([status, json.scimType]).toEqual([400, 'mutability'])
    expect((await server.get(path)).headers.ETag).toBe(tag)
  })
})

test('authorize is asked for the replace with the id and the path of the request', async () => {
  const asked: unknown[] = []
  const server = serve({
    onDuplicate: reactivating,
    authorize: ({ kind, id, via }) => {
      asked.push([kind, id, via])
      return kind === 'replace' ? refuse('Not this one.') : { kind: 'allow' }
    },
  })
  const { id } = await made(server, inactive('ada'))
  asked.length = 0
  expect((await server.post('/Users', user('ada'))).json).toMatchObject({
    status: '409',
    detail: 'Another resource has this userName.',
  })
  const data = user('ada')
  await server.post('/Bulk', {
    schemas: ['urn:ietf:params:scim:api:messages:2.0:BulkRequest'],
    Operations: [{ method: 'POST', path: '/Users', bulkId: 'a', data }],
  })
  expect(asked).toEqual([
    ['create', undefined, 'direct'],
    ['replace', id, 'direct'],
    ['bulk', undefined, 'direct'],
    ['create', undefined, 'bulk'],
    ['replace', id, 'bulk'],
  ])
})

test('a type whose users must name a version in a PUT is reactivated all the same', async () => {
  const server = serve({ onDuplicate: reactivating, requireIfMatch: 'always' })
  await made(server, inactive('ada'))
  expect((await server.post('/Users', user('ada'))).status).toBe(201)
})

describe('rules are refused at start', () => {
  test.each<[unknown, string]>([
    [{ Device: 'reactivate' }, 'unknown resource type "Device"; known are User, Group'],
    [{ User: 'replace' }, 'options.onDuplicate.User'],
    [{ User: true }, 'options.onDuplicate.User'],
    [{ Group: 'reactivate' }, 'needs a unique userName'],
    ['reactivate', 'options.onDuplicate'],
    [null, 'options.onDuplicate'],
  ])('%j', (onDuplicate, message) => {
    expect(() => serve({ onDuplicate: onDuplicate as DuplicateRules })).toThrow(message)
    expect(() => serve({ onDuplicate: onDuplicate as DuplicateRules })).toThrow(TypeError)
  })

  test('for a type that offers no PUT', () => {
    const resourceTypes = [{ ...userType, operations: ['create', 'read', 'patch'] as const }]
    expect(() => serve({ resourceTypes, onDuplicate: reactivating })).toThrow('does not offer the operation replace')
    expect(() => serve({ resourceTypes: () => resourceTypes, onDuplicate: reactivating })).not.toThrow()
  })
})

test('reactivate does nothing for a caller that may not change active: 409, and the user stays as it is', async () => {
  for (const rights of [{ writable: { except: ['active'] } }, { readable: { except: ['active'] } }]) {
    const server = serve({
      onDuplicate: { User: 'reactivate' },
      authenticate: (request) => ({ tenant: tenantId('a'), principal: request.header('x-caller') ?? 'host' }),
      authorize: (request, { principal }) =>
        principal === 'limited' && request.type === 'User' ? allowOnly(rights) : allow,
    })
    const { json } = await server.post('/Users', { ...user('ada'), active: false, title: 'before' })
    const answer = await server.post('/Users', { ...user('ada'), title: 'after' }, { 'x-caller': 'limited' })
    expect(answer.status).toBe(409)
    expect((await server.get(`/Users/${json.id}`)).json).toMatchObject({ active: false, title: 'before' })
    expect((await server.post('/Users', { ...user('ada'), active: true })).status).toBe(201)
  }
})
