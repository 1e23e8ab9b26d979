/** If-Match and If-None-Match: a condition is evaluated or refused, never ignored. @see RFC 9110 §13.1 */
import assert from 'node:assert'
import { checkedServer, json } from '../server.mjs'

const server = checkedServer()
const change = JSON.stringify({
  schemas: ['urn:ietf:params:scim:api:messages:2.0:PatchOp'],
  Operations: [{ op: 'replace', path: 'title', value: 'changed' }],
})

export const target = {
  name: 'etag',
  words: [
    'W/"',
    '"',
    '*',
    ', ',
    'W/"1-0123456789abcdef-0123456789ab"',
    '"1-0123456789abcdef-0123456789ab"',
    '-gzip"',
    'w/',
    '""',
    'W/*',
    ',,,',
    '\t',
  ],
  async check(text) {
    const { user } = await server.current()
    const target = `/scim/v2/Users/${user}`
    const { headers } = await server.send({ method: 'GET', target })
    const tag = headers.ETag
    const names = text.includes('*') || text.includes(tag) || text.includes(tag.slice(2))
    for (const name of ['if-match', 'if-none-match']) {
      await server.send({ method: 'GET', target, headers: { [name]: text } })
      const { status } = await server.send({
        method: 'PATCH',
        target,
        headers: { ...json, [name]: text },
        body: change,
      })
      // A write whose If-Match names neither this version nor all of them must not happen.
      if (name === 'if-match' && !names)
        assert.ok(status >= 400, `PATCH with If-Match ${JSON.stringify(text)}: ${status}`)
    }
  },
}
