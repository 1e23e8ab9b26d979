/** A duplicate attribute in one value without path is 400, as it is in POST and PUT: it is ambiguous. */
import { describe, expect, test } from '@jest/globals'
import type { JsonObject } from '../../src/json/value.js'
import { core, enterprise, made, serve, user } from '../support/server.js'

const twice: readonly JsonObject[] = [
  { name: { givenName: 'A' }, 'name.givenName': 'B' },
  { 'name.givenName': 'B', name: { givenName: 'A' } },
  { 'name.givenName': 'B', name: { GIVENNAME: 'A' } },
  { NAME: { givenName: 'A' }, [`${core}:name.givenName`]: 'B' },
  { [core]: { name: { givenName: 'A' } }, 'name.givenName': 'B' },
  { name: { givenName: 'A' }, Name: { familyName: 'B' } },
  { [enterprise]: { manager: { value: 'x' } }, [`${enterprise}:manager.value`]: 'y' },
]

const once: readonly (readonly [JsonObject, JsonObject])[] = [
  [{ name: { givenName: 'A' }, 'name.familyName': 'B' }, { name: { givenName: 'A', familyName: 'B' } }],
  [{ 'name.familyName': 'B', name: { givenName: 'A' } }, { name: { givenName: 'A', familyName: 'B' } }],
  [
    { [enterprise]: { manager: { value: 'x', displayName: 'X' } }, [`${enterprise}:manager.displayName`]: 'Y' },
    { [enterprise]: { manager: { value: 'x' } } },
  ],
]

describe.each(['add', 'replace'])('%s', (op) => {
  test.each(twice)('%j is refused', async (value) => {
    const server = serve()
    const { path, tag } = await made(server, user('ada', { name: { givenName: 'before' } }))
    const answer = await server.patch(path, [{ op, value }])
    expect(answer).toMatchObject({ status: 400, json: { scimType: 'invalidValue' } })
    expect((await server.get(path)).headers.ETag).toBe(tag)
  })

  test.each([
    { name: null, 'name.givenName': 'B' },
    { 'name.givenName': 'B', name: null },
    { emails: [{ value: 'a@example.com' }], 'emails.type': 'work' },
  ])('%j is refused: the result would depend on the order', async (value) => {
    const server = serve()
    const { path } = await made(server, user('ada'))
    expect(await server.patch(path, [{ op, value }])).toMatchObject({ status: 400, json: { scimType: 'invalidValue' } })
  })

  test.each(once)('%j is accepted', async (value, expected) => {
    const server = serve()
    const { path } = await made(server, user('ada'))
    expect(await server.patch(path, [{ op, value }])).toMatchObject({ status: 200, json: expected })
  })
})

test.each(twice)('POST and PUT refuse %j too', async (value) => {
  const server = serve()
  const { path } = await made(server, user('ada'))
  expect(await server.post('/Users', user('bob', value))).toMatchObject({ status: 400 })
  expect(await server.put(path, user('ada', value))).toMatchObject({ status: 400 })
})
