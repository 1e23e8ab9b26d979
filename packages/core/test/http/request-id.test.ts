/** The request of an event: its id, its trace, its endpoint. */
import { describe, expect, test } from '@jest/globals'
import { traceParentOf } from '../../src/http/trace-parent.js'
import { groupType, userType } from '../../src/index.js'
import { mount, requestOf, serve, tenantsByToken, user } from '../support/server.js'

const traceId = '0af7651916cd43dd8448eb211c80319c'
const parentId = 'b7ad6b7169203331'
const traceparent = `00-${traceId}-${parentId}-01`

describe('the id and the trace of a request', () => {
  test('are in its events, those of the writes of a bulk request too', async () => {
    const server = serve()
    const body = {
      schemas: ['urn:ietf:params:scim:api:messages:2.0:BulkRequest'],
      Operations: [{ method: 'POST', path: '/Users', bulkId: 'a', data: user('ada') }],
    }
    await server.post('/Bulk', body, { 'X-Request-Id': 'mine', traceparent })
    expect(server.events).toMatchObject([
      { kind: 'write', requestId: 'mine', traceId, parentId },
      { kind: 'request', requestId: 'mine', traceId, parentId },
    ])
  })

  test('are created here, or absent, without the headers', async () => {
    const server = serve()
    const request = requestOf({ method: 'POST', target: `${mount}/Users`, body: user('ada') })
    const { headers } = await server.scim.handle(request)
    const requestId = headers['X-Request-Id']
    expect(server.events).toMatchObject([
      { kind: 'write', requestId, traceId: undefined, parentId: undefined },
      { kind: 'request', requestId, traceId: undefined, parentId: undefined },
    ])
    await server.get('/Users', { 'X-Request-Id': 'not visible', traceparent: 'nonsense' })
    expect(server.events.at(-1)).toMatchObject({ requestId: 'id-3', traceId: undefined })
  })

  test('reach the provider and the host in the context', async () => {
    const seen: unknown[] = []
    const authorize = (_: unknown, { requestId, trace }: { requestId: string; trace?: unknown }) => {
      seen.push([requestId, trace])
      return { kind: 'allow' } as const
    }
    await serve({ authorize }).get('/Users/1', { 'X-Request-Id': 'mine', traceparent })
    expect(seen).toEqual([['mine', { traceId, parentId }]])
  })

  test('are created here where an adapter cannot read headers, and the response is 500', async () => {
    const header = (): never => {
      throw new TypeError('no headers')
    }
    const server = serve()
    const { status, headers } = await server.scim.handle({ ...requestOf({ target: `${mount}/Users` }), header })
    expect([status, headers['X-Request-Id']]).toEqual([500, 'id-1'])
    expect(server.events).toMatchObject([{ requestId: 'id-1', type: 'User', status: 500 }])
  })

  test('an error body stays a plain Error message', async () => {
    const answer = await serve().get('/Users/1', { 'X-Request-Id': 'mine', traceparent })
    expect([answer.status, Object.keys(answer.json).sort()]).toEqual([404, ['detail', 'schemas', 'status']])
  })
})

describe('traceparent (W3C Trace Context §3.2)', () => {
  const read = (text: string | undefined) => traceParentOf({ header: () => text })

  test.each([
    traceparent,
    `00-${traceId}-${parentId}-00`,
    `cc-${traceId}-${parentId}-01`,
    `cc-${traceId}-${parentId}-01-more`,
  ])('accepts %s', (text) => expect(read(text)).toEqual({ traceId, parentId }))

  test.each([
    undefined,
    '',
    traceparent.slice(1),
    traceparent.toUpperCase(),
    ` ${traceparent}`,
    `${traceparent}-more`,
    `${traceparent}, ${traceparent}`,
    `cc-${traceId}-${parentId}-01, ${traceparent}`,
    `cc-${traceId}-${parentId}-01.more`,
    `ff-${traceId}-${parentId}-01`,
    `00-${'0'.repeat(32)}-${parentId}-01`,
    `00-${traceId}-${'0'.repeat(16)}-01`,
    `00_${traceId}_${parentId}_01`,
    `0x-${traceId}-${parentId}-01`,
    `00-${traceId}-${parentId}-0g`,
  ])('ignores %s', (text) => expect(read(text)).toBeUndefined())
})

describe('the endpoint in the event of an unauthenticated request', () => {
  const closed = { authenticate: tenantsByToken({}) }
  const endpointOf = async (target: string, options = {}) => {
    const server = serve({ ...closed, ...options })
    expect((await server.ask({ target })).status).toBe(401)
    const [event] = server.events
    expect(event).toMatchObject({ kind: 'request', status: 401, id: undefined, tenant: undefined })
    return event?.type
  }

  test.each([
    ['/Users', 'User'],
    ['/Users/', 'User'],
    ['//Users', 'User'],
    ['/Users/42', 'User'],
    ['/Users?filter=%zz&count=1&count=2', 'User'],
    ['/%55sers?filter=x', 'User'],
    ['/Groups/.search', 'Group'],
    ['/Me', 'Me'],
    ['/Bulk', 'Bulk'],
    ['/.search', '.search'],
    ['/Schemas/urn:x', 'Schemas'],
    ['', undefined],
    ['/', undefined],
    ['/Me/x', undefined],
    ['/Users/1/2', undefined],
    ['/users', undefined],
    ['/__proto__', undefined],
    ['/%zz', undefined],
    [`/Users/${'x'.repeat(20_000)}`, undefined],
  ])('%.40s: %s', async (path, type) => {
    expect(await endpointOf(`${mount}${path}`)).toBe(type)
  })

  test('is undefined outside the mount, and for types that depend on the caller', async () => {
    expect(await endpointOf('/Users')).toBeUndefined()
    let asked = 0
    const resourceTypes = () => {
      asked += 1
      return [userType, groupType]
    }
    expect(await endpointOf(`${mount}/Users`, { resourceTypes })).toBeUndefined()
    expect(await endpointOf(`${mount}/Bulk`, { resourceTypes })).toBe('Bulk')
    expect(asked).toBe(0)
  })

  test('is there for a request that ends before it is routed: 406, 431, a broken precondition, a failing authenticator', async () => {
    const server = serve()
    await server.get('/Users/1', { accept: 'text/html' })
    await server.get('/Users/1', { 'if-match': 'nonsense' })
    await server.scim.handle({ ...requestOf({ target: `${mount}/Users` }), headersMayBeMissing: true })
    const failing = serve({
      authenticate: () => {
        throw new Error('no directory')
      },
    })
    await failing.get('/Users')
    expect(
      [...server.events, ...failing.events].map((event) => [event.type, 'status' in event && event.status]),
    ).toEqual([
      ['User', 406],
      ['User', 400],
      ['User', 431],
      ['User', 500],
    ])
  })
})
