/** Scopes and roles as data, and the answers of the authorizer that they make. SEC-7, SEC-13; RFC 6750 §3.1. */
import { describe, expect, test } from '@jest/globals'
import { type AuthorizationRequest, createScim, type ScimContext, tenantId } from '@scimkit/core'
import { memoryProvider } from '@scimkit/memory-provider'
import { composeAuthorizers, type PermissionData, permissions } from '../../src/index.js'

const challenge = 'Bearer realm="SCIM", error="insufficient_scope", scope="scim"'
const contextOf = (scopes?: readonly string[]) => ({ scopes }) as unknown as ScimContext

const on = (kind: 'get' | 'replace' | 'patch' | 'remove', type = 'User'): AuthorizationRequest => ({
  kind,
  type,
  id: '1',
  via: 'direct',
})
const query: AuthorizationRequest = { kind: 'query', type: 'User', id: undefined, via: 'direct' }
const create: AuthorizationRequest = { kind: 'create', type: 'User', id: undefined, via: 'direct' }
const bulk: AuthorizationRequest = { kind: 'bulk', type: undefined, id: undefined, via: 'direct' }
const discover: AuthorizationRequest = {
  kind: 'discover',
  endpoint: 'Schemas',
  type: undefined,
  id: undefined,
  via: 'direct',
}
const me = (operation: 'get' | 'replace' | 'patch' | 'remove'): AuthorizationRequest => ({
  kind: 'me',
  operation,
  type: undefined,
  id: undefined,
  via: 'direct',
})
const reading = [on('get'), on('get', 'Group'), query, discover, me('get')]
const writing = [create, on('replace'), on('patch'), on('remove'), bulk, me('replace'), me('patch'), me('remove')]

describe('the scopes without data', () => {
  const authorize = permissions()

  test('an array of scopes that its authenticator changes has its new scopes', () => {
    const scopes = ['scim']
    const context = contextOf(scopes)
    expect(authorize(create, context)).toEqual({ kind: 'allow' })
    scopes[0] = 'scim.read'
    expect(authorize(create, context)).toMatchObject({ kind: 'refuse' })
  })

  test('scim permits everything, scim.read only reading, both together everything', () => {
    for (const request of [...reading, ...writing]) {
      expect(authorize(request, contextOf(['scim']))).toEqual({ kind: 'allow' })
      expect(authorize(request, contextOf(['scim.read', 'scim', 'openid']))).toEqual({ kind: 'allow' })
    }
    for (const request of reading) expect(authorize(request, contextOf(['scim.read']))).toEqual({ kind: 'allow' })
    for (const request of writing) {
      expect(authorize(request, contextOf(['scim.read']))).toEqual({
        kind: 'refuse',
        detail: 'The scopes of the credentials do not permit this operation.',
      })
    }
  })

  test.each([[undefined], [[]], [['openid']], [['SCIM']], [['scim.rea']], [['__proto__']], [['constructor']]])(
    'the scopes %j are insufficient',
    (scopes) => {
      for (const request of [...reading, ...writing]) {
        expect(authorize(request, contextOf(scopes))).toMatchObject({ kind: 'refuse', challenge })
      }
    },
  )
})

