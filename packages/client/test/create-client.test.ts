/** The options of the client. */
import { expect, test } from '@jest/globals'
import { createClient } from '@scimkit/client'
import { base, faulty, server } from './support/server.js'

test('a base URL must be http or https, without credentials, query or fragment', () => {
  for (const url of ['/scim', 'ftp://x', 'https://me:secret@x', 'https://x?y', 'https://x#y']) {
    expect(() => createClient(url)).toThrow(TypeError)
  }
})

test('the token function is called for each request; headers are sent with each', async () => {
  const { fetch, requests } = faulty(server())
  let count = 0
  const { users } = createClient(`${base}/`, { fetch, token: async () => `t${++count}`, headers: { 'X-Trace': 'x' } })
  await users.query()
  await users.query()
  expect(requests.map(({ headers }) => headers.get('authorization'))).toEqual(['Bearer t1', 'Bearer t2'])
  expect(requests.map(({ headers }) => headers.get('x-trace'))).toEqual(['x', 'x'])
})
