/** The examples of lists in RFC 7644 §3.4.2.1, §3.4.3 and RFC 9865. */
import { readFileSync } from 'node:fs'
import { expect, test } from '@jest/globals'
import { groupType, type ResourceTypeDefinition, userType } from '../../src/index.js'
import type { JsonObject } from '../../src/json/value.js'
import { group, made, type Server, serve, user } from '../support/server.js'

function sample<Shape>(name: string): Shape {
  return JSON.parse(readFileSync(new URL(`../samples/${name}.json`, import.meta.url), 'utf8')) as Shape
}

/** The RFCs write filter values without quotes. */
const unquoted = { acceptUnquotedFilterValues: true }

async function people(server: Server, count: number, attributes: (i: number) => JsonObject): Promise<void> {
  for (let i = 0; i < count; i++) await server.post('/Users', attributes(i))
}

const resources = (json: JsonObject): readonly JsonObject[] => json.Resources as readonly JsonObject[]

test('RFC 9865 §2: the first page and the next', async () => {
  const given = sample<{
    readonly path: string
    readonly answer: JsonObject
    readonly nextPath: string
    readonly nextAnswer: JsonObject
    readonly foreignCursors: readonly string[]
  }>('rfc9865-2')
  const server = serve({ interop: unquoted })
  await people(server, 100, (i) => user(`J${i}`))
  await people(server, 5, (i) => user(`K${i}`))
  const first = await server.get(given.path)
  expect(first).toMatchObject({ status: 200, headers: { 'Content-Type': 'application/scim+json' }, json: given.answer })
  expect(resources(first.json)).toHaveLength(10)
  const path = given.nextPath.replace('{nextCursor}', String(first.json.nextCursor))
  const next = await server.get(path)
  expect(next).toMatchObject({ status: 200, json: given.nextAnswer })
  expect(next.json.nextCursor).not.toBe(first.json.nextCursor)
  const names = [...resources(first.json), ...resources(next.json)].map(({ userName }) => userName)
  expect(names).toEqual(Array.from({ length: 20 }, (_, i) => `J${i}`))
  for (const cursor of given.foreignCursors) {
    const answer = await server.get(given.nextPath.replace('{nextCursor}', cursor))
    expect(answer).toMatchObject({ status: 400, json: { scimType: 'invalidCursor' } })
  }
})

test('RFC 9865 §3: POST /.search', async () => {
  const given = sample<{ readonly path: string; readonly body: JsonObject; readonly answer: JsonObject }>('rfc9865-3')
  const server = serve()
  await people(server, 100, (i) => user(`u${i}`, { displayName: `Smith ${i}` }))
  const { status, json } = await server.post(given.path, given.body)
  expect({ status, json }).toMatchObject({ status: 200, json: given.answer })
  expect(Object.keys(resources(json)[0] ?? {}).sort()).toEqual(['displayName', 'id', 'schemas', 'userName'])
  const next = await server.post(given.path, { ...given.body, cursor: String(json.nextCursor) })
  expect(resources(next.json)[0]).toMatchObject({ displayName: 'Smith 10' })
})

test('RFC 9865 §4: pagination in ServiceProviderConfig', async () => {
  const { limits, cursorSeconds, pagination } = sample<{
    readonly limits: { readonly pageSize: number; readonly maxPageSize: number }
    readonly cursorSeconds: number
    readonly pagination: JsonObject
  }>('rfc9865-4')
  const { json } = await serve({ limits, cursorSeconds }).get('/ServiceProviderConfig')
  expect(json.pagination).toEqual(pagination)
})

test('RFC 7644 §3.4.3: POST /.search at the root', async () => {
  const given = sample<{
    readonly path: string
    readonly body: JsonObject
    readonly answer: JsonObject
    readonly firstResources: readonly JsonObject[]
  }>('rfc7644-3.4.3')
  const server = serve()
  for (const resource of given.firstResources) {
    await made(server, 'userName' in resource ? user('jsmith', resource) : group(String(resource.displayName)))
  }
  for (let i = 0; i < 98; i++) await made(server, group(`Smith ${i}`))
  await made(server, user('other', { displayName: 'Jones' }))
  const { status, json } = await server.post(given.path, given.body)
  expect({ status, json }).toMatchObject({ status: 200, json: given.answer })
  const shown = resources(json).map(({ id, schemas, ...rest }) => {
    expect([typeof id, schemas]).toEqual(['string', expect.any(Array)])
    return rest
  })
  expect(shown.slice(0, 2)).toEqual(given.firstResources)
})

test('RFC 7644 §3.4.2.1: a filter on meta.resourceType', async () => {
  const given = sample<{ readonly path: string; readonly resourceTypes: readonly string[] }>('rfc7644-3.4.2.1')
  const badge: ResourceTypeDefinition = {
    name: 'Badge',
    endpoint: '/Badges',
    schema: { id: 'urn:example:Badge', name: 'Badge', attributes: { number: {} } },
  }
  const server = serve({ interop: unquoted, resourceTypes: [badge, userType, groupType] })
  await server.post('/Badges', { number: '1' })
  await made(server, user('ada'))
  await made(server, group('crew'))
  const { json } = await server.get(given.path)
  expect(resources(json).map(({ meta }) => (meta as JsonObject).resourceType)).toEqual(given.resourceTypes)
})
