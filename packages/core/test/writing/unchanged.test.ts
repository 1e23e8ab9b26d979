/** Writes that change nothing. */
import { describe, expect, test } from '@jest/globals'
import type { JsonObject } from '../../src/json/value.js'
import { stale } from '../operations/support/tags.js'
import { made, serve, user } from '../support/server.js'

describe('an unchanged PUT or PATCH writes nothing: same tag, same lastModified', () => {
  const body = user('bjensen', { title: 'A', emails: [{ value: 'a@x', primary: true }], name: { givenName: 'B' } })
  test.each<[string, 'put' | 'patch', JsonObject | readonly JsonObject[]]>([
    ['the same body', 'put', body],
    ['keys in another order', 'put', { name: { givenName: 'B' }, ...body }],
    ['the server’s attributes beside it', 'put', { ...body, id: 'x', meta: { version: stale }, groups: [] }],
    [
      'add of an existing value (RFC 7644 §3.5.2.1)',
      'patch',
      [{ op: 'add', path: 'emails', value: [{ value: 'a@x' }] }],
    ],
    ['replace by the same', 'patch', [{ op: 'replace', value: { title: 'A', name: { givenName: 'B' } } }]],
    [
      'there and back',
      'patch',
      [
        { op: 'add', path: 'title', value: 'B' },
        { op: 'add', path: 'title', value: 'A' },
      ],
    ],
    ['remove of an absent value', 'patch', [{ op: 'remove', path: 'nickName' }]],
    ['an unknown path', 'patch', [{ op: 'add', path: 'nothing', value: 1 }]],
  ])('%s', async (_title, method, given) => {
    const server = serve()
    const { path, tag } = await made(server, body)
    const before = (await server.get(path)).json
    server.pass(60_000)
    const answer =
      method === 'put' ? await server.put(path, given as JsonObject) : await server.patch(path, given as JsonObject[])
    expect(answer).toMatchObject({ status: 200, headers: { ETag: tag }, json: before })
    expect(await server.get(path)).toMatchObject({ headers: { ETag: tag }, json: before })
    // Reported as a write that changed nothing.
    expect(server.writes().at(-1)).toMatchObject({ before: tag, after: tag })
  })
})
