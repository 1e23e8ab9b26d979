/** Settings of tenants: instead of those of the server, changed at run time, for HTTP and for `perform`. */
import { describe, expect, test } from '@jest/globals'
import {
  type ResourceTypeDefinition,
  refuse,
  type ScimOptions,
  type TenantSettings,
  tenantId,
  userType,
} from '../../src/index.js'
import { core, mount, serve, tenantsByToken, user } from '../support/server.js'

const as = (tenant: string) => ({ authorization: `Bearer ${tenant}` })
const authenticate = tenantsByToken({ acme: {}, globex: {} })

function withSettings(first: Record<string, TenantSettings>, options: Partial<ScimOptions> = {}) {
  const settings = new Map(Object.entries(first))
  const server = serve({ authenticate, tenantSettings: (tenant) => settings.get(tenant), ...options })
  return { server, settings }
}

const tool: ResourceTypeDefinition = {
  name: 'Tool',
  endpoint: '/Tools',
  schema: { id: 'urn:example:params:scim:schemas:Tool', name: 'Tool', attributes: { label: { type: 'string' } } },
}

describe('settings of tenants', () => {
  test('resource types', async () => {
    const { server } = withSettings({ acme: { resourceTypes: [userType, tool] } })
    expect((await server.get('/Tools', as('acme'))).status).toBe(200)
    expect((await server.get('/Groups', as('acme'))).status).toBe(404)
    expect((await server.get('/Tools', as('globex'))).status).toBe(404)
    expect((await server.get('/Groups', as('globex'))).status).toBe(200)
    expect((await server.get('/ResourceTypes', as('acme'))).json.totalResults).toBe(2)
  })

  test('interop', async () => {
    const { server } = withSettings({ acme: { interop: 'strict' } })
    const wrong = { ...user('a'), active: 'True' }
    expect((await server.post('/Users', wrong, as('acme'))).status).toBe(400)
    expect((await server.post('/Users', wrong, as('globex'))).status).toBe(201)
  })

  test('limits, also those of ServiceProviderConfig', async () => {
    const { server } = withSettings({ acme: { limits: { maxPageSize: 3, bulkOperations: 2, bodyBytes: 200 } } })
    for (const tenant of ['acme', 'globex']) {
      for (const name of 'abcde') await server.post('/Users', user(name), as(tenant))
    }
    expect((await server.get('/Users?count=50', as('acme'))).json.itemsPerPage).toBe(3)
    expect((await server.get('/Users?count=50', as('globex'))).json.itemsPerPage).toBe(5)
    const config = (tenant: string) => server.get('/ServiceProviderConfig', as(tenant))
    expect((await config('acme')).json).toMatchObject({ filter: { maxResults: 3 }, bulk: { maxOperations: 2 } })
    expect((await config('globex')).json).toMatchObject({ filter: { maxResults: 200 }, bulk: { maxOperations: 1000 } })
    const large = { ...user('large'), title: 'x'.repeat(300) }
    expect((await server.post('/Users', large, as('acme'))).status).toBe(413)
    expect((await server.post('/Users', large, as('globex'))).status).toBe(201)
  })

  test('quotas, If-Match and permissions', async () => {
    const { server } = withSettings(
      {
        acme: {
          quotas: { User: 1 },
          requireIfMatch: 'always',
          authorize: ({ kind }) => (kind === 'remove' ? refuse('Not here.') : { kind: 'allow' }),
        },
      },
      { quotas: { User: 2 } },
    )
    const statuses = async (tenant: string) => {
      const made: number[] = []
      for (const name of 'abc') made.push((await server.post('/Users', user(name), as(tenant))).status)
      return made
    }
    expect(await statuses('acme')).toEqual([201, 403, 403])
    expect(await statuses('globex')).toEqual([201, 201, 403])
    const first = async (tenant: string) => {
      const [found] = (await server.get('/Users', as(tenant))).json.Resources as readonly { readonly id: string }[]
      return `/Users/${found?.id}`
    }
    const title = { op: 'replace', path: 'title', value: 'x' }
    expect((await server.patch(await first('acme'), [title], as('acme'))).status).toBe(428)
    expect((await server.patch(await first('globex'), [title], as('globex'))).status).toBe(200)
    expect((await server.del(await first('acme'), { ...as('acme'), 'if-match': '*' })).json.detail).toBe('Not here.')
    expect((await server.del(await first('globex'), as('globex'))).status).toBe(204)
  })

  test('base URL, with the name of the tenant in it', async () => {
    const { server } = withSettings(
      { acme: { baseUrl: 'https://acme.example/scim' } },
      { baseUrl: 'https://app.example/scim/:tenant/v2' },
    )
    const location = async (tenant: string) => (await server.post('/Users', user('a'), as(tenant))).headers.Location
    expect(await location('acme')).toMatch(/^https:\/\/acme\.example\/scim\/Users\/id-/)
    expect(await location('globex')).toMatch(/^https:\/\/app\.example\/scim\/globex\/v2\/Users\/id-/)
    const spaced = serve({
      authenticate: () => ({ tenant: tenantId('a b/c') }),
      baseUrl: 'https://app.example/:tenant',
    })
    expect((await spaced.post('/Users', user('a'))).headers.Location).toMatch(
      /^https:\/\/app\.example\/a%20b%2Fc\/Users\//,
    )
  })

  test('public discovery without a tenant has the address that the client used', async () => {
    const server = serve({ authenticate, publicDiscovery: true, baseUrl: 'https://app.example/:tenant/v2' })
    const { status, json } = await server.get('/ServiceProviderConfig')
    expect(status).toBe(200)
    expect(json.meta).toMatchObject({ location: 'https://scim.example/scim/v2/ServiceProviderConfig' })
    expect(server.errors).toEqual([])
  })

  test('a change has effect on the next request', async () => {
    const { server, settings } = withSettings({})
    expect((await server.post('/Users', user('a'), as('acme'))).status).toBe(201)
    settings.set('acme', { quotas: { User: 1 } })
    expect((await server.post('/Users', user('b'), as('acme'))).status).toBe(403)
    settings.set('acme', { quotas: { User: 2 } })
    expect((await server.post('/Users', user('b'), as('acme'))).status).toBe(201)
    settings.delete('acme')
    expect((await server.post('/Users', user('c'), as('acme'))).status).toBe(201)
  })

  test('a source that waits, and one that fails', async () => {
    const waiting = serve({ authenticate, tenantSettings: async () => ({ quotas: { User: 0 } }) })
    expect((await waiting.post('/Users', user('a'), as('acme'))).status).toBe(403)
    const failing = serve({ authenticate, tenantSettings: async () => Promise.reject(new Error('database is down')) })
    expect((await failing.post('/Users', user('a'), as('acme'))).status).toBe(500)
    expect(failing.errors).toEqual([new Error('database is down')])
    expect(failing.events).toMatchObject([{ kind: 'request', tenant: 'acme', status: 500 }])
  })

  test.each<[string, TenantSettings, string]>([
    ['an unknown setting', { quota: {} } as TenantSettings, 'unknown setting "quota"'],
    ['an unknown type', { quotas: { Tool: 1 } }, 'unknown resource type "Tool"'],
    ['an unknown preset', { interop: 'laxest' as 'lenient' }, 'interop'],
    [
      'a limit that all tenants share',
      { limits: { inFlight: 1 } as object },
      'limits.inFlight: all tenants share this limit',
    ],
    ['a limit that does not exist', { limits: { pages: 1 } as object }, 'unknown limit "pages"'],
    ['a rate without a limiter', { rate: { perSecond: 1, burst: 1 } }, 'no option rateLimit'],
    ['a base URL', { baseUrl: 'app.example' }, 'baseUrl: expected an absolute URL'],
    ['permissions that are no function', { authorize: {} as () => never }, 'authorize: expected a function'],
    ['no object', null as unknown as TenantSettings, 'expected an object'],
  ])('%s fails the requests of that tenant alone, with 500', async (_name, settings, message) => {
    const { server } = withSettings({ acme: settings })
    expect((await server.get('/Users', as('acme'))).status).toBe(500)
    expect((await server.get('/Users', as('globex'))).status).toBe(200)
    expect(String(server.errors[0])).toContain(message)
    expect(() => server.scim.checkTenantSettings(settings)).toThrow(message)
  })

  test('perform has the settings of the tenant of its context', async () => {
    const { server } = withSettings({
      acme: { quotas: { User: 0 }, interop: 'strict', baseUrl: 'https://acme.example' },
    })
    const create = (tenant: string, body: object) =>
      server.scim.perform(
        { kind: 'create', type: 'User', body: { schemas: [core], ...body } },
        server.scim.context({ tenant: tenantId(tenant) }),
      )
    await expect(create('acme', { userName: 'a' })).rejects.toMatchObject({ status: 403 })
    await expect(create('acme', { userName: 'a', active: 'True' })).rejects.toMatchObject({ status: 400 })
    expect(await create('globex', { userName: 'a', active: 'True' })).toMatchObject({ kind: 'created' })
  })

  test('tenants with the same list of types share what is compiled of it', async () => {
    const shared = [userType]
    const { server } = withSettings({
      acme: { resourceTypes: shared, limits: { pageSize: 5 } },
      globex: { resourceTypes: shared, limits: { pageSize: 6 } },
    })
    const tagOf = async (tenant: string) => (await server.get('/Schemas', as(tenant))).headers.ETag
    expect(await tagOf('acme')).toBe(await tagOf('globex'))
  })
})

test('the target of a request is read with the settings of its tenant', async () => {
  const { server } = withSettings({ acme: { limits: { targetLength: 20 } } })
  expect((await server.ask({ target: `${mount}/Users?count=1000`, headers: as('acme') })).status).toBe(414)
  expect((await server.ask({ target: `${mount}/Users?count=1000`, headers: as('globex') })).status).toBe(200)
})
