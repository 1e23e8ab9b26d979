/** Rate limits: by tenant, by caller, of failed authentication; bulk requests count their operations. */
import { describe, expect, test } from '@jest/globals'
import type { Rate, RateLimiter, RateLimitOptions } from '../../src/index.js'
import { errorUrn, serve, tenantsByToken, user } from '../support/server.js'

/** A limiter that refills only when the test says so. */
function counting(): RateLimiter & { readonly taken: [string, number][]; refill(): void } {
  const left = new Map<string, number>()
  const taken: [string, number][] = []
  return {
    taken,
    refill: () => left.clear(),
    take(key, cost, { burst }) {
      taken.push([key, cost])
      const rest = left.get(key) ?? burst
      if (rest < Math.min(cost, burst)) return { kind: 'limited', seconds: 1.2 }
      left.set(key, rest - cost)
      return { kind: 'allowed' }
    },
  }
}

const as = (name: string) => ({ authorization: `Bearer ${name}` })
const burst = (count: number): Rate => ({ perSecond: 1, burst: count })
const accesses = { a: { principal: 'p' }, b: { principal: 'p' }, c: {} }

function limited(options: Omit<RateLimitOptions, 'limiter'>, limiter: RateLimiter = counting()) {
  return serve({ authenticate: tenantsByToken(accesses), rateLimit: { limiter, ...options } })
}