describe('rules', () => {
  const data = {
    roles: { reader: [{ operations: ['get', 'query'] }, { operations: ['discover'] }] },
    scopes: {
      helpdesk: [
        'reader',
        { types: ['User'], operations: ['patch'], writable: { only: ['active'] }, readable: { except: ['roles'] } },
      ],
      hr: [{ types: ['User'], operations: ['patch', 'replace'], writable: { except: ['active', 'roles'] } }],
      groups: [{ types: ['Group'] }],
      nothing: [],
    },
    withoutScopes: [{ types: ['User'], operations: ['get'] }],
  } as const satisfies PermissionData
  const authorize = permissions(data)

  test.each<readonly [readonly string[] | undefined, AuthorizationRequest, object]>([
    [['helpdesk'], on('get'), { kind: 'allow' }],
    [['helpdesk'], on('get', 'Group'), { kind: 'allow' }],
    [['helpdesk'], discover, { kind: 'allow' }],
    [['helpdesk'], on('patch'), { readable: { except: ['roles'] }, writable: { only: ['active'] } }],
    [['helpdesk'], on('patch', 'Group'), { kind: 'refuse' }],
    [['helpdesk'], create, { kind: 'refuse' }],
    // Of a right without a mask in one of the rules nothing is missing.
    [['helpdesk', 'hr'], on('patch'), { writable: { anyOf: [{ only: ['active'] }, { except: ['active', 'roles'] }] } }],
    [['hr'], on('replace'), { writable: { except: ['active', 'roles'] } }],
    [['hr'], on('get'), { kind: 'refuse' }],
    [['groups'], on('remove', 'Group'), { kind: 'allow' }],
    [['groups'], on('remove'), { kind: 'refuse' }],
    [['groups'], bulk, { kind: 'allow' }],
    [['nothing'], on('get'), { kind: 'refuse' }],
    [['helpdesk', 'scim'], on('remove'), { kind: 'allow' }],
    [undefined, on('get'), { kind: 'allow' }],
    [undefined, on('patch'), { kind: 'refuse' }],
  ])('%j', (scopes, request, expected) => {
    const decision = authorize(request, contextOf(scopes))
    expect(decision).toMatchObject(expected)
    expect(Object.keys(decision).sort()).toEqual(
      'kind' in expected ? expect.anything() : ['kind', ...Object.keys(expected)].sort(),
    )
  })

  test('the same rules are the same answer, so that its masks are compiled once', () => {
    const scopes = ['helpdesk', 'hr']
    expect(authorize(on('patch'), contextOf(scopes))).toBe(authorize(on('patch'), contextOf(scopes)))
  })

  test('the data is read once: a later change permits nothing', () => {
    const grants: { operations: ['get'] | ['remove'] }[] = [{ operations: ['get'] }]
    const scoped = permissions({ scopes: { x: grants } })
    grants[0] = { operations: ['remove'] }
    expect(scoped(on('remove'), contextOf(['x']))).toMatchObject({ kind: 'refuse' })
  })

  test('a scope of the data replaces the one that exists without', () => {
    const narrowed = permissions({ scopes: { scim: [{ operations: ['get'] }] } })
    expect(narrowed(on('get'), contextOf(['scim']))).toEqual({ kind: 'allow' })
    expect(narrowed(on('remove'), contextOf(['scim']))).toMatchObject({ kind: 'refuse' })
  })
})

test.each<readonly [unknown, string]>([
  [null, 'permissions: expected an object'],
  [{ rules: [] }, 'unknown member "rules"'],
  [{ scopes: [] }, 'scopes: expected an object'],
  [{ scopes: { a: {} } }, 'scopes.a: expected a list'],
  [{ scopes: { 'a b': [] } }, '"a b" is not a scope'],
  [{ scopes: { a: ['helpdesk'] } }, 'scopes.a[0]: there is no role "helpdesk"'],
  [{ scopes: { a: ['toString'] } }, 'there is no role "toString"'],
  [{ scopes: { a: [{ operation: [] }] } }, 'scopes.a[0]: unknown member "operation"'],
  [{ scopes: { a: [{ operations: 'get' }] } }, 'scopes.a[0].operations: expected a list'],
  [{ scopes: { a: [{ operations: ['get', 'gett'] }] } }, 'scopes.a[0].operations[1]: expected one of get'],
  [{ scopes: { a: [{ operations: undefined }] } }, 'scopes.a[0].operations: expected a value'],
  [{ scopes: { a: [{ types: null }] } }, 'scopes.a[0].types: expected a value'],
  [{ scopes: { a: [{ types: [''] }] } }, 'scopes.a[0].types[0]: expected the name'],
  [{ scopes: { a: [{ readable: { only: [] } }] } }, 'scopes.a[0]: a rule with readable or writable needs one type'],
  [{ roles: { r: [{ types: ['User'], writable: {} }] } }, 'roles.r[0].writable: expected either'],
  [{ roles: { r: [{ types: ['User'], writable: { only: [], except: [] } }] } }, 'roles.r[0].writable: expected either'],
  [{ roles: { r: [{ types: ['User'], writable: { only: [1] } }] } }, 'roles.r[0].writable.only[0]: expected the path'],
  [{ roles: { r: [{ types: ['User'], readable: { anyOf: [{ not: [] }] } }] } }, 'readable.anyOf[0]: unknown member'],
  [{ withoutScopes: [7] }, 'withoutScopes[0]: expected an object'],
])('wrong data: %j', (data, message) => {
  expect(() => permissions(data as PermissionData)).toThrow(message)
  expect(() => permissions(data as PermissionData)).toThrow(TypeError)
})

