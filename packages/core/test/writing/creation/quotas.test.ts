import { describe, expect, test } from '@jest/globals'
import { memoryProvider } from '@scimkit/memory-provider'
import type { Quotas } from '../../../src/engine/quotas.js'
import { tenantId } from '../../../src/index.js'
import { group, serve, tenantsByToken, user } from '../../support/server.js'

const detail = (limit: string) =>
  `The limit of ${limit} ${limit === '1' ? 'resource' : 'resources'} of type User is reached; nothing was created.`

describe('a create beyond the quota', () => {
  test.each([
    [0, '0'],
    [1, '1'],
    [999, '999'],
    [1_000, '1,000'],
    [1_234_567, '1,234,567'],
  ])('of %s is 403 with the limit in its detail, and no event', async (quota, shown) => {
    const inner = memoryProvider()
    const provider = { ...inner, insert: () => ({ kind: 'overQuota' }) as const }
    const server = serve({ provider, quotas: { User: quota } })
    const { status, json } = await server.post('/Users', user('ada'))
    expect(status).toBe(403)
    expect(json).toEqual({
      schemas: ['urn:ietf:params:scim:api:messages:2.0:Error'],
      detail: detail(shown),
      status: '403',
    })
    expect(server.writes()).toEqual([])
    expect(server.errors).toEqual([])
  })

  test('is refused by type, and other types are not counted', async () => {
    const server = serve({ quotas: { User: 1 } })
    expect((await server.post('/Groups', group('all'))).status).toBe(201)
    expect((await server.post('/Users', user('ada'))).status).toBe(201)
    expect((await server.post('/Users', user('grace'))).status).toBe(403)
    expect((await server.post('/Users', user('ADA'))).json).toMatchObject({ scimType: 'uniqueness' })
    expect((await server.post('/Groups', group('more'))).status).toBe(201)
  })
})

describe('a quota of a function', () => {
  test('is that of the caller, and undefined is none', async () => {
    const seen: unknown[] = []
    const server = serve({
      authenticate: tenantsByToken({ small: {}, large: {} }),
      quotas: {
        User: async ({ tenant }) => {
          seen.push(tenant)
          return tenant === tenantId('small') ? 1 : undefined
        },
      },
    })
    const statuses: number[] = []
    for (const tenant of ['small', 'large']) {
      for (const name of ['ada', 'grace']) {
        statuses.push((await server.post('/Users', user(name), { Authorization: `Bearer ${tenant}` })).status)
      }
    }
    expect(statuses).toEqual([201, 403, 201, 201])
    expect(seen).toEqual(['small', 'small', 'large', 'large'])
  })

  test.each([-1, 1.5, Number.NaN, '5', null])(
    'that returns %j is 500: it is not taken for "no quota"',
    async (wrong) => {
      const server = serve({ quotas: { User: () => wrong as never } })
      expect((await server.post('/Users', user('ada'))).status).toBe(500)
      expect(String(server.errors[0])).toContain('options.quotas.User')
      expect((await server.get('/Users')).json.totalResults).toBe(0)
    },
  )

  test('that throws is 500, and nothing is created', async () => {
    const server = serve({
      quotas: {
        User: () => {
          throw new Error('the billing system is down')
        },
      },
    })
    expect((await server.post('/Users', user('ada'))).status).toBe(500)
    expect((await server.get('/Users')).json.totalResults).toBe(0)
  })
})

describe('quotas are refused at start', () => {
  test.each<[unknown, string]>([
    [{ Device: 5 }, 'unknown resource type "Device"; known are User, Group'],
    [{ User: -1 }, 'options.quotas.User'],
    [{ User: '1000' }, 'options.quotas.User'],
    [5, 'options.quotas'],
    [null, 'options.quotas'],
  ])('%j', (quotas, message) => {
    expect(() => serve({ quotas: quotas as Quotas })).toThrow(message)
    expect(() => serve({ quotas: quotas as Quotas })).toThrow(TypeError)
  })

  test('where the provider does not count', () => {
    const { supports: _, ...provider } = memoryProvider()
    expect(() => serve({ provider, quotas: { User: 5 } })).toThrow(TypeError)
    expect(() => serve({ provider, quotas: { User: 5 } })).toThrow('does not support quotas')
    expect(() => serve({ provider, quotas: {} })).not.toThrow()
  })
})

test('a provider function whose provider does not count: every request is 500, and nothing is created', async () => {
  const { supports: _, ...provider } = memoryProvider()
  const server = serve({ provider: () => provider, quotas: { User: 5 } })
  expect((await server.post('/Users', user('ada'))).status).toBe(500)
  expect(String(server.errors[0])).toContain('does not support quotas')
  const counting = serve({ provider: () => memoryProvider(), quotas: { User: 0 } })
  expect((await counting.post('/Users', user('ada'))).status).toBe(403)
})

test('a provider that returns overQuota without a quota is 500', async () => {
  const provider = { ...memoryProvider(), insert: () => ({ kind: 'overQuota' }) as const }
  const server = serve({ provider })
  expect((await server.post('/Users', user('ada'))).status).toBe(500)
  expect(String(server.errors[0])).toContain('no quota was passed')
})
