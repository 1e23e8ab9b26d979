/** Many writes in one request. @see RFC 7644 §3.7 */
import { describe, expect, test } from '@jest/globals'
import { bulkOp, bulkOf } from './bulk.js'
import { group, made, serve, user } from './server.js'

describe('references', () => {
  test('backward, forward, in path, in data, and round a circle', async () => {
    const server = serve()
    const answer = await bulkOf(server, [
      bulkOp('POST', '/Groups', 'g', group('G', ['bulkId:u', 'bulkId:h'])),
      bulkOp('POST', '/Users', 'u', user('u')),
      bulkOp('POST', '/Groups', 'h', group('H', ['bulkId:g'])),
      { method: 'PATCH', path: '/Users/bulkId:u', data: { schemas: ['urn:ietf:params:scim:api:messages:2.0:PatchOp'], Operations: [{ op: 'add', path: 'title', value: 'T' }] } },
    ])
    console.log(JSON.stringify(answer.json, null, 1))
    console.log((await server.get('/Groups')).text)
    console.log((await server.get('/Users')).text)
    expect(answer.status).toBe(200)
  })
})