describe('rate limits (SEC-19)', () => {
  test('a tenant beyond its rate gets 429 with Retry-After and a SCIM body; nothing is done; others are not limited', async () => {
    const limiter = counting()
    const server = limited({ tenant: burst(2) }, limiter)
    expect((await server.get('/Users', as('a'))).status).toBe(200)
    expect((await server.get('/Users', as('a'))).status).toBe(200)
    const refused = await server.post('/Users', user('late'), as('a'))
    expect(refused).toMatchObject({
      status: 429,
      headers: { 'Retry-After': '2', 'Content-Type': 'application/scim+json' },
      json: { schemas: [errorUrn], status: '429' },
    })
    expect((await server.get('/Users', as('b'))).json.totalResults).toBe(0)
    limiter.refill()
    expect((await server.get('/Users', as('a'))).json.totalResults).toBe(0)
    expect(server.errors).toEqual([])
    expect(server.events.at(2)).toMatchObject({ kind: 'request', tenant: 'a', principal: 'p', status: 429 })
  })

  test('callers of two tenants with one name do not share an allowance', async () => {
    const server = limited({ principal: burst(1) })
    expect((await server.get('/Users', as('a'))).status).toBe(200)
    expect((await server.get('/Users', as('a'))).status).toBe(429)
    expect((await server.get('/Users', as('b'))).status).toBe(200)
    // A caller without a name has no allowance of its own.
    for (let i = 0; i < 3; i++) expect((await server.get('/Users', as('c'))).status).toBe(200)
  })

  test('a caller that is refused takes nothing from its tenant', async () => {
    const limiter = counting()
    const server = limited({ principal: burst(1), tenant: burst(5) }, limiter)
    for (let i = 0; i < 3; i++) await server.get('/Users', as('a'))
    expect(limiter.taken.filter(([key]) => key.includes('tenant')).length).toBe(1)
  })

  test('a bulk request counts each of its operations', async () => {
    const limiter = counting()
    const server = limited({ tenant: burst(10) }, limiter)
    const schemas = ['urn:ietf:params:scim:api:messages:2.0:BulkRequest']
    const Operations = Array.from({ length: 6 }, (_, i) => ({
      method: 'POST',
      path: '/Users',
      bulkId: `b${i}`,
      data: user(`u${i}`),
    }))
    expect((await server.post('/Bulk', { schemas, Operations }, as('a'))).status).toBe(200)
    expect(limiter.taken.map(([, cost]) => cost)).toEqual([1, 5])
    const refused = await server.post('/Bulk', { schemas, Operations }, as('a'))
    expect(refused.status).toBe(429)
    limiter.refill()
    expect((await server.get('/Users', as('a'))).json.totalResults).toBe(6)
  })

  test('a bulk request with more operations than the burst takes the whole allowance, and is carried out', async () => {
    const limiter = counting()
    const server = limited({ tenant: burst(4), principal: burst(3) }, limiter)
    const schemas = ['urn:ietf:params:scim:api:messages:2.0:BulkRequest']
    const Operations = Array.from({ length: 10 }, (_, i) => ({
      method: 'POST',
      path: '/Users',
      bulkId: `b${i}`,
      data: user(`u${i}`),
    }))
    expect((await server.post('/Bulk', { schemas, Operations }, as('a'))).status).toBe(200)
    expect(limiter.taken.map(([key, cost]) => [JSON.parse(key)[0], cost])).toEqual([
      ['principal', 1],
      ['tenant', 1],
      ['principal', 2],
      ['tenant', 3],
    ])
    expect((await server.get('/Users', as('a'))).status).toBe(429)
  })

  test('failed authentication has an allowance of its own, which never refuses a valid token', async () => {
    const server = limited({ failedAuthentication: burst(2), tenant: burst(50) })
    const statuses: number[] = []
    for (let i = 0; i < 4; i++) statuses.push((await server.get('/Users', as('wrong'))).status)
    expect(statuses).toEqual([401, 401, 429, 429])
    const refused = await server.get('/Users', as('wrong'))
    expect(refused.headers['Retry-After']).toBe('2')
    expect(refused.headers['WWW-Authenticate']).toBeUndefined()
    for (let i = 0; i < 10; i++) expect((await server.get('/Users', as('a'))).status).toBe(200)
  })

  test('a limiter that fails limits nothing, and the host learns about it', async () => {
    const failure = new Error('no connection to the limiter')
    for (const take of [
      () => Promise.reject(failure),
      () => {
        throw failure
      },
    ]) {
      const server = limited({ tenant: burst(1), failedAuthentication: burst(1) }, { take })
      expect((await server.get('/Users', as('a'))).status).toBe(200)
      expect((await server.get('/Users', as('wrong'))).status).toBe(401)
      expect(server.errors).toEqual([failure, failure])
    }
  })

  test('a limiter that does not answer limits nothing, and no request waits for it without end', async () => {
    const silent: RateLimiter = { take: () => new Promise(() => undefined) }
    const server = serve({
      authenticate: tenantsByToken(accesses),
      rateLimit: { limiter: silent, tenant: burst(1), failedAuthentication: burst(1), milliseconds: 20 },
    })
    expect((await server.get('/Users', as('a'))).status).toBe(200)
    expect((await server.get('/Users', as('wrong'))).status).toBe(401)
    expect(server.errors.map(String)).toEqual([
      expect.stringContaining('has not answered within 20 ms'),
      expect.stringContaining('has not answered within 20 ms'),
    ])
  })

  test('the settings of a tenant may have another rate', async () => {
    const rateLimit = { limiter: counting(), tenant: burst(1) }
    const tenantSettings = (tenant: string) => (tenant === 'b' ? { rate: burst(3) } : undefined)
    const server = serve({ authenticate: tenantsByToken(accesses), rateLimit, tenantSettings })
    const statuses = async (name: string) => {
      const found: number[] = []
      for (let i = 0; i < 4; i++) found.push((await server.get('/Users', as(name))).status)
      return found
    }
    expect(await statuses('a')).toEqual([200, 429, 429, 429])
    expect(await statuses('b')).toEqual([200, 200, 200, 429])
  })

  test('every request is counted, also one that is refused for its form', async () => {
    const server = limited({ tenant: burst(3) })
    const statuses: number[] = []
    for (let i = 0; i < 5; i++) statuses.push((await server.get('/Users', { ...as('a'), accept: 'text/html' })).status)
    expect(statuses).toEqual([406, 406, 406, 429, 429])
  })

  test('operations without HTTP are not counted', async () => {
    const limiter = counting()
    const server = limited({ tenant: burst(1) }, limiter)
    const { scim } = server
    const { tenant } =
      (await tenantsByToken(accesses)({ method: 'GET', target: '', header: () => 'Bearer a' }, undefined)) ?? {}
    if (tenant === undefined) throw new Error('no tenant')
    for (let i = 0; i < 3; i++)
      await scim.perform({ kind: 'query', type: 'User', search: {} }, scim.context({ tenant }))
    expect(limiter.taken).toEqual([])
  })

  test.each<[RateLimitOptions, string]>([
    [{ limiter: {} as RateLimiter }, 'rateLimit.limiter'],
    [{ limiter: counting(), tenant: { perSecond: 0, burst: 1 } }, 'rateLimit.tenant.perSecond'],
    [{ limiter: counting(), tenant: { perSecond: Number.NaN, burst: 1 } }, 'rateLimit.tenant.perSecond'],
    [{ limiter: counting(), principal: { perSecond: 1, burst: 0 } }, 'rateLimit.principal.burst'],
    [
      { limiter: counting(), failedAuthentication: { perSecond: 1, burst: 1.5 } },
      'rateLimit.failedAuthentication.burst',
    ],
  ])('invalid option %#', (rateLimit, message) => {
    expect(() => serve({ rateLimit })).toThrow(`options.${message}`)
  })
})
