import type { ResourceRef } from '@scimkit/core'
import { caseKey, firstVersion, type Next } from '@scimkit/core/provider'

/** Calls `insert` for so many users, one after the other: `u<i>`, with names, an external id and an address with that number. */
export async function people(count: number, insert: (ref: ResourceRef, next: Next) => Promise<unknown>): Promise<void> {
  for (let i = 0; i < count; i++) {
    const resource = {
      schemas: ['urn:ietf:params:scim:schemas:core:2.0:User'],
      id: `u${i}`,
      userName: `User${i}`,
      externalId: `X${i}`,
      displayName: `Person ${i}`,
      title: `t${i % 2}`,
      active: i % 3 === 0,
      emails: [{ value: `User${i}@example.com`, type: i % 2 === 0 ? 'work' : 'home' }],
    }
    const next = {
      resource,
      version: firstVersion('a', '00c0ffee1dea'),
      at: '2026-01-01T00:00:00Z',
      unique: [{ attribute: 'userName', key: caseKey(resource.userName) }],
      members: undefined,
    }
    await insert({ type: 'User', id: resource.id }, next)
  }
}
