/** Requests of another protocol by the callers of SCIM: `scim.admit`. */
import { describe, expect, jest, test } from '@jest/globals'
import { type JsonValue, noAuthentication, type ScimContext, ScimError, tenantId } from '../../src/index.js'
import { type Asked, requestOf, serve } from '../support/server.js'

const asked: Asked = { method: 'POST', target: '/mcp', mount: '/scim/v2', body: { jsonrpc: '2.0' } }
const answer = { status: 200, headers: { 'Content-Type': 'application/json' }, body: '{"id":1}' }

describe('scim.admit', () => {
  test('answers with what the other protocol returns, for the caller that was authenticated', async () => {
    const { scim, events } = serve({
      authenticate: () => ({ tenant: tenantId('acme'), principal: 'agent', scopes: ['scim.read'] }),
    })
    let caller: ScimContext | undefined
    let body: JsonValue | undefined
    const response = await scim.admit(requestOf(asked), async (context, readBody) => {
      caller = context
      body = await readBody()
      return answer
    })
    expect(response).toMatchObject({ status: 200, body: answer.body })
    expect(response.headers['Content-Type']).toBe('application/json')
    expect(caller).toMatchObject({ tenant: 'acme', principal: 'agent', scopes: ['scim.read'] })
    expect(caller?.baseUrl).toBe('https://scim.example/scim/v2')
    expect(body).toEqual({ jsonrpc: '2.0' })
    expect(events).toMatchObject([{ kind: 'request', method: 'POST', status: 200, tenant: 'acme' }])
  })

  test.each<readonly [string, Parameters<typeof serve>[0], Asked, number]>([
    ['no credentials', { authenticate: () => undefined }, asked, 401],
    // Public discovery is a right to read SCIM's own documents.
    ['no credentials, with public discovery', { authenticate: () => undefined, publicDiscovery: true }, asked, 401],
    ['a host that is not served', { hosts: ['other.example'] }, asked, 421],
    ['dropped header fields', {}, { ...asked, headers: { 'x-many': '1' } }, 431],
  ])('%s: refused before the other protocol', async (_, options, given, status) => {
    const { scim } = serve(options)
    const inner = jest.fn<() => Promise<typeof answer>>()
    const request = status === 431 ? { ...requestOf(given), headersMayBeMissing: true } : requestOf(given)
    const response = await scim.admit(request, inner)
    expect(response).toMatchObject({ status })
    expect(JSON.parse(response.body ?? '')).toMatchObject({ status: String(status) })
    expect(inner).not.toHaveBeenCalled()
  })

  test('counts against the rate limit of the caller', async () => {
    const keys: string[] = []
    const limiter = {
      take(key: string) {
        keys.push(key)
        return { kind: 'limited', seconds: 3 } as const
      },
    }
    const { scim } = serve({
      authenticate: () => ({ tenant: tenantId('acme'), principal: 'agent' }),
      rateLimit: { limiter, principal: { perSecond: 1, burst: 1 } },
    })
    const inner = jest.fn<() => Promise<typeof answer>>()
    expect(await scim.admit(requestOf(asked), inner)).toMatchObject({ status: 429, headers: { 'Retry-After': '3' } })
    expect(keys).toEqual(['["principal","acme","agent"]'])
    expect(inner).not.toHaveBeenCalled()
  })

  test.each<readonly [string, Asked, number]>([
    ['a body that is too large', { ...asked, body: { text: 'x'.repeat(200) } }, 413],
    ['a body that is not JSON', { ...asked, body: new TextEncoder().encode('{"a":1,"a":2}') }, 400],
    ['another media type', { ...asked, headers: { 'content-type': 'text/plain' } }, 415],
  ])('%s: readBody rejects, and the request is answered with its error', async (_, given, status) => {
    const { scim } = serve({ authenticate: noAuthentication(), limits: { bodyBytes: 100 } })
    const response = await scim.admit(requestOf(given), async (_context, readBody) => {
      await readBody()
      return answer
    })
    expect(response.status).toBe(status)
  })

  test('an error of the other protocol is reported and is 500; a ScimError is its answer', async () => {
    const { scim, errors } = serve({ authenticate: noAuthentication() })
    const fault = new Error('secret detail')
    const failed = await scim.admit(requestOf(asked), () => Promise.reject(fault))
    expect(failed.status).toBe(500)
    expect(failed.body).not.toContain('secret detail')
    expect(errors).toEqual([fault])
    const refused = await scim.admit(requestOf(asked), () => Promise.reject(new ScimError(403, 'No.')))
    expect(refused.status).toBe(403)
  })

  test('holds a place among the requests in flight until it is answered', async () => {
    const { scim } = serve({
      authenticate: noAuthentication(),
      limits: { inFlight: 1, waitingRequests: 1, waitingMilliseconds: 20 },
    })
    let finish: (value: typeof answer) => void = () => undefined
    const first = scim.admit(
      requestOf(asked),
      () =>
        new Promise((resolve) => {
          finish = resolve
        }),
    )
    expect((await scim.admit(requestOf(asked), async () => answer)).status).toBe(429)
    finish(answer)
    expect((await first).status).toBe(200)
    expect((await scim.admit(requestOf(asked), async () => answer)).status).toBe(200)
  })
})
