/** Bulk requests: as many results as operations, each with a status, in any order of references. @see RFC 7644 §3.7 */
import assert from 'node:assert'
import { checkedServer, json } from '../server.mjs'

const server = checkedServer()

export const target = {
  name: 'bulk',
  words: [
    ...[
      '{"method":"POST","path":"/Users","bulkId":"a","data":{',
      '"method":"DELETE"',
      '"method":"PATCH"',
      '"path":"/Users/bulkId:a"',
      '"path":"/Groups"',
    ],
    ...[
      '"value":"bulkId:a"',
      '"bulkId":"b"',
      '"version":"W/\\"1\\""',
      '"failOnErrors":1',
      '"failOnErrors":0',
      ',{"method":"PUT"',
      '"path":"//"',
      '"path":"/Me"',
    ],
    ...[
      '"data":null',
      '"Operations":[',
      '/Users/USER',
      '/Groups/GROUP',
      '"data":{"Operations":[{"op":"add","path":"members","value":[{"value":"bulkId:a"}]}]}',
    ],
  ],
  async check(text) {
    const { user, group } = await server.current()
    const body = text.replaceAll('USER', user).replaceAll('GROUP', group)
    const response = await server.send({ method: 'POST', target: '/scim/v2/Bulk', headers: json, body })
    if (response.status !== 200) return
    const { Operations } = JSON.parse(response.body)
    for (const { status } of Operations)
      assert.ok(/^[1-5]\d\d$/.test(status) && (Number(status) < 500 || status === '501'), status)
  },
}