test('on a server: a read-only connection reads on every path and writes on none; the challenge of unknown scopes', async () => {
  let scopes: readonly string[] = ['scim']
  const scim = createScim({
    provider: memoryProvider(),
    authorize: permissions(),
    me: () => ({ type: 'User', id }),
    authenticate: () => ({ tenant: tenantId('t'), scopes }),
  })
  const send = async (method: string, path: string, body?: unknown) =>
    scim.handle(
      {
        method,
        target: `/scim/v2${path}`,
        mount: '/scim/v2',
        scheme: 'https',
        host: 'scim.example',
        header: (name) => (name === 'content-type' && body !== undefined ? 'application/scim+json' : undefined),
        body: async () => ({ kind: 'bytes', bytes: new TextEncoder().encode(JSON.stringify(body)) }),
      },
      undefined,
    )
  let id = ''
  const user = { schemas: ['urn:ietf:params:scim:schemas:core:2.0:User'], userName: 'ada' }
  const search = { schemas: ['urn:ietf:params:scim:api:messages:2.0:SearchRequest'] }
  id = (JSON.parse((await send('POST', '/Users', user)).body ?? '{}') as { id: string }).id
  const reads = [
    ...[`/Users/${id}`, '/Users', '/', '/Me', '/Schemas', '/ServiceProviderConfig'].map(
      (path) => ['GET', path] as const,
    ),
    ['POST', '/.search', search],
    ['POST', '/Users/.search', search],
  ] as const
  const changes = ['/Users/', '/Me'].flatMap((path) =>
    ['PUT', 'PATCH', 'DELETE'].map((method) => [method, path === '/Me' ? path : `${path}${id}`, user] as const),
  )
  const writes = [...changes, ['POST', '/Users', user], ['POST', '/Bulk', {}]] as const
  scopes = ['scim.read']
  for (const [method, path, body] of reads) expect([path, (await send(method, path, body)).status]).toEqual([path, 200])
  for (const [method, path, body] of writes) {
    const { status, headers } = await send(method, path, body)
    expect([method, path, status, headers['WWW-Authenticate']]).toEqual([method, path, 403, undefined])
  }
  scopes = ['openid']
  for (const [method, path, body] of [...reads, ...writes]) {
    const { status, headers } = await send(method, path, body)
    expect([method, path, status, headers['WWW-Authenticate']]).toEqual([method, path, 403, challenge])
  }
})

describe('composeAuthorizers', () => {
  const readers = permissions()
  const context = contextOf(['scim'])

  test('permits what all permit; the first refusal is the answer', async () => {
    const authorize = composeAuthorizers(
      readers,
      ({ kind }) => (kind === 'remove' ? { kind: 'refuse', detail: 'Never.' } : { kind: 'allow' }),
      () => ({ kind: 'allow' }),
    )
    expect(await authorize(on('get'), context)).toEqual({ kind: 'allow' })
    expect(await authorize(on('remove'), context)).toEqual({ kind: 'refuse', detail: 'Never.' })
    expect(await authorize(on('remove'), contextOf([]))).toMatchObject({ challenge })
  })

  test('masks are intersected, and the same answers give the same answer', async () => {
    const [one, two] = [
      { kind: 'allow', readable: { only: ['title'] } },
      { kind: 'allow', readable: { except: ['roles'] }, writable: { only: ['title'] } },
    ] as const
    const authorize = composeAuthorizers(
      () => one,
      () => two,
    )
    const decision = await authorize(on('get'), context)
    expect(decision).toEqual({
      kind: 'allow',
      readable: { allOf: [{ only: ['title'] }, { except: ['roles'] }] },
      writable: { only: ['title'] },
    })
    expect(await authorize(on('get'), context)).toBe(decision)
  })

  test('an answer that is not understood is passed on, so that the server refuses it', async () => {
    for (const answer of [undefined, null, true, { kind: 'allow', condition: 1 }]) {
      const authorize = composeAuthorizers(readers, () => answer as never)
      expect(await authorize(on('get'), context)).toEqual(answer)
    }
    expect(() => composeAuthorizers()).toThrow(TypeError)
    expect(() => composeAuthorizers(undefined as never)).toThrow(TypeError)
  })
})
