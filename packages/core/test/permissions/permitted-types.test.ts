/** What a caller may do with each type, without a resource: `scim.permitted`. */
import { describe, expect, test } from '@jest/globals'
import { type Authorizer, allow, allowOnly, refuse, tenantId, userType } from '../../src/index.js'
import { asking } from './support/authorizers.js'

const everything = ['create', 'get', 'query', 'replace', 'patch', 'remove']

async function permittedBy(authorize?: Authorizer): Promise<Record<string, readonly string[]>> {
  const { server } = asking(authorize)
  const types = await server.scim.permitted(server.scim.context({ tenant: tenantId('acme'), principal: 'agent' }))
  return Object.fromEntries(types.map(({ name, operations }) => [name, [...operations.keys()]]))
}

describe('scim.permitted', () => {
  test('without refusals: every operation that each type offers', async () => {
    expect(await permittedBy()).toEqual({ User: everything, Group: everything })
  })

  test('the host is asked about each operation, without an id', async () => {
    const { server, asked } = asking()
    await server.scim.permitted(server.scim.context({ tenant: tenantId('acme'), principal: 'agent' }))
    expect(asked).toHaveLength(12)
    for (const request of asked) expect(request).toMatchObject({ id: undefined, via: 'direct' })
  })

  test('refused operations are left out, and so is a type without any', async () => {
    const reading: Authorizer = ({ kind, type }) =>
      type === 'User' && (kind === 'get' || kind === 'query') ? allow : refuse()
    expect(await permittedBy(reading)).toEqual({ User: ['get', 'query'] })
  })

  test('an operation that the type does not offer is not permitted', async () => {
    const { server } = asking(undefined, {
      resourceTypes: [{ ...userType, operations: ['read', 'patch'] }],
    })
    const [user] = await server.scim.permitted(server.scim.context({ tenant: tenantId('acme') }))
    expect([...(user?.operations.keys() ?? [])]).toEqual(['get', 'query', 'patch'])
  })

  test('each operation has the type with the rights of the caller', async () => {
    const masked: Authorizer = ({ kind, type }) =>
      type !== 'User'
        ? refuse()
        : kind === 'get'
          ? allowOnly({ readable: { except: ['roles'] } })
          : allowOnly({ writable: { only: ['title'] } })
    const { server } = asking(masked)
    const [user] = await server.scim.permitted(server.scim.context({ tenant: tenantId('acme') }))
    const attribute = (kind: 'get' | 'patch', name: string) => user?.operations.get(kind)?.attributes.get(name)
    expect(attribute('get', 'roles')?.unreadable).toBe('whole')
    expect(attribute('get', 'title')?.unreadable).toBeUndefined()
    expect(attribute('patch', 'title')?.unwritable).toBeUndefined()
    expect(attribute('patch', 'displayname')?.unwritable).toBe('whole')
  })

  test('a failing host rejects, and does not permit', async () => {
    await expect(permittedBy(() => Promise.reject(new Error('no table')))).rejects.toMatchObject({ status: 500 })
  })
})
