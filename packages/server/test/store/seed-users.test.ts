import { expect, test } from '@jest/globals'
import { createScim, tenantId } from '@scimkit/core'
import { memoryProvider } from '@scimkit/memory-provider'
import { seedUser, seedUsers } from '../../src/store/seed-users.js'

test('a seed user is about 1 KB, and always the same for its number', () => {
  for (const i of [0, 9, 10_000]) {
    expect(JSON.stringify(seedUser(i)).length).toBeGreaterThan(800)
    expect(JSON.stringify(seedUser(i)).length).toBeLessThan(1_200)
    expect(seedUser(i)).toEqual(seedUser(i))
  }
})

test('seeding creates missing users and does not change existing ones', async () => {
  const provider = memoryProvider()
  const scim = createScim({ provider })
  const tenant = tenantId('one')
  const context = scim.context({ tenant })
  const body = { schemas: ['urn:ietf:params:scim:schemas:core:2.0:User'], userName: 'USER3', title: 'Countess' }
  await scim.perform({ kind: 'create', type: 'User', body }, context)
  const seeding = { tenant, atOnce: 3, progress: () => undefined }
  expect(await seedUsers(provider, { ...seeding, count: 10 })).toEqual({ made: 9, skipped: 1 })
  expect(await seedUsers(provider, { ...seeding, count: 20 })).toEqual({ made: 10, skipped: 10 })
  const list = await scim.perform({ kind: 'query', type: 'User', search: { count: 0 } }, context)
  expect(list).toMatchObject({ value: { totalResults: 20 } })
})
