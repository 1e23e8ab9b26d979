/** The operations on resources of one type, against a real server in this process. */
import { describe, expect, test } from '@jest/globals'
import { createClient, filter, rawFilter, type ScimClient } from '@scimkit/client'
import { defineSchema, userType } from '@scimkit/core'
import { failureIn } from './support/failure-in.js'
import { base, faulty, server } from './support/server.js'

const client = (): ScimClient => createClient(base, { fetch: server() })

describe('resources', () => {
  test('are created, read, found, replaced, patched and deleted', async () => {
    const { users } = client()
    const ada = await users.create({ userName: 'ada@example.com', name: { givenName: 'Ada' } })
    expect(ada).toMatchObject({ schemas: ['urn:ietf:params:scim:schemas:core:2.0:User'], userName: 'ada@example.com' })
    expect(await users.get(ada.id)).toEqual(ada)
    expect(await users.find(filter`userName eq ${'ADA@example.com'}`)).toEqual(ada)
    expect(await users.find(filter`userName eq ${'unknown'}`)).toBeUndefined()
    const titled = await users.replace(ada, { ...ada, title: 'Countess' })
    expect(titled).toMatchObject({ title: 'Countess' })
    const patched = await users.patch(ada.id, [{ op: 'replace', path: 'title', value: 'Lady' }])
    expect(patched).toMatchObject({ title: 'Lady', name: { givenName: 'Ada' } })
    await users.delete(ada.id)
    expect(await failureIn(users.get(ada.id))).toMatchObject({ kind: 'notFound', status: 404 })
    expect(await failureIn(users.delete(ada.id))).toMatchObject({ kind: 'notFound' })
  })

  test('the URN of an extension in a draft is added to schemas', async () => {
    const urn = 'urn:ietf:params:scim:schemas:extension:enterprise:2.0:User'
    const { schemas, [urn]: enterprise } = await client().users.create({ userName: 'a', [urn]: { department: 'R&D' } })
    expect(schemas).toEqual(['urn:ietf:params:scim:schemas:core:2.0:User', urn])
    expect(enterprise).toEqual({ department: 'R&D' })
  })

  test('can be read with some attributes only', async () => {
    const { users } = client()
    const { id } = await users.create({ userName: 'a', title: 'x' })
    expect(await users.get(id, { attributes: ['title'] })).toEqual({ schemas: expect.anything(), id, title: 'x' })
    const found = await users.find(filter`title eq ${'x'}`, { excludedAttributes: ['title', 'meta'] })
    expect(found).toEqual({ schemas: expect.anything(), id, userName: 'a' })
    expect(await users.create({ userName: 'b' }, { attributes: ['userName'] })).not.toHaveProperty('meta')
  })

  test('find fails if more than one resource matches', async () => {
    const { users } = client()
    await users.create({ userName: 'a', title: 'x' })
    await users.create({ userName: 'b', title: 'x' })
    expect(await failureIn(users.find(filter`title eq ${'x'}`))).toEqual({ kind: 'multipleMatches' })
    expect(
      (await users.query({ filter: filter`title eq ${'x'}`, sortBy: 'userName', count: 1 })).resources,
    ).toMatchObject([{ userName: 'a' }])
    const { totalResults } = await users.search({ filter: rawFilter('title eq "x"'), count: 0 })
    expect(totalResults).toBe(2)
  })

  test('of a custom type, by definition and by name', async () => {
    const schema = defineSchema({
      id: 'urn:example:schemas:1.0:Device',
      name: 'Device',
      attributes: { serial: { required: true }, slots: { type: 'integer' }, tags: { multiValued: true } },
    })
    const device = { name: 'Device', endpoint: '/Devices', schema } as const
    const scim = createClient(base, { fetch: server({ resourceTypes: [userType, device] }) })
    const devices = scim.resources(device)
    const { id, serial } = await devices.create({ serial: '1', slots: 1 })
    const more = await devices.update(id, (old) => ({ ...old, slots: (old.slots ?? 0) + 1, tags: ['new'] }))
    expect([serial, more]).toMatchObject(['1', { kind: 'success', resource: { slots: 2, tags: ['new'] } }])
    // By name alone, the type comes from the discovery documents of the server.
    const unknown = scim.resources('Devices')
    const other = await unknown.create({ serial: '2' })
    expect(other.schemas).toEqual([schema.id])
    expect(await unknown.update(other.id, (old) => ({ ...old, tags: ['a'] }))).toMatchObject({
      kind: 'success',
      resource: { tags: ['a'] },
    })
    expect(() => scim.resources('Users/42')).toThrow(TypeError)
    expect((await scim.search({ filter: filter`serial eq ${'1'}` })).resources).toMatchObject([{ id }])
  })

  test('an id is encoded as one path segment', async () => {
    const { fetch, requests } = faulty(server())
    const { users } = createClient(base, { fetch })
    expect(await failureIn(users.get('../Groups?x=1#'))).toMatchObject({ kind: 'notFound' })
    expect(requests.map(({ url }) => url)).toEqual([`${base}/Users/..%2FGroups%3Fx%3D1%23`])
    for (const id of ['', '.', '..']) await expect(users.delete(id)).rejects.toThrow(TypeError)
    expect(requests).toHaveLength(1)
  })
})
