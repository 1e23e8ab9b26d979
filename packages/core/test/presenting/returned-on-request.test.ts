/**
 * RFC 7643 §2.2, RFC 7644 §3.9: `returned: request` is shown in the response to the write that sets it, else on
 * request.
 */
import { describe, expect, test } from '@jest/globals'
import type { ResourceTypeDefinition } from '../../src/index.js'
import type { JsonObject, JsonValue } from '../../src/json/value.js'
import { made, serve } from '../support/server.js'

const urn = 'urn:example:params:scim:schemas:core:2.0:Machine'
const machine: ResourceTypeDefinition = {
  name: 'Machine',
  endpoint: '/Machines',
  schema: {
    id: urn,
    name: 'Machine',
    attributes: {
      displayName: {},
      log: { returned: 'request' },
      disks: { type: 'complex', multiValued: true, returned: 'request', subAttributes: { value: {}, size: {} } },
      place: { type: 'complex', subAttributes: { room: {}, key: { returned: 'request' } } },
      members: { type: 'complex', multiValued: true, returned: 'request', subAttributes: { value: {} } },
    },
  },
  extensions: [
    {
      schema: { id: `${urn}:extra`, name: 'Extra', attributes: { note: { returned: 'request' }, tag: {} } },
      required: false,
    },
  ],
  keepsMembers: true,
}
const full = {
  schemas: [urn],
  displayName: 'm',
  log: 'L',
  disks: [{ value: 'd', size: '1' }],
  place: { room: 'r', key: 'k' },
  members: [{ value: 'u1' }],
  [`${urn}:extra`]: { note: 'N', tag: 'T' },
}
const onRequest = ['log', 'disks', 'place.key', 'members', 'note']

function shown({ log, disks, place, members, [`${urn}:extra`]: extra }: JsonObject): readonly string[] {
  const key = (place as JsonObject | undefined)?.key
  const note = (extra as JsonObject | undefined)?.note
  const values = { log, disks, 'place.key': key, members, note }
  return Object.entries(values).flatMap(([name, value]) => (value === undefined ? [] : [name]))
}

const serveMachines = () => serve({ resourceTypes: [machine] })
const create = async (server: ReturnType<typeof serve>, body: JsonObject = full): Promise<string> => {
  const { json, status } = await server.post('/Machines', body)
  expect(status).toBe(201)
  return `/Machines/${json.id}`
}

test('a POST shows the attributes that it sets, a read does not', async () => {
  const server = serveMachines()
  const answer = await server.post('/Machines', full)
  expect(shown(answer.json)).toEqual(onRequest)
  const path = `/Machines/${answer.json.id}`
  expect(shown((await server.get(path)).json)).toEqual([])
  expect(
    shown((await server.get(`${path}?attributes=${onRequest.slice(0, 4).join()},${urn}:extra:note`)).json),
  ).toEqual(onRequest)
  expect(shown((await server.post('/Machines', { schemas: [urn], displayName: 'x', log: 'L' })).json)).toEqual(['log'])
})

test('a PUT shows the attributes that it sets, and not the previous ones', async () => {
  const server = serveMachines()
  const path = await create(server)
  const body = { schemas: [urn], displayName: 'm', place: { key: 'K' }, members: [{ value: 'u2' }] }
  const { json } = await server.put(path, body)
  expect(shown(json)).toEqual(['place.key', 'members'])
  expect(json.members).toMatchObject([{ value: 'u2' }])
  expect((await server.put(path, { schemas: [urn], displayName: 'm', log: null })).json).not.toHaveProperty('log')
})

describe('a PATCH shows the attributes that it sets', () => {
  test.each<[string, JsonObject, readonly string[]]>([
    ['by path', { op: 'replace', path: 'log', value: 'M' }, ['log']],
    ['in a value without path', { op: 'add', value: { log: 'M', displayName: 'n' } }, ['log']],
    ['as a part, by path', { op: 'replace', path: 'place.key', value: 'K' }, ['place.key']],
    ['as a part, in a value', { op: 'replace', path: 'place', value: { key: 'K' } }, ['place.key']],
    ['as an element', { op: 'add', path: 'disks', value: [{ value: 'e' }] }, ['disks']],
    ['as a part of elements', { op: 'replace', path: 'disks[value eq "d"].size', value: '2' }, ['disks']],
    ['by removing a part', { op: 'remove', path: 'disks[value eq "d"].size' }, ['disks']],
    ['as a member', { op: 'add', path: 'members', value: [{ value: 'u9' }] }, ['members']],
    ['in an extension', { op: 'add', path: `${urn}:extra:note`, value: 'O' }, ['note']],
    ['in an extension as a whole', { op: 'add', path: `${urn}:extra`, value: { note: 'O' } }, ['note']],
    ['and nothing else', { op: 'replace', path: 'displayName', value: 'n' }, []],
  ])('%s', async (_title, operation, expected) => {
    const server = serveMachines()
    const path = await create(server)
    const { status, json } = await server.patch(path, [operation])
    expect([status, shown(json)]).toEqual([200, expected])
  })

  test('all current members, as many as a response to a PATCH may have', async () => {
    const server = serveMachines()
    const many = Array.from({ length: 100 }, (_, i): JsonValue => ({ value: `m${i}` }))
    const path = await create(server, { ...full, members: many.slice(0, 99) })
    const { json } = await server.patch(path, [{ op: 'add', path: 'members', value: many.slice(99) }])
    expect(json.members).toHaveLength(100)
    const another = [{ op: 'add', path: 'members', value: [{ value: 'one-more' }] }]
    expect((await server.patch(path, another)).status).toBe(204)
  })
})

test('the client’s projection overrides it', async () => {
  const server = serveMachines()
  const asked = await server.post('/Machines?attributes=displayName', full)
  expect(shown(asked.json)).toEqual([])
  const without = await server.post(`/Machines?excludedAttributes=log,place.key`, full)
  expect(shown(without.json)).toEqual(['disks', 'members', 'note'])
})

test('invalid projections are refused before the resource is created', async () => {
  const server = serveMachines()
  expect((await server.post('/Machines?attributes=a&excludedAttributes=b', full)).status).toBe(400)
  expect((await server.get('/Machines?count=0')).json.totalResults).toBe(0)
  await expect(made(server, full)).rejects.toThrow()
})
