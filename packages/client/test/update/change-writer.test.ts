/** The request of an update: PATCH or PUT. */
import { describe, expect, test } from '@jest/globals'
import { unwrapUpdate } from '@scimkit/client'
import { answer } from '../support/server.js'
import { increment, stage } from '../support/stage.js'

describe('by PUT', () => {
  test('if it is requested', async () => {
    const { scim, user, requests } = await stage()
    expect(await scim.users.update(user.id, increment, { method: 'put' })).toMatchObject({ kind: 'success' })
    expect(requests.at(-1)?.method).toBe('PUT')
  })

  test('where a PATCH would have more operations than servers take', async () => {
    const { scim, requests } = await stage()
    const members = Array.from({ length: 1_101 }, (_, i) => ({ value: `u${i}` }))
    const group = await scim.groups.create({ displayName: 'all', members })
    const result = await scim.groups.update(group.id, (it) => ({ ...it, members: it.members?.slice(1_100) }))
    expect(unwrapUpdate(result).members?.map(({ value }) => value)).toEqual(['u1100'])
    expect(requests.at(-1)?.method).toBe('PUT')
  })

  test('where the server says that it cannot patch, beforehand or when it comes to it', async () => {
    const { scim, user, faults, requests } = await stage(({ url }) => url.endsWith('Config'))
    faults.push(answer(200, {}, { patch: { supported: false } }))
    await scim.discovery.serviceProviderConfig({ fresh: true })
    expect(await scim.users.update(user.id, increment)).toMatchObject({ kind: 'success' })
    expect(requests.at(-1)?.method).toBe('PUT')
    const late = await stage()
    late.faults.push(answer(501))
    expect(await late.scim.users.update(late.user.id, increment)).toMatchObject({ kind: 'success', attempts: 1 })
    expect(await late.now()).toMatchObject({ nickName: '1' })
  })
})
